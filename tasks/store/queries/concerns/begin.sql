insert into concern (kind, subject, said, began_at) values (%(kind)s, %(subject)s, %(said)s, %(now)s)
on conflict (kind, subject) where ended_at is null do nothing
