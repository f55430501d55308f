update fetch_log
set outcome = coalesce(%(outcome)s, outcome), items = %(items)s, new_items = %(new_items)s,
    newest_at = %(newest_at)s, errors = %(errors)s, reason = coalesce(%(reason)s, reason)
where id = %(id)s
