"""robots.txt, as RFC 9309 has it: asked for pages, kept for a day.

No file means that everything is allowed; a server that cannot give it, that nothing is for now,
unless an older copy is still there. A page that a redirect leads to is a page like any other: its
own site is asked before it is.
"""

import asyncio
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from tasks.fetch.client import Fetcher, Permit, Request
from tasks.fetch.guard import SCHEMES, RefusedError, check_url
from tasks.fetch.outcome import Failure, FailureKind, Outcome
from tasks.fetch.polite import Pace
from tasks.store import robots as store
from tasks.store.database import Pool
from tasks.store.robots import StoredRobots

# The least that RFC 9309 wants to be read; what stands behind it is not looked at.
LONGEST = 500 * 1024
FRESH = timedelta(days=1)
# How soon a server that could not give the file is asked for it again.
SOON = timedelta(hours=1)
AT_ONCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an address may be asked for, why not, and the seconds that the site wants in between.

    `kind` tells a site that asks programs to stay away from one that nobody could ask, and from one
    that asks for patience; `headers` are then those in which it says how long.
    """

    allowed: bool
    reason: str | None = None
    delay: float | None = None
    kind: FailureKind = FailureKind.ROBOTS
    headers: Mapping[str, str] | None = None

    def failure(self, url: str) -> Failure:
        """What becomes of a request for `url` that is not allowed."""
        return Failure(url, self.kind, self.reason or "", 0.0, headers=self.headers)


class Robots:
    """What sites ask of programs; one for a batch, with what the store keeps behind it.

    Without a `pool` nothing is kept beyond the batch. `over` says that it is too late to ask a site.
    """

    def __init__(
        self,
        pool: Pool | None,
        fetcher: Fetcher,
        agent: str = "dragoman",
        over: Callable[[], bool] | None = None,
    ) -> None:
        self._pool = pool
        self._fetcher = fetcher
        self._agent = agent
        self._over = over
        self._asking: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._parsed: dict[str, tuple[StoredRobots, Protego | None]] = {}

    def permit(self, pace: Pace) -> Permit:
        """Asks for every address of a journey, and then takes its turn there.

        No site is asked about an address that nobody may go to.
        """

        @asynccontextmanager
        async def allowed(request: Request) -> AsyncIterator[Failure | None]:
            if refusal := _refusal(request):
                yield refusal
                return
            verdict = await self.ask(request, pace, pace.clock.now())
            if not verdict.allowed:
                yield verdict.failure(request.url)
                return
            async with pace.taken(request.url, verdict.delay):
                yield None

        return allowed

    async def ask(self, request: Request, pace: Pace, now: datetime) -> Verdict:
        """Whether the address of `request` may be asked for; it takes its turn to find out."""
        origin = _origin(request.url)
        async with self._asking[origin]:
            if origin not in self._parsed and (refusal := await self._learn(origin, request, pace, now)):
                return refusal
        robots, rules = self._parsed[origin]
        if robots.verdict == "deny":
            reason = f"robots.txt cannot be had: {robots.reason}"
            lasting = robots.expires_at - robots.fetched_at >= FRESH
            return Verdict(False, reason, kind=FailureKind.ROBOTS if lasting else FailureKind.CONNECTION)
        if rules is None:
            return Verdict(True)
        if not rules.can_fetch(request.url, self._agent):
            return Verdict(False, "robots.txt asks programs not to come here")
        return Verdict(True, delay=rules.crawl_delay(self._agent))

    def sitemaps(self, url: str) -> Sequence[str]:
        """The sitemaps that the robots.txt of an address's site names, if it has been asked for."""
        _, rules = self._parsed.get(_origin(url), (None, None))
        return list(rules.sitemaps) if rules else []

    async def _learn(self, origin: str, request: Request, pace: Pace, now: datetime) -> Verdict | None:
        """Get to know the rules of a site; a verdict where it has not even been asked, or wants patience."""
        kept = await asyncio.to_thread(self._read, origin)
        robots, answer = kept, None
        if kept is None or kept.expires_at <= now:
            answer = await self._get(origin, request, pace)
            if isinstance(answer, Failure) and answer.kind is FailureKind.LATE:
                return Verdict(False, answer.reason, kind=answer.kind)
            robots = judge(answer, kept, now)
            await asyncio.to_thread(self._write, origin, robots)
        assert robots is not None
        # Of half a megabyte of rules the reading takes long enough for others to notice.
        self._parsed[origin] = robots, await asyncio.to_thread(_parse, robots, self._agent)
        if isinstance(answer, Failure) and answer.kind is FailureKind.LIMITED:
            reason = f"robots.txt: {answer.reason}"
            return Verdict(False, reason, kind=answer.kind, headers=answer.headers)
        return None

    async def _get(self, origin: str, request: Request, pace: Pace) -> Outcome:
        wanted = Request(
            f"{origin}/robots.txt",
            accept="text/plain, */*;q=0.5",
            ports=request.ports,
            loopback=request.loopback,
            tls_pin=request.tls_pin,
            downgrade=True,
        )
        return await self._fetcher.get(wanted, cut=LONGEST, permit=in_turn(pace), over=self._over)

    def _read(self, origin: str) -> StoredRobots | None:
        if self._pool is None:
            return None
        with self._pool.connection() as db:
            return store.find(db, origin)

    def _write(self, origin: str, robots: StoredRobots) -> None:
        if self._pool is None:
            return
        with self._pool.connection() as db:
            store.put(db, origin, robots)


