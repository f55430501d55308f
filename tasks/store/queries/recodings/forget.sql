-- Batches matter until their run has ended and its outcome was shown.
delete from recoding where ended_at < %(before)s
