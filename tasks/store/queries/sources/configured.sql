select id, config, enabled, rate_group, address from source
