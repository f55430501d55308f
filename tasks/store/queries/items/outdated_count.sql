select count(*) from item
where id between %(first)s and %(last)s and rules is distinct from %(rules)s and awaits is distinct from 'quarantine'
