-- An edit never moves the date; it may bring one where there was none.
update item
set title = %(title)s, summary = %(summary)s, url = coalesce(%(url)s, url),
    published_basis = case when published is null then %(published_basis)s else published_basis end,
    published = coalesce(published, %(published)s),
    content_hash = %(content_hash)s, version = version + 1,
    awaits = 'gate', due_at = %(now)s, lease_until = null, attempts = 0, failure = null
where id = %(id)s
