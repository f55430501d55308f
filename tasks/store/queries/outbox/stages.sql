-- The stages that events have reached, under their own names (`root`) or before they were merged.
with recursive same (id, root) as (
    select id, id from event where id = any(%(events)s)
    union
    select e.id, same.root from event e join same on e.merged_into = same.id
)
select same.root, s.event_id, s.stage, s.mention_id, s.reached_at, s.decision, s.weighed
from event_stage s
join same on same.id = s.event_id
order by s.reached_at, s.mention_id, s.event_id, s.stage
