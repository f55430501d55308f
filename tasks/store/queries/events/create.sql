insert into event (register_id, status, dyad, kind, stage, created_at, changed_at, split_from)
values (%(register_id)s, %(status)s, %(dyad)s, %(kind)s, %(stage)s, %(now)s, %(now)s, %(split_from)s)
on conflict (register_id) do nothing
returning id
