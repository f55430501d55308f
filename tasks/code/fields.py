"""The candidates of a sentence: an act with its dyad, and the fields that the words give."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from tasks.code.dates import Day
from tasks.code.matcher import (
    ADJECTIVE,
    GENERIC,
    MECHANISM,
    OFFICIAL,
    PAIR,
    PLACE,
    STATE,
    SUBJECT,
    Hit,
)
from tasks.code.parties import NOT_STATED, Actor, Focus, Parties, at_home, stated_place
from tasks.code.reading import Reading, Sentence, around
from tasks.code.rules import CHINA, Rules, Tools, other_party
from tasks.model import (
    SUPPOSED_MECHANISM,
    DateBasis,
    Evidence,
    Interval,
    Kind,
    Precision,
    RoundBasis,
    SegmentRole,
    Stage,
)
from tasks.settings.lexicon import Script
from tasks.settings.mechanisms import Mechanism

# Offices whose meetings are about security by themselves (codebook, "Relevant").
SECURITY_OFFICES = (
    "interior_minister", "deputy_interior_minister", "defence_minister", "deputy_defence_minister",
    "security_council_secretary", "political_legal_secretary", "military_commission", "armed_forces",
    "police_chief", "coast_guard", "border_service", "intelligence", "national_security_adviser",
)  # fmt: skip
LEADERS = ("head_of_state", "head_of_government")
# The level below which a meeting is none (an ambassador, a spokesman).
_LOW_OFFICES = ("ambassador", "spokesperson")
_STAGES = {
    "announced": Stage.ANNOUNCED, "under_way": Stage.UNDER_WAY, "held": Stage.HELD,
    "postponed": Stage.POSTPONED, "cancelled": Stage.CANCELLED, "denied": Stage.DENIED,
}  # fmt: skip
# How far from its act a word of stage may stand, in characters.
_STAGE_REACH = 90
_ABOUT_REACH = 120
# How much further a word of stage counts for each mark that parts its clause from the act's.
_PARTED = 15
_PLANS = (Stage.ANNOUNCED, Stage.POSTPONED, Stage.CANCELLED)
# How near a verb of reporting must stand to take a day for itself.
_REPORT_REACH = 18
# How many days from the day named last such a word leads.
_DAY_STEPS = {"day_before": -1, "same_day": 0, "day_after": 1}
# How near "until" stands before the day that it gives.
_UNTIL_REACH = 3
# How many sentences a date or a place of the same story is carried.
_CARRY_DATE = 3
_CARRY_PEOPLE = 4
_LEAD = 4
_INSTRUMENT_LENGTH = 90
_NAME_LENGTH = 40
# How far before and behind the noun of a text its subject may stand.
_TEXT_BEFORE = 45
_TEXT_BEHIND = 90
# How near its subject a channel's noun must stand, and the two states a platform that both send.
_CHANNEL_REACH = 45
_COUNTED_REACH = 12
_PLATFORM_REACH = 45
_BOTH_REACH = 25
# For how many sentences an act of many parties goes on.
_MANY_REACH = 2
# How many sentences around a joint statement tell what it holds.
_STATEMENT_REACH = 5
# How far an undoing word governs, and how near it stands to what was put off before it was held.
_UNDOING_REACH = 140
_ATTRIBUTE_REACH = 15
_FAR = 999
# What a subject of security weighs that is nothing else.
_STRONG = 3
_CLAUSE_ENDS = (", ", "; ", ". ", "，", "。", "、", " which ", " but ", " that ", "\n")


@dataclass(slots=True)
class Candidate:
    """What one sentence says of an event, before the sentences are joined."""

    kind: Kind
    stage: Stage
    dyad: str
    role: SegmentRole
    story: int
    number: int
    recalled: bool
    numbers: list[int] = field(default_factory=list)  # the sentences that tell of it
    mechanism: str | None = None
    round: int | None = None
    round_basis: RoundBasis | None = None
    day: Interval | None = None
    ahead: Interval | None = None  # which day it is, if it turns out to have been a plan
    place: str | None = None
    officials: list[str] = field(default_factory=list)
    instrument: str | None = None
    contexts: set[str] = field(default_factory=set)
    evidence: dict[str, Evidence] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Act:
    """The word that tells of an act, with the kind that it makes."""

    kind: Kind
    hit: Hit
    rule: str


def candidates(
    sentence: Sentence,
    parties: Parties,
    focus: Focus,
    story: Sequence[Sentence],
    reading: Reading,
    rules: Rules,
    tools: Tools,
) -> Iterator[Candidate | str]:
    """The candidates of a sentence; a text in place of one says why an act gave none."""
    home = at_home(sentence, parties, focus, rules)
    acts = list(_acts(sentence, parties, home, focus, story, rules, tools, reading))
    if not acts:
        return
    if reason := _multilateral(sentence, focus, rules):
        yield f"{acts[0].rule}: {reason}"
        return
    for act in acts:
        own = parties if act.kind is Kind.MEETING else home
        if own.dyad is None and act.rule == "kind.session" and own.rule == NOT_STATED:
            own = Parties(focus.channel_dyad, "dyad.session", own.actors)
        if own.dyad is None:
            yield f"{act.rule}: {own.rule}"
            continue
        mechanism, rule = _mechanism(act, sentence, own, focus, story, rules, reading)
        if reason := _unfit(act, sentence, own, mechanism, story, rules, reading):
            yield f"{act.rule}: {reason}"
            continue
        found = _candidate(act, sentence, own, focus, mechanism, rule, story, reading, rules, tools)
        carried = "date" not in found.evidence or found.evidence["date"].rule == "date.carried"
        if act.rule == "kind.session" and found.stage is Stage.ANNOUNCED and carried:
            yield f"{act.rule}: a next round is wished for, and no day is given"
            continue
        if found.kind is Kind.CONSULTATION_ROUND:
            focus.channel, focus.channel_at = found.mechanism or "", sentence.number
            focus.channel_round = found.round or focus.channel_round
            focus.channel_dyad = found.dyad
        if parties.dyad is None:
            focus.dyad, focus.dyad_at = found.dyad, sentence.number
        yield found


def _acts(
    sentence: Sentence,
    parties: Parties,
    home: Parties,
    focus: Focus,
    story: Sequence[Sentence],
    rules: Rules,
    tools: Tools,
    reading: Reading,
) -> Iterator[Act]:
    """The acts of which a sentence tells, at most one of each sort."""
    signs, instruments = sentence.of("sign"), sentence.of("instrument")
    beside = not sentence.has("statement") and _texts_beside(sentence, story)
    signed = bool(signs and (instruments or beside))
    if signed:
        yield Act(Kind.AGREEMENT, signs[0], "kind.sign")
    elif (text := _undone_text(sentence)) is not None:
        yield Act(Kind.AGREEMENT, text, "kind.undone")
        return
    for hit in _named_channels(sentence, rules, reading):
        mechanism = rules.mechanisms[hit.value]
        text_of_it = signed and Kind.AGREEMENT in mechanism.kinds
        if mechanism.dyad is not None and not text_of_it and mechanism.kinds[0] is not Kind.AGREEMENT:
            yield Act(mechanism.kinds[0], hit, "kind.mechanism")
            return
    statements = sentence.of("statement")
    if not statements:
        trained = [
            act for act in _trained(sentence, home, reading) if not (signed and _is_subject(act, sentence))
        ]
        yield from trained
        if trained:
            return
    if sentence.has("transfer") and (arms := sentence.of("arms")):
        yield Act(Kind.TRANSFER, arms[0], "kind.transfer")
        return
    if statements:
        yield Act(Kind.STATEMENT, statements[0], "kind.statement")
        return
    if generic := _generic(sentence, home, rules):
        yield Act(rules.mechanisms[generic.value].kinds[0], generic, "kind.generic")
        return
    if channel := _channel(sentence, story):
        yield Act(Kind.CONSULTATION_ROUND, channel, "kind.channel")
        return
    if session := _session(sentence, focus, tools, reading):
        yield Act(Kind.CONSULTATION_ROUND, session, "kind.session")
        return
    meets = sentence.of("meet", "consult", "held")
    if meets and not signed:
        yield Act(Kind.MEETING, meets[0], "kind.meet")


def _named_channels(sentence: Sentence, rules: Rules, reading: Reading) -> list[Hit]:
    """The channels named in full, without a name that is but a part of a longer one, or none at all.

    海上联合 is an exercise; 海上联合巡航 is a patrol. "Joint Sea" is one; "joint sea and air patrols" is not.
    """
    longer = sentence.of(GENERIC, "patrol", "exercise")
    return [
        hit
        for hit in sentence.of(MECHANISM)
        if not any(hit.inside(other) and other.end > hit.end for other in longer)
        and not (rules.mechanisms[hit.value].kinds[0] is Kind.EXERCISE and reading.text[hit.start].islower())
    ]


def _texts_beside(sentence: Sentence, story: Sequence[Sentence]) -> bool:
    """Whether the next sentence or the one before names the text, where a headline only says "sign"."""
    return sentence.number <= 1 and any(
        one.has("instrument") and not one.has("sign")
        for one in story[:_LEAD]
        if abs(one.number - sentence.number) == 1
    )


def _undone_text(sentence: Sentence) -> Hit | None:
    """The text of security that a sentence says will not be signed, or not now."""
    undone = sentence.of("cancelled", "postponed")
    for text in sentence.of("instrument"):
        about = any(_subject_of(topic, text) for topic in sentence.of("topic") if topic.weight >= 2)
        if about and any(_apart(word, text) <= _STAGE_REACH for word in undone):
            return text
    return None


def _subject_of(topic: Hit, text: Hit) -> bool:
    """Whether a subject stands by a text as its own."""
    return -_TEXT_BEFORE <= topic.start - text.start <= _TEXT_BEHIND


def _is_subject(act: Act, sentence: Sentence) -> bool:
    """Whether a patrol or an exercise is but what the signed text is about."""
    return any(0 <= act.hit.start - text.end <= _TEXT_BEHIND for text in sentence.of("instrument"))


def _apart(one: Hit, two: Hit) -> int:
    return max(one.start - two.end, two.start - one.end, 0)


def _trained(sentence: Sentence, parties: Parties, reading: Reading) -> Iterator[Act]:
    """The patrol or exercise that a sentence names, or that its actors show: both sides' ships sail."""
    for word_class, kind in (("patrol", Kind.PATROL), ("exercise", Kind.EXERCISE)):
        if hits := sentence.of(word_class):
            yield Act(kind, hits[0], f"kind.{word_class}")
            return
    if parties.dyad is None or not sentence.has("movement"):
        return
    if platform := _sent_by_both(sentence, parties.dyad, reading):
        yield Act(Kind.PATROL, platform, "kind.platform")


