"""What no list names though it stands beside words that count: names, and ordinals that are not read.

A sentence is looked at only where something strong was found in it. What comes out is a list of
words to look through, no judgement: most names in the news are nobody's that matters here.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from tasks.code.coder import tools_for
from tasks.code.language import language_of
from tasks.code.matcher import GENERIC, MECHANISM, OFFICIAL, PAIR, SURNAME, Hit
from tasks.code.rules import Rules, Tools
from tasks.code.text import Span, fold, sentences
from tasks.model import Item, item_text

# What makes a sentence worth a look: a channel, both parties in one word, an official, a heavy topic.
_STRONG = frozenset({MECHANISM, GENERIC, PAIR, OFFICIAL, SURNAME})
_HEAVY = 2
_UNITS = frozenset({"unit", MECHANISM, GENERIC})

# Characters of one text that are looked at, of a sentence that is shown, of words that are remembered.
_LONGEST = 20_000
_EXAMPLE = 160
_MOST_FORMS = 50_000

_CAPITALISED = re.compile(
    r"[^\W\d_a-zа-яё][^\W\d_]+(?:['’-][^\W\d_]+)*(?: [^\W\d_a-zа-яё][^\W\d_]+(?:['’-][^\W\d_]+)*){0,3}"
)
_WORD = re.compile(r"[^\W\d_]{2,}")
# Foreign names are written with a point between their parts; others stand behind or before an office.
_HAN_NAME = re.compile(
    r"[\u4e00-\u9fff]{1,6}(?:·[\u4e00-\u9fff]{1,8})+"
    r"|(?<=部长|外长|防长|书记|秘书|大使|总理|总统|部長|防長|書記|秘書|總理|總統)[\u4e00-\u9fff]{2,4}"
)
_KATAKANA_NAME = re.compile(r"[\u30a1-\u30fa\u30fc]{3,}(?:[・＝][\u30a1-\u30fa\u30fc]{2,})*")
_COUNTED = re.compile(
    r"(?<![\d.,/:])\d{1,3}(?:[.ºª°]|-?[^\W\d_]{1,3})?(?![\d.,/:%]|\w)"
    r"|第[\d一二三四五六七八九十百〇零兩两]+"
    r"|(?<!\w)[XVI]{2,6}(?!\w)"
)
# A share of capitalised words beyond which a sentence is a headline in the English manner.
_HEADLINE = 0.6
# Languages in which every noun has a capital letter: a name is two of them at least.
_NOUNS = frozenset({"de"})
# So many first letters of an ordinal's word make another form of it.
_STEM = 5


class Lack(StrEnum):
    """What kind of word is in no list."""

    NAME = "name"
    ORDINAL = "ordinal"


@dataclass(slots=True)
class Gap:
    """A word that no list has: how often it stood beside something strong, and one such place."""

    lack: Lack
    language: str
    form: str
    times: int
    item: str
    example: str


@dataclass(slots=True)
class _Kept:
    gaps: dict[tuple[Lack, str, str], Gap] = field(default_factory=dict)

    def note(self, lack: Lack, language: str, form: str, item: str, sentence: str) -> None:
        known = self.gaps.get((lack, language, form))
        if known is not None:
            known.times += 1
            return
        if len(self.gaps) >= _MOST_FORMS:
            # What was seen once in so many words will hardly be among the most frequent.
            self.gaps = {key: gap for key, gap in self.gaps.items() if gap.times > 1}
        self.gaps[(lack, language, form)] = Gap(lack, language, form, 1, item, sentence[:_EXAMPLE])


def gaps(items: Iterable[Item], rules: Rules, limit: int) -> list[Gap]:
    """The `limit` most frequent words beside strong hits that are in no list, ordinals first."""
    kept = _Kept()
    for item in items:
        text = item_text(item)[:_LONGEST]
        language = language_of(text, item.language)
        for tools in tools_for(language, rules)[:1]:
            for lack, form, sentence in _of_text(text, tools):
                kept.note(lack, tools.language.language, form, item.id, sentence)
    found = sorted(kept.gaps.values(), key=lambda gap: (gap.lack is Lack.NAME, -gap.times, gap.form))
    ordinals = [gap for gap in found if gap.lack is Lack.ORDINAL]
    names = [gap for gap in found if gap.lack is Lack.NAME]
    return ordinals[:limit] + names[:limit]


def _of_text(text: str, tools: Tools) -> Iterator[tuple[Lack, str, str]]:
    folded = fold(text)
    hits = tools.matcher.hits(text, folded)
    dates = tools.language.dates
    calendar = {fold(name) for name in (*dates.months, *dates.weekdays, *dates.days)}
    for span in sentences(text, 0, len(text), tools.language.abbreviations):
        within = [hit for hit in hits if span.start <= hit.start and hit.end <= span.end]
        if not any(_strong(hit) for hit in within):
            continue
        sentence = " ".join(text[span.start : span.end].split())
        for form in _names(text, span, within, tools.language.language):
            if fold(form) not in calendar:
                yield Lack.NAME, form, sentence
        for form in _ordinals(folded, span, within, tools):
            yield Lack.ORDINAL, form, sentence


def _strong(hit: Hit) -> bool:
    return hit.word_class in _STRONG or (hit.word_class == "topic" and hit.weight >= _HEAVY)


def _names(text: str, span: Span, hits: list[Hit], language: str) -> Iterator[str]:
    """What is written like a name and is no hit."""
    if language in ("zh", "ja"):
        pattern = _HAN_NAME if language == "zh" else _KATAKANA_NAME
        # Nothing parts words here but what is known.
        for start, end in _between(span, hits):
            yield from pattern.findall(text, start, end)
        return
    # Known words in small letters show as well that this is no headline.
    words = [
        one[0]
        for one in _WORD.finditer(text, span.start, span.end)
        if not one[0][0].isupper() or _free(one, hits)
    ]
    capitals = sum(word[0].isupper() for word in words)
    if not words or capitals > _HEADLINE * len(words):
        return
    for match in _CAPITALISED.finditer(text, span.start, span.end):
        several = " " in match[0]
        alone_ok = match.start() > span.start and language not in _NOUNS
        if match[0][0].isupper() and (several or alone_ok) and _free(match, hits):
            yield match[0]


def _between(span: Span, hits: list[Hit]) -> Iterator[tuple[int, int]]:
    """The stretches of a sentence in which nothing was found."""
    start = span.start
    for hit in sorted(hits, key=lambda one: one.start):
        yield start, max(hit.start, start)
        start = max(start, hit.end)
    yield start, span.end


def _ordinals(folded: str, span: Span, hits: list[Hit], tools: Tools) -> Iterator[str]:
    """What counts something beside a unit or a channel, and is read neither as a number nor as a day."""
    units = [hit for hit in hits if hit.word_class in _UNITS]
    if not units:
        return
    reach = tools.language.ordinals.reach
    read = [(one.start, one.end) for one in tools.ordinals.find(folded, span)]
    read += [(day.start, day.end) for day in tools.dates.find(folded, span, None)]
    for match in (*_COUNTED.finditer(folded, span.start, span.end), *_inflected(folded, span, tools)):
        near = any(0 <= max(unit.start - match.end(), match.start() - unit.end) <= reach for unit in units)
        if near and _free(match, hits) and not any(s < match.end() and match.start() < e for s, e in read):
            yield match[0]


def _inflected(folded: str, span: Span, tools: Tools) -> Iterator[re.Match[str]]:
    """Words that begin like an ordinal of the language."""
    stems = {
        fold(word)[:_STEM]
        for words in tools.language.ordinals.words.values()
        for word in words
        if len(word) >= _STEM
    }
    return (one for one in _WORD.finditer(folded, span.start, span.end) if one[0][:_STEM] in stems)


def _free(match: re.Match[str], hits: list[Hit]) -> bool:
    return not any(hit.start < match.end() and match.start() < hit.end for hit in hits)
