"""The short form of the news of other things; `python -m tests.trials.offtopic` is the whole of it."""

from tasks.settings import configuration
from tasks.settings.environment import ROOT
from tests.trials import offtopic
from tests.trials.templates import LANGUAGES

ITEMS = 700


def test_nothing_is_told_of_other_things(database: str) -> None:
    report = offtopic.trial(database, configuration.load(ROOT / "config"), ITEMS, seed=7)
    assert report.items == ITEMS
    assert report.failed == []
    assert report.false_alerts == []
    # Else the gate would have been shown nothing that it weighs.
    assert report.passed > ITEMS / 4


def test_every_language_has_its_templates() -> None:
    assert len(LANGUAGES) == 14
