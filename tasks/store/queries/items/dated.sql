update item set published = %(published)s, published_basis = %(published_basis)s
where id = %(id)s and published is null
