-- Another address is another source: nothing that was known of the old one holds for it.
update source
set etag = null, last_modified = null, body_hash = null, due_at = %(now)s, failures = 0,
    state = 'new', state_since = %(now)s, reason = null, read_at = null, new_item_at = null,
    answered_at = null, unwell_since = null, clock_at = null, redated_since = null,
    identity = null, stranger = null, gap = null, gap_at = null, remark = null,
    address = null, moved_to = null, moved_since = null, moved_seen = 0,
    validators_trusted = true, probed_at = null, pace = null, hints = '{}',
    last_items = null, last_new = null, newest_at = null, empty_reads = 0,
    content = 'new', content_reason = null
where id = %(id)s
  and (config ->> 'url', config ->> 'kind') is distinct from (%(url)s, %(kind)s)
