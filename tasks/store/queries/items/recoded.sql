-- The outcome of a recode, if the item is as it was when it was read for it.
update item
set awaits = %(awaits)s, due_at = %(now)s, lease_until = null, attempts = 0, failure = null,
    score = %(score)s, relevant = %(relevant)s, reasons = %(reasons)s, rules = %(rules)s
where id = %(id)s and version = %(version)s and awaits is null
