select s.id, s.config ->> 'outlet' as outlet, s.config ->> 'kind' as kind, s.config ->> 'language' as language,
    s.config ->> 'country' as country, coalesce(s.address, s.config ->> 'url') as url, s.enabled,
    case when s.enabled then s.state else 'off' end as state,
    s.state_since as since, coalesce(s.reason, s.config ->> 'reason') as reason,
    s.polled_at, s.read_at, s.new_item_at, s.newest_at, s.due_at, s.failures, s.pace, s.validators_trusted,
    s.rate_group, g.not_before as group_not_before
from source s
left join rate_group g on g.name = s.rate_group
order by s.id
