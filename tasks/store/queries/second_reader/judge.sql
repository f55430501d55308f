update second_reading
set verdict = %(verdict)s, judgements = %(judgements)s, failure = %(failure)s, question = %(question)s,
    prompt = %(prompt)s, model = %(model)s, cached = %(cached)s, at = %(now)s
where mention_id = %(mention_id)s
