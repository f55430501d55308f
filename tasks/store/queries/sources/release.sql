update source s
set lease_until = null
from unnest(%(ids)s::text[], %(leases)s::timestamptz[]) as held(id, lease_until)
where s.id = held.id and s.lease_until = held.lease_until
