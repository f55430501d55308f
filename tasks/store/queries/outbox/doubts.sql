-- What was told of other events that may be the same as one of these.
select pair.event_id, pair.other_id, a.stage
from (
    select event_id, other_id from review where event_id = any(%(events)s)
    union all
    select other_id, event_id from review where other_id = any(%(events)s)
) pair
join alert a on a.event_id = pair.other_id
order by a.id
