-- What was given up and is named no more, and what was done with long ago.
delete from follow_up
where source_id = %(source_id)s
    and due_at is null
    and ((failure is not null and parent_id is not distinct from %(parent_id)s and url <> all(%(urls)s))
        or named_at < %(before)s)
