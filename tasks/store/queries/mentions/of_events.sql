select * from report where event_id = any(%(events)s) order by coalesce(published, first_seen), id
