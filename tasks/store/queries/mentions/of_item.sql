select * from report where item_id = %(item_id)s order by position
