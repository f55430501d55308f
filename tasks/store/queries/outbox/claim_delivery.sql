-- The next delivery that is due, or whose lease ran out while it was being sent: of that one nobody
-- knows whether it arrived.
update delivery d
set state = 'sending',
    attempts = d.attempts + 1,
    lease_until = %(lease)s,
    uncertain = d.uncertain or d.state = 'sending'
from alert a
where a.id = d.alert_id
  and d.id = (
      select id from delivery
      where (state = 'waiting' and due_at <= %(now)s or state = 'sending' and lease_until <= %(now)s)
        and channel <> all(%(busy)s)
      order by due_at, id
      limit 1
      for update skip locked
  )
returning d.id, d.alert_id, d.channel, d.attempts, d.uncertain, a.event_id, a.created_at, a.message
