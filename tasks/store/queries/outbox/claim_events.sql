-- Events with a stage that nobody has decided, or that was decided `quiet` when the event had other
-- mentions than now; locked until the transaction ends, so that two stages of one event are never
-- decided beside each other. The lock does not hinder resolve from adding a stage.
select event.*
from event
join (
    select s.event_id, min(s.reached_at) as reached_at
    from event_stage s
    where s.event_id <> all(%(skip)s)
      and (
          s.decision is null
          or s.decision = 'quiet' and s.mention_id is not null and s.reached_at > %(since)s
             and s.weighed is distinct from (select count(*) from mention m where m.event_id = s.event_id)
      )
    group by s.event_id
) open on open.event_id = event.id
order by open.reached_at, event.id
limit %(limit)s
for no key update of event skip locked
