"""OPML to outlines: the lists of feeds that readers hand around, whatever program wrote them.

Runs where it can be killed (`tasks.read.child`): a list of feeds comes from anywhere.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from xml.etree import ElementTree

from tasks.read import charset
from tasks.read.address import SCHEMES
from tasks.read.document import Terms
from tasks.read.plain import line
from tasks.settings.opml import ADDRESS, ENTRY

MOST_SOURCES = 5_000
# Folders within folders; a list that goes deeper was made to hurt.
DEEPEST = 32
LONGEST_ENTRY = 20_000


@dataclass(frozen=True, slots=True)
class Outline:
    """One source of a list: its address, what it is called, the folder at the top that it lies in,
    what the list says of its language, and our own attribute where we wrote the list.
    """

    url: str
    title: str = ""
    home: str | None = None
    folder: str = ""
    language: str | None = None
    entry: str | None = None


@dataclass(frozen=True, slots=True)
class Outlines:
    """What a list holds; `left` counts the sources beyond the limits, `problem` says why there is nothing."""

    found: tuple[Outline, ...] = ()
    left: int = 0
    problem: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The outlines as JSON; `from_json` makes them again."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Outlines":
        """The outlines that `to_json` gave."""
        return cls(tuple(Outline(**one) for one in value["found"]), value["left"], value["problem"])


def parse(body: bytes, terms: Terms) -> Outlines:
    """The sources of an OPML document in their order, each address as it is written.

    Entities that a document declares for itself are never expanded: what it declares is taken out.
    """
    text = charset.decode(body, terms.content_type, terms.charset)
    clean = charset.xml(text)
    if b"<!DOCTYPE" in clean or b"<!ENTITY" in clean:
        return Outlines(problem="it declares entities of its own")
    try:
        # Nothing is declared any more, so there is nothing that could expand.
        root = ElementTree.fromstring(clean)  # noqa: S314
    except ElementTree.ParseError as error:
        return Outlines(problem=f"it is not well-formed XML: {error}")
    if root.tag.lower() != "opml":
        return Outlines(problem=f"it is no OPML: its root is `{root.tag[:40]}`")
    found: list[Outline] = []
    left = 0
    waiting = [(node, "", 0) for node in reversed(root.findall("./body/outline"))]
    while waiting:
        node, folder, depth = waiting.pop()
        outline = _outline(node, folder)
        if outline and len(found) < MOST_SOURCES:
            found.append(outline)
        elif outline:
            left += 1
        inner = node.findall("outline")
        if depth >= DEEPEST:
            left += sum(1 for below in node.iter("outline") if below is not node and _address(below))
        elif inner:
            name = folder or line(_attribute(node, "text") or _attribute(node, "title"), 100)
            waiting.extend((child, name, depth + 1) for child in reversed(inner))
    return Outlines(tuple(found), left, None if found else "it names no source")


def _outline(node: ElementTree.Element, folder: str) -> Outline | None:
    address = _address(node)
    if not address:
        return None
    entry = node.get(ENTRY)
    return Outline(
        url=address,
        title=line(_attribute(node, "title") or _attribute(node, "text"), 200),
        home=_attribute(node, "htmlUrl") or None,
        folder=folder,
        language=_attribute(node, "language") or None,
        entry=entry if entry and len(entry) <= LONGEST_ENTRY else None,
    )


def _address(node: ElementTree.Element) -> str:
    """The address of a source: of a feed, whatever the outline's type, or of what only we read."""
    address = _attribute(node, "xmlUrl") or node.get(ADDRESS, "").strip()
    return address if address.partition(":")[0].lower() in SCHEMES else ""


def _attribute(node: ElementTree.Element, name: str) -> str:
    """An attribute, in whatever case a program wrote its name."""
    value = node.get(name)
    if value is None:
        value = next((value for key, value in node.items() if key.lower() == name.lower()), "")
    return value.strip()
