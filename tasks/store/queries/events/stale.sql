select * from event where stale and status in ('live', 'historical') order by dyad, id limit %(limit)s
