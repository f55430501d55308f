update source
set lease_until = null,
    polled_at = %(at)s,
    due_at = %(due_at)s,
    failures = %(failures)s,
    state_since = case when state = %(state)s then state_since else %(at)s end,
    state = %(state)s,
    reason = %(reason)s,
    -- Not known as long as a body waits to be read.
    answered_at = case when %(well)s::boolean then %(at)s else answered_at end,
    unwell_since = case
        when %(well)s::boolean then null
        when not %(well)s::boolean then coalesce(unwell_since, %(at)s)
        else unwell_since
    end,
    pace = %(pace)s,
    remark = %(remark)s,
    last_items = null,
    last_new = null,
    probed_at = coalesce(%(probed_at)s, probed_at),
    moved_to = %(moved_to)s,
    moved_since = %(moved_since)s,
    moved_seen = %(moved_seen)s,
    address = case when %(forget_address)s then null else address end,
    rate_group = case when %(forget_address)s then %(home_group)s else rate_group end,
    -- A server that has said "not modified" and shown as much has told the truth.
    validators_trusted = validators_trusted or %(honest)s,
    validators_doubted = case when %(honest)s then 0 else validators_doubted end,
    -- Validators stand for a body that was read. They move here only when nothing is left to read.
    etag = case when %(unchanged)s then %(etag)s else etag end,
    last_modified = case when %(unchanged)s then %(last_modified)s else last_modified end
-- Who lost the lease has nothing to say any more: another worker has asked since.
where id = %(id)s and lease_until is not distinct from %(lease_until)s
