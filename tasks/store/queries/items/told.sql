-- The words of items that weigh something, for a search of what no list names: the latest first, a page at a time.
select i.id, i.title, i.summary, t.body, coalesce(i.language, s.config ->> 'language') as language
from item i
join source s on s.id = i.source_id
left join item_text t on t.item_id = i.id
where i.id < %(before)s and i.score > 0 and (%(since)s::timestamptz is null or i.first_seen >= %(since)s)
order by i.id desc
limit %(limit)s
