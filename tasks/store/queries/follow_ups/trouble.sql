select count(*) filter (where failure is not null) as failed, count(*) as parts,
    (array_agg(url order by asked_at desc) filter (where failure is not null))[1] as url,
    (array_agg(failure order by asked_at desc) filter (where failure is not null))[1] as failure
from follow_up
where source_id = %(source_id)s