def in_turn(pace: Pace) -> Permit:
    """Takes the turn of every address of a journey, and asks no site whether it likes that."""

    @asynccontextmanager
    async def taken(request: Request) -> AsyncIterator[Failure | None]:
        if refusal := _refusal(request):
            yield refusal
            return
        async with pace.taken(request.url):
            yield None

    return taken


def _refusal(request: Request) -> Failure | None:
    """Why nobody may go to an address, before anybody waits for it."""
    try:
        check_url(request.url, request.ports, loopback=request.loopback)
    except RefusedError as error:
        return Failure(request.url, FailureKind.REFUSED, str(error), 0.0)
    return None


def judge(outcome: Outcome, kept: StoredRobots | None, now: datetime) -> StoredRobots:
    """What an answer for robots.txt means, with the copy that was `kept` before."""
    if not isinstance(outcome, Failure):
        # What broke off holds as far as it goes, and is asked for again soon.
        broken = outcome.truncated and len(outcome.body) < LONGEST
        return StoredRobots("rules", outcome.body[:LONGEST], None, now, now + (SOON if broken else FRESH))
    refused = outcome.status is not None and 400 <= outcome.status < 500 and outcome.status != 429
    # A redirect to where nobody may go is one to nowhere.
    astray = outcome.kind is FailureKind.REDIRECT or (outcome.kind is FailureKind.REFUSED and outcome.hops)
    if refused or astray:
        return StoredRobots("allow", b"", outcome.reason, now, now + FRESH)
    if kept is not None and kept.verdict != "deny":
        return StoredRobots(kept.verdict, kept.body, outcome.reason, kept.fetched_at, now + SOON)
    if outcome.kind is FailureKind.REFUSED:
        # Our own guard will not let anybody go there, today or in an hour.
        return StoredRobots("deny", b"", outcome.reason, now, now + FRESH)
    # Without an answer it is the way there that failed, and that may be back in a minute.
    again = AT_ONCE if outcome.status is None else SOON
    return StoredRobots("deny", b"", outcome.reason, now, now + again)


def _parse(robots: StoredRobots, agent: str) -> Protego | None:
    if robots.verdict != "rules":
        return None
    return Protego.parse(_concerning(agent, robots.body.decode("utf-8-sig", errors="replace")))


# A line that says whom the next ones are for, with all the spellings that the parser takes.
_WHOM = re.compile(r"\s*user(?:-|\s*)agent\s*:?(.*)", re.IGNORECASE | re.DOTALL)


def _concerning(agent: str, text: str) -> str:
    """The rules with all other programs taken for one.

    The parser keeps the rules of a group once for every program that it names, so that a file with
    thousands of both would cost gigabytes.
    """
    lines = (line.partition("#")[0] for line in text.splitlines())
    return "\n".join(_for_whom(agent, found[1]) if (found := _WHOM.match(line)) else line for line in lines)


def _for_whom(agent: str, value: str) -> str:
    named = value.strip().lower()
    if named in ("", "*"):
        return f"User-agent: {named}"
    # A product is named by its letters; a version behind them does not matter.
    product = re.match(r"[a-z_-]*", named)
    ours = product is not None and product[0] == agent
    return f"User-agent: {agent if ours else 'another'}"


def _origin(url: str) -> str:
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    host = f"[{host}]" if ":" in host else host
    usual = parts.port in (None, SCHEMES.get(parts.scheme))
    return f"{parts.scheme}://{host}" if usual else f"{parts.scheme}://{host}:{parts.port}"