def _sent_by_both(sentence: Sentence, dyad: str, reading: Reading) -> Hit | None:
    """The bombers or ships of both states: "Russian and Chinese bombers", "the two countries' ships"."""
    both = [(hit.start, hit.end) for hit in sentence.of(PAIR) if hit.value == dyad]
    both += [(hit.start, hit.end) for hit in sentence.of("collective")]
    names = [hit for hit in sentence.of(STATE, ADJECTIVE) if hit.value in dyad.split("-")]
    for one in names:
        for two in names:
            if one.value != two.value and 0 <= two.start - one.end <= _BOTH_REACH:
                both.append((one.start, two.end))
    for platform in sentence.of("platform"):
        for start, end in both:
            near = max(platform.start - end, start - platform.end) <= _PLATFORM_REACH
            if near and not sentence.parted(start, platform.start):
                return platform
    return None


def _channel(sentence: Sentence, story: Sequence[Sentence]) -> Hit | None:
    """The noun of a standing channel with its subject of security beside it: a cyber dialogue.

    Where rounds of it are counted close by, a weaker word of security that touches the noun will do.
    """
    offices = sentence.of("office")
    near = around(story, sentence, 1, 1)
    counted = any(one.ordinals and one.has("unit") for one in near)
    for hit in sentence.of("channel"):
        if any(hit.inside(office) for office in offices):
            continue
        for topic in sentence.of("topic"):
            strong = topic.weight >= 2 and _apart(hit, topic) <= _CHANNEL_REACH
            if strong or (counted and _apart(hit, topic) <= _COUNTED_REACH):
                return hit
    return None


