-- Items as a list shows them, the latest first.
select i.id as item, i.first_seen as seen, i.published, s.config ->> 'outlet' as outlet, i.outlet as found_at,
    coalesce(i.language, s.config ->> 'language') as language, i.relevant, i.score, i.awaits, i.failure,
    i.title, i.url, i.rules,
    (select count(*) from mention m where m.item_id = i.id) as mentions
from item i
join source s on s.id = i.source_id
where (%(source)s::text is null or i.source_id = %(source)s)
  and (%(relevant)s::boolean is null or coalesce(i.relevant, false) = %(relevant)s)
  and (%(awaits)s::text is null or i.awaits = %(awaits)s)
  and (%(since)s::timestamptz is null or i.first_seen >= %(since)s)
  and (%(least)s::real is null or i.score >= %(least)s)
  and (%(words)s::text is null or position(lower(%(words)s) in lower(i.title)) > 0)
order by i.id desc
limit %(limit)s
