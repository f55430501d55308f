update source
set read_at = %(now)s,
    answered_at = case when %(well)s then %(now)s else answered_at end,
    unwell_since = case when %(well)s then null else coalesce(unwell_since, %(now)s) end,
    etag = case when %(keep_validators)s then etag else %(etag)s end,
    last_modified = case when %(keep_validators)s then last_modified else %(last_modified)s end,
    body_hash = case when %(keep_validators)s then body_hash else %(body_hash)s end,
    -- Once may be an item that was published between the two requests.
    validators_doubted = case
        when %(validators_lied)s then validators_doubted + 1
        when %(probe)s then 0
        else validators_doubted
    end,
    validators_trusted = case
        when %(validators_lied)s then validators_trusted and validators_doubted + 1 < %(most_doubts)s
        else validators_trusted or %(probe)s
    end,
    distrusted_at = case
        when %(validators_lied)s and validators_doubted + 1 >= %(most_doubts)s then %(now)s
        else distrusted_at
    end,
    probed_at = coalesce(probed_at, %(now)s),
    new_item_at = case when %(new_items)s > 0 then %(now)s else new_item_at end,
    -- A source that has ceased to date its items is judged like one that never did.
    newest_at = case when not %(undated)s then greatest(newest_at, %(newest_at)s) end,
    clock_at = %(clock_at)s,
    redated_since = case when %(redated)s then coalesce(redated_since, %(now)s) end,
    identity = coalesce(%(identity)s::jsonb, identity),
    stranger = %(stranger)s,
    hints = %(hints)s,
    last_items = %(items)s,
    last_new = %(new_items)s,
    empty_reads = 0,
    failures = 0,
    content = %(content)s,
    content_reason = %(reason)s,
    state_since = case when state = %(content)s then state_since else %(now)s end,
    state = %(content)s,
    reason = %(reason)s
where id = %(id)s
