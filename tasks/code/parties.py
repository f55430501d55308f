"""Who acts in a sentence: officials, the states they act for, and the dyad (codebook, "Dyad").

The dyad must be stated in the sentence, carried by its named officials, or taken up from the
sentence before by a word such as "the two sides". Two states that merely occur are none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from tasks.code.matcher import ADJECTIVE, MECHANISM, METONYM, OFFICIAL, PAIR, PLACE, STATE, SURNAME, Hit
from tasks.code.reading import Reading, Sentence
from tasks.code.rules import CHINA, Rules

NOT_STATED = "dyad: not stated"
# How many sentences a dyad lasts for "the two sides" and "he".
_CARRY = 3
# How near a state must stand to an office to be the one it belongs to, in characters.
_OFFICE_REACH = 30
# How far apart two names of one list may stand.
_LIST_REACH = 10
# How far behind "aimed at" the target may stand.
_TARGET_REACH = 6
# How near a state must stand to "counterpart" to be the one whose counterpart is meant.
_COUNTERPART_REACH = 25
# How far apart the two states of "the Russian and Chinese ministers" may stand.
_JOINED_REACH = 8
# How many sentences of a story say between whom it plays.
_HOME = 5


@dataclass(frozen=True, slots=True)
class Actor:
    """An official who acts in a sentence, and where the name stands."""

    id: str
    state: str
    start: int
    end: int
    rule: str


@dataclass(frozen=True, slots=True)
class Home:
    """The dyad of a whole story, and whether its title states it."""

    dyad: str
    titled: bool


@dataclass(slots=True)
class Focus:
    """What the sentences before have been about; one for each segment."""

    people: dict[str, int] = field(default_factory=dict)  # official -> number of the last sentence
    dyad: str | None = None
    dyad_at: int = -100
    sides: dict[str, tuple[Actor, int]] = field(default_factory=dict)  # state -> who acted last, and when
    place: Hit | None = None
    many_at: int = -100  # number of the last sentence about a meeting of many parties
    home: Home | None = None  # between whom the whole story plays, where that can be told
    channel: str | None = None  # the standing channel that was told of last, "" for one without an id
    channel_at: int = -100
    channel_round: int | None = None
    channel_dyad: str | None = None

    def latest(self, ids: Iterable[str]) -> str | None:
        """Which of some officials was named last in full, if any was."""
        known = [one for one in ids if one in self.people]
        return max(known, key=lambda one: self.people[one], default=None)


@dataclass(frozen=True, slots=True)
class Parties:
    """The dyad of a sentence with the rule that gave it, or the reason why there is none."""

    dyad: str | None
    rule: str
    actors: tuple[Actor, ...]


def actors_in(sentence: Sentence, focus: Focus, rules: Rules, day: date | None) -> tuple[Actor, ...]:
    """The officials who act in a sentence: by full name, by surname, by office."""
    found: dict[str, Actor] = {}
    named = sentence.of(OFFICIAL)
    for hit in named:
        person = rules.actors.officials[hit.value]
        found.setdefault(hit.value, Actor(hit.value, person.state, hit.start, hit.end, "official.name"))
    by_place: dict[tuple[int, int], list[str]] = {}
    # Thổ Nhĩ Kỳ is Turkey, and nobody called Kỳ.
    taken = [*named, *sentence.of(STATE, ADJECTIVE, PLACE, "exercise", "patrol")]
    for hit in sentence.of(SURNAME):
        if not any(hit.inside(name) for name in taken):
            by_place.setdefault((hit.start, hit.end), []).append(hit.value)
    for (start, end), ids in by_place.items():
        known = (
            next((one for one in ids if one in found), None) or focus.latest(ids) or _sole(ids, rules, day)
        )
        if known:
            state = rules.actors.officials[known].state
            found.setdefault(known, Actor(known, state, start, end, "official.surname"))
    for actor in _by_office(sentence, list(found.values()), rules, day):
        found.setdefault(actor.id, actor)
    for actor in _by_counterpart(sentence, list(found.values()), focus, rules, day):
        found.setdefault(actor.id, actor)
    return tuple(sorted(found.values(), key=lambda actor: actor.start))


def _sole(ids: list[str], rules: Rules, day: date | None) -> str | None:
    """The one bearer of a surname, where it is no common one and an office was held on the day."""
    if len(ids) != 1 or len(ids[0].split("_")[-1]) < 5:
        return None
    return ids[0] if rules.actors.office_on(ids[0], day) else None


def _by_office(sentence: Sentence, named: list[Actor], rules: Rules, day: date | None) -> Iterable[Actor]:
    """Those who are called by their office alone, where the state stands beside it."""
    states = sentence.of(STATE, ADJECTIVE, METONYM)
    for hit in sentence.of("office"):
        # An office beside a name is that person's title.
        if any(-3 <= actor.start - hit.end <= 40 or -3 <= hit.start - actor.end <= 40 for actor in named):
            continue
        for state in _holders(hit, states, sentence):
            person = rules.holder(state, hit.value, day)
            if person is not None:
                yield Actor(person.id, state, hit.start, hit.end, "official.office")


def _holders(office: Hit, states: Sequence[Hit], sentence: Sentence) -> list[str]:
    """The states whose office is meant: the nearest, and the one that "and" joins to it; or a pair's two."""
    near = [state for state in states if _gap(state, office) <= _OFFICE_REACH]
    for pair in sentence.of(PAIR):
        if _gap(pair, office) <= _JOINED_REACH:
            return pair.value.split("-")
    if not near:
        return []
    nearest = min(near, key=lambda one: _gap(one, office))
    joints = [(joint.start, joint.end) for joint in sentence.of("joint")]
    others = [
        one.value
        for one in states
        if one.value != nearest.value
        and _gap(one, nearest) <= _JOINED_REACH
        and any(
            min(one.end, nearest.end) <= start and end <= max(one.start, nearest.start)
            for start, end in joints
        )
    ]
    return [nearest.value, *others[:1]]


