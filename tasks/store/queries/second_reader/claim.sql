-- The next mention that is worth a second look: the rules were unsure of its item, or its event is
-- contradicted or perhaps another one. First come those of which an alert is still to be decided.
with chosen as (
    select m.id
    from mention m
    join item i on i.id = m.item_id
    join event e on e.id = m.event_id
    left join event_stage s on s.event_id = m.event_id and s.stage = m.stage
    left join second_reading r on r.mention_id = m.id
    where m.first_seen > %(since)s
      and i.awaits is null
      and e.status in ('live', 'historical')
      and (i.score between %(low)s and %(high)s
           or e.conflicts <> '[]'
           or exists (select from review w where m.event_id in (w.event_id, w.other_id)))
      and (not m.baseline or s.event_id is not null and s.decision is null)
      and (r.mention_id is null
           or r.verdict is null and r.attempts < %(most_attempts)s and r.lease_until <= %(now)s)
    order by (s.event_id is not null and s.decision is null) desc, m.id
    limit 1
    for key share of m skip locked
)
insert into second_reading (mention_id, attempts, lease_until)
select id, 1, %(lease)s from chosen
on conflict (mention_id) do update
set attempts = second_reading.attempts + 1, lease_until = excluded.lease_until
where second_reading.verdict is null and second_reading.lease_until <= %(now)s
returning mention_id, (select item_id from mention where id = mention_id) as item_id
