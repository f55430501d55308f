-- A source of which no part can be had is failing; one that lacks a part says so.
update source
set content = case when %(total)s then %(failing)s else content end,
    content_reason = case when %(total)s or content = 'ok' then %(reason)s else content_reason end,
    unwell_since = case when %(total)s then coalesce(unwell_since, %(now)s) else unwell_since end,
    state_since = case when %(total)s and state <> %(failing)s then %(now)s else state_since end,
    state = case when %(total)s then %(failing)s else state end,
    reason = case when %(total)s or state = 'ok' then %(reason)s else reason end
where id = %(id)s
