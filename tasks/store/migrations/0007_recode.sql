-- Stored items coded again, after a change of the rules.

-- What only a recode has found in an item tells nobody of anything: it is old.
create table recoded_mention (
    mention_id bigint primary key references mention on delete cascade
);

-- One run over the archive, or over its last days. Those that only show what would change do not apply it.
create table recoding (
    id       bigint generated always as identity primary key,
    rules    text not null,                       -- the version that codes
    applies  boolean not null,
    days     integer,                             -- of how many days the items are; null: all
    began_at timestamptz not null,
    ended_at timestamptz
);
-- Whoever wants the same joins in.
create unique index recoding_open on recoding (rules, applies, coalesce(days, 0)) where ended_at is null;

-- Items by ranges of their numbers, each leased to one worker at a time.
create table recoding_batch (
    recoding_id bigint not null references recoding on delete cascade,
    number      integer not null,
    first_item  bigint not null,
    last_item   bigint not null,
    lease_until timestamptz,
    attempts    integer not null default 0,
    done_at     timestamptz,
    changes     jsonb,                            -- what changed, in numbers and a few examples
    primary key (recoding_id, number)
);
create index recoding_batch_open on recoding_batch (recoding_id, number) where done_at is null;
