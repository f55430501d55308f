update mention set event_id = %(event_id)s, reason = %(reason)s where id = %(id)s
