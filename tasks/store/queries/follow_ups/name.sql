-- Named in another state, or without one, a part that is done is fetched again. One that was given
-- up and is named without a state gets its next chance after a while.
insert into follow_up (source_id, parent_id, url, kind, depth, stamp, size, md5, baseline, absent_since,
    named_at, due_at)
values (%(source_id)s, %(parent_id)s, %(url)s, %(kind)s, %(depth)s, %(stamp)s, %(size)s, %(md5)s, %(baseline)s,
    %(absent_since)s, %(now)s, %(now)s)
on conflict (source_id, url) do update
set parent_id = excluded.parent_id,
    kind = excluded.kind,
    depth = excluded.depth,
    stamp = excluded.stamp,
    size = excluded.size,
    md5 = excluded.md5,
    -- What was not read under the old circumstances still stands under them.
    baseline = case when follow_up.due_at is null then excluded.baseline else follow_up.baseline end,
    absent_since = case
        when follow_up.due_at is null then excluded.absent_since
        else follow_up.absent_since
    end,
    named_at = excluded.named_at,
    due_at = case
        when follow_up.due_at is not null then follow_up.due_at
        when excluded.stamp is distinct from follow_up.stamp then excluded.due_at
        when excluded.stamp is not null then null
        when follow_up.failure is not null and follow_up.asked_at > %(again)s then null
        else excluded.due_at
    end,
    attempts = case when follow_up.due_at is null then 0 else follow_up.attempts end
