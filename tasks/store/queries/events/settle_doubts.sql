-- What was open about some events is asked anew.
delete from review where event_id = any(%(events)s) or other_id = any(%(events)s)
returning event_id, other_id
