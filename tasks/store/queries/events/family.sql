-- Events with all aliases of theirs, and the events of which they are aliases, locked: what is
-- decided of their stages meanwhile would rest on other mentions.
with recursive same (id) as (
    select id from event where id = any(%(events)s)
    union
    select case when e.id = same.id then e.merged_into else e.id end
    from event e join same on e.merged_into = same.id or (e.id = same.id and e.merged_into is not null)
)
select event.* from event where id in (select id from same) order by id for no key update
