"""Sources that change while they are read, and that forget what their reader claims to have.

Each desk numbers its versions and keeps, in tables beside the store, which items stood in which
version and under which validators. It drops an item from its document as soon as a request has
shown the validators of a version that held it: so whoever lets validators run ahead of the items
loses them for good, and cannot be healed by the next change.
"""

import json
import random
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial
from hashlib import sha256
from html import escape
from typing import Any

import psycopg

from tests.support.site import Answer, Asked, Site

# Of what a reader claims to have, so much stays in the document all the same.
KEPT = 12
# A desk whose reader never shows a validator only ever adds; it stops at so many items.
MOST_ITEMS = 400
# The store keeps so many versions of an item, so no item is edited more often.
MOST_EDITS = 20

TABLES = """
create table trial_version (desk text, tag text, number integer, primary key (desk, tag));
create table trial_item (desk text, source_id text, url text, version integer, primary key (desk, url));
create table trial_part (desk text, number integer, child text, child_version integer);
create index trial_part_desk on trial_part (desk, number);
"""

# All items of a version whose validators the store has taken are stored, or it is still to fetch the part
# that holds them. A part whose readers were killed three times in a row is left alone for a day.
AHEAD = """
with taken as (
    select s.id as desk, tag
    from source s, lateral (values (s.etag), (s.last_modified), (encode(s.body_hash, 'hex'))) as t (tag)
    where tag is not null
    union
    select f.url, tag
    from follow_up f, lateral (values (f.etag), (f.last_modified), (encode(f.body_hash, 'hex'))) as t (tag)
    where tag is not null
),
held as (
    select v.desk, max(v.number) as number
    from taken join trial_version v on v.desk = taken.desk and v.tag = taken.tag
    group by v.desk
),
promised as (
    select p.desk, p.source_id, p.url, p.version
    from held join trial_item p on p.desk = held.desk and p.version <= held.number
    union all
    select p.desk, p.source_id, p.url, p.version
    from held
    join trial_part part on part.desk = held.desk and part.number = held.number
    join trial_item p on p.desk = part.child and p.version <= part.child_version
    where not exists (
        select from follow_up f
        where f.url = part.child and (not f.done or (f.failure is not null and f.due_at is not null))
    )
)
select promised.desk, promised.url, promised.version
from promised
where not exists (
    select from item i where i.source_id = promised.source_id and i.url = promised.url
)
"""


@dataclass(slots=True)
class Story:
    """An item as it is published: its words change with each edit, and it was last changed in `version`."""

    number: int
    at: datetime
    version: int
    edits: int = 0

    @property
    def text(self) -> str:
        """What stands in its summary."""
        return f"The council of the city met. This is revision {self.edits}."


@dataclass(slots=True)
class Desk:
    """One document on the site, with its versions."""

    name: str  # the source's id, or the address of a part
    source_id: str
    path: str
    build: Callable[["Desk"], bytes]
    kind: str = "application/xml"
    # Which validators are given, and whether they are honoured: "etag", "date", "both", "ignored", "none".
    validates: str = "etag"
    editable: bool = True
    stories: dict[int, Story] = field(default_factory=dict)
    published: dict[str, Story] = field(default_factory=dict)
    version: int = 0
    changed: datetime | None = None
    body: bytes = b""
    root: str = ""
    served: int = 0
    unchanged: int = 0

    def address(self, story: Story) -> str:
        """The address of an item, with its day in it."""
        name = self.path.strip("/").replace("/", "-")
        return f"http://news.example/{story.at:%Y/%m/%d}/{name}-{story.number}.html"

    def title(self, number: int) -> str:
        """The title of an item, which nobody else has."""
        return f"Report number {number} of the desk {self.path.strip('/')}"

    @property
    def etag(self) -> str:
        """The validator of the present version; one in three is weak."""
        return f'{"W/" if self.version % 3 == 0 else ""}"{self.path}-{self.version}"'

    @property
    def date(self) -> str:
        """The other validator: an opaque text to whoever reads it."""
        return format_datetime(datetime.fromtimestamp(1_700_000_000 + self.version, UTC), usegmt=True)

    def tags(self) -> list[str]:
        """All that stands for the present version in the store."""
        given = {
            "etag": [self.etag],
            "ignored": [self.etag],
            "date": [self.date],
            "both": [self.etag, self.date],
        }
        return [*given.get(self.validates, []), sha256(self.body).hexdigest()]

    def headers(self) -> dict[str, str]:
        """The headers of the present version."""
        given = {"Content-Type": f"{self.kind}; charset=utf-8"}
        if self.validates in ("etag", "both", "ignored"):
            given["ETag"] = self.etag
        if self.validates in ("date", "both"):
            given["Last-Modified"] = self.date
        return given

    def claims(self, asked: Asked) -> int:
        """Which version the reader shows that it has; 0 for none."""
        if self.validates == "date":
            shown = asked.headers.get("if-modified-since", "")
            versions = {format_datetime(datetime.fromtimestamp(1_700_000_000 + n, UTC), usegmt=True): n
                        for n in range(max(self.version - 200, 1), self.version + 1)}  # fmt: skip
            return versions.get(shown, 0)
        shown = asked.headers.get("if-none-match", "").removeprefix("W/").strip('"')
        _, _, number = shown.rpartition("-")
        return int(number) if number.isdecimal() else 0


