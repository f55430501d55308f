insert into item_alias (source_id, key, item_id) values (%(source_id)s, %(key)s, %(item_id)s)
on conflict (source_id, key) do update set item_id = excluded.item_id
where item_alias.item_id <> excluded.item_id
