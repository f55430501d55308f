-- What an aggregator finds is somebody else's publication.

alter table item
    add outlet text,                                 -- the host of who published it; null: the source itself
    add discovery boolean not null default false;    -- its address leads through the aggregator: no page to fetch
