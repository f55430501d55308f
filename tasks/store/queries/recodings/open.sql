select id, rules, applies, days, began_at from recoding
where rules = %(rules)s and applies = %(applies)s and days is not distinct from %(days)s::integer
  and ended_at is null
