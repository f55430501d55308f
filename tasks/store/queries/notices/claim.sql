-- The next that is due, or whose lease ran out while it was being sent: of that one nobody knows
-- whether it arrived.
update notice n
set state = 'sending', attempts = n.attempts + 1, lease_until = %(lease)s,
    uncertain = n.uncertain or n.state = 'sending'
where n.id = (
    select id from notice
    where state = 'waiting' and due_at <= %(now)s or state = 'sending' and lease_until <= %(now)s
    order by due_at, id
    limit 1
    for update skip locked
)
returning n.id, n.headline, n.notes, n.created_at, n.attempts, n.uncertain