def _session(sentence: Sentence, focus: Focus, tools: Tools, reading: Reading) -> Hit | None:
    """The numbered round of the channel that the story has just told of."""
    if focus.channel is None or sentence.number - focus.channel_at > _CARRY_PEOPLE or not sentence.ordinals:
        return None
    for unit in sentence.of("unit"):
        ordinal = tools.ordinals.bound(reading.folded, sentence.ordinals, sentence.hits, unit)
        known = focus.channel_round
        if ordinal is not None and (known is None or abs(ordinal.number - known) <= 1):
            return unit
    return None


def _generic(sentence: Sentence, parties: Parties, rules: Rules) -> Hit | None:
    """A name that belongs to a channel of this dyad, which consults or meets."""
    for hit in sentence.of(GENERIC):
        mechanism = rules.mechanisms[hit.value]
        talks = mechanism.kinds[0] in (Kind.CONSULTATION_ROUND, Kind.MEETING)
        if mechanism.dyad == parties.dyad and talks:
            return hit
    return None


def _multilateral(sentence: Sentence, focus: Focus, rules: Rules) -> str | None:
    """Why a sentence is about many parties and not about two."""
    if 0 < sentence.number - focus.many_at <= _MANY_REACH and not sentence.has("margins", MECHANISM, "sign"):
        return "the act before was of many parties"
    if sentence.has("multilateral") and not sentence.has("margins", MECHANISM, "pair"):
        acts = sentence.of("meet", "consult", "exercise", "patrol", "statement", "sign")
        for hit in sentence.of("multilateral"):
            if any(0 <= max(hit.start - act.end, act.start - hit.end) <= 25 for act in acts):
                focus.many_at = max(focus.many_at, sentence.number)
                return "the act is of many parties"
    return None


def _mechanism(
    act: Act,
    sentence: Sentence,
    parties: Parties,
    focus: Focus,
    story: Sequence[Sentence],
    rules: Rules,
    reading: Reading,
) -> tuple[Mechanism | None, Evidence | None]:
    """The channel of an act: by its name, or by its two chairs and its subject."""
    ours = [one for one in rules.mechanisms.values() if one.dyad == parties.dyad]
    if act.rule == "kind.session" and (channel := rules.mechanisms.get(focus.channel or "")):
        return channel, _quote(reading, act.hit.start, act.hit.end, "mechanism.session", 0.8)
    names = [*_named_channels(sentence, rules, reading), *sentence.of(GENERIC)]
    named = [hit for hit in names if hit.value in {one.id for one in ours}]
    fitting = [hit for hit in named if act.kind in rules.mechanisms[hit.value].kinds]
    if fitting:
        best = max(fitting, key=lambda hit: _chaired(rules.mechanisms[hit.value], parties, rules, reading))
        evidence = _quote(reading, best.start, best.end, f"mechanism.{best.word_class}")
        return rules.mechanisms[best.value], evidence
    near = _near(sentence, story, act)
    subjects = [(hit, mechanism) for mechanism in ours if (hit := _subject_in(near, mechanism)) is not None]
    # Maritime law enforcement is more than law enforcement.
    subjects.sort(key=lambda pair: pair[0].start - pair[0].end)
    for subject, mechanism in subjects:
        evidence = _quote(reading, subject.start, subject.end, "mechanism.subject")
        if act.kind in mechanism.kinds and act.kind is not Kind.MEETING:
            return mechanism, evidence
        # No channel meets on the sidelines of somebody else's forum.
        aside = sentence.has("multilateral") or story[0].has("multilateral")
        if act.kind is Kind.MEETING and not aside and _chaired(mechanism, parties, rules, reading) == 2:
            return mechanism, _quote(reading, subject.start, subject.end, "mechanism.chairs")
    if act.kind is Kind.TRANSFER:
        carrying = [one for one in ours if Kind.TRANSFER in one.kinds]
        if len(carrying) == 1:
            return carrying[0], _quote(reading, act.hit.start, act.hit.end, "mechanism.only", 0.8)
    return _meeting_of_chairs(act, ours, parties, rules, reading)


def _subject_in(near: Sequence[Sentence], mechanism: Mechanism) -> Hit | None:
    """The first of a channel's subjects that is no part of some channel's name."""
    for one in near:
        for hit in one.of(SUBJECT):
            if hit.value == mechanism.id and not any(hit.inside(name) for name in one.of(MECHANISM)):
                return hit
    return None


def _meeting_of_chairs(
    act: Act, ours: Sequence[Mechanism], parties: Parties, rules: Rules, reading: Reading
) -> tuple[Mechanism | None, Evidence | None]:
    """The channel that is no more than its chairs' meeting: ministers who meet hold it, whatever they say."""
    if act.kind in (Kind.MEETING, Kind.STATEMENT):
        for mechanism in ours:
            meets = act.kind in mechanism.kinds and Kind.CONSULTATION_ROUND not in mechanism.kinds
            if meets and _only_chairs(mechanism, parties, rules, reading):
                evidence = _quote(reading, act.hit.start, act.hit.end, SUPPOSED_MECHANISM, 0.6)
                return mechanism, evidence
    return None, None


