insert into rate_group (name) select distinct unnest(%(rate_groups)s::text[]) on conflict do nothing
