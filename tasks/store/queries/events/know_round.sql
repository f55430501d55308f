insert into round_known (mechanism, round, date_start, date_end, date_precision, date_basis)
values (%(mechanism)s, %(round)s, %(date_start)s, %(date_end)s, %(date_precision)s, %(date_basis)s)
