update follow_up
set lease_until = null, due_at = %(due_at)s, asked_at = %(at)s
where id = %(id)s and lease_until is not distinct from %(lease_until)s
