-- One resolver at a time for a dyad: the next one sees what this one has committed.
select pg_advisory_xact_lock(7, hashtext(%(dyad)s))
