-- Nothing was sent: the attempt does not count.
update second_reading
set attempts = attempts - 1, lease_until = %(now)s
where mention_id = %(mention_id)s and verdict is null
