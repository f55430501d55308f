select count(*)
from follow_up
where id = %(id)s and lease_until is not distinct from %(lease_until)s
