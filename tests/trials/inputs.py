"""Inputs of the coder made from bytes: real texts and names, cut, doubled, joined, mixed and flooded.

The first bytes say in which language an item is declared, when it was published and how it is cut
into segments; each three that follow are one step of its making. So whoever changes bytes, by
chance or guided by coverage, changes texts that the rules have something to say about.
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from dragoman import gold
from tasks.code.text import normalise
from tasks.model import Item, Segment, SegmentRole, item_text
from tasks.read.plain import LONGEST_BODY, LONGEST_SUMMARY, LONGEST_TITLE, without_controls
from tasks.read.segment import segment
from tasks.settings import configuration
from tasks.settings.environment import ROOT
from tests.trials import templates

LANGUAGES = (None, "und", "xx", *templates.LANGUAGES)
PUBLISHED = (
    None,
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2024, 2, 29, 23, 59, tzinfo=UTC),
    datetime(2025, 12, 31, 23, 30, tzinfo=timezone(timedelta(hours=-12))),
    datetime(2026, 3, 31, 0, 30, tzinfo=timezone(timedelta(hours=14))),
    datetime(2100, 12, 31, 23, 59, tzinfo=UTC),
)
ZONES: Sequence[tzinfo | None] = (None, UTC, ZoneInfo("Europe/Budapest"), ZoneInfo("Asia/Kathmandu"))
MARKS = (
    "\n", "\n\n", ". ", "。", "; ", ", ", " — ", " (", ") ", '"', "«", "/", "…", "-", "\t", "\u00a0", "\u3000",
    "\u200d", "'", "؟ ", "！", "İ", "ß", "ŉ", "ﬁ", "\U0001f1e8\U0001f1f3", "\U0001d7d9", "٢", "०", "20-", "§",
)  # fmt: skip
ORDINALS = (
    "20th round ",
    "第二十轮",
    "20-й раунд ",
    "vòng 20 ",
    "XX. forduló ",
    "20. Runde ",
    "XXe cycle ",
    "20.o ",
)
DAYS = (
    "on 31 February ", "12月31日", "29 февраля ", "ngày 31/12/9999 ", "2025. február 30-án ", "0000-00-00 ",
    "on Friday ", "last week ", "since 2019 ", "1-31 December 0001 ", "月曜日", "昨天",
)  # fmt: skip
_COMBINING = "\u0301\u0323\u0302\u20dd\u0489\u064b"
_LOOK_ALIKE = str.maketrans("aceopxyAEOPCxіјABHKMT", "асеорхуАЕОРСхijАВНКМТ")
_ROLES = tuple(SegmentRole)
_MOST_STEPS = 60


@dataclass(frozen=True, slots=True)
class Case:
    """What the coder is given."""

    item: Item
    zone: tzinfo | None


@dataclass(frozen=True, slots=True)
class Material:
    """What texts are made of."""

    gold: Sequence[str]
    names: Sequence[str]
    words: Sequence[str]
    templates: Sequence[str]


@cache
def material() -> Material:
    """The texts of the gold items that may be tuned on, all names and words of the lists, the templates."""
    settings = configuration.load(ROOT / "config")
    actors = settings.actors
    listed = [
        *(one.forms for one in actors.states.values()), *(one.adjectives for one in actors.states.values()),
        *(one.forms for one in actors.officials.values()), *(one.forms for one in actors.places.values()),
        *(one.forms for one in settings.mechanisms.values()), *(one.generic for one in settings.mechanisms.values()),
    ]  # fmt: skip
    names = sorted({form for forms in listed for few in forms.values() for form in few})
    words = sorted(
        {form.rstrip("*") for one in settings.lexicon.values() for row in one.rows for form in row.forms}
    )
    lines = [item.line for item in gold.read(gold.FOLDER, "dev")]
    texts = [f"{line.title}\n\n{line.body or line.summary or ''}" for line in lines]
    sentences = [
        text for topics in templates.read().values() for few in topics.topics.values() for text in few
    ]
    return Material(texts, names, words, sentences)


class _Bytes:
    """Numbers and texts from bytes, in their order; 0 when they have run out."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def __bool__(self) -> bool:
        return self._at < len(self._data)

    def one(self) -> int:
        self._at += 1
        return self._data[self._at - 1] if self._at <= len(self._data) else 0

    def text(self, length: int) -> str:
        self._at += length
        return self._data[self._at - length : self._at].decode("utf-8", errors="replace")


