select a.id, a.created_at, a.event_id, a.stage, a.late, e.dyad, e.kind,
       a.message ->> 'headline' as headline, s.reason,
       coalesce(
           (
               select jsonb_agg(
                   jsonb_build_object(
                       'channel', d.channel, 'state', d.state, 'attempts', d.attempts, 'sent_at', d.sent_at,
                       'uncertain', d.uncertain, 'error', d.error
                   ) order by d.channel
               )
               from delivery d where d.alert_id = a.id
           ),
           '[]'
       ) as deliveries
from alert a
join event e on e.id = a.event_id
left join event_stage s on s.event_id = a.event_id and s.stage = a.stage
order by a.id desc
limit %(limit)s
