update source
set failures = failures + %(weight)s,
    unwell_since = coalesce(unwell_since, %(now)s),
    empty_reads = empty_reads + %(empty)s,
    due_at = greatest(due_at, %(due_at)s),
    content = %(content)s,
    content_reason = %(reason)s,
    state_since = case when state = %(content)s then state_since else %(now)s end,
    state = %(content)s,
    reason = %(reason)s
where id = %(id)s