def built(data: bytes, most: int = 120_000) -> Case:
    """The input that some bytes stand for, of about `most` characters at most."""
    given = _Bytes(data)
    language = LANGUAGES[given.one() % len(LANGUAGES)]
    when, shape = given.one(), given.one()
    published = PUBLISHED[when % len(PUBLISHED)]
    seen = datetime(2026, 11, 22, tzinfo=UTC) if when & 64 else None
    text = _text(given, most)
    title, rest = _parted(text, shape)
    summary, body = (rest, "") if shape & 32 else (rest[:200], rest) if shape & 16 else ("", rest)
    item = Item(
        id="t",
        source="t",
        title=title[:LONGEST_TITLE],
        summary=summary[:LONGEST_SUMMARY],
        body=body[:LONGEST_BODY] or None,
        language=language,
        published=published,
        first_seen=seen,
    )
    if item.body:
        item = replace(item, segments=_segments(item, item.body, shape >> 6, given))
    return Case(item, ZONES[(when >> 4) % len(ZONES)])


def _parted(text: str, shape: int) -> tuple[str, str]:
    """A title and the rest: parted at the first line, nowhere, or before everything."""
    match shape % 4:
        case 0:
            return text[:LONGEST_TITLE], text[LONGEST_TITLE:]
        case 1:
            return "", text
        case _:
            title, _, rest = text.partition("\n")
            return title, rest.strip("\n")


