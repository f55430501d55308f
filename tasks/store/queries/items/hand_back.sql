update item set lease_until = null, due_at = %(due_at)s, attempts = greatest(attempts - 1, 0)
where id = any(%(ids)s)
