select * from event where mechanism = %(mechanism)s and status in ('live', 'historical') order by id