def _segments(item: Item, body: str, how: int, given: _Bytes) -> tuple[Segment, ...]:
    if how == 0:
        return ()
    if how < 3:
        return segment(item.title, body, item.language)
    # Any cuts, as a page that was read badly would have them.
    whole = len(item_text(replace(item, summary="")))
    cuts = sorted({0, whole, *(given.one() * whole // 256 for _ in range(given.one() % 8))})
    text = item_text(item)
    return tuple(
        Segment(_ROLES[given.one() % len(_ROLES)], start, text[start:end]) for start, end in pairwise(cuts)
    )


def _text(given: _Bytes, most: int) -> str:
    pieces: list[str] = []
    for _ in range(_MOST_STEPS):
        if not given:
            break
        step, one, two = _STEPS[given.one() % len(_STEPS)], given.one(), given.one()
        step(pieces, one, two, given)
        if sum(map(len, pieces)) > most:
            pieces[:] = ["".join(pieces)[:most]]
    return normalise(without_controls("".join(pieces)))


Step = Callable[[list[str], int, int, _Bytes], None]


def _pick(texts: Sequence[str], one: int, two: int) -> str:
    return texts[(one * 256 + two) % len(texts)]


def _add_gold(pieces: list[str], one: int, two: int, given: _Bytes) -> None:
    pieces.append(_pick(material().gold, one, two))


def _add_sentence(pieces: list[str], one: int, two: int, given: _Bytes) -> None:
    text = _pick(material().gold, one, two)
    sentences = text.replace("。", "。\n").replace(". ", ".\n").splitlines()
    pieces.append(sentences[given.one() % len(sentences)] + " ")


def _add_name(pieces: list[str], one: int, two: int, given: _Bytes) -> None:
    pieces.append(_pick(material().names, one, two) + " ")


def _add_word(pieces: list[str], one: int, two: int, given: _Bytes) -> None:
    pieces.append(_pick(material().words, one, two) + " ")


def _add_template(pieces: list[str], one: int, two: int, given: _Bytes) -> None:
    pieces.append(_pick(material().templates, one, two) + " ")


def _add_mark(pieces: list[str], one: int, two: int, given: _Bytes) -> None:
    pieces.append(MARKS[one % len(MARKS)])


def _add_raw(pieces: list[str], one: int, two: int, given: _Bytes) -> None:
    pieces.append(given.text(one))


def _add_ordinals(pieces: list[str], one: int, two: int, given: _Bytes) -> None:
    pieces.append(ORDINALS[one % len(ORDINALS)] * (two + 1))


def _add_days(pieces: list[str], one: int, two: int, given: _Bytes) -> None:
    pieces.append(DAYS[one % len(DAYS)] * (two + 1))


def _flood(pieces: list[str], one: int, two: int, given: _Bytes) -> None:
    letter = "".join(pieces)[-1:] if one & 128 else "aа中éűđأの1.,-\n "[one % 14]
    pieces.append(letter * (two * two * 2))


def _cut(pieces: list[str], one: int, two: int, given: _Bytes) -> None:
    if pieces:
        piece = pieces[-1]
        pieces[-1] = piece[one * len(piece) // 512 : len(piece) - two * len(piece) // 512]


def _double(pieces: list[str], one: int, two: int, given: _Bytes) -> None:
    pieces.extend(pieces[-1:] * (two % 16 + 1))


def _repeat(pieces: list[str], one: int, two: int, given: _Bytes) -> None:
    pieces[:] = ["".join(pieces) * (two + 1)]


def _join(pieces: list[str], one: int, two: int, given: _Bytes) -> None:
    """Without its ends of sentences, or without its white space."""
    unwanted = ".\n。;!?" if one & 1 else " \n"
    pieces[-1:] = [piece.translate(dict.fromkeys(map(ord, unwanted))) for piece in pieces[-1:]]


def _mark_letters(pieces: list[str], one: int, two: int, given: _Bytes) -> None:
    every, mark = one % 7 + 1, _COMBINING[two % len(_COMBINING)]
    pieces[-1:] = [
        "".join(letter + mark * (n % every == 0) for n, letter in enumerate(piece)) for piece in pieces[-1:]
    ]


def _respell(pieces: list[str], one: int, two: int, given: _Bytes) -> None:
    """In look-alikes of another script, other cases, decomposed, or in full width."""
    ways: Sequence[Callable[[str], str]] = (
        lambda text: text.translate(_LOOK_ALIKE), str.upper, str.lower, str.title, str.swapcase,
        lambda text: unicodedata.normalize("NFD", text), lambda text: unicodedata.normalize("NFKC", text),
        lambda text: "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text),
        lambda text: text[::-1],
    )  # fmt: skip
    pieces[-1:] = [ways[one % len(ways)](piece) for piece in pieces[-1:]]


def _swap(pieces: list[str], one: int, two: int, given: _Bytes) -> None:
    if len(pieces) > 1:
        at = one % (len(pieces) - 1)
        pieces[at], pieces[-1] = pieces[-1], pieces[at]


_STEPS: Sequence[Step] = (
    _add_gold, _add_sentence, _add_name, _add_word, _add_template, _add_mark, _add_raw, _add_ordinals,
    _add_days, _flood, _cut, _double, _repeat, _join, _mark_letters, _respell, _swap,
)  # fmt: skip


def beginnings() -> list[bytes]:
    """Bytes to begin with: every gold text, and every fourth once more with a further step."""
    found = []
    for number in range(len(material().gold)):
        header = bytes((number % len(LANGUAGES), number % 128, (2, 66, 194, 18)[number % 4]))
        whole = header + bytes((0, number >> 8, number & 255))
        found.append(whole)
        if number % 4 == 0:
            found.append(whole + bytes((5 + number % (len(_STEPS) - 5), number & 255, 7 * number & 255)))
    return found
