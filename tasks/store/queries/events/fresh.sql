update event set stale = false, status = case when %(empty)s then 'withdrawn' else status end
where id = %(id)s
