"""`config/actors/`: the states, officials and places of which the texts speak.

Every name is a list of surface forms per language. Forms are written out, cases and all, because
a form that stands in the file can be read, tested and struck out; nothing is stemmed at run time.
Serbian forms stand in both scripts under `sr`, Chinese ones in both under `zh`.
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from pydantic import Field

from tasks.settings import located
from tasks.settings.days import FirstDay, LastDay
from tasks.settings.located import Document, Location, Mistake, Row

Forms = Mapping[str, tuple[str, ...]]

LANGUAGES = frozenset(
    {"ar", "bg", "cs", "de", "el", "en", "es", "fr", "hr", "hu", "it", "ja", "mk", "nl", "pl", "pt", "ro"}
    | {"ru", "sq", "sr", "tr", "uk", "vi", "zh"}
)


class OfficeKind(StrEnum):
    """What an official does, whatever the state calls it."""

    HEAD_OF_STATE = "head_of_state"
    HEAD_OF_GOVERNMENT = "head_of_government"
    FOREIGN_MINISTER = "foreign_minister"
    DEPUTY_FOREIGN_MINISTER = "deputy_foreign_minister"
    DEFENCE_MINISTER = "defence_minister"
    DEPUTY_DEFENCE_MINISTER = "deputy_defence_minister"
    INTERIOR_MINISTER = "interior_minister"  # of public security, too
    DEPUTY_INTERIOR_MINISTER = "deputy_interior_minister"
    SECURITY_COUNCIL_SECRETARY = "security_council_secretary"
    CENTRAL_FOREIGN_AFFAIRS_DIRECTOR = "central_foreign_affairs_director"
    POLITICAL_LEGAL_SECRETARY = "political_legal_secretary"
    MILITARY_COMMISSION = "military_commission"
    ARMED_FORCES = "armed_forces"
    POLICE_CHIEF = "police_chief"
    COAST_GUARD = "coast_guard"
    BORDER_SERVICE = "border_service"
    INTELLIGENCE = "intelligence"
    NATIONAL_SECURITY_ADVISER = "national_security_adviser"
    DIPLOMATIC_ADVISER = "diplomatic_adviser"
    CHANCELLERY_HEAD = "chancellery_head"
    HIGH_REPRESENTATIVE = "high_representative"
    AMBASSADOR = "ambassador"
    SPOKESPERSON = "spokesperson"
    OTHER = "other"


class PlaceKind(StrEnum):
    """What sort of place it is; a meeting over a video link has a place of that name."""

    CITY = "city"
    REGION = "region"
    SEA = "sea"
    LINK = "link"


class State(Row):
    """A state, by its PLOVER code (ISO 3166 alpha-3; `EUR` for the European Union, `KOS`).

    `forms` name the state. `adjectives` are its adjectives and the names of its people.
    `metonyms` stand for its government, and may as well be a place. `short` forms count only
    inside a pair (中俄, Sino-Russian, Trung - Nga). `case_sensitive` lists those of these forms
    that are common words in another case, and count only as written.
    """

    id: str = Field(pattern=r"^[A-Z]{3}$")
    name: str
    europe: bool
    capital: str | None = None
    forms: Forms
    adjectives: Forms = Field(default_factory=dict)
    metonyms: Forms = Field(default_factory=dict)
    short: Forms = Field(default_factory=dict)
    case_sensitive: tuple[str, ...] = ()


class Office(Row):
    """An office that somebody held, both days included; None is open or not known."""

    office: OfficeKind
    title: str
    since: FirstDay | None = Field(default=None, alias="from")
    until: LastDay | None = None

    def held_on(self, day: date) -> bool:
        """Whether the office was held on `day`, as far as the file knows."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


class Sentence(Row):
    """A sentence in which a form occurs."""

    language: str
    text: str


class Person(Row):
    """Somebody who acts for a state.

    `forms` name the person without more. `surnames` may stand alone only where a form or a role
    of the same person has been read before.
    """

    id: str = Field(pattern=r"^[a-z][a-z_]*$")
    name: str
    state: str
    offices: tuple[Office, ...] = ()
    forms: Forms
    surnames: Forms = Field(default_factory=dict)
    test: Sentence
    note: str | None = None


class Place(Row):
    """A place where something happens, by its English name; seas and links have no country."""

    id: str
    kind: PlaceKind = PlaceKind.CITY
    country: str | None = None
    forms: Forms
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Actors:
    """All states, officials and places, by id."""

    states: Mapping[str, State]
    officials: Mapping[str, Person]
    places: Mapping[str, Place]

    def office_on(self, official_id: str, day: date | None) -> tuple[Office, ...]:
        """The offices that an official held on `day`, in the file's order; on no known day, all.

        Raises:
            KeyError: there is no such official.
        """
        offices = self.officials[official_id].offices
        return offices if day is None else tuple(office for office in offices if office.held_on(day))


R = TypeVar("R", bound=State | Person | Place)


