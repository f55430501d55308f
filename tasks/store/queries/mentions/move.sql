-- What told of one event tells of another, after the two were seen to be one.
update mention set event_id = %(into)s where event_id = %(event_id)s
