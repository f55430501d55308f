-- The mentions of one item, with a copy of what is needed to weigh them when it has gone.
insert into mention (
    item_id, position, dyad, kind, stage, background, mechanism, round, round_basis,
    date_start, date_end, date_precision, date_basis, place, officials, instrument, contexts,
    segment, evidence, source_id, outlet, family, rank, language, url, title, published,
    first_seen, baseline, text_hash, country
) values (
    %(item_id)s, %(position)s, %(dyad)s, %(kind)s, %(stage)s, %(background)s, %(mechanism)s,
    %(round)s, %(round_basis)s, %(date_start)s, %(date_end)s, %(date_precision)s, %(date_basis)s,
    %(place)s, %(officials)s, %(instrument)s, %(contexts)s, %(segment)s, %(evidence)s,
    %(source_id)s, %(outlet)s, %(family)s, %(rank)s, %(language)s, %(url)s, %(title)s,
    %(published)s, %(first_seen)s, %(baseline)s, %(text_hash)s, %(country)s
)
on conflict (item_id, position) do nothing
returning id
