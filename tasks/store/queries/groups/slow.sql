update rate_group set pause = greatest(pause, %(pause)s) where name = %(rate_group)s
