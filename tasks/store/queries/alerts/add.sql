insert into alert (event_id, stage, late, mention_id, item_id, created_at, message)
values (%(event)s, %(stage)s, %(late)s, %(mention)s, %(item)s, %(now)s, %(message)s)
on conflict (event_id, stage) do nothing
returning id
