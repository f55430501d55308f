select found.key, i.id, i.first_seen, i.published, i.content_hash, i.version,
    coalesce(i.awaits = 'quarantine', false) as kept_back
from (
    select key, item_id from item_alias where source_id = %(source_id)s and key = any(%(keys)s)
    union
    select key, id from item where source_id = %(source_id)s and key = any(%(keys)s)
) as found
join item i on i.id = found.item_id