def _near(sentence: Sentence, story: Sequence[Sentence], act: Act) -> list[Sentence]:
    """Where the subject of an act may be named: for talks the sentences around, else its own."""
    if act.kind is not Kind.MEETING:
        return [sentence]
    lead = [one for one in story[:_LEAD] if not one.has("background")]
    return list({one.span: one for one in (*around(story, sentence, 1, 1), *lead)}.values())


def _only_chairs(mechanism: Mechanism, parties: Parties, rules: Rules, reading: Reading) -> bool:
    """Whether both sides act, and by nobody but those who chair a channel."""
    sides = {actor.state for actor in parties.actors}
    return set(mechanism.chairs) <= sides and all(
        rules.holds(actor.id, mechanism.chairs.get(actor.state, ()), reading.published)
        for actor in parties.actors
    )


def _chaired(mechanism: Mechanism, parties: Parties, rules: Rules, reading: Reading) -> int:
    """How many sides of a channel act by somebody who chairs it."""
    return sum(
        any(
            actor.state == side and rules.holds(actor.id, offices, reading.published)
            for actor in parties.actors
        )
        for side, offices in mechanism.chairs.items()
    )


def _unfit(
    act: Act,
    sentence: Sentence,
    parties: Parties,
    mechanism: Mechanism | None,
    story: Sequence[Sentence],
    rules: Rules,
    reading: Reading,
) -> str | None:
    """Why an act of the right sort is no act of security cooperation, or None if it is one."""
    topic = max((hit.weight for hit in sentence.of("topic")), default=0)
    if act.kind is Kind.AGREEMENT:
        if mechanism is None and not _about_security(act, sentence, parties, story, rules, reading):
            return "the text signed is not about security"
        if _unsure(act, sentence):
            return "is wished for, not done"
    elif act.kind is Kind.STATEMENT:
        if max(topic, _topic_around(sentence, story)) < 2:
            return "the statement is not about security"
    elif act.kind in (Kind.PATROL, Kind.EXERCISE):
        if _in_a_statement(sentence, story):
            return "is the content of a text"
        if _by_one(act, sentence, parties):
            return "is one side's own"
    elif act.kind in (Kind.MEETING, Kind.CONSULTATION_ROUND):
        if act.rule == "kind.meet" and mechanism is None:
            return _no_meeting(parties, topic, rules, reading)
        if act.rule == "kind.generic" and mechanism is None:
            return "the channel's name alone does not say which one"
    if any(hit.end <= act.hit.start for hit in sentence.of("opinion")) and not sentence.days:
        return "is what somebody thinks of it"
    if act.rule in ("kind.mechanism", "kind.channel") and _merely_named(sentence):
        return "the channel is named, and nothing is said to have happened in it"
    if act.rule != "kind.mechanism" and _unsure(act, sentence) and not sentence.has("announced"):
        return "is wished for, not done"
    return None


def _topic_around(sentence: Sentence, story: Sequence[Sentence]) -> int:
    """How much a subject of security weighs in the sentences that tell what a statement holds."""
    return max(
        (
            hit.weight
            for one in around(story, sentence, 2, _STATEMENT_REACH)
            if (
                one.has("intent", "instrument", "statement")
                or (one.has("announced") and one.has("collective"))
            )
            for hit in one.of("topic")
        ),
        default=0,
    )


def _in_a_statement(sentence: Sentence, story: Sequence[Sentence]) -> bool:
    """Whether a sentence tells what a joint statement or a text holds, and of no act of its own."""
    if sentence.ordinals or sentence.days or not sentence.has("intent", "announced", "hypothetical"):
        return False
    # What a treaty holds is told with the words "the text", "the document".
    texts = ("statement", "sign") if sentence.has("intent") else ("statement",)
    return any(
        one.has(*texts) and one.number != sentence.number
        for one in around(story, sentence, _STATEMENT_REACH, _STATEMENT_REACH)
    )


def _by_one(act: Act, sentence: Sentence, parties: Parties) -> bool:
    """Whether a drill or a patrol is told of one state alone, by words that do not call it a joint one."""
    if parties.rule != "dyad.story" or sentence.has("collective", PAIR, "other_side", MECHANISM, GENERIC):
        return False
    states = {hit.value for hit in sentence.of(STATE, ADJECTIVE)}
    joint = any(hit.weight >= _STRONG and _apart(hit, act.hit) == 0 for hit in sentence.of("topic"))
    return len(states) == 1 and not joint


def _merely_named(sentence: Sentence) -> bool:
    """Whether a sentence behind the first speaks of a channel with no number, no day and no word of stage."""
    if sentence.number == 0 or sentence.ordinals or sentence.days:
        return False
    return sentence.number > _LEAD or not sentence.has(*_STAGES)


def _about_security(
    act: Act,
    sentence: Sentence,
    parties: Parties,
    story: Sequence[Sentence],
    rules: Rules,
    reading: Reading,
) -> bool:
    """Whether a subject of security stands by the text that was signed, or both sides are its officials.

    The text may be described in the next sentence or in the one before, if that tells of no signing itself.
    """
    near = around(story, sentence, 1, 1)
    beside = [one for one in near if one is not sentence and not one.has("sign")]
    for one in (sentence, *beside):
        texts = one.of("instrument")
        topics = [topic for topic in one.of("topic") if topic.weight >= 2]
        if any(_subject_of(topic, text) for topic in topics for text in texts):
            return True
    sides = {
        actor.state for actor in parties.actors if rules.holds(actor.id, SECURITY_OFFICES, reading.published)
    }
    return parties.dyad is not None and set(parties.dyad.split("-")) <= sides


