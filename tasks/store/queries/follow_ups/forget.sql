-- What is done and is named no more: at once, if it would be asked for again, or was given up.
delete from follow_up
where source_id = %(source_id)s
    and parent_id is not distinct from %(parent_id)s
    and done
    and url <> all(%(urls)s)
    and (daily or failure is not null or named_at < %(before)s)
