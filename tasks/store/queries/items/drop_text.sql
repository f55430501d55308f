delete from item_text where item_id = %(item_id)s
