update item
set due_at = %(due_at)s, lease_until = null
where id = %(id)s and lease_until is not distinct from %(lease_until)s
