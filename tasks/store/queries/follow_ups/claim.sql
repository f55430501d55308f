-- The groups take turns, each with its own order: a site that names thousands of parts keeps nobody
-- else waiting, and one that is held by another worker or has asked for patience takes no place.
with waiting as (
    select f.id, row_number() over (partition by f.rate_group order by f.due_at, f.id) as turn
    from follow_up f
    join source s on s.id = f.source_id
    left join rate_group g on g.name = f.rate_group
    where s.enabled and f.due_at <= %(now)s and (f.lease_until is null or f.lease_until <= %(now)s)
        and (g.not_before is null or g.not_before <= %(now)s)
        and (g.lease_until is null or g.lease_until <= %(now)s)
),
chosen as (
    select f.id
    from follow_up f
    join waiting on waiting.id = f.id
    where f.due_at <= %(now)s and (f.lease_until is null or f.lease_until <= %(now)s)
    order by waiting.turn, f.due_at, f.id
    limit %(limit)s
    for update of f skip locked
)
update follow_up f
set lease_until = %(now)s + %(lease)s, attempts = f.attempts + 1
from chosen, source s
where f.id = chosen.id and s.id = f.source_id
returning f.id, f.source_id, s.config, f.url, f.kind, f.depth, f.stamp, f.size, f.md5, f.etag, f.last_modified,
    f.body_hash, f.attempts, f.lease_until
