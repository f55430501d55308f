-- What an item says now that it has been coded again; it goes when its mentions go.
insert into recoded_mention (mention_id) select id from mention where item_id = %(item_id)s
on conflict do nothing
