update recoding_batch b
set lease_until = %(now)s + %(lease)s, attempts = b.attempts + 1
from (
    select recoding_id, number from recoding_batch
    where recoding_id = %(id)s and done_at is null and (lease_until is null or lease_until <= %(now)s)
    order by number
    limit 1
    for update skip locked
) chosen
where b.recoding_id = chosen.recoding_id and b.number = chosen.number
returning b.recoding_id, b.number, b.first_item, b.last_item, b.attempts
