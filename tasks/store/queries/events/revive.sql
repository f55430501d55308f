-- An alias that was seen to be an event of its own after all.
update event set status = 'live', merged_into = null, changed_at = %(now)s where id = %(id)s
