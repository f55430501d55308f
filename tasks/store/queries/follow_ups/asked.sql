-- Until its body is read it stays due, only later: the body may get lost.
update follow_up
set lease_until = null, due_at = %(due_at)s, asked_at = %(at)s, asked_stamp = %(stamp)s
where id = %(id)s and lease_until is not distinct from %(lease_until)s
