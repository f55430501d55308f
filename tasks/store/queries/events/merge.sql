-- An event that was seen to be another one stays as its alias.
update event set status = 'merged', merged_into = %(into)s, changed_at = %(now)s where id = %(id)s
