select i.id, i.source_id, i.url, i.title, i.summary, i.language, i.published, i.published_basis,
    i.first_seen, i.baseline, i.awaits, i.attempts, i.version, i.score, i.relevant, i.reasons, i.failure,
    i.rules, i.outlet, i.discovery, t.body, coalesce(t.segments, '[]') as segments, s.config
from item i
join source s on s.id = i.source_id
left join item_text t on t.item_id = i.id
where i.id = %(id)s
