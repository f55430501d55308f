select m.item_id, m.event_id, m.title, m.outlet, r.verdict, r.judgements, r.model, r.at
from second_reading r
join mention m on m.id = r.mention_id
where r.verdict in ('doubt', 'review')
order by r.at desc, m.id desc
limit %(limit)s
