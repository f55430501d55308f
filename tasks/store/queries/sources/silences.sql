-- The longest silence that ended in each of the last weeks, of the sources whose turn it is to be
-- learned from. What one reading brings is one moment, however much it is.
with wanted as (
    select id, (config ->> 'minutes')::integer as minutes
    from source
    where enabled and read_at is not null and (gap_at is null or gap_at <= %(before)s)
    order by gap_at nulls first, id
    limit %(limit)s
),
moment as (
    select wanted.id, i.first_seen as at
    from wanted
    join item i on i.source_id = wanted.id
    where i.first_seen >= %(since)s and not i.baseline
    group by wanted.id, i.first_seen
),
silence as (
    select id, at, at - lag(at) over (partition by id order by at) as length from moment
),
week as (
    select id, floor(extract(epoch from at - %(since)s::timestamptz) / 604800) as week, max(length) as longest
    from silence
    where length is not null
    group by 1, 2
)
select wanted.id, wanted.minutes,
    coalesce(array_agg(week.longest) filter (where week.longest is not null), '{}') as longest
from wanted
left join week using (id)
group by wanted.id, wanted.minutes
