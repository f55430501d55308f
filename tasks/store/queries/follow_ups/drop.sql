delete from follow_up where source_id = %(source_id)s
