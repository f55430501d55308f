-- The resolved mentions of a dyad that lie within some windows; a mention covers a year at most.
select s.*
from unnest(%(since)s::date[], %(until)s::date[]) as span (since, until)
join lateral (
    select * from sighting
    where dyad = %(dyad)s and kind = any(%(kinds)s) and event_id is not null
      and anchor_to between span.since and span.until + 366
      and anchor_from <= span.until
) s on true
