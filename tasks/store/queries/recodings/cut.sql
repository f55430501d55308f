-- The archive in ranges of numbers. Later items have higher numbers.
insert into recoding_batch (recoding_id, number, first_item, last_item)
select %(id)s, row_number() over (order by first), first, least(first + %(size)s - 1, bounds.most)
from (
    select min(id) as least, max(id) as most from item
    where %(since)s::timestamptz is null or first_seen >= %(since)s
) as bounds, generate_series(bounds.least, bounds.most, %(size)s) as first
