-- The events of a dyad that a mention could be about: all of its mechanism, and all whose days
-- lie within the window or are not known.
select * from event
where status in ('live', 'historical') and dyad = %(dyad)s
  and (
    mechanism = any(%(mechanisms)s)
    or date_start is null
    or (date_start <= %(until)s and date_end >= %(since)s)
  )
order by id
