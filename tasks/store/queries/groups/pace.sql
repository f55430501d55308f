-- A group has the longest pause of all its sources, and none where it has no source any more.
update rate_group g
set pause = wanted.pause
from (
    select known.name, coalesce(given.pause, 0) as pause
    from rate_group known
    left join unnest(%(rate_groups)s::text[], %(pauses)s::double precision[]) as given(name, pause) using (name)
) as wanted
where g.name = wanted.name and g.pause <> wanted.pause
