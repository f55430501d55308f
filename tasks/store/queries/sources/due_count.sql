select count(*) from source where enabled and due_at <= %(now)s
