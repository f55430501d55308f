select s.id, s.config ->> 'outlet' as outlet, s.config ->> 'kind' as kind, s.config ->> 'language' as language,
    s.config ->> 'country' as country, (s.config ->> 'rank')::integer as rank,
    coalesce(s.address, s.config ->> 'url') as url, s.enabled,
    case when s.enabled then s.state else 'off' end as state,
    s.state_since as since,
    -- An operator must see at a glance which source is trusted by its certificate alone.
    nullif(concat_ws('; ', coalesce(s.reason, s.config ->> 'reason'),
        case when s.config ->> 'tls_pin' is not null then 'its certificate is trusted by its pin alone' end), '')
        as reason,
    s.polled_at, s.answered_at, s.unwell_since, s.read_at, s.new_item_at, s.newest_at, s.due_at, s.failures, s.pace,
    s.empty_reads, s.gap, (s.config ->> 'minutes')::integer as minutes,
    (s.config ->> 'stale_after')::integer as stale_after,
    s.validators_trusted, s.redated_since, s.remark, s.moved_to, s.rate_group, g.not_before as group_not_before,
    coalesce(kept.items, 0) as kept_back,
    coalesce(worry.told, '[]') as concerns
from source s
left join rate_group g on g.name = s.rate_group
left join (
    select source_id, count(*) as items from item where awaits = 'quarantine' group by source_id
) as kept on kept.source_id = s.id
left join lateral (
    select jsonb_agg(jsonb_build_object('kind', kind, 'since', began_at, 'said', said) order by kind) as told
    from concern
    where ended_at is null and subject in (s.id, s.config ->> 'country')
) as worry on s.enabled
order by s.id
