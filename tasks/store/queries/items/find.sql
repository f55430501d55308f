-- A name that went over to a newer story is that one's, though it stays the older one's own.
select distinct on (found.key) found.key, i.id, i.first_seen, i.published, i.content_hash, i.version, i.title,
    coalesce(i.awaits = 'quarantine', false) as kept_back
from (
    select key, item_id, 1 as rank from item_alias where source_id = %(source_id)s and key = any(%(keys)s)
    union all
    select key, id, 2 from item where source_id = %(source_id)s and key = any(%(keys)s)
) as found
join item i on i.id = found.item_id
order by found.key, found.rank
