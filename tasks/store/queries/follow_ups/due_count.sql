select count(*)
from follow_up f
join source s on s.id = f.source_id
where s.enabled and f.due_at <= %(now)s and (f.lease_until is null or f.lease_until <= %(now)s)
