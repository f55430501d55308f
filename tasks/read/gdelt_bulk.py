"""The list of GDELT's newest files, `lastupdate.txt` or `lastupdate-translation.txt`.

Three lines, one for each kind of file, renewed every quarter of an hour: size, MD5, address. Only the
Global Knowledge Graph is of use here, because its rows hold the title and the address of an article;
it is read as a further part of the source (`tasks.read.gdelt_graph`).

Somebody who polls less often than the list changes would miss files. As their names follow from the
clock, those since the last reading are named as well, for a few hours back and without a checksum.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

from tasks.read.document import Document, Fault, Follow, Terms
from tasks.settings.kinds import KINDS, KNOWLEDGE_GRAPH

WINDOW = timedelta(minutes=15)
# A list may be late by so much, and then name what came before it was last read.
_LATE = timedelta(minutes=30)
# Of a longer absence the latest two hours are caught up with: each file has some megabytes.
MOST_CAUGHT_UP = 8
# Lists name this host also where they are read from a mirror of it.
_HOST = "data.gdeltproject.org"
_FILE = re.compile(r"(?P<label>\d{14})(?P<stream>\.translation)?\.gkg\.csv\.zip")
_LINES = 100


def parse(body: bytes, terms: Terms) -> Document:
    """The files of the Knowledge Graph that the list names, as further parts of the source.

    Each is fetched from beside the list itself, whatever the rest of its address says; a line that
    names another host than GDELT's is refused. A list without a good line has a `problem`.
    """
    problem = "it names no file of the Knowledge Graph"
    for text in body.decode("ascii", "replace").splitlines()[:_LINES]:
        if ".gkg." not in text.lower():
            continue
        try:
            listed = _listed(text, terms)
        except ValueError as error:
            problem = str(error)
            continue
        return Document("gdelt", follow=(listed, *_missed(listed, terms)))
    return Document("", problem=problem, fault=Fault.FOREIGN)


def _listed(text: str, terms: Terms) -> Follow:
    parts = text.split()
    if len(parts) != 3:
        raise ValueError("its line is not size, MD5 and address")
    size, md5, url = parts
    largest = KINDS[KNOWLEDGE_GRAPH].largest or 0
    if not size.isdecimal() or not 0 < int(size[:12]) <= largest:
        raise ValueError(f"its file has {size[:20]} bytes, and {largest} are allowed")
    if not re.fullmatch(r"[0-9a-fA-F]{32}", md5):
        raise ValueError("its checksum is no MD5")
    address = urlsplit(url)
    if address.scheme not in ("http", "https") or address.hostname not in (
        _HOST,
        urlsplit(terms.url).hostname,
    ):
        raise ValueError(f"its file lies at another host: {url[:200]}")
    name = address.path.rpartition("/")[2]
    found = _FILE.fullmatch(name)
    if found is None or _moment(found["label"]) is None or address.query:
        raise ValueError(f"its file has a strange name: {url[:200]}")
    return Follow(urljoin(terms.url, name), KNOWLEDGE_GRAPH, int(size), md5.lower(), found["label"])


def _missed(listed: Follow, terms: Terms) -> Iterator[Follow]:
    """The files between the last reading and the one that is listed, the latest first."""
    label = _moment(listed.stamp or "")
    if label is None or terms.since is None:
        return
    for back in range(1, MOST_CAUGHT_UP + 1):
        moment = label - back * WINDOW
        if moment <= terms.since - _LATE:
            return
        stamp = f"{moment:%Y%m%d%H%M%S}"
        yield Follow(listed.url.replace(listed.stamp or "", stamp), KNOWLEDGE_GRAPH, stamp=stamp)


def _moment(label: str) -> datetime | None:
    try:
        return datetime.strptime(label, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
