-- Unasked: the attempt does not count.
update follow_up f
set lease_until = null, due_at = greatest(f.due_at, %(due_at)s), attempts = greatest(f.attempts - 1, 0)
from unnest(%(ids)s::bigint[], %(leases)s::timestamptz[]) as held(id, lease_until)
where f.id = held.id and f.lease_until = held.lease_until
