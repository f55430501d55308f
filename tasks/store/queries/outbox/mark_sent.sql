-- Whoever holds the lease by now: it was sent.
update delivery
set state = 'sent', sent_at = %(now)s, lease_until = null, error = %(remark)s
where id = %(id)s and state <> 'sent'
