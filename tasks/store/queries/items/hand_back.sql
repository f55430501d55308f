update item i
set lease_until = null, due_at = %(due_at)s, attempts = greatest(i.attempts - 1, 0)
from unnest(%(ids)s::bigint[], %(leases)s::timestamptz[]) as held(id, lease_until)
where i.id = held.id and i.lease_until = held.lease_until
