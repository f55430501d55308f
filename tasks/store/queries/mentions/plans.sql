-- The resolved mentions of a dyad that tell of what is to come or is off, within some windows.
select s.*
from unnest(%(since)s::date[], %(until)s::date[]) as span (since, until)
join lateral (
    select * from sighting
    where dyad = %(dyad)s and kind = any(%(kinds)s) and event_id is not null
      and stage in ('announced', 'postponed', 'cancelled', 'denied')
      and anchor_to between span.since and span.until + 366
      and anchor_from <= span.until
) s on true
