select id, config, enabled, rate_group from source
