select round, date_start, date_end, date_precision, date_basis
from round_known where mechanism = %(mechanism)s order by round
