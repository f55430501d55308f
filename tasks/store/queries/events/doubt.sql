insert into review (event_id, other_id, points, reasons, noted_at)
values (%(one)s, %(two)s, %(points)s, %(reasons)s, %(now)s)
on conflict (event_id, other_id) do update set points = excluded.points, reasons = excluded.reasons
