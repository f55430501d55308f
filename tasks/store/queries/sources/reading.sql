select id, config, read_at, newest_at, new_item_at, empty_reads, failures, content, clock_at, gap, address, moved_to,
    redated_since, identity, stranger, content_reason
from source
where id = %(id)s
for update
