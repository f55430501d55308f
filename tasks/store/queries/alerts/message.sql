select message from alert where id = %(alert)s
