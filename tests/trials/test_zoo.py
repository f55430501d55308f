"""The short form of the zoo; `python -m tests.trials.zoo` is the whole of it."""

from tests.trials import zoo


def test_hostile_sources_hurt_nobody_but_themselves(database: str) -> None:
    report = zoo.run(database, zoo.short_catalogue, limits=zoo.SHORT_LIMITS)
    good = [one for one in report.seen if one.exhibit.name.startswith("good: ")]
    assert len(good) == 20
    assert len(report.seen) - len(good) > 50
    assert report.faults() == []
