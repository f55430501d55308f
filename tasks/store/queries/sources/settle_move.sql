-- A redirect counts as lasting when it has been the same for a week and twenty polls.
update source
set address = moved_to, moved_to = null, moved_since = null, moved_seen = 0
where id = %(id)s and moved_seen >= %(sightings)s and moved_since <= %(since)s
returning config, address
