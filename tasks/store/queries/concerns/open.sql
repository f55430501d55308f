select kind, subject, said, began_at from concern where ended_at is null order by began_at, id
