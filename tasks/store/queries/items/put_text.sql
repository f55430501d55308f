insert into item_text (item_id, body, segments) values (%(item_id)s, %(body)s, %(segments)s)
on conflict (item_id) do update set body = excluded.body, segments = excluded.segments
