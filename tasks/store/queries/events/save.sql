-- The fields as they have been fused anew; an event that did not change keeps its time of change.
update event set
    status = %(status)s, kind = %(kind)s, mechanism = %(mechanism)s, round = %(round)s,
    round_basis = %(round_basis)s, stage = %(stage)s, date_start = %(date_start)s,
    date_end = %(date_end)s, date_precision = %(date_precision)s, date_basis = %(date_basis)s,
    place = %(place)s, officials = %(officials)s, instrument = %(instrument)s,
    contexts = %(contexts)s, conflicts = %(conflicts)s, witnesses = %(witnesses)s, confirmed = %(confirmed)s,
    changed_at = %(now)s
where id = %(id)s
  and (status, kind, mechanism, round, round_basis, stage, date_start, date_end, date_precision,
       date_basis, place, officials, instrument, contexts, conflicts, witnesses, confirmed)
    is distinct from
      (%(status)s, %(kind)s, %(mechanism)s, %(round)s, %(round_basis)s, %(stage)s,
       %(date_start)s::date, %(date_end)s::date, %(date_precision)s, %(date_basis)s, %(place)s,
       %(officials)s::jsonb, %(instrument)s, %(contexts)s::text[], %(conflicts)s::jsonb,
       %(witnesses)s, %(confirmed)s)
