-- What was told of some events: each alert with the mention that it rests on, in the order of telling.
select id, event_id, stage, mention_id, item_id from alert where event_id = any(%(events)s) order by id
