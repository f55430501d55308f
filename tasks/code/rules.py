"""What the coder works with: every language's matcher, ordinals and dates, compiled once."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from threading import Lock

from tasks.code.dates import DateReader
from tasks.code.matcher import Matcher
from tasks.code.ordinals import OrdinalReader
from tasks.settings.actors import Actors, Person
from tasks.settings.configuration import Configuration
from tasks.settings.gate import Scales
from tasks.settings.lexicon import Language, Lexicon
from tasks.settings.mechanisms import Mechanism
from tasks.settings.outlets import Outlets

CHINA = "CHN"
# The other parties that are watched beside the states of Europe (codebook, "Dyad").
ALWAYS_WATCHED = frozenset({"RUS", "EUR"})

# Modules that carry items to the coder and away from it, and have no part in what it makes of them.
_CARRIERS = frozenset({"__init__.py", "gaps.py", "station.py", "work.py"})


@dataclass(frozen=True, slots=True)
class Tools:
    """One language, compiled."""

    language: Language
    matcher: Matcher
    ordinals: OrdinalReader
    dates: DateReader


class Languages(Mapping[str, Tools]):
    """The tools of all languages, each compiled when it is first asked for."""

    def __init__(
        self,
        lexicon: Lexicon,
        actors: Actors,
        mechanisms: Mapping[str, Mechanism],
        watched: frozenset[str] | set[str],
    ) -> None:
        """Keep what is compiled later."""
        self._lexicon = lexicon
        self._actors = actors
        self._mechanisms = mechanisms
        self._watched = sorted(watched)
        self._compiled: dict[str, Tools] = {}
        self._turn = Lock()

    def __getitem__(self, code: str) -> Tools:
        with self._turn:
            if code not in self._compiled:
                language = self._lexicon[code]
                self._compiled[code] = Tools(
                    language,
                    Matcher(language, self._actors, self._mechanisms, self._watched),
                    OrdinalReader(language.ordinals),
                    DateReader(language.dates),
                )
            return self._compiled[code]

    def __contains__(self, code: object) -> bool:
        return code in self._lexicon

    def __iter__(self) -> Iterator[str]:
        return iter(self._lexicon)

    def __len__(self) -> int:
        return len(self._lexicon)


@dataclass(frozen=True, slots=True)
class Rules:
    """All that decides how a text is coded. `version` changes when any of it does.

    `outlets` says whose words an aggregator brings, which is no part of the coding.
    """

    actors: Actors
    mechanisms: Mapping[str, Mechanism]
    tools: Languages
    scales: Scales
    watched: frozenset[str]
    version: str
    outlets: Outlets

    def dyad(self, state: str) -> str | None:
        """The dyad of China and `state`, or None if it is not watched."""
        return "-".join(sorted((CHINA, state))) if state in self.watched else None

    def holds(self, official: str, offices: tuple[str, ...], day: date | None) -> bool:
        """Whether the official held one of `offices` on `day` (ever, if the day is not known)."""
        return any(one.office in offices for one in self.actors.office_on(official, day))

    def holder(self, state: str, office: str, day: date | None) -> Person | None:
        """Who held an office of a state on `day`, if exactly one known person did."""
        if day is None:
            return None
        found = [
            person
            for person in self.actors.officials.values()
            if person.state == state and self.holds(person.id, (office,), day)
        ]
        return found[0] if len(found) == 1 else None


def compile_rules(configuration: Configuration) -> Rules:
    """A configuration in the form that the coder works with; the caller keeps it."""
    actors = configuration.actors
    watched = ALWAYS_WATCHED | {state.id for state in actors.states.values() if state.europe}
    return Rules(
        actors=actors,
        mechanisms=configuration.mechanisms,
        tools=Languages(configuration.lexicon, actors, configuration.mechanisms, watched),
        scales=configuration.scales,
        watched=frozenset(watched),
        version=hashlib.sha256(f"{configuration.version} {_coder()}".encode()).hexdigest()[:16],
        outlets=Outlets.of(configuration.sources),
    )


@cache
def _coder() -> str:
    """The hash of the program's own part in how a text is coded: another release may read another thing."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.name not in _CARRIERS:
            digest.update(path.read_bytes())
    return digest.hexdigest()


def other_party(dyad: str) -> str:
    """The party of a dyad that is not China."""
    return next(party for party in dyad.split("-") if party != CHINA)
