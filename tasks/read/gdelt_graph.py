"""A file of GDELT's Global Knowledge Graph (version 2.1): a ZIP with one table of tab-separated rows.

A row is an article: its address and title, and the countries, themes and names that GDELT found in
it, from English or from a translation into English. What a source requires of a row stands in its
entry, under `gdelt`; all other rows are passed over unread. The time in a row is when GDELT saw the
article and no time of publication. That stands in the row for about two articles in three, as the
page gave it, and without a zone.

The file is unpacked as a stream. It is never trusted for how much there is in it.
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from tasks.model import PublishedBasis
from tasks.read.address import absolute
from tasks.read.document import Document, Entry, Fault, Terms, newest
from tasks.read.entries import published_at, reader_for
from tasks.read.gdelt import headline, language
from tasks.settings.outlets import plain_host

# A file of the translated stream has about three times the size of its ZIP (bytes).
LARGEST_TABLE = 80 * 1024 * 1024
# The longest row that was seen has 44 KB.
LONGEST_ROW = 2 * 1024 * 1024
COLUMNS = 27
_DATE, _COLLECTION, _ADDRESS, _THEMES, _LOCATIONS, _PERSONS, _ORGANISATIONS = 1, 2, 4, 7, 9, 11, 13
_ALL_NAMES, _TRANSLATION, _EXTRAS = 23, 25, 26
_WEB = b"1"
_MEMBER = re.compile(r"\d{14}(?:\.translation)?\.gkg\.csv", re.IGNORECASE)
_TITLE = re.compile(r"<PAGE_TITLE>(.*?)</PAGE_TITLE>", re.DOTALL)
_PUBLISHED = re.compile(r"<PAGE_PRECISEPUBTIMESTAMP>(\d{14})</PAGE_PRECISEPUBTIMESTAMP>")
_SPOKEN = re.compile(r"srclc:(\w{3})")
# An article is out before GDELT has seen it, which is within the quarter of an hour of its file.
_AHEAD = timedelta(minutes=15)
_ERRORS = 20

Row = Sequence[bytes]


def parse(body: bytes, terms: Terms) -> Document:
    """The articles in the rows of a file that are as the source requires.

    A file that is no such ZIP, broken off, or larger than it may be has a `problem`, and none of
    its rows count. One without a row that fits is a whole document without entries.
    """
    wanted = _sieve((terms.gdelt or {}).get("require", ()))
    entries: list[Entry] = []
    errors: list[str] = []
    seen = 0
    try:
        for raw in _rows(body):
            seen += 1
            row = raw.rstrip(b"\r").split(b"\t")
            if len(row) != COLUMNS:
                errors.append(f"row {seen} has {len(row)} columns")
            elif row[_COLLECTION] == _WEB and wanted(row) and (entry := _entry(row, terms)):
                entries.append(entry)
    except _RefusedError as error:
        return Document("", problem=f"it cannot be unpacked: {error}", fault=Fault.FOREIGN)
    if len(errors) == seen:
        return Document("", problem="it has no rows of the Knowledge Graph", fault=Fault.FOREIGN)
    return newest(Document("gdelt", tuple(entries), errors=tuple(errors[:_ERRORS])))


class _RefusedError(Exception):
    """The ZIP is not as GDELT makes them."""


# What the library raises on a file that is broken, strange or encrypted.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


def _rows(body: bytes) -> Iterator[bytes]:
    """The rows of the one table in a ZIP, as they are unpacked."""
    try:
        with zipfile.ZipFile(BytesIO(body)) as packed, packed.open(_only(packed)) as table:
            while raw := table.readline(LONGEST_ROW):
                if len(raw) == LONGEST_ROW and not raw.endswith(b"\n"):
                    raise _RefusedError(f"it has a row of more than {LONGEST_ROW} bytes")
                yield raw.removesuffix(b"\n")
    except _BROKEN as error:
        raise _RefusedError(str(error) or type(error).__name__) from error


def _only(packed: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The one file in a ZIP. That it is as long as it says, and no longer, is for the library to see."""
    members = packed.infolist()
    if len(members) != 1:
        raise _RefusedError(f"it holds {len(members)} files instead of one")
    (member,) = members
    if not _MEMBER.fullmatch(member.filename):
        raise _RefusedError(f"its file has a strange name: {member.filename[:100]!r}")
    if member.file_size > LARGEST_TABLE:
        raise _RefusedError(f"its table has more than {LARGEST_TABLE} bytes")
    return member


def _sieve(rules: Sequence[Mapping[str, Any]]) -> Callable[[Row], bool]:
    """What tells the rows that meet every rule."""
    compiled = [_rule(rule) for rule in rules]
    return lambda row: all(met(row) for met in compiled)


def _rule(rule: Mapping[str, Any]) -> Callable[[Row], bool]:
    countries = {code.encode() for code in rule.get("countries", ())}
    whole = {theme.encode() for theme in rule.get("themes", ()) if not theme.endswith("*")}
    begun = tuple(theme[:-1].encode() for theme in rule.get("themes", ()) if theme.endswith("*"))
    names = [name.lower() for name in rule.get("names", ())]

    def met(row: Row) -> bool:
        if countries and not countries.isdisjoint(_countries(row[_LOCATIONS])):
            return True
        themes = row[_THEMES].split(b";") if whole or begun else ()
        if any(theme in whole or (begun and theme.startswith(begun)) for theme in themes):
            return True
        return bool(names) and _named(row, names)

    return met


def _countries(locations: bytes) -> Iterator[bytes]:
    """The FIPS codes in `type#name#country#…;…`."""
    for location in locations.split(b";"):
        parts = location.split(b"#", 3)
        if len(parts) == 4:
            yield parts[2]


def _named(row: Row, names: Sequence[str]) -> bool:
    fields = b"\n".join(row[column] for column in (_PERSONS, _ORGANISATIONS, _ALL_NAMES))
    told = f"{_text(fields)}\n{_title(row)}".lower()
    return any(name in told for name in names)


def _entry(row: Row, terms: Terms) -> Entry | None:
    """The article of a row, or None if it has no address or no title."""
    url = absolute(_text(row[_ADDRESS]))
    title = headline(_title(row), url) if url else ""
    if not url or not title:
        return None
    spoken = _SPOKEN.search(_text(row[_TRANSLATION]))
    published, basis = _published(row, url, terms)
    return Entry(
        title,
        url,
        published=published,
        basis=basis,
        outlet=plain_host(urlsplit(url).hostname or ""),
        # What was not translated is English.
        language=language(spoken[1]) if spoken else "en",
    )


def _published(row: Row, url: str, terms: Terms) -> tuple[datetime | None, PublishedBasis]:
    stated = _PUBLISHED.search(_text(row[_EXTRAS]))
    reader = reader_for(terms)
    found, basis = published_at([stated[1]] if stated else [], url, terms, reader)
    seen = _seen(row)
    if found and basis is PublishedBasis.FEED and seen and found > seen + _AHEAD:
        # It is the clock of a zone east of us, and nobody says which.
        return published_at([], url, terms, reader)
    return found, basis


def _seen(row: Row) -> datetime | None:
    try:
        return datetime.strptime(_text(row[_DATE]), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _title(row: Row) -> str:
    found = _TITLE.search(_text(row[_EXTRAS]))
    return found[1] if found else ""


def _text(field: bytes) -> str:
    # A row in a thousand has a byte of another encoding in it, and is no worse for it.
    return field.decode("utf-8", "replace")
