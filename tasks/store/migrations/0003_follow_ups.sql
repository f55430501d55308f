-- Further parts of a source that a document of it names: the sitemaps of a list of sitemaps, the
-- next page of an API, a data file. Named in the transaction that reads the document, so that the
-- source's validators may move with it; done in the transaction that reads the part itself.

create table follow_up (
    id            bigint generated always as identity primary key,
    source_id     text not null,
    parent_id     bigint references follow_up on delete cascade, -- which names it; null: the source itself
    url           text not null,
    kind          text not null,                  -- what it is read as
    depth         integer not null,               -- steps from the source's own document
    stamp         text,                           -- its state as it was named; in another it is fetched again
    size          bigint,
    md5           text,
    baseline      boolean not null,               -- named by the first reading of its source
    absent_since  timestamptz,                    -- when its source had been read before
    named_at      timestamptz not null,
    asked_at      timestamptz,
    asked_stamp   text,                           -- the state that was named when it was asked for
    etag          text,
    last_modified text,
    body_hash     bytea,
    daily         boolean not null default false, -- its state is believed for a day at a time
    done          boolean not null default false, -- read in its state, or given up
    due_at        timestamptz,
    lease_until   timestamptz,
    attempts      integer not null default 0,
    failure       text,                           -- why it was given up
    unique (source_id, url)
);
create index follow_up_due on follow_up (due_at) where due_at is not null;

alter table response add follow_up_id bigint;
