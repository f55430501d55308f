select mention_id, verdict, model, judgements
from second_reading
where mention_id = any(%(mentions)s) and verdict in ('doubt', 'review')
order by mention_id
