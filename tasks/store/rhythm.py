"""How long a source is usually silent, learned from when its items were first seen.

A source has its own rhythm: bursts by day, nothing by night, less at weekends. What is usual is
the longest silence of a week, and of several weeks not the longest one, which may have been a
holiday or an outage. So neither a burst nor a feast moves it far.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tasks.store import database
from tasks.store.database import Connection

WEEKS = 8
# With fewer weeks in which it was heard more than once, nothing can be said.
WEEKS_AT_LEAST = 2
# A silence is out of the usual from here on, and never before some hours and some polls.
FACTOR = 1.5
AT_LEAST = timedelta(hours=6)
POLLS_AT_LEAST = 4
EVERY = timedelta(days=1)


def expected(longest: Sequence[timedelta], minutes: int) -> timedelta | None:
    """The silence to expect of a source: `longest` holds the longest one of each week that had any,
    `minutes` is how often it is polled. None where too little is known.
    """
    if len(longest) < WEEKS_AT_LEAST:
        return None
    usual = sorted(longest)[-2 if len(longest) > WEEKS_AT_LEAST else -1]
    return max(usual * FACTOR, AT_LEAST, timedelta(minutes=minutes) * POLLS_AT_LEAST)


def learn(db: Connection, now: datetime, limit: int = 500) -> int:
    """Learn the silence to expect of at most `limit` sources, each once a day; of how many it was."""
    since = now - timedelta(weeks=WEEKS)
    found = database.records(db, "sources/silences", since=since, before=now - EVERY, limit=limit)
    if found:
        gaps = [expected(row["longest"], row["minutes"]) for row in found]
        database.run(db, "sources/learn_gaps", ids=[row["id"] for row in found], gaps=gaps, now=now)
    return len(found)
