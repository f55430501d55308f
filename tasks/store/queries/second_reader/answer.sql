select answer, reason from second_reader_answer
where question = %(question)s and prompt = %(prompt)s and model = %(model)s
