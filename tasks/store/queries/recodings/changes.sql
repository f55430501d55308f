select changes from recoding_batch where recoding_id = %(id)s and changes is not null order by number
