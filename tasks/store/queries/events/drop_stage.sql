delete from event_stage where event_id = %(event_id)s and stage = %(stage)s
