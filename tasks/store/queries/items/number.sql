select item_id from item_alias where source_id = %(source_id)s and key = %(key)s
