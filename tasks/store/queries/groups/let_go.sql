update rate_group
set lease_until = null, started_at = coalesce(%(started_at)s, started_at)
where name = %(rate_group)s
