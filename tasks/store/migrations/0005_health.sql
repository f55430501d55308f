-- How a source is doing, and what the operator is told of it.

alter table source
    add answered_at   timestamptz,                -- last time that it gave what it is for, changed or not
    add unwell_since  timestamptz,                -- since when it has not; null: it does
    add clock_at      timestamptz,                -- when its document says that it last changed
    add redated_since timestamptz,                -- its dates move with the clock, and are not believed
    add identity      jsonb,                      -- who it is known to be: {"title", "home", "hosts"}
    add stranger      jsonb,                      -- who it says it is instead, while its new items are kept back
    add gap           interval,                   -- the silence to expect of it, as learned
    add gap_at        timestamptz,                -- when that was last learned
    add remark        text;                       -- what it asks for and does not get

update source set state = 'redesigned' where state = 'layout_changed';
update source set content = 'redesigned' where content = 'layout_changed';
update source set state = 'empty' where state = 'degraded';
update source set content = 'empty' where content = 'degraded';

-- Kept back: nobody takes it until somebody vouches for its source.
alter table item drop constraint item_awaits_check;
alter table item add constraint item_awaits_check
    check (awaits in ('gate', 'page', 'code', 'resolve', 'quarantine'));
create index item_seen on item (source_id, first_seen);

-- Something that an operator has to know of, from when it was seen to when it was seen to be over.
create table concern (
    id       bigint generated always as identity primary key,
    kind     text not null,                       -- silent, hijacked, no live source ...
    subject  text not null,                       -- whom it befalls: the id of a source, a country
    said     text not null,
    began_at timestamptz not null,
    ended_at timestamptz
);
create unique index concern_open on concern (kind, subject) where ended_at is null;

-- What the operator is told of concerns: written in the transaction that begins or ends them.
create table notice (
    id          bigint generated always as identity primary key,
    headline    text not null,
    notes       text[] not null,
    created_at  timestamptz not null,
    state       text not null default 'waiting'
                check (state in ('waiting', 'sending', 'sent', 'given_up')),
    attempts    integer not null default 0,
    due_at      timestamptz not null,
    lease_until timestamptz,
    uncertain   boolean not null default false,   -- a try began whose end nobody saw
    sent_at     timestamptz,
    error       text
);
create index notice_due on notice (due_at, id) where state in ('waiting', 'sending');
