select id, url from item where source_id = %(source_id)s and awaits = 'quarantine' order by id
