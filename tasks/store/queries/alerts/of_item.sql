select event_id, stage from alert where item_id = %(item)s order by id
