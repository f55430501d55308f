update response set lease_until = null, attempts = greatest(attempts - 1, 0) where id = any(%(ids)s)
