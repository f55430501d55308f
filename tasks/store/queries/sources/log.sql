insert into fetch_log (source_id, at, url, outcome, status, bytes, elapsed, reason, body_hash)
values (%(source_id)s, %(at)s, %(url)s, %(outcome)s, %(status)s, %(bytes)s, %(elapsed)s, %(reason)s, %(body_hash)s)
returning id
