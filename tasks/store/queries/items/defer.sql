update item set due_at = %(due_at)s, lease_until = null where id = %(id)s