def _no_meeting(parties: Parties, topic: int, rules: Rules, reading: Reading) -> str | None:
    sides = {actor.state for actor in parties.actors}
    other = other_party(parties.dyad) if parties.dyad else ""
    if not {CHINA, other} <= sides:
        return "not both sides act by an official"
    ours = [actor for actor in parties.actors if actor.state in (CHINA, other)]
    if any(rules.holds(actor.id, _LOW_OFFICES, reading.published) for actor in ours):
        return "is below the level of a minister"
    secure = any(rules.holds(actor.id, SECURITY_OFFICES, reading.published) for actor in ours)
    return None if secure or topic >= 3 else "the talks are not about security"


def _unsure(act: Act, sentence: Sentence) -> bool:
    """Whether the act is wished for, demanded or supposed: such a word stands just before it."""
    if act.rule == "kind.session" and sentence.days:
        return False
    for hit in sentence.of("hypothetical"):
        done = any(hit.end <= word.start <= act.hit.start for word in sentence.of("held", "sign"))
        if 0 <= act.hit.start - hit.end <= 45 and not (done and act.kind is not Kind.AGREEMENT):
            return True
    return False


def _candidate(
    act: Act,
    sentence: Sentence,
    parties: Parties,
    focus: Focus,
    mechanism: Mechanism | None,
    mechanism_evidence: Evidence | None,
    story: Sequence[Sentence],
    reading: Reading,
    rules: Rules,
    tools: Tools,
) -> Candidate:
    assert parties.dyad is not None
    kind = _kind(act, mechanism)
    candidate = Candidate(
        kind, Stage.HELD, parties.dyad, sentence.role, sentence.story, sentence.number,
        recalled=_recalled(act, sentence), numbers=[sentence.number],
    )  # fmt: skip
    whole = sentence.span
    candidate.evidence["kind"] = _quote(reading, act.hit.start, act.hit.end, act.rule)
    candidate.evidence["dyad"] = _quote(reading, whole.start, whole.end, parties.rule)
    if mechanism is not None and mechanism_evidence is not None:
        candidate.mechanism = mechanism.id
        candidate.evidence["mechanism"] = mechanism_evidence
    _add_round(candidate, act, sentence, mechanism, reading, tools)
    candidate.stage, candidate.evidence["stage"] = _stage(act, sentence, reading, tools)
    _add_day(candidate, act, sentence, parties, story, reading, rules, tools)
    _fit_stage(candidate, reading)
    _add_place(candidate, act, sentence, focus, reading)
    _add_officials(candidate, sentence, parties, focus, mechanism, rules, reading)
    _add_instrument(candidate, sentence, reading, tools)
    candidate.contexts = {hit.value for hit in sentence.of("context")}
    return candidate


def _kind(act: Act, mechanism: Mechanism | None) -> Kind:
    """A meeting that its chairs and subject show to be a channel's session is a round of it."""
    rounds = mechanism is not None and Kind.CONSULTATION_ROUND in mechanism.kinds
    return Kind.CONSULTATION_ROUND if rounds and act.kind is Kind.MEETING else act.kind


def _recalled(act: Act, sentence: Sentence) -> bool:
    return any(abs(hit.start - act.hit.start) <= _ABOUT_REACH for hit in sentence.of("background"))


def _quote(reading: Reading, start: int, end: int, rule: str, confidence: float = 1.0) -> Evidence:
    return Evidence(reading.quote(start, end), rule, start, confidence)


def _add_round(
    candidate: Candidate,
    act: Act,
    sentence: Sentence,
    mechanism: Mechanism | None,
    reading: Reading,
    tools: Tools,
) -> None:
    # A channel that is in no list counts its rounds as well.
    counted = mechanism.numbered if mechanism else candidate.kind is Kind.CONSULTATION_ROUND
    if not counted or candidate.kind is Kind.AGREEMENT:
        return
    near = next(iter(sentence.of(MECHANISM, GENERIC)), act.hit)
    ordinal = tools.ordinals.bound(reading.folded, sentence.ordinals, sentence.hits, near)
    # The first patrol there, the first time since: such a "first" counts nothing.
    if ordinal is not None and not (ordinal.number == 1 and candidate.kind in (Kind.PATROL, Kind.EXERCISE)):
        candidate.round, candidate.round_basis = ordinal.number, RoundBasis.STATED
        rule = f"round.{tools.language.language}.ordinal"
        candidate.evidence["round"] = _quote(reading, ordinal.start, ordinal.end, rule)


