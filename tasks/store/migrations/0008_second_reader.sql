-- What a second reader made of what the rules had coded. Nothing else in the store depends on it.

-- One answer to one question, for as long as prompt and model stay: copies of a text ask nobody again.
create table second_reader_answer (
    question bytea not null,                      -- hash of the sentences and of what the rules made of them
    prompt   text not null,                       -- version of the instructions
    model    text not null,
    answer   jsonb,                               -- null: nothing usable came, and asking again is no use
    reason   text,                                -- why it was not usable
    at       timestamptz not null,
    primary key (question, prompt, model)
);

-- Which mentions were shown to it, and what came of that.
create table second_reading (
    mention_id  bigint primary key references mention on delete cascade,
    attempts    integer not null,
    lease_until timestamptz not null,
    verdict     text check (verdict in ('agree', 'unsure', 'doubt', 'review', 'unusable')),
    judgements  jsonb not null default '[]',      -- [{"field", "verdict", "value", "quote", "start"}]
    failure     text,
    question    bytea,
    prompt      text,
    model       text,
    cached      boolean not null default false,   -- the answer was there already
    at          timestamptz
);
create index second_reading_doubt on second_reading (at desc) where verdict in ('doubt', 'review');
create index mention_first_seen on mention (first_seen);

-- What was sent on each day of UTC. Counted before it is sent, so that a crash costs a call and no more.
create table second_reader_day (
    day   date primary key,
    calls integer not null,
    bytes bigint not null
);

-- How an endpoint is spoken to, and until when it is left alone.
create table second_reader_endpoint (
    url        text not null,
    model      text not null,
    tier       text not null,
    failures   integer not null default 0,        -- batches in a row that it failed
    rest_until timestamptz,
    reason     text,
    primary key (url, model)
);
