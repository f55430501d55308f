"""Numbers of rounds: an ordinal bound to a unit in one clause (codebook, "Round")."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tasks.code.matcher import GENERIC, MECHANISM, Hit
from tasks.code.text import EDGE_AFTER, EDGE_BEFORE, Span, fold
from tasks.settings.lexicon import Ordinals

_ROMAN = {"i": 1, "v": 5, "x": 10}


@dataclass(frozen=True, slots=True)
class Ordinal:
    """A number and where it is written; `after` tells that it stands behind its unit."""

    number: int
    start: int
    end: int
    after: bool


class OrdinalReader:
    """The ordinals of one language, compiled."""

    def __init__(self, table: Ordinals) -> None:
        """Compile the patterns and words of `table`."""
        self._reach = table.reach
        self._words = {fold(word): number for number, words in table.words.items() for word in words}
        words = "|".join(sorted(map(re.escape, self._words), key=len, reverse=True))
        self._patterns: list[tuple[re.Pattern[str], bool]] = []
        for pattern in table.before:
            self._patterns.append(
                (re.compile(f"{EDGE_BEFORE}(?:{pattern}){EDGE_AFTER}", re.IGNORECASE), False)
            )
        for pattern in table.after:
            self._patterns.append(
                (re.compile(f"{EDGE_BEFORE}(?:{pattern}){EDGE_AFTER}", re.IGNORECASE), True)
            )
        if words:
            bounded = f"{EDGE_BEFORE}(?P<word>{words}){EDGE_AFTER}"
            self._patterns.append((re.compile(bounded), table.words_stand == "after"))

    def find(self, folded: str, span: Span) -> list[Ordinal]:
        """The ordinals within `span` of the folded text, the longest first where they overlap."""
        found = [
            Ordinal(number, match.start(), match.end(), after)
            for pattern, after in self._patterns
            for match in pattern.finditer(folded, span.start, span.end)
            if (number := self._number(match)) is not None
        ]
        found.sort(key=lambda ordinal: (ordinal.start - ordinal.end, ordinal.start))
        kept: list[Ordinal] = []
        for ordinal in found:
            if all(ordinal.end <= other.start or other.end <= ordinal.start for other in kept):
                kept.append(ordinal)
        return sorted(kept, key=lambda ordinal: ordinal.start)

    def _number(self, match: re.Match[str]) -> int | None:
        groups = match.groupdict()
        if number := groups.get("number"):
            return int(number) or None
        if roman := groups.get("roman"):
            return _roman(roman)
        return self._words.get(match[0])

    def bound(
        self, folded: str, ordinals: Sequence[Ordinal], hits: Sequence[Hit], near: Hit
    ) -> Ordinal | None:
        """The ordinal that numbers what `near` names, or None.

        It must stand within reach of a unit or of the mechanism's name, on its own side of it, and
        no counter of other things (a congress, a package, an anniversary) may be nearer.
        """
        best: tuple[int, Ordinal] | None = None
        for ordinal in ordinals:
            unit = self._distance(ordinal, [near, *(hit for hit in hits if hit.word_class in _UNITS)])
            other = self._distance(ordinal, [hit for hit in hits if hit.word_class == "counter"])
            if unit is None or (other is not None and other <= unit):
                continue
            if best is None or unit < best[0]:
                best = (unit, ordinal)
        return best[1] if best else None

    def _distance(self, ordinal: Ordinal, hits: Sequence[Hit]) -> int | None:
        """How many characters lie between the ordinal and the nearest of `hits` on its side."""
        distances = []
        for hit in hits:
            if hit.start < ordinal.end and ordinal.start < hit.end:
                distances.append(0)
                continue
            gap = ordinal.start - hit.end if ordinal.after else hit.start - ordinal.end
            if 0 <= gap <= self._reach:
                distances.append(gap)
        return min(distances, default=None)


_UNITS = frozenset({"unit", MECHANISM, GENERIC})


def _roman(text: str) -> int | None:
    """The value of a Roman numeral below 40, or None if it is none."""
    values = [_ROMAN[letter] for letter in text.lower()]
    total = sum(
        -value if index + 1 < len(values) and value < values[index + 1] else value
        for index, value in enumerate(values)
    )
    tens, ones = divmod(total, 10)
    written = "x" * tens + ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")[ones]
    # A lone letter is a word far more often than a number.
    return total if written == text.lower() and len(text) > 1 and total < 40 else None
