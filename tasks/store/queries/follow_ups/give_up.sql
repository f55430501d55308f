update follow_up
set lease_until = null, asked_at = %(at)s, failure = %(reason)s,
    due_at = null, attempts = 0
where id = %(id)s
