select id, rules, applies, days, began_at from recoding where id = %(id)s
