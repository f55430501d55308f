select calls, bytes from second_reader_day where day = %(day)s
