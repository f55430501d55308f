-- Events of a dyad of which no mention is left: who tells of one again revives it.
select * from event
where dyad = %(dyad)s and (status = 'withdrawn' or stale) and status <> 'merged'
  and not exists (select from mention where event_id = event.id)
order by id for no key update
