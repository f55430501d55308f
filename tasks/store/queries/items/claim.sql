with chosen as (
    select id, source_id from item
    where awaits = %(awaits)s and due_at <= %(now)s and (lease_until is null or lease_until <= %(now)s)
    order by due_at, id
    limit %(limit)s
    for update skip locked
)
update item i
set lease_until = %(now)s + %(lease)s,
    -- From the second time on a try counts when work on the item itself begins (items/begin): a batch
    -- that dies again and again must not take those with it that were merely claimed beside its fault.
    attempts = case when i.awaits = 'page' or i.attempts < 2 then i.attempts + 1 else i.attempts end
from chosen
join source s on s.id = chosen.source_id
left join item_text t on t.item_id = chosen.id
where i.id = chosen.id
returning i.id, i.source_id, i.url, i.title, i.summary, i.language, i.published, i.published_basis,
    i.first_seen, i.baseline, i.awaits, i.attempts, i.version, i.score, i.relevant, i.reasons, i.failure,
    i.rules, i.outlet, i.discovery, t.body, coalesce(t.segments, '[]') as segments, s.config,
    i.lease_until
