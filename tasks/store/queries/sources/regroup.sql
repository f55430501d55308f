update source set rate_group = %(rate_group)s where id = %(id)s
