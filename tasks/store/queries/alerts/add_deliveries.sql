insert into delivery (alert_id, channel, due_at)
select %(alert)s, channel, %(now)s from unnest(%(channels)s::text[]) as channel
