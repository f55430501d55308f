"""`dragoman explain`: why an item was taken or passed over, field by field."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dragoman import databases
from dragoman.pages import Pages
from dragoman.replay import described_event, described_mention
from dragoman.scan import described_gate, described_hit
from dragoman.terminal import UnknownError
from tasks.code.coder import Coding, code
from tasks.code.rules import Rules, compile_rules
from tasks.code.text import normalise
from tasks.model import Item, PublishedBasis, Segment, SegmentRole, item_text
from tasks.read.charset import decode
from tasks.read.plain import LONGEST_BODY, LONGEST_TITLE, without_controls
from tasks.read.segment import segment
from tasks.settings import configuration
from tasks.settings.environment import Environment
from tasks.store import database as store
from tasks.store import items, mentions, second_reader
from tasks.store.database import Connection
from tasks.store.items import StoredItem

_QUOTE = 160
# The largest number that the store can give has 19 digits, and no store will ever get there.
_DIGITS = 18


def explanation(
    environment: Environment, what: str, language: str | None, published: datetime | None
) -> dict[str, Any]:
    """What `explain` shows of an item in the store (its number or address) or of a file.

    What is written like a number or an address is looked for in the store first. A file's first
    line is the title; one whose name ends in .html is read as a page.

    Raises:
        LookupError: nothing of that name is stored, and there is no such file.
        ConfigurationError: the configuration is wrong.
    """
    loaded = configuration.load(environment.configuration)
    rules = compile_rules(loaded)
    named = _names_an_item(what)
    if named:
        with databases.opened(environment) as found:
            databases.prepare(found)
            with store.connect(found.dsn) as db:
                if (stored := _found(db, what)) is not None:
                    return _stored(db, stored, rules)
    path = Path(what)
    if not _is_file(path):
        raise UnknownError(_missing(what, path, named))
    item = _from_file(path, language, published)
    return _described(code(item, rules), item, rules)


def _names_an_item(what: str) -> bool:
    return what.isdecimal() or "://" in what


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        # The system takes no name like this for a file's, because of its length or a character.
        return False


def _missing(what: str, path: Path, named: bool) -> str:
    shown = what if len(what) <= _QUOTE else f"{what[:_QUOTE]}…"
    if named:
        return f"no item `{shown}` is stored, and there is no such file"
    if len(what) <= _QUOTE and path.is_dir():
        return f"`{shown}` is a folder; name a file, or an item by its number or address"
    return f"there is no file `{shown}`; an item in the store goes by its number or address"


def _from_file(path: Path, language: str | None, published: datetime | None) -> Item:
    # As the read station does it: whatever the encoding, and without what no text may hold.
    text = normalise(without_controls(decode(path.read_bytes())))
    title, _, body = text.strip().partition("\n")
    headings = frozenset[str]()
    if path.suffix in (".html", ".htm"):
        with Pages() as pages:
            found = pages.article(text, None, "", language)
        title, body = path.stem, normalise(found.text) if found else ""
        headings = found.headings if found else headings
    item = Item(
        id=path.name, source="file", title=title.strip()[:LONGEST_TITLE],
        body=body.strip()[:LONGEST_BODY] or None, language=language,
        published=published, first_seen=datetime.now(UTC),
        published_basis=PublishedBasis.STATED if published else PublishedBasis.UNKNOWN,
    )  # fmt: skip
    return replace(item, segments=segment(item.title, item.body, language, headings)) if item.body else item


def _found(db: Connection, what: str) -> StoredItem | None:
    number = int(what) if what.isdecimal() and len(what) <= _DIGITS else items.by_address(db, what)
    return items.get(db, number) if number is not None else None


def _stored(db: Connection, stored: StoredItem, rules: Rules) -> dict[str, Any]:
    described = _described(code(stored.item, rules, ZoneInfo(stored.zone)), stored.item, rules)
    outlet = f"{stored.found_at} via {stored.outlet}" if stored.found_at else stored.outlet
    described["item"] |= {
        "number": stored.number, "outlet": outlet, "url": stored.item.url,
        "published": stored.item.published.isoformat() if stored.item.published else None,
        "failure": stored.failure, "rules": stored.rules,
    }  # fmt: skip
    described["events"] = [
        {"why": report.reason, **described_event(db, report.event_id)}
        for report in mentions.of_item(db, stored.number)
        if report.event_id is not None
    ]
    described["second_reader"] = second_reader.of_item(db, stored.number)
    return described


def _described(coding: Coding, item: Item, rules: Rules) -> dict[str, Any]:
    reading = coding.reading
    text = item_text(item)
    marks = [described_hit(hit, text) for hit in coding.scanned.hits] if coding.scanned is not None else []
    # What the gate has dropped was not read any further, but it had been taken apart before.
    segments = [
        {"role": one.role, "start": one.start, "end": one.end, "begins": one.text[:_QUOTE]}
        for one in (reading.segments if reading is not None else _taken_apart(item))
    ]
    return {
        "item": {
            "language": coding.coded.language,
            "relevant": coding.coded.relevant,
            "score": coding.coded.score,
        },
        "rules": rules.version,
        "gate": described_gate(coding.gate, text, rules),
        "text": text,
        "segments": segments,
        "hits": _summed(marks),
        "marks": marks,
        "mentions": [described_mention(mention) for mention in coding.coded.mentions],
        "rejected": [{"reason": one.reason, "sentence": one.sentence[:_QUOTE]} for one in coding.rejected],
        "events": [],
        "second_reader": [],
    }


def _summed(marks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each word that was found, with its weight and how often, the most frequent first."""
    found = Counter((mark["class"], mark["value"], mark["form"], mark["weight"]) for mark in marks)
    return [
        {"class": word_class, "value": value, "form": form, "weight": weight, "times": times}
        for (word_class, value, form, weight), times in found.most_common()
    ]


def _taken_apart(item: Item) -> Sequence[Segment]:
    return item.segments or (Segment(SegmentRole.MAIN, 0, item_text(item)),)
