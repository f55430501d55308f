select * from mention where id = %(id)s
