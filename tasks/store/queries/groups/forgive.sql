update rate_group set strikes = 0 where name = %(rate_group)s and strikes > 0
