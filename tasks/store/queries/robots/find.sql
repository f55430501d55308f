select verdict, body, reason, fetched_at, expires_at from robots where origin = %(origin)s
