with chosen as (
    select id from response
    where lease_until is null or lease_until <= %(now)s
    order by id
    limit %(limit)s
    for update skip locked
)
update response r
set lease_until = %(now)s + %(lease)s, attempts = r.attempts + 1
from chosen
where r.id = chosen.id
returning r.id, r.source_id, r.item_id, r.url, r.status, r.content_type, r.etag, r.last_modified, r.body,
    r.fetched_at, r.log_id, r.attempts, r.truncated, r.probe, r.follow_up_id
