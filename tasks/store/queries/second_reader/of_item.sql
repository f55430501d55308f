select m.position, r.verdict, r.judgements, r.failure, r.prompt, r.model, r.cached, r.attempts, r.at
from second_reading r
join mention m on m.id = r.mention_id
where m.item_id = %(item_id)s
order by m.position