@dataclass(slots=True)
class Index:
    """A list of sitemaps: its document changes with each of its parts."""

    desk: Desk
    parts: list[Desk]


def _window(desk: Desk) -> list[Story]:
    return [desk.stories[number] for number in sorted(desk.stories, reverse=True)]


def rss(desk: Desk) -> bytes:
    """An RSS feed of what is in the document now."""
    rows = "".join(
        f"<item><title>{escape(desk.title(one.number))}</title><link>{desk.address(one)}</link>"
        f"<guid>{desk.address(one)}</guid><description>{one.text}</description>"
        f"<pubDate>{format_datetime(one.at)}</pubDate></item>"
        for one in _window(desk)
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{rows}</channel></rss>'.encode()
    )


def json_feed(desk: Desk) -> bytes:
    """The same as a JSON Feed."""
    rows = [
        {"id": desk.address(one), "url": desk.address(one), "title": desk.title(one.number),
         "summary": one.text, "date_published": one.at.isoformat()}
        for one in _window(desk)
    ]  # fmt: skip
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": rows}
    return json.dumps(feed).encode()


def sitemap(desk: Desk) -> bytes:
    """The same as a news sitemap."""
    rows = "".join(
        f"<url><loc>{desk.address(one)}</loc><news:news><news:title>{desk.title(one.number)}</news:title>"
        f"<news:publication_date>{one.at.isoformat()}</news:publication_date></news:news></url>"
        for one in _window(desk)
    )
    spaces = (
        'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    )
    return f'<?xml version="1.0"?><urlset {spaces}>{rows}</urlset>'.encode()


def page(desk: Desk) -> bytes:
    """The same as a page of links."""
    rows = "".join(
        f'<li><a href="{desk.address(one)}">{escape(desk.title(one.number))}</a></li>'
        for one in _window(desk)
    )
    return f"<!doctype html><html><body><ul>{rows}</ul></body></html>".encode()


class Newsroom:
    """All desks on one site, changed one at a time."""

    def __init__(
        self, site: Site, db: "psycopg.Connection[Any]", clock: Callable[[], datetime], seed: int
    ) -> None:
        self._db = db
        self._clock = clock
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        self._site = site
        db.execute(TABLES)
        self.desks = [
            *(self._open(f"feed-{way}", rss, "application/rss+xml", validates=way)
              for way in ("etag", "date", "both", "ignored", "none")),
            self._open("json-etag", json_feed, "application/feed+json"),
            self._open("sitemap-both", sitemap, validates="both", editable=False),
            self._open("list-etag", page, "text/html", editable=False),
            self._open("list-none", page, "text/html", validates="none", editable=False),
        ]  # fmt: skip
        self.indexes = [self._open_index("index-etag", 3, "etag"), self._open_index("index-date", 4, "date")]

    def entries(self) -> Iterator[tuple[str, str, str]]:
        """Each source's id, its address and its kind."""
        for desk in [*self.desks, *(index.desk for index in self.indexes)]:
            prefix = desk.name.partition("-")[0]
            kind = {"sitemap": "sitemap", "index": "sitemap", "list": "list"}.get(prefix, "feed")
            yield desk.name, self._site.url(desk.path), kind

    def change(self) -> None:
        """Publish something somewhere, or edit it."""
        with self._lock:
            places: list[tuple[Desk, Index | None]] = [(desk, None) for desk in self.desks]
            places += [(part, index) for index in self.indexes for part in index.parts]
            desk, index = self._chance.choice(places)
            editable = [one for one in desk.stories.values() if one.edits < MOST_EDITS]
            full = len(desk.stories) >= MOST_ITEMS
            if desk.editable and editable and (full or self._chance.random() < 0.3):
                self._edit(desk, self._chance.choice(editable))
            elif not full:
                self._publish(desk, self._chance.randint(1, 3))
            else:
                return
            self._settle(desk)
            if index:
                self._renew(index)

    def published(self) -> dict[str, dict[str, Story]]:
        """Every item ever published, by source and address."""
        with self._lock:
            found: dict[str, dict[str, Story]] = {}
            for desk in self._all():
                found.setdefault(desk.source_id, {}).update(desk.published)
            return found

    def answers(self) -> tuple[int, int]:
        """How many documents were served whole, and how often nothing had changed."""
        desks = list(self._all())
        return sum(desk.served for desk in desks), sum(desk.unchanged for desk in desks)

    def _all(self) -> Iterator[Desk]:
        yield from self.desks
        for index in self.indexes:
            yield index.desk
            yield from index.parts

    def _open(
        self, name: str, build: Callable[[Desk], bytes], kind: str = "application/xml",
        validates: str = "etag", editable: bool = True,
    ) -> Desk:  # fmt: skip
        desk = Desk(name, name, f"/{name}", build, kind, validates, editable)
        self._publish(desk, 5)
        self._settle(desk)
        self._site.set(desk.path, partial(self._answer, desk))
        return desk

    def _open_index(self, name: str, parts: int, validates: str) -> Index:
        children = []
        for number in range(parts):
            path = f"/{name}/{number}.xml"
            way = ("etag", "date", "none")[number % 3]
            child = Desk(self._site.url(path), name, path, sitemap, validates=way, editable=False)
            self._publish(child, 3)
            self._settle(child)
            self._site.set(path, partial(self._answer, child))
            children.append(child)
        index = Index(Desk(name, name, f"/{name}", lambda desk: b"", validates=validates), children)
        self._renew(index)
        self._site.set(index.desk.path, partial(self._answer, index.desk))
        return index

    def _publish(self, desk: Desk, count: int) -> None:
        for _ in range(count):
            number = len(desk.published) + 1
            story = Story(number, self._clock(), desk.version + 1)
            address = desk.address(story)
            desk.stories[number] = desk.published[address] = story
            self._db.execute(
                "insert into trial_item values (%s, %s, %s, %s)",
                (desk.name, desk.source_id, address, story.version),
            )

    @staticmethod
    def _edit(desk: Desk, story: Story) -> None:
        story.edits += 1
        story.version = desk.version + 1

    def _settle(self, desk: Desk) -> None:
        """The next version of a document, written down before anybody can ask for it."""
        desk.version += 1
        desk.changed = self._clock()
        desk.body = desk.build(desk)
        self._write_down(desk)

    def _write_down(self, desk: Desk) -> None:
        with self._db.cursor() as cursor:
            cursor.executemany(
                "insert into trial_version values (%s, %s, %s) on conflict (desk, tag) do update set number ="
                " greatest(trial_version.number, excluded.number)",
                [(desk.name, tag, desk.version) for tag in desk.tags()],
            )

    def _renew(self, index: Index) -> None:
        desk = index.desk
        desk.version += 1
        rows = "".join(
            f"<sitemap><loc>{part.name}</loc><lastmod>{(part.changed or self._clock()).isoformat()}</lastmod></sitemap>"
            for part in index.parts
        )
        space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        desk.body = f'<?xml version="1.0"?><sitemapindex {space}>{rows}</sitemapindex>'.encode()
        with self._db.transaction(), self._db.cursor() as cursor:
            self._write_down(desk)
            cursor.executemany(
                "insert into trial_part values (%s, %s, %s, %s)",
                [(desk.name, desk.version, part.name, part.version) for part in index.parts],
            )

    def _answer(self, desk: Desk, asked: Asked) -> Answer:
        with self._lock:
            claimed = desk.claims(asked) if desk.validates not in ("none", "ignored") else 0
            if claimed and desk.stories:
                self._forget(desk, claimed)
            if claimed == desk.version:
                desk.unchanged += 1
                return Answer(b"", 304, desk.headers())
            desk.served += 1
            return Answer(desk.body, headers=desk.headers())

    def _forget(self, desk: Desk, claimed: int) -> None:
        """Drop what the reader says that it has; the present version stays as it is until the next change."""
        old: Sequence[Story] = [one for one in _window(desk)[KEPT:] if one.version <= claimed]
        for story in old:
            del desk.stories[story.number]
