select id, config, read_at, newest_at, new_item_at, body_hash, empty_reads, failures, validators_trusted, content
from source
where id = %(id)s
for update
