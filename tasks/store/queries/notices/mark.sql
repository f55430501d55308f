-- That it was sent counts whoever holds the lease by now; all else only by the try that holds it.
update notice
set state = %(state)s, due_at = coalesce(%(due)s, due_at), lease_until = null,
    uncertain = uncertain or %(uncertain)s,
    sent_at = case when %(state)s = 'sent' then %(now)s::timestamptz end, error = %(error)s
where id = %(id)s and state <> 'sent' and (%(state)s = 'sent' or attempts = %(attempts)s and state = 'sending')
