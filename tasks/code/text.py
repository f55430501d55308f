"""Text as the rules read it: folded one character for one, so that offsets stay true; sentences."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

import opencc

# What is written in several ways is read in one; each on the left is as long as on the right.
_CHARACTERS = {
    "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u3000": " ", "\u200b": " ",
    "‘": "'", "’": "'", "ʼ": "'", "“": '"', "”": '"', "«": '"', "»": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-",
    "İ": "I", "ё": "е", "Ё": "Е",
    **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
}  # fmt: skip
_WRITTEN = re.compile(f"[{''.join(_CHARACTERS)}]")

# Vietnamese puts the tone of a final oa, oe, uy on either vowel.
_TONES = {
    old: new
    for olds, news in (
        ("oà oá oả oã oạ", "òa óa ỏa õa ọa"),
        ("oè oé oẻ oẽ oẹ", "òe óe ỏe õe ọe"),
        ("uỳ uý uỷ uỹ uỵ", "ùy úy ủy ũy ụy"),
    )
    for old, new in zip(olds.split(), news.split(), strict=True)
}
# The same pairs by their first letter, which is looked for six times as fast as one pair after the other.
_TONE = re.compile("o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ]")
# The edge of a word in letters; Chinese has none.
_LETTERS = r"0-9A-Za-z\u00c0-\u024f\u0370-\u052f\u1e00-\u1eff"
EDGE_BEFORE = f"(?<![{_LETTERS}])"
EDGE_AFTER = f"(?![{_LETTERS}])"
_HAN = re.compile(r"[\u3400-\u9fff]")

# Nobody writes a longer sentence. What has no ends is cut, so that its cost grows with its length alone.
_LONGEST = 2_000

_END = re.compile(r"[.!?…]+[\"')\]»]*(?=\s|$)|[。！？；]+[”』」\"]*|[;](?=\s)|\n+")
_WORD_BEFORE = re.compile(r"([^\W\d_]+(?:\.[^\W\d_]+)*|\d+)$")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text, by offsets."""

    start: int
    end: int


def normalise(text: str) -> str:
    """The text in composed form: what is stored, matched and quoted."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """`text` in small letters and one spelling, of the same length: offsets hold in both."""
    if text.isascii():
        return text.lower()
    folded = _WRITTEN.sub(lambda match: _CHARACTERS[match[0]], text)
    lowered = folded.lower()
    if len(lowered) != len(folded):
        lowered = "".join(one.lower() if len(one.lower()) == 1 else one for one in folded)
    if _HAN.search(lowered):
        lowered = _simplified(lowered)
    return _TONE.sub(lambda match: _TONES[match[0]], lowered)


def _simplified(text: str) -> str:
    """Traditional Chinese characters as simplified ones, one for one."""
    whole = _converter().convert(text)
    if len(whole) == len(text):
        return str(whole)
    return "".join(_simplified_character(one) for one in text)


@cache
def _simplified_character(character: str) -> str:
    converted = _converter().convert(character)
    return str(converted) if len(converted) == 1 else character


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def sentences(text: str, start: int, end: int, abbreviations: Collection[str]) -> Iterator[Span]:
    """The sentences of `text` between `start` and `end`, without the white space around them.

    A point ends no sentence behind an abbreviation, a single letter or before a small letter.
    What goes on for longer than any sentence is cut at a space.
    """
    for whole in _ended(text, start, end, abbreviations):
        yield from _cut(text, whole)


def _cut(text: str, whole: Span) -> Iterator[Span]:
    start = whole.start
    while whole.end - start > _LONGEST:
        space = text.rfind(" ", start + _LONGEST // 2, start + _LONGEST)
        cut = space if space > 0 else start + _LONGEST
        yield from _trimmed(text, start, cut)
        start = cut
    yield from _trimmed(text, start, whole.end)


def _ended(text: str, start: int, end: int, abbreviations: Collection[str]) -> Iterator[Span]:
    begin = start
    for match in _END.finditer(text, start, end):
        if match[0][0] == "." and _goes_on(text, begin, match, abbreviations):
            continue
        yield from _trimmed(text, begin, match.end())
        begin = match.end()
    yield from _trimmed(text, begin, end)


def _goes_on(text: str, begin: int, match: re.Match[str], abbreviations: Collection[str]) -> bool:
    rest = text[match.end() : match.end() + 3].lstrip()
    if match[0] == "." and rest and rest[0].islower():
        return True
    before = _WORD_BEFORE.search(text[max(begin, match.start() - 12) : match.start()])
    if before is None:
        return False
    word = before[0].lower()
    return (len(word) == 1 and word.isalpha()) or word in abbreviations


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield Span(start, end)
