-- On which days the rounds of a mechanism are said to have been held, and by whom: of each day the
-- best rank and how many owners of outlets say so.
select round, date_start, date_end, date_precision, date_basis,
       min(rank) as rank, count(distinct family) as families, bool_or(family = 'register') as registered
from mention
where mechanism = %(mechanism)s and round is not null and round_basis = 'stated'
  and kind <> 'agreement' and stage in ('held', 'under_way') and date_start is not null
  and event_id is not null
group by round, date_start, date_end, date_precision, date_basis
