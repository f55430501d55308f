"""Pairs of the register that matching tends to make one are kept apart; and so is everything else in it."""

import pytest

from tasks.resolve.compare import Facts, Verdict, compare
from tasks.resolve.facts import counterparts
from tasks.resolve.history import _mention
from tasks.resolve.partition import partition
from tasks.settings import register
from tasks.settings.configuration import Configuration
from tasks.settings.environment import ROOT
from tasks.settings.register import Entry, Register

REGISTER = register.read(ROOT / "seeds" / "register.yaml")
BY_ID = {entry.id: entry for entry in REGISTER.events}


def facts(entry: Entry, settings: Configuration, *, registered: bool) -> Facts:
    """What a report would say that knows all that the register does, or the register itself."""
    said = _mention(entry, settings.actors)
    officials = [{"id": one.id, "state": one.state} for one in said.officials]
    return Facts(
        dyad=said.dyad, kind=said.kind.value, mechanism=said.mechanism, round=said.round,
        round_stated=said.round is not None, day=said.date, place=said.place,
        counterparts=counterparts(said.dyad, officials), told=said.date.end if said.date else None,
        stage=said.stage.value, entry=entry.id if registered else None,
    )  # fmt: skip


@pytest.mark.parametrize("pair", REGISTER.lookalikes, ids=" and ".join)
def test_reports_of_two_that_look_alike_are_two_events(
    pair: tuple[str, str], settings: Configuration
) -> None:
    one, two = (facts(BY_ID[name], settings, registered=False) for name in pair)
    assert compare(one, two, settings.evidence).verdict is Verdict.DIFFERENT
    assert len(partition({one: 1, two: 1}, settings.evidence)) == 2


def test_what_the_register_tells_apart_is_never_one(settings: Configuration, history: Register) -> None:
    told = {facts(entry, settings, registered=True): 1 for entry in history.events}
    assert len(partition(told, settings.evidence)) == len(history.events)
