-- The store from its first day. Times are timestamptz; an item's and an event's own words are
-- kept with it, so that nothing that lives long refers to a row that is thrown away.

create table source (
    id            text primary key,               -- the id in config/sources
    config        jsonb not null,                 -- the row as it was read, for those without the file
    enabled       boolean not null,
    etag          text,
    last_modified text,
    body_hash     bytea,                          -- of the last body that was read
    due_at        timestamptz not null default now(),
    lease_until   timestamptz,
    failures      real not null default 0 check (failures >= 0),
    state         text not null default 'new',
    state_since   timestamptz not null default now(),
    reason        text,
    polled_at     timestamptz,                    -- last attempt
    read_at       timestamptz,                    -- last attempt that was read to the end
    new_item_at   timestamptz                     -- last time that an item was new
);
create index source_due on source (due_at) where enabled;

-- What came over the wire and has not been read yet. Unlogged: after a crash of the server it is
-- empty, and as validators move only when items are stored, the next poll fetches it again.
create unlogged table response (
    id            bigint generated always as identity primary key,
    source_id     text not null,
    item_id       bigint,                         -- set when it is the page of an item
    url           text not null,                  -- after redirects
    status        integer not null,
    content_type  text,
    etag          text,
    last_modified text,
    body          bytea not null,
    fetched_at    timestamptz not null,
    lease_until   timestamptz
);
create index response_open on response (id);

create table fetch_log (
    id         bigint generated always as identity primary key,
    source_id  text not null,
    at         timestamptz not null,
    url        text not null,
    outcome    text not null,                     -- ok, unchanged, failed, refused, blocked, empty
    status     integer,
    bytes      integer,
    elapsed    real,                              -- seconds
    items      integer,
    new_items  integer,
    reason     text
);
create index fetch_log_source on fetch_log (source_id, at desc);
create index fetch_log_at on fetch_log using brin (at);

create table item (
    id              bigint generated always as identity primary key,
    source_id       text not null,
    key             text not null,                -- what makes it the same item again
    url             text,
    title           text not null,
    summary         text not null default '',
    language        text,
    published       timestamptz,
    published_basis text not null default 'unknown',
    first_seen      timestamptz not null,
    baseline        boolean not null default false, -- came with the first reading of its source
    awaits          text check (awaits in ('gate', 'page', 'code', 'resolve')), -- null: done
    due_at          timestamptz not null default now(),
    lease_until     timestamptz,
    attempts        integer not null default 0,
    failure         text,                         -- why a step gave up on it
    score           real,
    relevant        boolean,
    reasons         text[] not null default '{}',
    rules           text,                         -- version of rules and lexicon that coded it
    unique (source_id, key)
);
create index item_awaits on item (awaits, due_at, id) where awaits is not null;
create index item_url on item (url);

-- Further keys under which the same item has been seen (http and https, an edited address).
create table item_alias (
    source_id text not null,
    key       text not null,
    item_id   bigint not null references item on delete cascade,
    primary key (source_id, key)
);

create table item_text (
    item_id  bigint primary key references item on delete cascade,
    body     text,
    segments jsonb not null default '[]'          -- [{"role", "start", "text_length"}] over the item's text
);

create table event (
    id         bigint generated always as identity primary key,
    register_id text unique,                      -- the id in seeds/register.yaml, if it came from there
    -- withdrawn: no mention tells of it any more; merged: it was seen to be `merged_into`
    status     text not null default 'live'
               check (status in ('live', 'historical', 'merged', 'withdrawn')),
    stale      boolean not null default false,    -- its mentions changed: to be fused anew
    merged_into bigint references event,
    dyad       text not null,
    kind       text not null,
    mechanism  text,
    round      integer,
    round_basis text,
    stage      text not null,
    date_start date,
    date_end   date,
    date_precision text,
    date_basis text,
    place      text,
    officials  jsonb not null default '[]',
    instrument text,
    contexts   text[] not null default '{}',
    conflicts  jsonb not null default '[]',       -- [{"field", "value", "sources"}]
    witnesses  integer not null default 0,        -- independent ones
    created_at timestamptz not null,
    changed_at timestamptz not null
);
create index event_block on event (dyad, mechanism) where status in ('live', 'historical');
create index event_stale on event (dyad) where stale;
create index event_changed on event (changed_at desc);
create index event_merged on event (merged_into) where merged_into is not null;

create table mention (
    id          bigint generated always as identity primary key,
    item_id     bigint not null,
    position    integer not null,                 -- among the mentions of its item
    event_id    bigint references event,
    dyad        text not null,
    kind        text not null,
    stage       text not null,
    background  boolean not null,
    mechanism   text,
    round       integer,
    round_basis text,
    date_start  date,
    date_end    date,
    date_precision text,
    date_basis  text,
    place       text,
    officials   jsonb not null default '[]',
    instrument  text,
    contexts    text[] not null default '{}',
    segment     text not null,
    evidence    jsonb not null default '{}',
    -- A copy of what is needed to weigh the mention after its item has gone.
    source_id   text not null,
    outlet      text not null,
    family      text not null,                    -- witnesses of one family count once
    rank        integer not null,                 -- 1 party's communiqué .. 4 aggregator
    language    text not null,
    url         text,
    title       text not null,
    published   timestamptz,
    first_seen  timestamptz not null,
    baseline    boolean not null default false,
    text_hash   bytea,                            -- of the story's text: copies are one witness
    reason      text,                             -- why it joined its event
    unique (item_id, position)
);
create index mention_event on mention (event_id);

-- A stage that an event has reached: made by resolve in the transaction of the event itself, and
-- decided once by alert. The primary key is what makes an alert happen once.
create table event_stage (
    event_id   bigint not null references event,
    stage      text not null,
    mention_id bigint,                            -- whose report was the first; null: the register
    item_id    bigint,
    reached_at timestamptz not null,
    decision   text check (decision in ('alert', 'late', 'quiet')), -- null: alert has not decided yet
    reason     text,
    weighed    integer,                           -- how many mentions the event had when that was decided
    primary key (event_id, stage)
);
create index event_stage_open on event_stage (reached_at) where decision is null;
create index event_stage_quiet on event_stage (reached_at) where decision = 'quiet' and mention_id is not null;

create table alert (
    id         bigint generated always as identity primary key,
    event_id   bigint not null references event,
    stage      text not null,
    late       boolean not null,
    mention_id bigint not null,                   -- the report that it rests on
    item_id    bigint not null,
    created_at timestamptz not null,
    message    jsonb not null,                    -- what was told, in parts; each channel lays it out
    unique (event_id, stage)
);

create table delivery (
    id          bigint generated always as identity primary key,
    alert_id    bigint not null references alert,
    channel     text not null,
    state       text not null default 'waiting'
                check (state in ('waiting', 'sending', 'sent', 'given_up')),
    attempts    integer not null default 0,
    due_at      timestamptz not null,
    lease_until timestamptz,
    sent_at     timestamptz,
    uncertain   boolean not null default false,   -- a try began whose end nobody saw
    error       text,
    unique (alert_id, channel)
);
create index delivery_due on delivery (due_at, id) where state in ('waiting', 'sending');
