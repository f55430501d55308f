select event_id, stage, mention_id, item_id, reached_at, decision, reason
from event_stage where event_id = any(%(events)s) order by reached_at, stage
