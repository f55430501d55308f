"""HTML to plain text: a paragraph a line, no markup, nothing that could be taken for markup later."""

import re
from html import unescape

import nh3

LONGEST_TITLE = 1_000
LONGEST_SUMMARY = 10_000
LONGEST_BODY = 100_000
# What is longer than this is not looked at: no publisher's text is.
LONGEST_HTML = 2_000_000

_BREAKS = re.compile(
    r"<\s*/?\s*(?:p|br|div|li|ul|ol|h[1-6]|tr|table|section|article|blockquote|figure|figcaption|hr|dd|dt|pre)"
    r"(?=[\s/>])",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,500}>|&(?:#\d{1,7}|\w{2,10});")
_DROPPED = {"script", "style", "noscript", "template", "svg", "iframe", "object"}
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


def line(markup: str, longest: int = LONGEST_TITLE) -> str:
    """A title or another single line, at most `longest` characters."""
    return " ".join(_strip(markup[: longest * 8]).split())[:longest].strip()


def paragraphs(markup: str, longest: int = LONGEST_BODY) -> str:
    """The text of a piece of HTML, a paragraph a line, at most `longest` characters."""
    broken = _BREAKS.sub(lambda match: "\n" + match.group(), markup[:LONGEST_HTML])
    return lines(_strip(broken), longest)


def lines(text: str, longest: int = LONGEST_BODY) -> str:
    """Plain text with its lines trimmed and empty ones dropped, at most `longest` characters."""
    trimmed = (" ".join(each.split()) for each in without_controls(text).splitlines())
    return "\n".join(each for each in trimmed if each)[:longest].strip()


def without_controls(text: str) -> str:
    """`text` without the characters that no text may hold: NUL and its like, marks of direction."""
    return _CONTROLS.sub("", text)


def _strip(markup: str) -> str:
    text = _undressed(markup)
    # Some feeds are escaped once more than the standard has it.
    if _MARKUP.search(text):
        text = _undressed(text)
    return without_controls(text.replace("\xa0", " "))


def _undressed(markup: str) -> str:
    return unescape(nh3.clean(markup, tags=set(), clean_content_tags=_DROPPED))
