select id, kind, depth, url, baseline, absent_since from follow_up where id = %(id)s for update
