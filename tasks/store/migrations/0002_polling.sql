-- What fetching and reading remember of a source, and what they share between workers.

alter table source
    add rate_group         text not null default '',
    add address            text,                     -- where a lasting redirect has led; null: as configured
    add moved_to           text,                     -- where the last permanent redirect pointed
    add moved_since        timestamptz,
    add moved_seen         integer not null default 0,
    add validators_trusted boolean not null default true,
    add probed_at          timestamptz,              -- last time that "not modified" was put to the test
    add pace               real,                     -- minutes between polls as learned; null: as configured
    add hints              jsonb not null default '{}', -- what the document says of its own rhythm
    add last_items         integer,                  -- of the last reading, until the pace has learned from it
    add last_new           integer,
    add newest_at          timestamptz,              -- the newest time of publication ever seen in it
    add empty_reads        integer not null default 0,
    add content            text not null default 'new', -- the state as far as the last reading goes
    add content_reason     text;
create index source_group on source (rate_group) where enabled;

-- Sources that must not be asked at the same time, nor in quick succession.
create table rate_group (
    name        text primary key,
    lease_until timestamptz,
    started_at  timestamptz,                         -- of the last request
    not_before  timestamptz,                         -- the site has asked for patience
    strikes     integer not null default 0           -- how often it has in a row
);

create table robots (
    origin     text primary key,                     -- scheme, host and port
    verdict    text not null check (verdict in ('rules', 'allow', 'deny')),
    body       bytea not null default '',
    reason     text,
    fetched_at timestamptz not null,
    expires_at timestamptz not null
);

alter table response
    add log_id    bigint,
    add attempts  integer not null default 0,
    add truncated boolean not null default false,
    add probe     boolean not null default false;    -- asked without validators after "not modified"

alter table fetch_log
    add body_hash bytea,
    add newest_at timestamptz,
    add errors    integer;                           -- entries that could not be read

alter table item
    add version      integer not null default 1,
    add content_hash bytea;
