select count(*) as batches, count(done_at) as done from recoding_batch where recoding_id = %(id)s
