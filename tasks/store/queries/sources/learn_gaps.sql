-- What cannot be learned now stays as it was learned before.
update source s
set gap = coalesce(learned.gap, s.gap), gap_at = %(now)s
from unnest(%(ids)s::text[], %(gaps)s::interval[]) as learned(id, gap)
where s.id = learned.id
