"""What the sentences around an event add to it: its place, its end, and who sat at the table.

A headline tells the act, the next sentence where and by whom: neither is an event by itself. Only
sentences that tell of no other event are asked, the nearest first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

from tasks.code.dates import Day
from tasks.code.fields import LEADERS, Candidate, own_day, reckon_ahead
from tasks.code.matcher import GENERIC, MECHANISM, METONYM, OFFICIAL, PLACE, SURNAME, Hit
from tasks.code.parties import stated_place
from tasks.code.reading import Reading, Sentence
from tasks.code.rules import Rules
from tasks.model import DateBasis, Evidence, Kind, Precision, Stage

# How many sentences from those of an event one may stand that completes it.
_REACH = 2
# How near "until" stands to the day that it gives.
_UNTIL_REACH = 3
# How near "began" and "ended" stand to their days, and "two-day" to what lasts so long.
_VERB_REACH = 12
_LENGTH_REACH = 12
_SHORTEST = 2
# The longest that what has a beginning and an end goes on, in days.
_LONGEST = 60
_TRAINED = (Kind.PATROL, Kind.EXERCISE)
_TEXTS = (Kind.AGREEMENT, Kind.STATEMENT)

_OVER = ("held", "under_way")
_CARRIED = 0.7


def completed(events: Sequence[Candidate], reading: Reading, rules: Rules) -> Sequence[Candidate]:
    """The events of an item, each with what the sentences around it say of it."""
    for event in events:
        around = list(_around(event, events, reading))
        own = [one for one in reading.sentences if one.story == event.story and one.number in event.numbers]
        _undo(event, own, around, reading)
        _begin(event, around, reading)
        if event.place is None:
            _add_place(event, around, reading, rules)
        _narrow(event, around, reading)
        _add_end(event, [*own, *around], reading)
        _add_last(event, own, reading)
        _add_length(event, own)
        _add_officials(event, own, around, reading, rules)
    for event in events:
        _without_hosts_of_the_last(event, events)
    return events


def _around(event: Candidate, events: Sequence[Candidate], reading: Reading) -> Iterator[Sentence]:
    taken = {
        number for other in events if other is not event and other.story == event.story
        for number in other.numbers
    }  # fmt: skip
    near = [
        (min(abs(one.number - number) for number in event.numbers), one)
        for one in reading.sentences
        if one.story == event.story and one.role is event.role and one.number not in (*event.numbers, *taken)
    ]
    near.sort(key=lambda pair: (pair[0], -pair[1].number))
    for distance, one in near:
        if distance <= _REACH and (event.recalled or not one.has("background")):
            yield one


def _undo(event: Candidate, own: Sequence[Sentence], around: Sequence[Sentence], reading: Reading) -> None:
    """Put off or call off a plan that the title, or the sentence beside it, says was given up.

    Who looks for another day puts off: that word outweighs "cancelled".
    """
    told = event.evidence["stage"].rule == "stage.told"
    if not (event.stage is Stage.ANNOUNCED or told) or event.recalled:
        return
    # What its chairs have led had been put off before.
    past = event.day is not None and reading.published is not None and event.day.end <= reading.published
    if told and past and any(one.has("chair", *_OVER, "meet") for one in own):
        return
    near = [one for one in around if one.number == 0 or (not told and _beside(one, event))]
    if any(one.has(*_OVER, "sign") for one in near):
        return
    for word_class, stage in (("postponed", Stage.POSTPONED), ("cancelled", Stage.CANCELLED)):
        for one in near:
            for word in one.of(word_class):
                if told:
                    reckon_ahead(event)
                event.stage = stage
                event.evidence["stage"] = _evidence(word, reading, "stage.beside")
                return


def _begin(event: Candidate, around: Sequence[Sentence], reading: Reading) -> None:
    """Let what a headline tells without a word of stage be under way, if the next sentence says so."""
    if event.evidence["stage"].rule != "stage.told" or event.kind in (*_TEXTS, Kind.MEETING):
        return
    for one in around:
        begun = one.of("under_way")
        if begun and _beside(one, event) and not one.has("held", "announced"):
            event.stage = Stage.UNDER_WAY
            event.evidence["stage"] = _evidence(begun[0], reading, "stage.beside")
            return


def _beside(sentence: Sentence, event: Candidate) -> bool:
    return any(abs(sentence.number - number) == 1 for number in event.numbers)


def _add_place(event: Candidate, around: Sequence[Sentence], reading: Reading, rules: Rules) -> None:
    for one in around:
        if one.has("multilateral"):
            continue
        place = stated_place(one)
        if place is not None and _is_others_capital(place, one, event.dyad):
            continue
        if place is None and event.kind in _TRAINED:
            # Ships and bombers meet at sea, which is the government of nobody.
            place = next(
                (hit for hit in one.of(PLACE) if rules.actors.places[hit.value].country is None), None
            )
        if place is not None:
            event.place = place.value
            event.evidence["place"] = _evidence(place, reading, "place.beside")
            return


def _is_others_capital(place: Hit, sentence: Sentence, dyad: str) -> bool:
    """Whether a place is the seat of a third government, which watches or comments."""
    return any(hit.start == place.start and hit.value not in dyad.split("-") for hit in sentence.of(METONYM))


def _add_end(event: Candidate, sentences: Sequence[Sentence], reading: Reading) -> None:
    """Make a stretch of a day on which something began, where a sentence says until when it goes on."""
    if event.day is None or event.day.precision is not Precision.DAY or event.kind in _TEXTS:
        return
    for one in sentences:
        for word in one.of("until"):
            for day in one.days:
                ends = [each for each in (day.ahead, day.interval) if each is not None]
                touching = _gap(day, word) <= _UNTIL_REACH
                last = next((each.end for each in ends if touching and each.end > event.day.start), None)
                if last is not None and (last - event.day.start).days <= _LONGEST:
                    event.day = replace(event.day, end=last, precision=Precision.RANGE)
                    event.evidence["date"] = replace(event.evidence["date"], rule="date.until")
                    return


def _narrow(event: Candidate, around: Sequence[Sentence], reading: Reading) -> None:
    """Put the day in the place of its month or week, where the sentence beside gives it."""
    coarse = event.day
    if coarse is None or coarse.precision not in (Precision.WEEK, Precision.MONTH) or event.kind in _TEXTS:
        return
    for one in around:
        day = own_day(None, one, reading)
        if day is None or not _beside(one, event) or one.has("meet", "sign", "travel"):
            continue
        for fine in (day.ahead, day.interval):
            exact = fine is not None and fine.precision in (Precision.DAY, Precision.RANGE)
            if fine is not None and exact and coarse.start <= fine.start and fine.end <= coarse.end:
                event.day = replace(fine, basis=DateBasis.CARRIED)
                quote = reading.quote(day.start, day.end)
                event.evidence["date"] = Evidence(quote, "date.carried", day.start, _CARRIED)
                return


def _add_last(event: Candidate, own: Sequence[Sentence], reading: Reading) -> None:
    """Make a stretch of the days beside "began" and "ended" in one sentence."""
    if event.day is None or event.day.precision is not Precision.DAY or event.kind in _TEXTS:
        return
    for one in own:
        for (first, _), (last, over) in product(_beside_verb(one, "under_way"), _beside_verb(one, "held")):
            start, end = first.interval.start, last.interval.end
            known = start <= event.day.start and event.day.end <= end
            if known and 0 < (end - start).days <= _LONGEST:
                event.day = replace(event.day, start=start, end=end, precision=Precision.RANGE)
                event.evidence["date"] = replace(event.evidence["date"], rule="date.from_to")
                if event.stage is Stage.UNDER_WAY and reading.published and end <= reading.published:
                    event.stage, event.evidence["stage"] = Stage.HELD, _evidence(over, reading, "stage.held")
                return


def _beside_verb(sentence: Sentence, word_class: str) -> list[tuple[Day, Hit]]:
    """The days of a sentence that stand by a verb of a class, each with the verb."""
    words = sentence.of(word_class)
    return [(day, word) for day in sentence.days for word in words if _gap(day, word) <= _VERB_REACH]


def _add_length(event: Candidate, own: Sequence[Sentence]) -> None:
    """Make a stretch of the day on which "two-day" talks begin.

    Of what is over the one day may be the first or the last: then none is given.
    """
    if event.day is None or event.day.precision is not Precision.DAY or event.kind in _TEXTS:
        return
    for one in own:
        for word in one.of("lasting"):
            acts = one.of("channel", "consult", "exercise", "patrol", "under_way", MECHANISM, GENERIC)
            near = any(_apart(word, act) <= _LENGTH_REACH for act in acts)
            # A two-day visit may hold a morning of talks.
            visit = any(_apart(word, trip) <= 1 for trip in one.of("travel"))
            if word.weight < _SHORTEST or visit or not near:
                continue
            if event.stage is Stage.HELD:
                event.day = None
                del event.evidence["date"]
            else:
                end = event.day.start + timedelta(days=word.weight - 1)
                event.day = replace(event.day, end=end, precision=Precision.RANGE)
                event.evidence["date"] = replace(event.evidence["date"], rule="date.lasting")
            return


def _apart(one: Hit, two: Hit) -> int:
    return max(one.start - two.end, two.start - one.end, 0)


def _gap(day: Day, word: Hit) -> int:
    return max(day.start - word.end, word.start - day.end, 0)


def _add_officials(
    event: Candidate, own: Sequence[Sentence], around: Sequence[Sentence], reading: Reading, rules: Rules
) -> None:
    """Fill the sides for which nobody is named yet, by a channel's chairs and by those who lead or sign."""
    if event.kind in (*_TRAINED, Kind.TRANSFER) or event.stage is Stage.DENIED:
        return
    day = event.day.start if event.day else reading.published
    mechanism = rules.mechanisms.get(event.mechanism or "")
    for side in event.dyad.split("-"):
        if any(rules.actors.officials[one].state == side for one in event.officials):
            continue
        chairs = mechanism.chairs.get(side, ()) if mechanism else ()
        if event.kind is Kind.STATEMENT:
            chairs = LEADERS
        found = next(
            (
                hit
                for one in (*own, *around)
                for hit in _named(one, side, rules, day)
                if rules.holds(hit.value, chairs, day) or (hit.word_class == OFFICIAL and _led(one, hit))
            ),
            None,
        )
        if found is not None:
            event.officials.append(found.value)
            event.evidence.setdefault("officials", _evidence(found, reading, "official.beside"))

    if event.kind is Kind.STATEMENT and event.mechanism is None:
        _name_summit(event, rules, day)


