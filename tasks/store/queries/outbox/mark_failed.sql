-- Only by the try that still holds the lease: a later one knows better.
update delivery
set state = %(state)s,
    due_at = %(due)s,
    lease_until = null,
    uncertain = uncertain or %(uncertain)s,
    error = %(error)s
where id = %(id)s and state = 'sending' and attempts = %(attempts)s
