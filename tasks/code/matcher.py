"""One pass over a text that finds every name and word of a language: states, officials, acts.

All forms of a language are compiled into one Aho-Corasick automaton over folded text. A hit says
where it stands, what class of word it is and what it stands for; the rules work on hits.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import ahocorasick_rs

from tasks.code.text import fold
from tasks.settings.actors import Actors, Forms
from tasks.settings.lexicon import Language, Script
from tasks.settings.mechanisms import Mechanism

# Classes of names beside those of the lexicon (tasks/settings/lexicon.py).
STATE = "state"
ADJECTIVE = "adjective"
METONYM = "metonym"
PAIR = "pair"
OFFICIAL = "official"
SURNAME = "surname"
PLACE = "place"
MECHANISM = "mechanism"
GENERIC = "generic"
SUBJECT = "subject"

# What the gate weighs, and what keeps it from counting.
_WEIGHED = frozenset(
    {STATE, ADJECTIVE, METONYM, PAIR, OFFICIAL, SURNAME, MECHANISM, GENERIC, "topic", "exclude"}
)
_TOPICAL = frozenset({"topic", "context", SUBJECT})
# Within a longer name of a state these name something else: 罗马 in 罗马尼亚.
_WITHIN_STATES = frozenset({METONYM, PLACE})

# Names of people and places in Latin letters are the same words in these languages.
_LATIN = frozenset({"de", "en", "es", "fr", "hu", "it", "pl", "sr", "vi"})
# A shorter word of these within a longer one may stand for something else.
_NESTING = frozenset({SUBJECT, GENERIC, MECHANISM})
_JOINTS = ("-", " - ", " and ", " và ")


@dataclass(frozen=True, slots=True)
class Hit:
    """A word or name at an offset: its class, what it stands for, and its weight (topics)."""

    start: int
    end: int
    word_class: str
    value: str
    weight: int = 1

    def inside(self, other: "Hit") -> bool:
        """Whether this hit lies within the other."""
        return other.start <= self.start and self.end <= other.end


@dataclass(frozen=True, slots=True)
class _Entry:
    word_class: str
    value: str
    weight: int
    exact: str | None  # the form as it must be written, where its case tells
    open_end: bool  # the rest of the word may follow


class Matcher:
    """All forms of one language, compiled."""

    def __init__(
        self, language: Language, actors: Actors, mechanisms: Mapping[str, Mechanism], watched: Iterable[str]
    ) -> None:
        """Compile. `watched` are the states whose pairs with China are names of a dyad."""
        self._bounded = language.script is Script.WORD
        entries: dict[str, list[_Entry]] = {}
        for form, entry in _entries(language, actors, mechanisms, tuple(watched)):
            known = entries.setdefault(form, [])
            if entry not in known:
                known.append(entry)
        self._entries = list(entries.values())
        self._at_gate = [
            [entry for entry in known if entry.word_class in _WEIGHED] for known in self._entries
        ]
        # What must not stand within a longer word: at its beginning, and at its end.
        self._words = [self._bounded and form[0].isalnum() and not _continuous(form[0]) for form in entries]
        self._whole = [
            begins and form[-1].isalnum() and not any(entry.open_end for entry in known)
            for begins, (form, known) in zip(self._words, entries.items(), strict=True)
        ]
        self._automaton = ahocorasick_rs.AhoCorasick(
            list(entries), implementation=ahocorasick_rs.Implementation.ContiguousNFA
        )

    def hits(self, text: str, folded: str) -> list[Hit]:
        """All hits in `text`, whose folded form is `folded`, in their order.

        Where two of one class overlap, the longer one stands; what lies in an excluded phrase
        does not count.
        """
        return _cleared(self._found(text, folded, self._entries))

    def weighed(self, text: str, folded: str) -> list[Hit]:
        """Those of `hits` that the gate weighs: most texts need no others."""
        return _cleared(self._found(text, folded, self._at_gate))

    def excluded(self, text: str, folded: str) -> list[Hit]:
        """The phrases in `text` that take with them what lies in them, in their order."""
        return sorted(
            (hit for hit in self._found(text, folded, self._at_gate) if hit.word_class == "exclude"),
            key=lambda hit: (hit.start, hit.end),
        )

    def _found(self, text: str, folded: str, known: Sequence[Sequence[_Entry]]) -> list[Hit]:
        found: list[Hit] = []
        for index, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            entries = known[index]
            if not entries:
                continue
            # Most matches lie within longer words, and are dropped before their entries are looked at.
            if self._words[index] and start and folded[start - 1].isalnum():
                continue
            if self._whole[index] and end < len(folded) and folded[end].isalnum():
                continue
            found += [
                Hit(start, stop, entry.word_class, entry.value, entry.weight)
                for entry in entries
                if (stop := self._end(text, folded, start, end, entry)) is not None
            ]
        return found

    def _end(self, text: str, folded: str, start: int, end: int, entry: _Entry) -> int | None:
        """Where the hit ends, or None if a word goes on where the form does not, or its case is wrong."""
        if entry.exact is not None and text[start:end] != entry.exact:
            return None
        if not self._bounded or _continuous(folded[start]):
            return end
        while entry.open_end and end < len(folded) and folded[end].isalnum():
            end += 1
        if end < len(folded) and folded[end - 1].isalnum() and folded[end].isalnum():
            return None
        return end


def _continuous(character: str) -> bool:
    """Whether a script without spaces is meant: its names may stand in any text."""
    return "\u3040" <= character <= "\u30ff" or "\u3400" <= character <= "\u9fff"


class _Phrases:
    """Hits in their order, of which those that can touch another one are found without a look at all."""

    def __init__(self, hits: Sequence[Hit]) -> None:
        self._hits = hits
        self._starts = [hit.start for hit in hits]
        self._longest = max((hit.end - hit.start for hit in hits), default=0)

    def by(self, hit: Hit) -> Sequence[Hit]:
        """Those that may overlap with `hit`."""
        first = bisect_left(self._starts, hit.start - self._longest)
        return self._hits[first : bisect_left(self._starts, hit.end)]


def _cleared(hits: list[Hit]) -> list[Hit]:
    hits.sort(key=lambda hit: (hit.start, -hit.end))
    excluded = _Phrases([hit for hit in hits if hit.word_class == "exclude"])
    states = _Phrases([hit for hit in hits if hit.word_class == STATE])
    kept: list[Hit] = []
    longest: dict[str, Hit] = {}
    for hit in hits:
        if hit.word_class == "exclude":
            continue
        before = longest.get(hit.word_class)
        if before is not None and hit.start < before.end and hit.end <= before.end:
            same = (hit.start, hit.end) == (before.start, before.end)
            if (not same and hit.word_class not in _NESTING) or hit.value == before.value:
                continue
        if any(_spoilt(hit, phrase) for phrase in excluded.by(hit)):
            continue
        if hit.word_class in _WITHIN_STATES and any(_is_part(hit, state) for state in states.by(hit)):
            continue
        longest[hit.word_class] = hit
        kept.append(hit)
    return kept


def _spoilt(hit: Hit, phrase: Hit) -> bool:
    """Whether an excluded phrase takes a hit with it.

    A subject does not survive if the phrase holds but a part of it: food *security* cooperation.
    A place survives that is the phrase: the Sea of Japan is a place, and none of Japan's acts.
    """
    if hit.word_class in _TOPICAL:
        return hit.start < phrase.end and phrase.start < hit.end
    if hit.word_class == PLACE:
        return _is_part(hit, phrase)
    # The Sea of Japan is no Japan, and yet a place.
    whole = hit.word_class == PLACE and phrase.inside(hit)
    return hit.inside(phrase) and not whole


def _is_part(hit: Hit, longer: Hit) -> bool:
    return hit.inside(longer) and (hit.start, hit.end) != (longer.start, longer.end)


def _entries(
    language: Language, actors: Actors, mechanisms: Mapping[str, Mechanism], watched: tuple[str, ...]
) -> Iterator[tuple[str, _Entry]]:
    code = language.language
    for row in language.rows:
        for form in row.forms:
            yield _entry(form, row.word_class.value, row.value, row.weight)
    for mechanism in mechanisms.values():
        for word_class, forms in (
            (MECHANISM, mechanism.forms), (GENERIC, mechanism.generic), (SUBJECT, mechanism.subjects)
        ):  # fmt: skip
            for form in forms.get(code, ()):
                yield _entry(form, word_class, mechanism.id)
    yield from _actor_entries(code, actors)
    yield from _pair_entries(code, actors, watched)


def _actor_entries(code: str, actors: Actors) -> Iterator[tuple[str, _Entry]]:
    for state in actors.states.values():
        exact = frozenset(state.case_sensitive)
        for word_class, forms in (
            (STATE, state.forms), (ADJECTIVE, state.adjectives), (METONYM, state.metonyms)
        ):  # fmt: skip
            for form in forms.get(code, ()):
                yield _entry(form, word_class, state.id, exact=form if form in exact else None)
    for person in actors.officials.values():
        for form in _names(person.forms, code):
            yield _entry(form, OFFICIAL, person.id)
        for form in _names(person.surnames, code):
            yield _entry(form, SURNAME, person.id, exact=form)
    for place in actors.places.values():
        for form in _names(place.forms, code):
            yield _entry(form, PLACE, place.id)


def _names(forms: Forms, code: str) -> tuple[str, ...]:
    """The names in a language, with the English ones where the letters are the same."""
    own = forms.get(code, ())
    return (*own, *forms.get("en", ())) if code in _LATIN else own


def _pair_entries(code: str, actors: Actors, watched: tuple[str, ...]) -> Iterator[tuple[str, _Entry]]:
    """Names of two parties in one word, such as 中俄, Sino-Russian or Trung - Nga."""
    china = actors.states.get("CHN")
    if china is None:
        return
    ours = _pair_parts(china.short, china.adjectives, code)
    for other in watched:
        state = actors.states.get(other)
        if state is None:
            continue
        value = "-".join(sorted(("CHN", other)))
        for one in ours:
            for two in _pair_parts(state.short, state.adjectives, code):
                if one in china.short.get(code, ()) or two in state.short.get(code, ()):
                    for joint in ("",) if _continuous(one[0]) else _JOINTS:
                        yield _entry(f"{one}{joint}{two}", PAIR, value)
                        yield _entry(f"{two}{joint}{one}", PAIR, value)


def _pair_parts(short: Forms, adjectives: Forms, code: str) -> tuple[str, ...]:
    return short.get(code, ()) + (adjectives.get(code, ()) if code != "zh" else ())


def _entry(
    form: str, word_class: str, value: str, weight: int = 1, exact: str | None = None
) -> tuple[str, _Entry]:
    open_end = form.endswith("*")
    return fold(form.rstrip("*")), _Entry(word_class, value, weight, exact, open_end)