def _add_day(
    candidate: Candidate,
    act: Act,
    sentence: Sentence,
    parties: Parties,
    story: Sequence[Sentence],
    reading: Reading,
    rules: Rules,
    tools: Tools,
) -> None:
    stage = candidate.evidence["stage"]
    stated = stage.start if stage.rule != "stage.told" else None
    undone = candidate.stage in (Stage.POSTPONED, Stage.CANCELLED)
    if day := own_day(act, sentence, reading, stated, undone=undone):
        # What is put off or called off lay ahead.
        planned = candidate.stage in _PLANS and day.ahead is not None
        candidate.ahead = day.ahead
        candidate.day = day.ahead if planned else day.interval
        rule = f"date.{tools.language.language}.{day.interval.basis.value}{'.ahead' if planned else ''}"
        candidate.evidence["date"] = _quote(reading, day.start, day.end, rule)
        if day.interval.precision is not Precision.YEAR:
            return
    elif counted := _counted_day(sentence, story):
        word, interval = counted
        candidate.day = interval
        candidate.evidence["date"] = _quote(reading, word.start, word.end, f"date.{word.word_class}", 0.9)
        return
    before = around(story, sentence, _CARRY_DATE, -1)
    # A headline's day may stand two sentences on, behind the summary.
    reach = 2 if sentence.number == 0 else 1
    after = around(story, sentence, -1, reach)
    for one in (*reversed(before), *after):
        nearest = own_day(None, one, reading)
        if nearest is None or one.has("background") or _tells_another(candidate, parties, one, rules):
            continue
        if undone and not _is_planned(nearest, one, reading):
            continue
        ahead = candidate.stage in _PLANS and nearest.ahead is not None
        interval = nearest.ahead if ahead and nearest.ahead else nearest.interval
        if interval.precision is Precision.YEAR:
            continue
        # "This year's round" may have its day in the next sentence.
        if candidate.day is not None and not _within(interval, candidate.day):
            continue
        if interval.precision is Precision.MONTH and one.number != sentence.number - 1:
            continue
        candidate.day = Interval(interval.start, interval.end, interval.precision, DateBasis.CARRIED)
        candidate.ahead = nearest.ahead
        candidate.evidence["date"] = _quote(reading, nearest.start, nearest.end, "date.carried", 0.7)
        return


def _counted_day(sentence: Sentence, story: Sequence[Sentence]) -> tuple[Hit, Interval] | None:
    """The day that is told from the one named last: "the same day", "a day earlier", "a day later"."""
    for word in sentence.of(*_DAY_STEPS):
        here = [day for day in sentence.days if day.end <= word.start]
        earlier = [one.days for one in around(story, sentence, _CARRY_DATE, -1) if one.days]
        days = here or (list(earlier[-1]) if earlier else [])
        named = [day.interval for day in days if day.interval.precision is Precision.DAY]
        if named:
            day = named[-1].start + timedelta(days=_DAY_STEPS[word.word_class])
            return word, Interval(day, day, Precision.DAY, DateBasis.RELATIVE)
    return None


def _within(fine: Interval, wide: Interval) -> bool:
    return wide.start <= fine.start and fine.end <= wide.end


def _tells_another(candidate: Candidate, parties: Parties, sentence: Sentence, rules: Rules) -> bool:
    """Whether a sentence is about something else, so that its day is none of the candidate's.

    It tells of talks and not of the patrol, of other parties, or of other people for the other side.
    """
    if candidate.kind in (Kind.PATROL, Kind.EXERCISE) and not sentence.has(candidate.kind.value):
        other = Kind.EXERCISE if candidate.kind is Kind.PATROL else Kind.PATROL
        before = sentence.number < candidate.number
        if sentence.has(other.value) or (before and sentence.has("meet", "consult", "sign")):
            return True
    party = other_party(candidate.dyad)
    people = {hit.value for hit in sentence.of(OFFICIAL)}
    states = {hit.value for hit in sentence.of(STATE, ADJECTIVE)}
    states |= {rules.actors.officials[one].state for one in people}
    if states - {CHINA} and party not in states:
        return True
    theirs = {one for one in people if rules.actors.officials[one].state == party}
    ours = {actor.id for actor in parties.actors if actor.state == party}
    return bool(ours and theirs) and not ours & theirs


def own_day(
    act: Act | None, sentence: Sentence, reading: Reading, stated: int | None = None, *, undone: bool = False
) -> Day | None:
    """The day of an act in its sentence: the nearest one that no verb of reporting claims.

    `stated` is where the word of stage stands, which a day may be nearer to than to the act. What was
    undone has a day of its own; one in another clause is that on which it was undone.
    """
    reports = sentence.of("report")
    # A word such as "held talks" close to the day makes it the act's, whatever stands beyond.
    acts = sentence.of("meet", "held", "sign", "consult", "exercise", "patrol", "travel", MECHANISM)
    free = []
    for day in sentence.days:
        # The sixth patrol since 2019 was not flown in 2019.
        if day.since and day.interval.precision is Precision.YEAR and sentence.ordinals:
            continue
        # The day on which a thing ends is not the one on which it begins.
        ends = day.interval.precision is not Precision.RANGE
        if ends and any(0 <= day.start - word.end <= _UNTIL_REACH for word in sentence.of("until")):
            continue
        report = min((_gap(day, hit) for hit in reports if not _parted(day, hit, reading)), default=999)
        own = min((_gap(day, hit) for hit in acts), default=999)
        if report <= _REPORT_REACH and report < own:
            continue
        free.append(day)
    if undone and act is not None:
        free = [day for day in free if _is_planned(day, sentence, reading) or not _aside(day, act, sentence)]
    if not free:
        return None
    free = [day for day in free if not any(_holds(day, other) for other in free)]
    if act is None:
        return min(free, key=lambda day: (_coarse(day), -day.start))
    return min(
        free,
        key=lambda day: (
            _names_a_year(day), sentence.parted(day.start, act.hit.start), _coarse(day),
            min(_gap(day, act.hit), abs(day.start - stated) if stated is not None else _FAR),
        ),
    )  # fmt: skip


def _is_planned(day: Day, sentence: Sentence, reading: Reading) -> bool:
    """Whether a day can be that of a plan given up: it has a number, or stands by a word of plans."""
    if any(letter.isdigit() for letter in reading.folded[day.start : day.end]):
        return True
    return any(_gap(day, word) <= _REPORT_REACH for word in sentence.of("announced"))


def _aside(day: Day, act: Act, sentence: Sentence) -> bool:
    return sentence.parted(day.start, act.hit.start) > 0


def _names_a_year(day: Day) -> bool:
    """Whether a year is given by its number: often that of a plan, a law or a count since then."""
    return day.interval.precision is Precision.YEAR and day.interval.basis is DateBasis.STATED


