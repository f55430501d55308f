-- A name under which something was told that was another event: it stays as that one's alias.
insert into event (status, merged_into, split_from, dyad, kind, stage, created_at, changed_at)
select 'merged', %(into)s, %(origin)s, dyad, kind, stage, %(now)s, %(now)s from event where id = %(into)s
returning id
