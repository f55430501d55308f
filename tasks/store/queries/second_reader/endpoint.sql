select tier, failures, rest_until, reason from second_reader_endpoint where url = %(url)s and model = %(model)s
