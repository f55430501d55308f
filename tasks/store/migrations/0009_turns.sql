-- Whose turn it is, for how long, and whether a server is believed.

alter table source
    add validators_doubted integer not null default 0, -- how often in a row news stood behind "not modified"
    add distrusted_at      timestamptz;                -- since when its validators are not believed
update source set distrusted_at = now() where not validators_trusted;

-- Seconds from start to start: the longest that any source of the group is configured with.
alter table rate_group add pause double precision not null default 0;

-- That of its address, so that the parts of one site do not keep those of all others waiting.
alter table follow_up add rate_group text not null default '';
