-- Items that are done with, and were coded by other rules than these or by none. Those of which a stage
-- has not been decided yet are left alone: it must be decided by what the live report said.
select i.id, i.source_id, i.url, i.title, i.summary, i.language, i.published, i.published_basis,
    i.first_seen, i.baseline, i.awaits, i.attempts, i.version, i.score, i.relevant, i.reasons, i.failure,
    i.rules, i.outlet, i.discovery, t.body, coalesce(t.segments, '[]') as segments, s.config
from item i
join source s on s.id = i.source_id
left join item_text t on t.item_id = i.id
where i.id between %(first)s and %(last)s and i.awaits is null and i.rules is distinct from %(rules)s
  and not exists (select from event_stage e where e.item_id = i.id and e.decision is null)
order by i.id