def _by_counterpart(
    sentence: Sentence, named: list[Actor], focus: Focus, rules: Rules, day: date | None
) -> Iterable[Actor]:
    """Who holds the same office on the other side: "Pintér met his Chinese counterpart"."""
    states = sentence.of(STATE, ADJECTIVE)
    for hit in sentence.of("other_side"):
        if not named or len({actor.state for actor in named}) > 1:
            continue
        first = min(named, key=lambda actor: abs(actor.start - hit.start))
        near = [one for one in states if _gap(one, hit) <= _COUNTERPART_REACH and one.value != first.state]
        state = min(near, key=lambda one: _gap(one, hit)).value if near else _opposite(first.state, focus)
        for tenure in rules.actors.office_on(first.id, day) if state else ():
            person = rules.holder(state, tenure.office, day) if tenure.office != "other" else None
            if person is not None:
                yield Actor(person.id, state, hit.start, hit.end, "official.counterpart")
                break


def _opposite(state: str, focus: Focus) -> str:
    """The other party of the dyad that a story is about; empty where none is known."""
    if state != CHINA:
        return CHINA
    dyad = focus.dyad or (focus.home.dyad if focus.home else None)
    return next((party for party in dyad.split("-") if party != CHINA), "") if dyad else ""


def _gap(one: Hit, two: Hit) -> int:
    return max(one.start - two.end, two.start - one.end, 0)


def parties_of(
    sentence: Sentence, focus: Focus, rules: Rules, actors: tuple[Actor, ...], reading: Reading
) -> Parties:
    """The dyad of a sentence, by its named channel, its officials, its states, or the one before."""
    fixed = {
        rules.mechanisms[hit.value].dyad for hit in sentence.of(MECHANISM) if hit.value in rules.mechanisms
    }
    if len(fixed) == 1:
        dyad = next(iter(fixed))
        if dyad and (strangers := _between_others(dyad, sentence, rules, actors, reading)):
            return Parties(None, f"dyad: {strangers} hold it", actors)
        return Parties(dyad, "dyad.mechanism" if dyad else "dyad: the channel is of many parties", actors)
    foreign = list(dict.fromkeys(actor.state for actor in actors if actor.state != CHINA))
    chinese = any(actor.state == CHINA for actor in actors)
    named = _states(sentence, rules.watched)
    if chinese and foreign:
        return _choose(foreign, "dyad.officials", focus, rules, actors)
    if pairs := sentence.of(PAIR):
        return Parties(pairs[0].value, "dyad.pair", actors)
    others = _acting([state for state in named if state != CHINA], sentence)
    if chinese and others:
        return _choose(others, "dyad.official_state", focus, rules, actors)
    if foreign and CHINA in named:
        return _choose(foreign, "dyad.official_state", focus, rules, actors)
    if CHINA in named and others and not _enumerated(sentence, rules, reading):
        return _choose(others, "dyad.states", focus, rules, actors)
    return _carried(sentence, focus, rules, actors, foreign, others)


