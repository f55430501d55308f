update follow_up set lease_until = null, due_at = %(due_at)s, asked_at = %(at)s where id = %(id)s
