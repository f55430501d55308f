-- Only whoever claimed it last may say what came of it.
update recoding_batch set done_at = %(now)s, lease_until = null, changes = %(changes)s
where recoding_id = %(id)s and number = %(number)s and attempts = %(attempts)s and done_at is null