def _states(sentence: Sentence, watched: frozenset[str]) -> list[str]:
    targets = sentence.of("target")
    places, reports = sentence.of("locative"), sentence.of("report")
    return list(
        dict.fromkeys(
            hit.value
            for hit in sentence.of(STATE, ADJECTIVE, METONYM)
            # A pact aimed at China is none of China's.
            if not any(0 <= hit.start - word.end <= _TARGET_REACH for word in targets)
            and (hit.value == CHINA or hit.value in watched or not _looks_on(hit, places, reports))
        )
    )


def _looks_on(state: Hit, places: Sequence[Hit], reports: Sequence[Hit]) -> bool:
    """Whether a third state is but where somebody sits, or who tells: "in Washington", "Tokyo said"."""
    if any(0 <= _gap(state, word) <= 2 for word in reports):
        return True
    return state.word_class == METONYM and any(0 <= state.start - word.end <= 1 for word in places)


def _choose(states: list[str], rule: str, focus: Focus, rules: Rules, actors: tuple[Actor, ...]) -> Parties:
    watched = [state for state in states if state in rules.watched]
    if not watched:
        return Parties(None, f"{rule}: {', '.join(states)} is not watched", actors)
    if rule == "dyad.officials" and watched[0] != states[0]:
        return Parties(None, f"{rule}: {states[0]} comes first", actors)
    # Of several the one between whom and China the story plays.
    ours = [state for state in watched if focus.home is not None and state in focus.home.dyad.split("-")]
    party = ours[0] if ours and rule == "dyad.states" else watched[0]
    return Parties(rules.dyad(party), rule, actors)


def _between_others(
    dyad: str, sentence: Sentence, rules: Rules, actors: tuple[Actor, ...], reading: Reading
) -> str | None:
    """Two states of one list that are not the channel's two: others have such talks as well.

    Where China is named beside them, both must be strangers; where both parties are, nobody else has them.
    """
    parties = set(dyad.split("-"))
    # The South China Sea is a place, and names no China.
    places = sentence.of(PLACE)
    states = [
        hit for hit in sentence.of(STATE, ADJECTIVE, METONYM) if not any(_within(hit, at) for at in places)
    ]
    named = {*(hit.value for hit in states), *(actor.state for actor in actors)}
    if parties <= named or sentence.has(PAIR):
        return None
    fewest = 2 if CHINA in named else 1
    for one, two in pairwise(_outermost(states)):
        both = {one.value, two.value}
        if len(both) == 2 and len(both - parties) >= fewest and _listed(one, two, sentence, reading):
            return f"{one.value} and {two.value}"
    return None


def _outermost(hits: Sequence[Hit]) -> list[Hit]:
    """Names without those that are but a part of a longer one: the Saudi of Saudi Arabia."""
    return [one for one in hits if not any(_within(one, other) for other in hits)]


def _within(one: Hit, other: Hit) -> bool:
    """Whether a name is a part of a longer one; another reading of the same words is none."""
    return one.inside(other) and other.end - other.start > one.end - one.start


def _listed(one: Hit, two: Hit, sentence: Sentence, reading: Reading) -> bool:
    """Whether two states stand in one list: nothing but a mark, or "and", between them."""
    between = reading.folded[one.end : two.start]
    joined = any(one.end <= joint.start and joint.end <= two.start for joint in sentence.of("joint"))
    return len(between) <= _LIST_REACH and (joined or not between.strip(" ,、，/"))


def _acting(others: list[str], sentence: Sentence) -> list[str]:
    """Without those who only give the place, where the minister of a state that is named acts in it.

    Who meets the minister of Uganda in Madrid does not meet Spain.
    """
    names = sentence.of(STATE, ADJECTIVE)
    acting = set()
    for office in sentence.of("office"):
        nearest = min(names, key=lambda name: _gap(name, office), default=None)
        if nearest is not None and nearest.value in others and _gap(nearest, office) <= _JOINED_REACH:
            acting.add(nearest.value)
    if not acting:
        return others
    places = sentence.of("locative")
    elsewhere = {
        hit.value
        for hit in (*names, *sentence.of(METONYM))
        if not any(0 <= hit.start - word.end <= 1 for word in places)
    }
    return [state for state in others if state in acting or state in elsewhere]


