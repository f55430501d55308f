"""News of other things, made up from templates in fourteen languages, full of the words that the gate weighs.

A template is a sentence with slots. Names of states, places and officials come from the project's
own lists, so that they are those that the rules know; everything else stands in `topics/`, a
file for each language, by topics. No sentence tells of security cooperation between China and a
party that is watched: whatever is told of in an item made of them, it is nothing to be told.
"""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path

import yaml

from tasks.code.rules import ALWAYS_WATCHED, CHINA
from tasks.settings.actors import Forms
from tasks.settings.configuration import Configuration

LANGUAGES = tuple(path.stem for path in sorted(Path(__file__).with_name("topics").glob("*.yaml")))
_FOLDER = Path(__file__).with_name("topics")
_SLOT = re.compile(r"\{(\w+)\}")
# Ends of sentences and what joins sentences, by script.
_CONTINUOUS = frozenset({"zh", "ja"})
# Of the sentences behind the first, so many in ten come from other topics.
_FROM_OTHERS = 3
_NAMES = frozenset({"state", "watched", "other", "city", "chinese", "official"})
# The share of months that are that of the publication.
_NEAR = 0.7


@dataclass(frozen=True, slots=True)
class Templates:
    """One language: words by slot, and sentences by topic."""

    slots: Mapping[str, Sequence[str]]
    topics: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Made:
    """A text that was made up."""

    topic: str
    language: str
    title: str
    summary: str
    body: str


@cache
def read() -> Mapping[str, Templates]:
    """The templates of all languages."""
    found = {}
    for language in LANGUAGES:
        document = yaml.safe_load((_FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
        found[language] = Templates(document["slots"], document["topics"])
    return found


class Author:
    """Writes items; the same chance gives the same item."""

    def __init__(self, settings: Configuration) -> None:
        """Keep whose names are used."""
        self._actors = settings.actors
        self._lexicon = settings.lexicon

    def write(self, chance: random.Random, language: str, now: datetime) -> Made:
        """An item of a language, published at `now`."""
        own = read()[language]
        topic = chance.choice(list(own.topics))
        title = self._sentence(chance, language, topic, now).rstrip(".。")
        others = [
            self._sentence(
                chance,
                language,
                chance.choice(list(own.topics)) if chance.randrange(10) < _FROM_OTHERS else topic,
                now,
            )
            for _ in range(chance.randint(0, 5))
        ]
        space = "" if language in _CONTINUOUS else " "
        summary = others.pop() if others and chance.random() < 0.4 else ""
        return Made(topic, language, title, summary, chance.choice((space, "\n\n")).join(others))

    def _sentence(self, chance: random.Random, language: str, topic: str, now: datetime) -> str:
        own = read()[language]
        named: list[str] = []

        def filled(match: re.Match[str]) -> str:
            name = match[1]
            if name in own.slots:
                return _SLOT.sub(filled, str(chance.choice(own.slots[name])))
            # Nobody meets himself: a name comes but once in a sentence.
            word = self._slot(chance, language, name.rstrip("2"), now)
            while word in named:
                word = self._slot(chance, language, name.rstrip("2"), now)
            named.extend([word] if name.rstrip("2") in _NAMES else [])
            return word

        sentence = _SLOT.sub(filled, chance.choice(own.topics[topic]))
        return sentence[:1].upper() + sentence[1:]

    def _slot(self, chance: random.Random, language: str, slot: str, now: datetime) -> str:
        match slot:
            case "n":
                return str(chance.randint(2, 950))
            case "round":
                return str(chance.randint(2, 31))
            case "d":
                return str(chance.randint(max(1, now.day - 6), min(28, now.day + 6)) if now.day < 29 else 28)
            case "m":
                return str(now.month)
            case "y":
                return str(chance.choice((now.year, now.year, now.year - 1, 1949, 2001, 2014)))
            case name if name in _NAMES:
                return chance.choice(self._names(language, slot))
            case "weekday":
                return chance.choice(list(self._lexicon[language].dates.weekdays))
            case "month":
                short = self._lexicon[language].abbreviations
                named = self._lexicon[language].dates.months or {f"{now.month}月": now.month}
                # Short for a month, with the point that ends a sentence, would end none.
                months = {name: number for name, number in named.items() if name not in short}
                near = [name for name, number in months.items() if number == now.month]
                return chance.choice(near if near and chance.random() < _NEAR else list(months))
            case "ordinal":
                return chance.choice(
                    [one for few in self._lexicon[language].ordinals.words.values() for one in few]
                )
        raise KeyError(f"{language}: there is no slot {slot}")

    @lru_cache(None)  # noqa: B019 - an author lives as long as its run
    def _names(self, language: str, slot: str) -> Sequence[str]:
        """The first form of each name; where a language has none, the English one."""

        def first(forms: Forms) -> str:
            return (forms.get(language) or forms.get("en") or ("",))[0]

        actors = self._actors
        states = [one for one in actors.states.values() if one.id != CHINA]
        watched = [one for one in states if one.europe or one.id in ALWAYS_WATCHED]
        people = actors.officials.values()
        named = {
            "state": [first(one.forms) for one in states],
            "watched": [first(one.forms) for one in watched],
            "other": [first(one.forms) for one in states if one not in watched],
            # Who is in Beijing may be there for China: that is told of nobody here.
            "city": [first(one.forms) for one in actors.places.values() if one.id != "Beijing"],
            "chinese": [first(one.forms) for one in people if one.state == CHINA],
            "official": [first(one.forms) for one in people if one.state != CHINA],
        }
        return [name for name in named[slot] if name]
