delete from round_known where mechanism = %(mechanism)s
