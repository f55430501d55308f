-- An item that is coded again says only what it says now; the events of which it told are to be
-- fused anew.
with gone as (
    delete from mention where item_id = %(item_id)s returning event_id
)
update event set stale = true where id in (select event_id from gone)
