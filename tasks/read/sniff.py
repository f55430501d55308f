"""What a document is, told from its beginning, and one that breaks off made whole as far as it goes."""

import re

_ROOTS = ("rss", "feed", "RDF", "urlset", "sitemapindex")
_ROOT = re.compile(r"<(?:[\w-]+:)?(rss|feed|RDF|urlset|sitemapindex)[\s>/]")
_PAGE = re.compile(r"<!doctype html|<html[\s>]", re.IGNORECASE)
_CLOSED = re.compile(rf"</(?:[\w-]+:)?(?:{'|'.join(_ROOTS)})\s*>")
_NOTHING_IN_IT = re.compile(rf"<(?:[\w-]+:)?(?:{'|'.join(_ROOTS)})\b[^<>]*/>\s*$")
_OPENED = re.compile(r"<(?:[\w-]+:)?(?:item|entry|url|sitemap)[\s>]")
_PART = re.compile(r"</(?:[\w-]+:)?(?:item|entry|url|sitemap)\s*>")
# A root stands near the beginning, behind comments and style sheets.
_HEAD = 20_000


def root_of(text: str) -> str | None:
    """The local name of the root, if it is one that a feed or a sitemap has."""
    found = _ROOT.search(text[:_HEAD])
    return found.group(1) if found else None


def is_json(text: str) -> bool:
    """Whether it begins like JSON."""
    return text.lstrip()[:1] in ("{", "[")


def described(text: str, size: int) -> str:
    """What a document of `size` bytes is, in words for the operator."""
    if _PAGE.search(text[:_HEAD]):
        return "a page for readers"
    match root_of(text):
        case "rss" | "feed" | "RDF":
            return "a feed"
        case "urlset":
            return "a sitemap"
        case "sitemapindex":
            return "a list of sitemaps"
    return f"{size} bytes of JSON" if is_json(text) else f"{size} bytes of something else"


def completed(text: str) -> tuple[str, bool]:
    """A document that breaks off, closed behind its last whole entry; and whether it does."""
    tail = text.rstrip()[-_HEAD:]
    closings = [match.end() for match in _CLOSED.finditer(tail)]
    if (closings and not _OPENED.search(tail, closings[-1])) or _NOTHING_IN_IT.search(tail):
        return text, False
    ends = [match.end() for match in _PART.finditer(text)]
    # Without a whole entry nothing is kept: half a one has half of its names.
    first = _OPENED.search(text)
    kept = text[: ends[-1]] if ends else text[: first.start()] if first else text
    opened = _ROOT.search(text)
    prefix = opened.group().strip("<> /\t\r\n") if opened else "rss"
    channel = "</channel>" if "</channel" not in kept and "<channel" in kept and "RDF" not in prefix else ""
    return f"{kept}{channel}</{prefix}>", True
