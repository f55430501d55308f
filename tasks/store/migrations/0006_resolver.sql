-- What the resolver needs to work out an event from the set of its mentions.

alter table event
    add column split_from bigint references event,        -- the event of which it was a part by mistake
    add column confirmed boolean not null default false;  -- communiqués of both parties tell of it
create index event_split on event (split_from) where split_from is not null;
create index event_withdrawn on event (dyad) where status = 'withdrawn' or stale;

-- The days by which mentions are looked up: those of the event, else that of publication. What is
-- longer than a year says nothing of a day.
alter table mention
    add column country text,                              -- of the source: whose communiqué it is
    add column anchor_from date generated always as (
        case when date_start is not null and date_end - date_start <= 366 then date_start
             else (coalesce(published, first_seen) at time zone 'UTC')::date end
    ) stored,
    add column anchor_to date generated always as (
        case when date_start is not null and date_end - date_start <= 366 then date_end
             else (coalesce(published, first_seen) at time zone 'UTC')::date end
    ) stored;
create index mention_anchor on mention (dyad, kind, anchor_to);
create index mention_plan on mention (dyad, kind, anchor_to)
    where stage in ('announced', 'postponed', 'cancelled', 'denied');
create index mention_round on mention (mechanism, round) where round is not null;
create index mention_mechanism on mention (mechanism) where mechanism is not null;
create index event_mechanism on event (mechanism) where mechanism is not null;

-- A mention as it is told and fused.
create view report as
select id, item_id, position, event_id, dyad, kind, stage, background, mechanism, round, round_basis,
       date_start, date_end, date_precision, date_basis, place, officials, instrument, contexts, segment,
       evidence, source_id, outlet, family, rank, language, url, title, published, first_seen, baseline,
       text_hash, reason, country
from mention;

-- A mention as it is compared.
create view sighting as
select id, item_id, event_id, dyad, kind, stage, background, mechanism,
       evidence -> 'mechanism' ->> 'rule' as mechanism_rule,
       round, round_basis, date_start, date_end, date_precision, date_basis, place, officials, instrument,
       contexts, position, title, family, rank, published, first_seen, baseline,
       case when family = 'register' then evidence -> 'dyad' ->> 'quote' end as entry,
       anchor_from, anchor_to
from mention;

-- The rounds that are known to have been held, from the register and from what was told since.
create table round_known (
    mechanism      text not null,
    round          integer not null,
    date_start     date not null,
    date_end       date not null,
    date_precision text not null,
    date_basis     text not null,
    primary key (mechanism, round)
);

-- Pairs of events that may be one: what an analyst is asked.
create table review (
    event_id bigint not null references event,
    other_id bigint not null references event,
    points   integer not null,
    reasons  text[] not null,
    noted_at timestamptz not null,
    primary key (event_id, other_id),
    check (event_id < other_id)
);
create index review_other on review (other_id);
