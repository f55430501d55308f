"""What of a report is compared, with the number that the register allows."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import lru_cache

from tasks.model import SUPPOSED_MECHANISM, Interval, RoundBasis
from tasks.resolve import numbers
from tasks.resolve.compare import Facts
from tasks.settings.evidence import Evidence
from tasks.settings.mechanisms import Mechanism
from tasks.store.events import Claim
from tasks.store.rows import Sighting

Known = Mapping[int, Interval]
"""The rounds of a mechanism that are known to have been held, with their days."""

# What spans more says nothing of a day; mentions are looked up by no longer spans.
_LONGEST = timedelta(days=366)
# A context of nearly every report.
_EVERYWHERE = frozenset({"diplomatic"})


def facts_of(
    sighting: Sighting, mechanisms: Mapping[str, Mechanism], known: Mapping[str, Known], evidence: Evidence
) -> Facts:
    """What is compared of a mention; `known` are the rounds of each mechanism."""
    told = sighting.published or (None if sighting.baseline else sighting.first_seen)
    day = sighting.interval
    if day is not None and day.end - day.start > _LONGEST:
        day = None
    number, stated = _number(sighting, day, mechanisms, known)
    return Facts(
        dyad=sighting.dyad,
        kind=sighting.kind,
        mechanism=sighting.mechanism,
        round=number,
        round_stated=stated,
        day=day,
        place=sighting.place,
        counterparts=counterparts(sighting.dyad, sighting.officials),
        told=told.date() if told else None,
        supposed=sighting.mechanism_rule == SUPPOSED_MECHANISM,
        stage=sighting.stage,
        subjects=_subjects(sighting, evidence),
        entry=sighting.entry,
        recalled=sighting.background,
        found=sighting.first_seen.date() if day is None and told is None else None,
    )


def counterparts(dyad: str, officials: Iterable[Mapping[str, object]]) -> frozenset[str]:
    """The officials of the party that is not China."""
    other = next(party for party in dyad.split("-") if party != "CHN")
    return frozenset(str(official["id"]) for official in officials if official["state"] == other)


def allowed(
    mechanism: Mechanism | None, known: Known, number: int | None, day: Interval | None
) -> int | None:
    """A stated number if it can be right, else the only one that the register leaves, else None."""
    if mechanism is None or not mechanism.numbered:
        return number
    if number is not None and numbers.refused(mechanism, known, number, day) is None:
        return number
    return numbers.inferred(mechanism, known, day)


def rounds_known(mechanism: Mechanism, claims: Iterable[Claim]) -> dict[int, Interval]:
    """The rounds that were held, out of all claims that one was; what cannot be right is left out.

    The register comes first, then the better source, then the more witnesses; equal claims in the
    order of what they say, so that the answer follows from the set of claims alone.
    """
    known: dict[int, Interval] = {}
    ranked = sorted(
        claims,
        key=lambda one: (
            not one.registered, one.rank, -one.families, one.round, one.date_start, one.date_end,
            one.date_precision, one.date_basis,
        ),
    )  # fmt: skip
    for claim in ranked:
        if claim.round not in known and not numbers.refused(mechanism, known, claim.round, claim.interval):
            known[claim.round] = claim.interval
    return known


def _number(
    sighting: Sighting,
    day: Interval | None,
    mechanisms: Mapping[str, Mechanism],
    known: Mapping[str, Known],
) -> tuple[int | None, bool]:
    stated = sighting.round is not None and sighting.round_basis == RoundBasis.STATED
    mechanism = mechanisms.get(sighting.mechanism or "")
    if mechanism is None or not mechanism.numbered or sighting.kind == "agreement":
        return sighting.round, stated
    number = allowed(mechanism, known.get(mechanism.id, {}), sighting.round, day)
    return number, stated and number == sighting.round


def _subjects(sighting: Sighting, evidence: Evidence) -> frozenset[str]:
    # The headline speaks of the item's first story.
    named = f"{sighting.instrument or ''} {sighting.title if sighting.position == 0 else ''}"
    topics = _topics(named, tuple(evidence.topics.items())) if sighting.kind == "agreement" else frozenset()
    return (frozenset(sighting.contexts) - _EVERYWHERE) | topics


@lru_cache(maxsize=20_000)
def _topics(text: str, topics: tuple[tuple[str, tuple[str, ...]], ...]) -> frozenset[str]:
    folded = text.casefold()
    return frozenset(topic for topic, forms in topics if any(form in folded for form in forms))