def _enumerated(sentence: Sentence, rules: Rules, reading: Reading) -> bool:
    """Whether a third, unwatched state stands in one list with the others: then it is no dyad."""
    for one, two in pairwise(_outermost(sentence.of(STATE, ADJECTIVE))):
        both = {one.value, two.value}
        foreign = both - {CHINA} - rules.watched
        if len(both) > len(foreign) > 0 and _listed(one, two, sentence, reading):
            return True
    return False


def _carried(
    sentence: Sentence,
    focus: Focus,
    rules: Rules,
    actors: tuple[Actor, ...],
    foreign: list[str],
    others: list[str],
) -> Parties:
    if focus.dyad is None or sentence.number - focus.dyad_at > _CARRY:
        return Parties(None, NOT_STATED, actors)
    party = next(one for one in focus.dyad.split("-") if one != CHINA)
    strangers = [state for state in (*foreign, *others) if state not in (party, CHINA)]
    if strangers:
        return Parties(None, f"dyad: {', '.join(strangers)} is named", actors)
    if actors or sentence.has("collective", "pronoun", "other_side", STATE, ADJECTIVE):
        return Parties(focus.dyad, "dyad.carried", actors)
    return Parties(None, NOT_STATED, actors)


def home_of(story: Sequence[Sentence], rules: Rules, reading: Reading) -> Home | None:
    """The dyad of a whole story: its title's, else the only one that its first sentences state.

    Where none of them states one, two sentences may do so together: one names China, another one
    the only other party.
    """
    stated: list[str] = []
    states: dict[str, None] = {}
    for sentence in story[:_HOME]:
        actors = actors_in(sentence, Focus(), rules, reading.published)
        parties = parties_of(sentence, Focus(), rules, actors, reading)
        named = {*_states(sentence, rules.watched), *(actor.state for actor in actors)}
        if sentence.number == 0:
            if parties.dyad is not None:
                return Home(parties.dyad, True)
            # A title about two others is no story of ours.
            if named - {CHINA} - rules.watched or len(named - {CHINA}) > 1:
                return None
        if parties.dyad is not None:
            stated.append(parties.dyad)
        states.update(dict.fromkeys(named))
    if stated:
        return Home(stated[0], False) if len(set(stated)) == 1 else None
    others = [state for state in states if state != CHINA]
    dyad = rules.dyad(others[0]) if CHINA in states and len(others) == 1 else None
    return Home(dyad, False) if dyad else None


def at_home(sentence: Sentence, parties: Parties, focus: Focus, rules: Rules) -> Parties:
    """The parties of a sentence that tells of an act and names no others than those of its story."""
    home = focus.home
    if parties.dyad is not None or home is None or parties.rule != NOT_STATED:
        return parties
    named = {*_states(sentence, rules.watched), *(actor.state for actor in parties.actors)}
    if not named <= set(home.dyad.split("-")):
        return parties
    taken_up = bool(named) or sentence.has("collective", "other_side")
    if taken_up or (home.titled and sentence.number < _HOME):
        return Parties(home.dyad, "dyad.story", parties.actors)
    return parties


def remember(sentence: Sentence, focus: Focus, parties: Parties, rules: Rules) -> None:
    """Let the focus follow a sentence that has been coded."""
    if any(rules.mechanisms[hit.value].dyad is None for hit in sentence.of(MECHANISM)):
        focus.many_at = sentence.number
    for actor in parties.actors:
        focus.people[actor.id] = sentence.number
        focus.sides[actor.state] = (actor, sentence.number)
    if parties.dyad is not None:
        focus.dyad, focus.dyad_at = parties.dyad, sentence.number
    if place := stated_place(sentence):
        focus.place = place


def stated_place(sentence: Sentence, act: Hit | None = None) -> Hit | None:
    """The first place with a word of place or of travel right before it; a dateline has none.

    With an act, the first of its own clause, or of the nearest one.

    A name that never stands for a government needs no such word, nor does a form that is itself
    one (Budapesten), but not at the beginning of a sentence, where datelines stand.
    """
    words = sentence.of("locative", "travel")
    governments = {(hit.start, hit.end) for hit in sentence.of(METONYM)}
    plain: Hit | None = None
    places = sentence.of(PLACE)
    if act is not None:
        places.sort(key=lambda place: sentence.parted(place.start, act.start))
    for place in places:
        if any(-2 <= place.start - word.end <= 2 or place.inside(word) for word in words):
            return place
        dateline = place.start == sentence.span.start
        if plain is None and not dateline and (place.start, place.end) not in governments:
            plain = place
    return plain
