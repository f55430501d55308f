select * from sighting where mechanism = %(mechanism)s and dyad = %(dyad)s and event_id is not null
