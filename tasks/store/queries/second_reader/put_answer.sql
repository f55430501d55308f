insert into second_reader_answer (question, prompt, model, answer, reason, at)
values (%(question)s, %(prompt)s, %(model)s, %(answer)s, %(reason)s, %(now)s)
on conflict (question, prompt, model) do nothing
