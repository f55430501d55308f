select id from item where url = %(url)s order by id desc limit 1
