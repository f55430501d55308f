select * from event where id = %(id)s
