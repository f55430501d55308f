insert into second_reader_endpoint (url, model, tier, failures, rest_until, reason)
values (%(url)s, %(model)s, %(tier)s, %(failures)s, %(rest_until)s, %(reason)s)
on conflict (url, model) do update
set tier = excluded.tier, failures = excluded.failures, rest_until = excluded.rest_until,
    reason = excluded.reason
