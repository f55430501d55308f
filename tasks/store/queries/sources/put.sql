insert into source (id, config, enabled, rate_group, due_at, state_since)
values (%(id)s, %(config)s, %(enabled)s, %(rate_group)s, %(now)s, %(now)s)
on conflict (id) do update
set config = excluded.config,
    enabled = excluded.enabled,
    rate_group = excluded.rate_group,
    -- Whoever wants a source more often does not wait for the old rhythm to run out.
    pace = case when excluded.config -> 'minutes' = source.config -> 'minutes' then source.pace end,
    due_at = case
        when source.failures = 0 and excluded.config -> 'minutes' is distinct from source.config -> 'minutes'
        then least(source.due_at, %(now)s + make_interval(mins => %(minutes)s))
        else source.due_at
    end