def load(folder: Path, mistakes: list[Mistake]) -> Actors:
    """The actors in `folder`; what is wrong with them is added to `mistakes`."""
    states, known = _states(folder, mistakes)
    officials = _officials(folder, known, mistakes)
    places = _places(folder, known, mistakes)
    return Actors(MappingProxyType(states), MappingProxyType(officials), MappingProxyType(places))


def _states(folder: Path, mistakes: list[Mistake]) -> tuple[dict[str, State], Container[str] | None]:
    """The states that can be used, and the ids of all that the file gives, None if it gives nothing."""
    document = _read(folder, "states", mistakes)
    if document is None:
        return {}, None
    rows = _rows(document, State, mistakes)
    for location, state in rows:
        mistakes.extend(_state_mistakes(document, location, state))
    mistakes.extend(_shared_forms(document, [(location, "", state.forms) for location, state in rows]))
    return {state.id: state for _, state in rows}, located.written_ids(document)


def _officials(folder: Path, known: Container[str] | None, mistakes: list[Mistake]) -> dict[str, Person]:
    document = _read(folder, "officials", mistakes)
    if document is None:
        return {}
    rows = _rows(document, Person, mistakes)
    for location, person in rows:
        mistakes.extend(_person_mistakes(document, location, person, known))
    named = [(location, person.state, person.forms) for location, person in rows]
    mistakes.extend(_shared_forms(document, named))
    return {person.id: person for _, person in rows}


def _places(folder: Path, known: Container[str] | None, mistakes: list[Mistake]) -> dict[str, Place]:
    document = _read(folder, "places", mistakes)
    if document is None:
        return {}
    rows = _rows(document, Place, mistakes)
    for location, place in rows:
        mistakes.extend(_place_mistakes(document, location, place, known))
    return {place.id: place for _, place in rows}


def _read(folder: Path, name: str, mistakes: list[Mistake]) -> Document | None:
    try:
        return located.read(folder / f"{name}.yaml", f"actors/{name}.yaml")
    except located.ConfigurationError as error:
        mistakes.extend(error.mistakes)
        return None


def _rows(document: Document, shape: type[R], mistakes: list[Mistake]) -> list[tuple[Location, R]]:
    """The rows of a file with their locations; an id given twice is a mistake."""
    rows = located.rows(document, shape, mistakes)
    found: set[str] = set()
    for location, row in rows:
        if row.id in found:
            mistakes.append(document.mistake((*location, "id"), f"`{row.id}` is given twice"))
        found.add(row.id)
    return rows


def _state_mistakes(document: Document, location: Location, state: State) -> Iterator[Mistake]:
    groups = {
        "forms": state.forms, "adjectives": state.adjectives,
        "metonyms": state.metonyms, "short": state.short,
    }  # fmt: skip
    for name, forms in groups.items():
        yield from _form_mistakes(document, (*location, name), forms)
    known = {form for forms in groups.values() for written in forms.values() for form in written}
    for index, form in enumerate(state.case_sensitive):
        if form not in known:
            message = f"`{form}` is none of the forms of this state"
            yield document.mistake((*location, "case_sensitive", index), message)


def _person_mistakes(
    document: Document, location: Location, person: Person, states: Container[str] | None
) -> Iterator[Mistake]:
    if states is not None and person.state not in states:
        yield document.mistake((*location, "state"), f"`{person.state}` is no known state")
    for index, office in enumerate(person.offices):
        if office.since and office.until and office.until < office.since:
            yield document.mistake((*location, "offices", index, "until"), "lies before `from`")
    yield from _form_mistakes(document, (*location, "forms"), person.forms)
    yield from _form_mistakes(document, (*location, "surnames"), person.surnames)
    if not any(form in person.test.text for form in person.forms.get(person.test.language, ())):
        message = f"holds no form of the language `{person.test.language}`"
        yield document.mistake((*location, "test", "text"), message)


def _place_mistakes(
    document: Document, location: Location, place: Place, states: Container[str] | None
) -> Iterator[Mistake]:
    if place.country is not None and states is not None and place.country not in states:
        yield document.mistake((*location, "country"), f"`{place.country}` is no known state")
    yield from _form_mistakes(document, (*location, "forms"), place.forms)


def _form_mistakes(document: Document, location: Location, forms: Forms) -> Iterator[Mistake]:
    for language, written in forms.items():
        if language not in LANGUAGES:
            yield document.mistake((*location, language), "is no language that we know")
        for index, form in enumerate(written):
            if not form or form in written[:index]:
                message = f"`{form}` is given twice" if form else "is empty"
                yield document.mistake((*location, language, index), message)


def _shared_forms(document: Document, rows: list[tuple[Location, str, Forms]]) -> Iterator[Mistake]:
    """Forms that two rows of one group (a state's officials, or all states) give in one language."""
    owners: dict[tuple[str, str, str], Location] = {}
    for location, group, forms in rows:
        for language, written in forms.items():
            for index, form in enumerate(written):
                owner = owners.setdefault((group, language, form), location)
                if owner != location:
                    line = document.line(owner)
                    message = f"`{form}` is also a form of the row in line {line}"
                    yield document.mistake((*location, "forms", language, index), message)
