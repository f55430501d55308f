"""What makes an item the same item again.

Never its date, which publishers move. Its guid, unless the document gives one to several items;
its address, unless it leads to the front page or stands under several items; and where there is
neither, its words. All of them are kept as its names: the first is its own.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from tasks.read.address import canonical, is_front_page

# A shorter title is a rubric: "Briefing", "要闻". Letters of scripts without spaces weigh more.
SHORTEST_TITLE = 20
_WORD = re.compile(r"\w+")
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Names:
    """The names of an item: its own first, then all others; and one that holds for some days only."""

    keys: tuple[str, ...]
    title: str | None


@dataclass(frozen=True, slots=True)
class Described:
    """What identity is told from: an entry of a document, its address absolute."""

    guid: str | None
    url: str | None
    title: str
    summary: str = ""


def names(entries: Sequence[Described]) -> list[Names]:
    """The names of all entries of one document, in their order."""
    # What stands twice with the same words is one item, and no reason to doubt its names.
    distinct = {(_guid(entry), _url(entry), entry.title) for entry in entries}
    guids = Counter(guid for guid, _, _ in distinct)
    urls = Counter(url for _, url, _ in distinct)
    pairs = Counter((guid, url) for guid, url, _ in distinct)
    return [_names(entry, guids, urls, pairs) for entry in entries]


def title_key(title: str) -> str | None:
    """A name by the title alone, or None if it is too short to tell items apart."""
    words = _WORD.findall(unicodedata.normalize("NFKC", title).casefold())
    joined = " ".join(words)
    weight = len(joined) + 2 * len(_WIDE.findall(joined))
    return "title:" + _digest(joined) if weight >= SHORTEST_TITLE else None


def _names(
    entry: Described,
    guids: Counter[str | None],
    urls: Counter[str | None],
    pairs: Counter[tuple[str | None, str | None]],
) -> Names:
    guid, url = _guid(entry), _url(entry)
    keys: list[str] = []
    if guid and guids[guid] == 1:
        keys.append(f"guid:{guid}")
    elif guid and url and pairs[guid, url] == 1:
        keys.append(f"guid:{guid}|{url}")
    if url and urls[url] == 1:
        keys.append(f"url:{url}")
    # Whatever else it has, it may share with its neighbours.
    return Names(tuple(keys) or (f"text:{_digest(entry.title, entry.summary)}",), title_key(entry.title))


def _guid(entry: Described) -> str | None:
    guid = (entry.guid or "").strip()
    if not guid:
        return None
    # A guid that is an address changes from http to https like one. Entries of one page differ in the
    # fragment alone, and the front page names none.
    if guid.lower().startswith(("http:", "https:")) and (as_address := canonical(guid)):
        fragment = guid.partition("#")[2]
        if not fragment and is_front_page(guid):
            return None
        guid = f"{as_address}#{fragment}" if fragment else as_address
    return guid if len(guid) <= 500 else _digest(guid)


def _url(entry: Described) -> str | None:
    if not entry.url or is_front_page(entry.url):
        return None
    found = canonical(entry.url)
    return found if not found or len(found) <= 500 else _digest(found)


def _digest(*texts: str) -> str:
    return sha256("\0".join(texts).encode()).hexdigest()[:32]
