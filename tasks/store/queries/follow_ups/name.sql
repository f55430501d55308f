-- Named in another state, or without one, a part that is done is fetched again. One that was given
-- up and is named without a state gets its next chance after a while.
insert into follow_up (source_id, parent_id, url, kind, depth, stamp, size, md5, daily, baseline, absent_since,
    named_at, due_at, rate_group)
values (%(source_id)s, %(parent_id)s, %(url)s, %(kind)s, %(depth)s, %(stamp)s, %(size)s, %(md5)s, %(daily)s,
    %(baseline)s, %(absent_since)s, %(now)s, %(now)s, %(rate_group)s)
on conflict (source_id, url) do update
set parent_id = excluded.parent_id,
    kind = excluded.kind,
    depth = excluded.depth,
    stamp = excluded.stamp,
    size = excluded.size,
    md5 = excluded.md5,
    daily = excluded.daily,
    rate_group = excluded.rate_group,
    -- What was not read under the old circumstances still stands under them.
    baseline = case when follow_up.done then excluded.baseline else follow_up.baseline end,
    absent_since = case when follow_up.done then excluded.absent_since else follow_up.absent_since end,
    named_at = excluded.named_at,
    (done, due_at, attempts) = (
        select
            follow_up.done and not again,
            case when again then excluded.due_at else follow_up.due_at end,
            case when again then 0 else follow_up.attempts end
        from (values (
            follow_up.done and (
                excluded.stamp is distinct from follow_up.stamp
                or excluded.stamp is null
                    and (follow_up.failure is null or follow_up.asked_at <= %(again)s)
            )
        )) as decided (again)
    )
