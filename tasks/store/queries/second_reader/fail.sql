update second_reading
set failure = %(failure)s, lease_until = %(due)s, at = %(now)s
where mention_id = %(mention_id)s and verdict is null
