-- Pairs of events that may be one, the likeliest first.
select event_id, other_id, points, reasons, noted_at from review
where %(event_id)s::bigint is null or %(event_id)s in (event_id, other_id)
order by points desc, noted_at, event_id, other_id
limit %(limit)s
