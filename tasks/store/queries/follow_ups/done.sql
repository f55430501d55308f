-- Done with the state that was asked for; if it was named in another meanwhile, it is due again.
update follow_up
set lease_until = null,
    due_at = case when asked_stamp is not distinct from stamp then null else named_at end,
    attempts = 0,
    failure = null,
    etag = case when %(keep_validators)s then etag else %(etag)s end,
    last_modified = case when %(keep_validators)s then last_modified else %(last_modified)s end,
    body_hash = case when %(keep_validators)s then body_hash else %(body_hash)s end
where id = %(id)s
