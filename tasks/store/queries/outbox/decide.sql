update event_stage
set decision = %(decision)s, reason = %(reason)s, weighed = %(weighed)s
where event_id = %(event)s and stage = %(stage)s
