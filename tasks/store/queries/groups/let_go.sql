-- Who lost the lease has still asked, but somebody else holds the group now.
update rate_group
set lease_until = case when lease_until = %(lease_until)s then null else lease_until end,
    started_at = greatest(started_at, %(started_at)s)
where name = %(rate_group)s
