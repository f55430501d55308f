update item
set awaits = %(awaits)s, due_at = %(now)s, lease_until = null, attempts = 0,
    failure = coalesce(%(failure)s, failure),
    score = coalesce(%(score)s, score),
    relevant = coalesce(%(relevant)s, relevant),
    reasons = coalesce(%(reasons)s, reasons),
    rules = coalesce(%(rules)s, rules)
where id = %(id)s and version = coalesce(%(version)s, version)
