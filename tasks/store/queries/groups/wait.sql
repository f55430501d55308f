update rate_group set not_before = greatest(not_before, %(until)s), strikes = strikes + 1 where name = %(rate_group)s
