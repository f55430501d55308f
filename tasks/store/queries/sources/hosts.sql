-- Where a source has moved, what was asked of the old host counts for the old one.
with asked as (
    select substring(url from '^[a-z]+://([^/?#]+)') as host, outcome, bytes, elapsed, items, new_items
    from fetch_log
    where at >= %(since)s
),
counted as (
    select host, count(*) as asked,
        count(*) filter (where outcome = 'ok') as ok,
        count(*) filter (where outcome = 'unchanged') as unchanged,
        count(*) filter (where outcome not in ('ok', 'unchanged')) as failed,
        coalesce(sum(bytes), 0) as bytes,
        round(1000 * avg(elapsed))::integer as milliseconds,
        coalesce(sum(items), 0) as items,
        coalesce(sum(new_items), 0) as new_items
    from asked
    group by host
),
stated as (
    select host, jsonb_object_agg(state, sources order by state) as states
    from (
        select substring(coalesce(address, config ->> 'url') from '^[a-z]+://([^/?#]+)') as host, state,
            count(*) as sources
        from source
        where enabled
        group by 1, 2
    ) as each_state
    group by host
)
select host, coalesce(asked, 0) as asked, coalesce(ok, 0) as ok, coalesce(unchanged, 0) as unchanged,
    coalesce(failed, 0) as failed, coalesce(bytes, 0) as bytes, milliseconds, coalesce(items, 0) as items,
    coalesce(new_items, 0) as new_items, coalesce(states, '{}') as states
from counted
full join stated using (host)
order by failed desc, asked desc, host
