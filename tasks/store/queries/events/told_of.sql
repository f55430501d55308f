-- Whether any item has told of any event yet.
select exists (select from mention where family <> 'register')
