-- Done with the state that was asked for; if it was named in another meanwhile, it is due again.
update follow_up
set lease_until = null,
    done = asked_stamp is not distinct from stamp,
    due_at = case
        when asked_stamp is distinct from stamp then named_at
        when daily then asked_at + %(rest)s
    end,
    -- What is new in it when it is fetched again is news.
    baseline = false,
    absent_since = %(now)s,
    attempts = 0,
    failure = null,
    etag = case when %(keep_validators)s then etag else %(etag)s end,
    last_modified = case when %(keep_validators)s then last_modified else %(last_modified)s end,
    body_hash = case when %(keep_validators)s then body_hash else %(body_hash)s end
where id = %(id)s
