-- What each source has given: items, those that were news, and the events of which they told.
select source.config ->> 'outlet' as outlet, source.config ->> 'language' as language,
       count(item.id) as items, count(item.id) filter (where item.relevant) as relevant,
       (select count(distinct event_id) from mention where mention.source_id = source.id) as events
from source left join item on item.source_id = source.id
group by source.id
order by source.id
