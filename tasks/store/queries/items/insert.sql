insert into item (source_id, key, url, title, summary, language, published, published_basis, first_seen,
    baseline, awaits, due_at, content_hash, outlet, discovery)
values (%(source_id)s, %(key)s, %(url)s, %(title)s, %(summary)s, %(language)s, %(published)s,
    %(published_basis)s, %(first_seen)s, %(baseline)s, %(awaits)s, %(first_seen)s, %(content_hash)s,
    %(outlet)s, %(discovery)s)
on conflict (source_id, key) do nothing
returning id
