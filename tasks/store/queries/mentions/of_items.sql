-- The mentions of some items that belong to no event yet, in the order of their publication.
select * from report
where item_id = any(%(items)s) and event_id is null
order by coalesce(published, first_seen), item_id, position
