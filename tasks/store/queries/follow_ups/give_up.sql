update follow_up
set lease_until = null, asked_at = %(at)s, failure = %(reason)s, attempts = 0, done = true,
    due_at = case when daily then %(at)s::timestamptz + %(rest)s end
where id = %(id)s