def _holds(day: Day, other: Day) -> bool:
    """Whether a stretch says no more than that it holds a day that is named as well."""
    wide, fine = day.interval, other.interval
    return _coarse(day) > _coarse(other) and wide.start <= fine.start and fine.end <= wide.end


def _parted(day: Day, hit: Hit, reading: Reading) -> bool:
    """Whether a comma stands between a day and a verb of reporting: then it is not its day."""
    start, end = min(day.end, hit.end), max(day.start, hit.start)
    return any(comma in reading.folded[start:end] for comma in (",", "，"))


def _coarse(day: Day) -> int:
    return 0 if day.interval.precision in (Precision.DAY, Precision.RANGE) else 1


def _gap(day: Day, hit: Hit) -> int:
    return max(day.start - hit.end, hit.start - day.end, 0)


def reckon_ahead(candidate: Candidate) -> None:
    """Let a day that was read as past be that of a plan, for an act that turned out to be none."""
    if candidate.day and candidate.ahead and candidate.ahead.start > candidate.day.start:
        candidate.day = Interval(
            candidate.ahead.start, candidate.ahead.end, candidate.ahead.precision, candidate.day.basis
        )


def _fit_stage(candidate: Candidate, reading: Reading) -> None:
    """Let stage and day agree: what is told as over cannot lie ahead of the publication."""
    if candidate.day is None or reading.published is None:
        return
    if candidate.stage in (Stage.HELD, Stage.UNDER_WAY) and candidate.day.start > reading.published:
        candidate.stage, candidate.evidence["stage"] = Stage.ANNOUNCED, _dated(candidate, "stage.ahead")
    elif candidate.stage is Stage.ANNOUNCED and candidate.day.end < reading.published:
        # A day behind a plan is another one's, or carried from elsewhere.
        candidate.day = None
        del candidate.evidence["date"]


def _dated(candidate: Candidate, rule: str) -> Evidence:
    quoted = candidate.evidence["date"]
    return Evidence(quoted.quote, rule, quoted.start, 0.8)


def _stage(act: Act, sentence: Sentence, reading: Reading, tools: Tools) -> tuple[Stage, Evidence]:
    """The stage that the word nearest to the act gives; an act told without one was held.

    What puts an act off or calls it off governs the plan of it, wherever in the sentence that stands.
    """
    if undoing := _undoing(act, sentence):
        evidence = _quote(reading, undoing.start, undoing.end, f"stage.{undoing.word_class}")
        return _STAGES[undoing.word_class], evidence
    best: tuple[float, Hit] | None = None
    for hit in sentence.of("announced", "under_way", "held", "denied"):
        # 合作计划 is a plan to be signed, and no plan to sign it.
        if any(hit.inside(text) for text in sentence.of("instrument")):
            continue
        if _is_governed(hit, sentence, tools):
            continue
        distance = float(_apart(hit, act.hit))
        if hit.word_class == "denied":
            distance -= 25
        else:
            distance += _PARTED * sentence.parted(hit.start, act.hit.start)
            distance -= 6 if hit.word_class == "announced" else 0
        if distance <= _STAGE_REACH and (best is None or distance < best[0]):
            best = (distance, hit)
    if best is None:
        return Stage.HELD, _quote(reading, act.hit.start, act.hit.end, "stage.told", 0.7)
    hit = best[1]
    if act.kind is Kind.AGREEMENT and hit.word_class == "under_way":
        return Stage.HELD, _quote(reading, act.hit.start, act.hit.end, "stage.signed")
    return _STAGES[hit.word_class], _quote(reading, hit.start, hit.end, f"stage.{hit.word_class}")


def _is_governed(hit: Hit, sentence: Sentence, tools: Tools) -> bool:
    """Whether a verb without tense stands behind a word of plan in its clause: 将于2日同…举行."""
    if hit.word_class not in ("held", "under_way") or tools.language.script is not Script.CONTINUOUS:
        return False
    texts = sentence.of("instrument")
    return any(
        plan.end <= hit.start and not sentence.parted(plan.start, hit.start)
        for plan in sentence.of("announced")
        if not any(plan.inside(text) for text in texts)
    )


def _undoing(act: Act, sentence: Sentence) -> Hit | None:
    """The word that puts off or calls off the act of a sentence, unless it was done all the same."""
    plans = sentence.of("announced")
    done = [
        word
        for word in sentence.of("held", "sign", "under_way")
        if not any(word.inside(plan) for plan in plans)
    ]
    for hit in sentence.of("postponed", "cancelled", "denied"):
        if hit.word_class == "denied" and (
            hit.start > act.hit.start or sentence.parted(hit.start, act.hit.start)
        ):
            continue
        if _apart(hit, act.hit) > _UNDOING_REACH:
            continue
        before = hit.end <= act.hit.start
        parted = sentence.parted(hit.start, act.hit.start) and not _only_source(hit, act, sentence)
        if before and parted and any(not sentence.parted(word.start, act.hit.start) for word in done):
            continue
        # "The postponed round was held": the word is but an attribute.
        attribute = before and act.hit.start - hit.end <= _ATTRIBUTE_REACH
        if attribute and any(word.start >= act.hit.end for word in done):
            continue
        return hit
    return None


def _only_source(hit: Hit, act: Act, sentence: Sentence) -> bool:
    """Whether nothing but who says so stands between two commas: "put off, officials said, was the …"."""
    marks = [mark for mark in sentence.breaks if hit.end <= mark <= act.hit.start]
    if len(marks) != 2:
        return False
    within = [one for one in sentence.hits if marks[0] <= one.start and one.end <= marks[1]]
    told = any(one.word_class == "report" for one in within)
    return told and not any(one.word_class in (*_STAGES, "sign", "meet") for one in within)


