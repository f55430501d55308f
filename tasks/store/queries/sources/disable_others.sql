update source set enabled = false where enabled and id <> all(%(ids)s)
