-- The events of a dyad that a mention could be about: all of its mechanism, and all whose days
-- lie within the window or are not known. One that was withdrawn is among them: who tells of it
-- again revives it, and what it has told stays told.
select * from event
where status <> 'merged' and dyad = %(dyad)s
  and (
    mechanism = any(%(mechanisms)s)
    or date_start is null
    or (date_start <= %(until)s and date_end >= %(since)s)
  )
order by id
