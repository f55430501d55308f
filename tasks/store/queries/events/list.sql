-- Events by their last change, with the filters that are given.
select * from event
where status in ('live', 'historical')
  and (%(dyad)s::text is null or dyad = %(dyad)s)
  and (%(event_kind)s::text is null or kind = %(event_kind)s)
  and (%(mechanism)s::text is null or mechanism = %(mechanism)s)
  and (%(history)s or exists (select from mention where event_id = event.id and family <> 'register'))
order by coalesce(date_start, changed_at::date) desc, id desc
limit %(limit)s
