-- Of the kinds that were looked at, those that are not there any more.
update concern c
set ended_at = %(now)s
where ended_at is null and kind = any(%(kinds)s)
    and not exists (
        select from unnest(%(current_kinds)s::text[], %(current_subjects)s::text[]) as current(kind, subject)
        where current.kind = c.kind and current.subject = c.subject
    )
returning kind, subject, said, began_at
