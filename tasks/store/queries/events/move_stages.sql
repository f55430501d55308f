-- The stages of an event that was merged go to the one it is, unless that has reached them.
insert into event_stage (event_id, stage, mention_id, item_id, reached_at, decision, reason)
select %(into)s, stage, mention_id, item_id, reached_at, decision, reason
from event_stage where event_id = %(event_id)s
on conflict do nothing
