-- One call of so many bytes, if the day has room for it; no row if it has not.
insert into second_reader_day (day, calls, bytes)
select %(day)s::date, 1, %(bytes)s::bigint
where %(bytes)s::bigint <= %(most_bytes)s
on conflict (day) do update
set calls = second_reader_day.calls + 1, bytes = second_reader_day.bytes + excluded.bytes
where second_reader_day.calls < %(most_calls)s
  and second_reader_day.bytes + excluded.bytes <= %(most_bytes)s
