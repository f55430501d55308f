update item set lease_until = null, due_at = %(due_at)s, failure = coalesce(%(failure)s, failure)
where id = %(id)s
