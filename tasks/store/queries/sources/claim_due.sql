-- Whole groups are held, so that no two workers ask one site at a time.
with unread as (
    -- Where reading has fallen behind, bodies must not pile up: what is new is in the last of them.
    select source_id from response where item_id is null group by source_id having count(*) >= 3
),
due as (
    select rate_group, min(due_at) as since
    from source
    where enabled and due_at <= %(now)s and (lease_until is null or lease_until <= %(now)s)
        and id not in (select source_id from unread)
    group by rate_group
),
free as (
    select g.name, due.since
    from rate_group g
    join due on due.rate_group = g.name
    where (g.not_before is null or g.not_before <= %(now)s)
        and (g.lease_until is null or g.lease_until <= %(now)s)
    order by due.since, g.name
    limit %(limit)s
    for update of g skip locked
),
chosen as (
    select s.id, s.rate_group
    from source s
    join free on free.name = s.rate_group
    where s.enabled and s.due_at <= %(now)s and (s.lease_until is null or s.lease_until <= %(now)s)
        and s.id not in (select source_id from unread)
    -- The promise to rank 1 does not wait for the others of its site.
    order by (s.config ->> 'rank')::integer > 1, s.due_at, s.id
    limit %(limit)s
    for update of s skip locked
),
held as (
    update rate_group g
    set lease_until = %(now)s + %(lease)s
    where g.name in (select rate_group from chosen)
    returning g.name, g.started_at, g.strikes, g.pause, g.lease_until
)
update source s
set lease_until = %(now)s + %(lease)s
from chosen
join held on held.name = chosen.rate_group
where s.id = chosen.id
returning s.id, s.config, s.rate_group, s.etag, s.last_modified, s.body_hash, s.due_at, s.failures,
    s.state, s.polled_at, s.read_at, s.new_item_at, s.address, s.moved_to, s.moved_since, s.moved_seen,
    s.validators_trusted or s.distrusted_at <= %(now)s - %(forgiven)s::interval as validators_trusted, s.probed_at, s.pace, s.hints, s.last_items, s.last_new, s.newest_at,
    s.content, s.content_reason, s.reason, s.clock_at, s.gap, s.remark,
    held.started_at as group_started_at, held.strikes as group_strikes, held.pause as group_pause,
    s.lease_until, held.lease_until as group_lease_until
