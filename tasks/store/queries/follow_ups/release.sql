-- Unasked: the attempt does not count.
update follow_up
set lease_until = null, due_at = greatest(due_at, %(due_at)s), attempts = greatest(attempts - 1, 0)
where id = any(%(ids)s)
