-- The first report of a stage; whoever comes later finds it taken.
insert into event_stage (event_id, stage, mention_id, item_id, reached_at, decision, reason)
values (%(event_id)s, %(stage)s, %(mention_id)s, %(item_id)s, %(now)s, %(decision)s, %(reason)s)
on conflict do nothing
