"""Lines of a text as they look: paragraph, heading, label or mark; their words and names."""

import re
import unicodedata
from collections.abc import Sequence, Set
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

# Scripts without spaces say in one letter what others say in two or three.
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]")
# Vietnamese writes its words in syllables.
_SYLLABLES = re.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
_WORDS_IN_SYLLABLES = 0.7
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_SENTENCE_END = re.compile(r"""[.!?。！？…]["'”’»」』)\]）】\s]*$""")
_FULL_STOP = re.compile(r"""(?<![.…])[.!。！](?:["'”’»」』)\]）】\s])*$""")
_ELLIPSIS = re.compile(r"""(?:\.\.\.?|…)["'”’»」』)\]）】\s]*$""")
_OPEN_END = re.compile(r"""[,;:，；：、–—-]["'”’»\s]*$""")
_CLOCK = re.compile(
    r"^[\s(]*(?:\d{1,2}:\d{2}(?::\d{2})?)?[\s,|-]*(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4})?[\s,|-]*"
    r"(?:\d{1,2}:\d{2}(?::\d{2})?)?[\s)|]*$"
)
_LINK = re.compile(r"^(?:https?://|www\.)?[\w-]+(?:\.[\w-]+)+(?:/\S*)?$")
# A paragraph ends as a sentence does, be it ever so short, or has so many letters.
SHORTEST_SENTENCE = 2
PARAGRAPH = 160
SENTENCE = 40
LONGEST_HEADING = 200
LABEL_WORDS = 4


class Shape(Enum):
    """What a line looks like."""

    PARAGRAPH = "paragraph"  # a sentence or more
    HEADING = "heading"  # longer than a label, and no sentence
    LABEL = "label"  # a few words: a section, an author
    MARK = "mark"  # a time, an address, a number, a line of dashes


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text, its place, its shape and its words; `weight` is its length in words."""

    text: str
    start: int
    folded: str
    words: frozenset[str]
    names: frozenset[str]
    weight: float
    shape: Shape

    @property
    def end(self) -> int:
        """The offset just behind it."""
        return self.start + len(self.text)


def split(text: str, start: int) -> list[Line]:
    """The lines of `text` from the offset `start` on that are not empty, trimmed.

    Where a text is broken at a fixed width, what belongs together comes as one line.
    """
    found: list[tuple[int, int, int]] = []
    block = 0
    at = start
    for raw in text[start:].splitlines(keepends=True):
        trimmed = raw.strip()
        if trimmed:
            begin = at + raw.index(trimmed[0])
            found.append((begin, begin + len(trimmed), block))
        else:
            block += 1
        at += len(raw)
    if _wrapped(text, found):
        found = _unwrapped(text, found)
    return [_line(text[begin:end], begin) for begin, end, _ in found]


def _wrapped(text: str, places: Sequence[tuple[int, int, int]]) -> bool:
    """Whether sentences run over the ends of lines: then the next begins with a small letter."""
    pairs = [(one, next_) for one, next_ in pairwise(places) if one[2] == next_[2]]
    runs = sum(
        end - begin >= SENTENCE and not _SENTENCE_END.search(text[end - 5 : end]) and text[after].islower()
        for (begin, end, _), (after, _, _) in pairs
    )
    return runs >= 3 and runs >= 0.3 * len(pairs)


def _unwrapped(text: str, places: Sequence[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    widest = max(end - begin for begin, end, _ in places)
    joined: list[tuple[int, int, int]] = []
    whole = True
    for begin, end, block in places:
        if not whole and joined[-1][2] == block:
            joined[-1] = joined[-1][0], end, block
        else:
            joined.append((begin, end, block))
        # The last line of a paragraph is short and ends a sentence.
        whole = end - begin < 0.75 * widest and _SENTENCE_END.search(text[end - 5 : end]) is not None
    return joined


def overlap(some: Set[str], others: Set[str]) -> float:
    """The share of `some` that is in `others`; nothing is in nothing."""
    return len(some & others) / len(some) if some else 0.0


def fold(text: str) -> str:
    """A text as it is compared: case, width and spaces do not matter."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _line(text: str, start: int) -> Line:
    folded = fold(text)
    wide = _WIDE.findall(text)
    spelled = _WORD.findall(text)
    words = frozenset(word.casefold() for word in spelled) if not wide else _pairs(text)
    names = _names(spelled) if not wide else words
    weight = len(_WORD.findall(_WIDE.sub(" ", text))) + len(wide) / 2
    weight *= _WORDS_IN_SYLLABLES if _SYLLABLES.search(text) else 1
    return Line(text, start, folded, words, names, weight, _shape(text, weight, len(text) + 2 * len(wide)))


def _shape(text: str, weight: float, length: int) -> Shape:
    if weight == 0 or _CLOCK.match(text) or _LINK.match(text):
        return Shape.MARK
    if _FULL_STOP.search(text) and weight >= SHORTEST_SENTENCE:
        return Shape.PARAGRAPH
    open_end = _OPEN_END.search(text) is not None
    if length >= LONGEST_HEADING or (length >= PARAGRAPH and (open_end or _SENTENCE_END.search(text))):
        return Shape.PARAGRAPH
    if length >= SENTENCE and (open_end or _ELLIPSIS.search(text)):
        return Shape.PARAGRAPH
    return Shape.HEADING if weight > LABEL_WORDS else Shape.LABEL


def _pairs(text: str) -> frozenset[str]:
    """Pairs of neighbouring letters, for scripts without spaces."""
    letters = [character for character in text if character.isalnum()]
    return frozenset(first + second for first, second in pairwise(letters))


def _names(spelled: list[str]) -> frozenset[str]:
    """Words that begin with a capital, but for the first, which does so anyway."""
    return frozenset(word.casefold() for word in spelled[1:] if word[:1].isupper())
