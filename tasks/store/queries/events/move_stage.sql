update event_stage set event_id = %(into)s where event_id = %(event_id)s and stage = %(stage)s
