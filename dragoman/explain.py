"""`dragoman explain`: why an item was taken or passed over, field by field."""

from collections import Counter
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dragoman import databases
from dragoman.replay import described_event, described_mention
from tasks.code.coder import Coding, code
from tasks.code.rules import Rules, compile_rules
from tasks.code.text import normalise
from tasks.model import Item, PublishedBasis
from tasks.read.page import article
from tasks.read.segment import segment
from tasks.settings import configuration
from tasks.settings.environment import Environment
from tasks.store import database as store
from tasks.store import items, mentions
from tasks.store.database import Connection

_QUOTE = 160


def explanation(
    environment: Environment, what: str, language: str | None, published: datetime | None
) -> dict[str, Any]:
    """What `explain` shows of an item in the store (its number or address) or of a file.

    A file's first line is the title; one whose name ends in .html is read as a page.

    Raises:
        LookupError: nothing of that name is stored, and there is no such file.
        ConfigurationError: the configuration is wrong.
    """
    loaded = configuration.load(environment.configuration)
    rules = compile_rules(loaded.actors, loaded.mechanisms, loaded.lexicon, loaded.version)
    path = Path(what)
    if path.is_file():
        return _described(code(_from_file(path, language, published), rules), rules)
    with databases.opened(environment) as found:
        databases.prepare(found)
        with store.connect(found.dsn) as db:
            return _stored(db, what, rules)


def _from_file(path: Path, language: str | None, published: datetime | None) -> Item:
    text = normalise(path.read_text(encoding="utf-8"))
    title, _, body = text.strip().partition("\n")
    if path.suffix in (".html", ".htm"):
        title, body = path.stem, normalise(article(text, None, "") or "")
    item = Item(
        id=path.name, source="file", title=title.strip(), body=body.strip() or None, language=language,
        published=published, first_seen=datetime.now(UTC),
        published_basis=PublishedBasis.STATED if published else PublishedBasis.UNKNOWN,
    )  # fmt: skip
    return replace(item, segments=segment(item.title, item.body, language)) if item.body else item


def _stored(db: Connection, what: str, rules: Rules) -> dict[str, Any]:
    number = int(what) if what.isdigit() else items.by_address(db, what)
    stored = items.get(db, number) if number is not None else None
    if stored is None:
        raise LookupError(f"no item `{what}` is stored, and there is no such file")
    described = _described(code(stored.item, rules, ZoneInfo(stored.zone)), rules)
    described["item"] |= {
        "number": stored.number, "outlet": stored.outlet, "url": stored.item.url,
        "published": stored.item.published.isoformat() if stored.item.published else None,
        "failure": stored.failure,
    }  # fmt: skip
    described["events"] = [
        {"why": report.reason, **described_event(db, report.event_id)}
        for report in mentions.of_item(db, stored.number)
        if report.event_id is not None
    ]
    return described


def _described(coding: Coding, rules: Rules) -> dict[str, Any]:
    reading = coding.reading
    hits: Counter[tuple[str, str, str]] = Counter()
    segments: list[dict[str, Any]] = []
    if coding.scanned is not None:
        text = coding.scanned.text
        hits.update((hit.word_class, hit.value, text[hit.start : hit.end]) for hit in coding.scanned.hits)
    if reading is not None:
        segments = [
            {"role": one.role, "start": one.start, "end": one.end, "begins": one.text[:_QUOTE]}
            for one in reading.segments
        ]
    return {
        "item": {
            "language": coding.coded.language,
            "relevant": coding.coded.relevant,
            "score": coding.coded.score,
        },
        "rules": rules.version,
        "gate": asdict(coding.gate),
        "segments": segments,
        "hits": [
            {"class": word_class, "value": value, "form": form, "times": times}
            for (word_class, value, form), times in hits.most_common()
        ],
        "mentions": [described_mention(mention) for mention in coding.coded.mentions],
        "rejected": [{"reason": one.reason, "sentence": one.sentence[:_QUOTE]} for one in coding.rejected],
        "events": [],
    }
