"""The list of sources as OPML 2.0: what other readers understand, and beside it what only we do.

A folder of the outline is a file of the list. A feed is an outline of the type `rss`. Anything else is
only a heading to other programs, and its address stands in our own namespace: the type `link` would
fit, but several readers take every link for a further list. All that OPML has no word for stands as
JSON in one attribute of ours as well; a source that is off is a comment.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from email.utils import format_datetime
from itertools import groupby
from typing import Any
from xml.etree import ElementTree

from tasks.settings.source_files import Place
from tasks.settings.sources import Source, SourceKind

NAMESPACE = "urn:dragoman:sources"
ENTRY = f"{{{NAMESPACE}}}entry"
ADDRESS = f"{{{NAMESPACE}}}url"
# What the outline itself says.
_PLAIN = frozenset({"url", "outlet", "language"})
# What weakens a guard: an entry from elsewhere has no say in it.
GUARDED = frozenset({"loopback", "downgrade", "tls_pin"})


def document(places: Iterable[Place], now: datetime) -> bytes:
    """All sources as an OPML document in UTF-8, in the order and the folders of their files.

    `now` (with a zone) is the day of writing that the head names.
    """
    ElementTree.register_namespace("dragoman", NAMESPACE)
    root = ElementTree.Element("opml", version="2.0")
    head = ElementTree.SubElement(root, "head")
    ElementTree.SubElement(head, "title").text = "Dragoman's sources"
    ElementTree.SubElement(head, "dateCreated").text = format_datetime(now)
    body = ElementTree.SubElement(root, "body")
    for file, members in groupby(places, key=lambda place: place.file):
        folder = ElementTree.SubElement(body, "outline", text=file.removesuffix(".yaml"))
        for place in members:
            ElementTree.SubElement(folder, "outline", _attributes(place.source))
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def values(url: str, outlet: str, language: str | None, entry: str | None) -> Mapping[str, Any]:
    """What an outline says of a source, as the values of an entry; `entry` is our own attribute.

    Raises:
        ValueError: our attribute does not hold what we write into it.
    """
    plain = {"url": url, "outlet": outlet, "language": language}
    said = json.loads(entry) if entry else {}
    if not isinstance(said, dict):
        raise ValueError("its attribute `dragoman:entry` is no object")
    return {**said, **{name: value for name, value in plain.items() if value}}


def _attributes(source: Source) -> dict[str, str]:
    url = str(source.url)
    feed = source.kind is SourceKind.FEED
    address = {"type": "rss", "xmlUrl": url} if feed else {ADDRESS: url}
    rest = source.model_dump(mode="json", exclude_defaults=True, exclude=set(_PLAIN))
    return {
        "text": source.outlet,
        "title": source.outlet,
        **address,
        "language": source.language,
        "category": f"/country/{source.country},/rank/{source.rank}",
        **({} if source.enabled else {"isComment": "true"}),
        ENTRY: json.dumps(rest, ensure_ascii=False),
    }
