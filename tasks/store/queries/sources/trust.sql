-- Whoever it says it is now is who it is known to be; without a hash everything is read anew.
update source
set identity = stranger, stranger = null, due_at = %(now)s, etag = null, last_modified = null, body_hash = null,
    unwell_since = null, content = 'ok', content_reason = null,
    state_since = %(now)s, state = 'ok', reason = null
where id = %(id)s and stranger is not null