def _add_place(candidate: Candidate, act: Act, sentence: Sentence, focus: Focus, reading: Reading) -> None:
    if place := stated_place(sentence, act.hit):
        candidate.place = place.value
        candidate.evidence["place"] = _quote(reading, place.start, place.end, "place.stated")
    elif focus.place is not None and _is_carried(candidate, focus):
        candidate.place = focus.place.value
        carried = _quote(reading, focus.place.start, focus.place.end, "place.carried", 0.7)
        candidate.evidence["place"] = carried


def _is_carried(candidate: Candidate, focus: Focus) -> bool:
    """Whether the place of the sentences before is the event's: the next round goes elsewhere."""
    following = candidate.round is not None and candidate.round > (focus.channel_round or candidate.round)
    return candidate.kind not in (Kind.PATROL, Kind.EXERCISE) and not following


def _add_officials(
    candidate: Candidate,
    sentence: Sentence,
    parties: Parties,
    focus: Focus,
    mechanism: Mechanism | None,
    rules: Rules,
    reading: Reading,
) -> None:
    # Ships and arms are sent by states: who is named beside them tells of it, or calls it off.
    sent = candidate.kind in (Kind.PATROL, Kind.EXERCISE, Kind.TRANSFER)
    if sent and candidate.stage not in (Stage.POSTPONED, Stage.CANCELLED):
        return
    sides = set(candidate.dyad.split("-"))
    acting = [actor for actor in parties.actors if actor.state in sides]
    for side in sides - {actor.state for actor in acting}:
        acting.extend(_taken_up(side, sentence, focus))
    day = candidate.day.start if candidate.day else reading.published
    if mechanism is not None and mechanism.chairs and candidate.kind is not Kind.STATEMENT:
        acting = _chairs(acting, mechanism, rules, day)
    if act_named := _named_only(acting, rules, reading):
        acting = act_named
        candidate.officials = list(dict.fromkeys(actor.id for actor in acting))
        first = acting[0]
        candidate.evidence["officials"] = _quote(reading, first.start, first.end, first.rule)


def _named_only(acting: Sequence[Actor], rules: Rules, reading: Reading) -> list[Actor]:
    """Those who are named in the item: who only holds an office is not told of, and a spokesman tells."""
    return [
        actor
        for actor in acting
        if actor.id in reading.named and not rules.holds(actor.id, ("spokesperson",), reading.published)
    ]


def _taken_up(side: str, sentence: Sentence, focus: Focus) -> list[Actor]:
    """Who acted for a side last, where a word such as "he" or "the two" takes that up."""
    if side not in focus.sides or not sentence.has("pronoun", "collective", "other_side"):
        return []
    actor, number = focus.sides[side]
    return [actor] if sentence.number - number <= _CARRY_PEOPLE else []


def _chairs(acting: list[Actor], mechanism: Mechanism, rules: Rules, day: date | None) -> list[Actor]:
    """Of each side those who chair the channel, where any of them does; else all of the side."""
    kept: list[Actor] = []
    for state in dict.fromkeys(actor.state for actor in acting):
        side = [actor for actor in acting if actor.state == state]
        offices = mechanism.chairs.get(state, ())
        kept.extend([actor for actor in side if rules.holds(actor.id, offices, day)] or side)
    return kept


def _add_instrument(candidate: Candidate, sentence: Sentence, reading: Reading, tools: Tools) -> None:
    if candidate.kind not in (Kind.AGREEMENT, Kind.STATEMENT):
        return
    signs = sentence.of("sign", "statement")
    instruments = sentence.of("instrument", "statement")
    if not instruments:
        return
    hit = min(instruments, key=lambda one: min((abs(one.start - sign.end) for sign in signs), default=0))
    start, end = _instrument_start(hit, signs, sentence, tools), _instrument_end(hit, sentence, reading)
    candidate.instrument = reading.quote(start, end)
    candidate.evidence["instrument"] = _quote(reading, start, end, "instrument.named")


def _instrument_start(hit: Hit, signs: Sequence[Hit], sentence: Sentence, tools: Tools) -> int:
    """Where the name of a text begins: with the words of its subject that stand before its noun.

    In a script without spaces that is right behind the verb.
    """
    if tools.language.script is Script.CONTINUOUS:
        start = max((one.end for one in signs if 0 <= hit.start - one.end <= _NAME_LENGTH), default=hit.start)
        # A particle of one character belongs to the verb.
        subject = (word.start for word in sentence.of("topic", GENERIC, SUBJECT) if word.start - start == 1)
        return next(subject, start)
    touching = [
        word.start
        for word in sentence.of("topic", MECHANISM, GENERIC, SUBJECT)
        if word.start < hit.start <= word.end + 1
    ]
    return min([hit.start, *touching])


def _instrument_end(hit: Hit, sentence: Sentence, reading: Reading) -> int:
    """Where the name of a text ends: before a mark, a place, a day or another clause."""
    end = min(sentence.span.end, hit.start + _INSTRUMENT_LENGTH)
    text = reading.quote(hit.start, end)
    ends = [hit.start + at for stop in _CLAUSE_ENDS if (at := text.find(stop)) > 0]
    places = [place.start for place in sentence.of(PLACE, STATE)]
    ends += [
        word.start
        for word in sentence.of("locative", "travel")
        if word.start > hit.end and any(0 <= place - word.end <= 1 for place in places)
    ]
    ends += [day.start for day in sentence.days if day.start > hit.end]
    end = min([end, *ends])
    name = reading.quote(hit.start, end).rstrip(" .,;。")
    words = name.rsplit(" ", 1)
    # "on Friday" leaves its "on" behind.
    if len(words) == 2 and len(words[1]) <= 2 and words[1].isalpha() and words[1].islower():
        name = words[0]
    return hit.start + len(name.rstrip())
