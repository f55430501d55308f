"""What the coder works with: every language's matcher, ordinals and dates, compiled once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from threading import Lock

from tasks.code.dates import DateReader
from tasks.code.matcher import Matcher
from tasks.code.ordinals import OrdinalReader
from tasks.settings.actors import Actors, Person
from tasks.settings.lexicon import Language, Lexicon
from tasks.settings.mechanisms import Mechanism
from tasks.settings.outlets import Outlets
from tasks.settings.sources import Source

CHINA = "CHN"
# The other parties that are watched beside the states of Europe (codebook, "Dyad").
ALWAYS_WATCHED = frozenset({"RUS", "EUR"})


@dataclass(frozen=True, slots=True)
class Tools:
    """One language, compiled."""

    language: Language
    matcher: Matcher
    ordinals: OrdinalReader
    dates: DateReader


class Languages(Mapping[str, Tools]):
    """The tools of all languages, each compiled when it is first asked for: a third of a second each."""

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
    tools: "Languages"
    watched: frozenset[str]
    version: str
    outlets: Outlets = field(default_factory=Outlets)

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


def compile_rules(
    actors: Actors,
    mechanisms: Mapping[str, Mechanism],
    lexicon: Lexicon,
    version: str,
    sources: Iterable[Source] = (),
) -> Rules:
    """The configuration in the form that the coder works with; the caller keeps it."""
    watched = ALWAYS_WATCHED | {state.id for state in actors.states.values() if state.europe}
    tools = Languages(lexicon, actors, mechanisms, watched)
    return Rules(actors, mechanisms, tools, frozenset(watched), version, Outlets.of(sources))


def other_party(dyad: str) -> str:
    """The party of a dyad that is not China."""
    return next(party for party in dyad.split("-") if party != CHINA)
