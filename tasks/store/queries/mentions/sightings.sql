-- Mentions as they are compared: some by id, and all of some events.
select * from sighting where id = any(%(ids)s) or event_id = any(%(events)s)
