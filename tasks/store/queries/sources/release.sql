update source set lease_until = null where id = any(%(ids)s)
