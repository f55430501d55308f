insert into notice (headline, notes, created_at, due_at) values (%(headline)s, %(notes)s, %(now)s, %(now)s)
