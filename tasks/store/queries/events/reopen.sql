-- Stages that were kept quiet are weighed again, though the event has as many mentions as before.
update event_stage set weighed = null where event_id = any(%(events)s) and decision = 'quiet'
