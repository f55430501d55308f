update rate_group
set lease_until = %(now)s + %(lease)s
where name = %(rate_group)s and (not_before is null or not_before <= %(now)s)
    and (lease_until is null or lease_until <= %(now)s)
returning name, started_at, strikes, pause, lease_until
