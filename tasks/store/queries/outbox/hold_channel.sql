update delivery
set due_at = %(until)s
where channel = %(channel)s and state = 'waiting' and due_at < %(until)s
