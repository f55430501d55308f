-- What belongs to the source's own document, its validators and what it says of itself, stays.
update source
set answered_at = case when %(well)s then %(now)s else answered_at end,
    unwell_since = case when %(well)s then null else coalesce(unwell_since, %(now)s) end,
    new_item_at = case when %(new_items)s > 0 then %(now)s else new_item_at end,
    newest_at = greatest(newest_at, %(newest_at)s),
    last_items = coalesce(last_items, 0) + %(items)s,
    last_new = coalesce(last_new, 0) + %(new_items)s,
    empty_reads = 0,
    failures = 0,
    content = %(content)s,
    content_reason = %(reason)s,
    state_since = case when state = %(content)s then state_since else %(now)s end,
    state = %(content)s,
    reason = %(reason)s
where id = %(id)s
