update item set attempts = attempts + 1 where id = %(id)s returning attempts
