delete from response where id = %(id)s
