update recoding set ended_at = %(now)s
where id = %(id)s and ended_at is null
  and not exists (select from recoding_batch where recoding_id = %(id)s and done_at is null)
