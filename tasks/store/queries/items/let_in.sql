update item set awaits = 'gate', due_at = %(now)s, attempts = 0
where id = any(%(ids)s) and awaits = 'quarantine'
