insert into response (source_id, item_id, url, status, content_type, etag, last_modified, body, fetched_at,
    log_id, truncated, probe, follow_up_id)
values (%(source_id)s, %(item_id)s, %(url)s, %(status)s, %(content_type)s, %(etag)s, %(last_modified)s,
    %(body)s, %(fetched_at)s, %(log_id)s, %(truncated)s, %(probe)s, %(follow_up_id)s)
