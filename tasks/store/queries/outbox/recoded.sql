-- The mentions of some events that only a recode has found.
select id from mention join recoded_mention on mention_id = id where event_id = any(%(events)s)
