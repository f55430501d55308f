-- The resolved mentions of some rounds, whenever they were told.
select s.*
from unnest(%(mechanisms)s::text[], %(rounds)s::integer[]) as wanted (mechanism, round)
join sighting s on s.mechanism = wanted.mechanism and s.round = wanted.round
where s.dyad = %(dyad)s and s.event_id is not null
