insert into robots (origin, verdict, body, reason, fetched_at, expires_at)
values (%(origin)s, %(verdict)s, %(body)s, %(reason)s, %(fetched_at)s, %(expires_at)s)
on conflict (origin) do update
set verdict = excluded.verdict, body = excluded.body, reason = excluded.reason,
    fetched_at = excluded.fetched_at, expires_at = excluded.expires_at
