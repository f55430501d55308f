select id, config ->> 'outlet' as outlet, config ->> 'country' as country, (config ->> 'rank')::integer as rank,
    (config ->> 'stale_after')::integer as stale_after, state, reason, polled_at, answered_at, unwell_since,
    new_item_at, gap
from source
where enabled
order by id
