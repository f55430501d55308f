select count(*) from response