def _name_summit(event: Candidate, rules: Rules, day: date | None) -> None:
    """The summit whose chairs have made a joint statement."""
    for mechanism in rules.mechanisms.values():
        if mechanism.dyad != event.dyad or Kind.STATEMENT not in mechanism.kinds:
            continue
        acted = {
            side
            for side, offices in mechanism.chairs.items()
            for one in event.officials
            if rules.actors.officials[one].state == side and rules.holds(one, offices, day)
        }
        if acted == set(mechanism.chairs):
            event.mechanism = mechanism.id
            event.evidence["mechanism"] = replace(event.evidence["kind"], rule="mechanism.leaders")
            return


def _named(sentence: Sentence, side: str, rules: Rules, day: date | None) -> list[Hit]:
    """The officials of a side who are named in a sentence and held an office on the day."""
    named = [hit for hit in sentence.of(OFFICIAL, SURNAME) if rules.actors.officials[hit.value].state == side]
    offices = {hit.value: [one.office for one in rules.actors.office_on(hit.value, day)] for hit in named}
    return [hit for hit in named if offices[hit.value] and "spokesperson" not in offices[hit.value]]


def _led(sentence: Sentence, name: Hit) -> bool:
    """Whether a sentence says of somebody that he or she led a side, signed or met."""
    words = sentence.of("chair", "sign", "other_side")
    if sentence.has("report") and not words:
        return False
    return any(sentence.parted(word.start, name.start) <= 1 for word in words)


def _without_hosts_of_the_last(event: Candidate, events: Sequence[Candidate]) -> None:
    """Who held this round is not said to hold the next one, which the same sentence promises."""
    if event.stage is not Stage.ANNOUNCED:
        return
    for other in events:
        held = other is not event and other.stage in (Stage.HELD, Stage.UNDER_WAY)
        same = other.mechanism == event.mechanism and other.kind is event.kind
        if held and same and set(event.officials) <= set(other.officials):
            event.officials.clear()
            event.evidence.pop("officials", None)
            return


def _evidence(hit: Hit, reading: Reading, rule: str) -> Evidence:
    return Evidence(reading.quote(hit.start, hit.end), rule, hit.start, _CARRIED)
