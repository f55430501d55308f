with chosen as (
    select f.id
    from follow_up f
    join source s on s.id = f.source_id
    where s.enabled and f.due_at <= %(now)s and (f.lease_until is null or f.lease_until <= %(now)s)
    order by f.due_at, f.id
    limit %(limit)s
    for update of f skip locked
)
update follow_up f
set lease_until = %(now)s + %(lease)s, attempts = f.attempts + 1
from chosen, source s
where f.id = chosen.id and s.id = f.source_id
returning f.id, f.source_id, s.config, f.url, f.kind, f.depth, f.stamp, f.size, f.md5, f.etag, f.last_modified,
    f.body_hash, f.attempts
