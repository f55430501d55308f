"""`seeds/register.yaml`, and what may be loaded of it for a day of the past."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tasks.model import DateBasis, Kind, Precision, Stage
from tasks.settings import actors, mechanisms, register
from tasks.settings.environment import ROOT
from tasks.settings.located import Mistake
from tasks.settings.register import Entry, Register, over_before

# The facts that were gathered: nothing of them may get lost on the way into our own file.
GATHERED = 151
EVENTS, CONTEXT, MULTILATERAL, EXPECTED = 131, 8, 8, 4
LOOKALIKES = 11

ROW = """\
events:
  - id: cn-ru-ssc-20
    dyad: CHN-RUS
    mechanism: cn-ru-ssc
    kind: consultation_round
    round: 20
    stages: {announced: 2025-11-28, held: 2025-12-02}
    places: [Moscow]
    officials:
      - {id: wang_yi, role: director, side: CHN}
    confidence: high
    sources: [https://tass.com/politics/2052031]
"""


@pytest.fixture(scope="module")
def real() -> Register:
    mistakes: list[Mistake] = []
    loaded = register.load(ROOT / "seeds" / "register.yaml", mistakes)
    assert mistakes == []
    return loaded


def read(folder: Path, text: str) -> tuple[Register, list[str]]:
    path = folder / "register.yaml"
    path.write_text(text, encoding="utf-8")
    mistakes: list[Mistake] = []
    loaded = register.load(path, mistakes)
    return loaded, [str(mistake) for mistake in sorted(mistakes)]


def event(real: Register, name: str) -> Entry:
    return next(entry for entry in real.events if entry.id == name)


def test_every_fact_is_accounted_for(real: Register) -> None:
    counts = (len(real.events), len(real.context), len(real.multilateral), len(real.expected))
    assert counts == (EVENTS, CONTEXT, MULTILATERAL, EXPECTED)
    assert sum(counts) == GATHERED
    happened = {entry.id for entry in (*real.events, *real.context, *real.multilateral)}
    assert len(happened | {row.id for row in real.expected}) == GATHERED


def test_every_official_mechanism_and_place_is_known(real: Register) -> None:
    mistakes: list[Mistake] = []
    known = actors.load(ROOT / "config" / "actors", mistakes)
    channels = mechanisms.load(ROOT / "config" / "mechanisms.yaml", mistakes)
    assert mistakes == []
    places = known.places.keys() | {state.name for state in known.states.values()}
    for entry in (*real.events, *real.context, *real.multilateral):
        for acting in entry.officials:
            assert acting.id in known.officials, entry.id
            assert known.officials[acting.id].state == acting.side, entry.id
        assert set(entry.places) <= places, entry.id
        assert entry.mechanism is None or channels[entry.mechanism].dyad == entry.dyad, entry.id
        assert entry.dyad is None or set(entry.dyad.split("-")) <= known.states.keys(), entry.id
    for expected in real.expected:
        assert channels[expected.mechanism].dyad == expected.dyad


def test_every_dyad_is_one_of_china(real: Register) -> None:
    dyads = Counter(entry.dyad for entry in real.events)
    assert all(dyad and "CHN" in dyad.split("-") for dyad in dyads)
    assert dyads["CHN-RUS"] > 70
    assert {"CHN-EUR", "CHN-HUN", "CHN-GBR", "CHN-DEU", "CHN-SRB", "BLR-CHN", "CHN-FRA"} <= dyads.keys()


def test_the_rounds_of_the_consultation_are_whole(real: Register) -> None:
    rounds = [entry.round for entry in real.events if entry.mechanism == "cn-ru-ssc"]
    assert rounds == list(range(1, 21))


def test_what_was_not_seen_is_no_event(real: Register) -> None:
    assert {row.id for row in real.expected} == {
        "cn-ru-ssc-21",
        "cn-ru-lesc-11",
        "cn-ru-jointsea-2026",
        "cn-eu-sd-14",
    }
    assert not {row.id for row in real.expected} & {entry.id for entry in real.events}


def test_multilateral_rows_belong_to_no_dyad(real: Register) -> None:
    assert {entry.mechanism for entry in real.multilateral} == {"sco-scs", "brics-nsa"}
    assert all(entry.dyad is None for entry in real.multilateral)


@pytest.mark.parametrize(
    ("name", "stage", "start", "end", "precision"),
    [
        ("cn-ru-ssc-20", Stage.HELD, date(2025, 12, 2), date(2025, 12, 2), Precision.DAY),
        ("cn-ru-ssc-02", Stage.HELD, date(2005, 10, 19), date(2005, 10, 21), Precision.RANGE),
        ("cn-ru-ssc-01", Stage.HELD, date(2005, 2, 1), date(2005, 2, 28), Precision.MONTH),
        ("cn-ru-ssc-14", Stage.HELD, date(2018, 1, 1), date(2018, 12, 31), Precision.YEAR),
        ("cn-ru-navpatrol-05", Stage.HELD, date(2024, 9, 27), date(2024, 10, 31), Precision.RANGE),
        ("cn-eu-sd-12", Stage.POSTPONED, date(2023, 7, 4), date(2023, 7, 4), Precision.DAY),
    ],
)
def test_a_stage_is_as_exact_as_it_was_written(
    real: Register, name: str, stage: Stage, start: date, end: date, precision: Precision
) -> None:
    when = event(real, name).stages[stage]
    assert (when.start, when.end, when.precision, when.basis) == (start, end, precision, DateBasis.REGISTER)


def test_the_fields_of_a_round(real: Register) -> None:
    twentieth = event(real, "cn-ru-ssc-20")
    assert (twentieth.kind, twentieth.round, twentieth.place) == (Kind.CONSULTATION_ROUND, 20, "Moscow")
    assert [acting.id for acting in twentieth.officials] == ["wang_yi", "sergei_shoigu"]
    assert len(twentieth.sources) == 5
    patrol = event(real, "cn-ru-airpatrol-08")
    assert patrol.place == "Chukchi Sea; Bering Sea; North Pacific"


def test_lookalikes_are_pairs_of_known_events(real: Register) -> None:
    assert len(real.lookalikes) == LOOKALIKES
    assert ("cn-ru-ssc-17", "cn-ru-lesc-07") in real.lookalikes


def test_with_no_day_all_events_are_loaded(real: Register) -> None:
    assert over_before(real, None) == real.events


@pytest.mark.parametrize(
    ("name", "day", "over"),
    [
        ("cn-ru-ssc-20", date(2025, 12, 2), False),
        ("cn-ru-ssc-20", date(2025, 12, 3), True),
        ("cn-ru-ssc-20", date(2025, 11, 30), False),  # announced, and not yet held
        ("cn-ru-ssc-14", date(2018, 12, 31), False),  # some day of 2018
        ("cn-ru-ssc-14", date(2019, 1, 1), True),
        ("cn-ru-ssc-14", date(2023, 9, 1), True),
        ("cn-ru-ssc-02", date(2005, 10, 21), False),
        ("cn-eu-sd-12", date(2023, 8, 1), False),  # postponed, and held later
        ("cn-eu-sd-12", date(2023, 10, 14), True),
        ("cn-it-patrol-cancel-2022", date(2023, 1, 1), True),
    ],
)
def test_an_event_is_over_when_its_last_possible_day_has_passed(
    real: Register, name: str, day: date, over: bool
) -> None:
    assert (name in {entry.id for entry in over_before(real, day)}) is over


def test_a_good_row_has_no_mistakes(tmp_path: Path) -> None:
    loaded, mistakes = read(tmp_path, ROW)
    assert mistakes == []
    assert [entry.id for entry in loaded.events] == ["cn-ru-ssc-20"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("dyad: CHN-RUS", "dyad: RUS-CHN", "register.yaml:3: events[0].dyad: is not two codes"),
        ("dyad: CHN-RUS", "note: none", "register.yaml:2: events[0]: needs either a `dyad`"),
        ("held: 2025-12-02", "held: 2025-12-32", "register.yaml:7: events[0].stages.held"),
        ("held: 2025-12-02", "held: 2025-12/2025-11", "ends before it begins"),
        ("held: 2025-12-02", "hold: 2025-12-02", "register.yaml:7: events[0].stages.hold"),
        ("kind: consultation_round", "kind: other", "register.yaml:5: events[0].kind: Input should be"),
        ("    kind: consultation_round\n", "", "needs a `kind`, or `context: true`"),
        ("round: 20", "round: 0", "register.yaml:6: events[0].round: Input should be greater"),
        ("confidence: high", "confidence: sure", "register.yaml:11: events[0].confidence"),
        ("confidence: high", "colour: red", "events[0].colour: Extra inputs"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in ROW
    _, mistakes = read(tmp_path, ROW.replace(old, new, 1))
    assert any(told in mistake for mistake in mistakes), mistakes


def test_an_id_is_given_once_and_a_round_to_one_event(tmp_path: Path) -> None:
    again = ROW.removeprefix("events:\n")
    _, mistakes = read(tmp_path, ROW + again)
    assert mistakes == ["register.yaml:13: events[1].id: `cn-ru-ssc-20` is given twice"]
    _, mistakes = read(tmp_path, ROW + again.replace("id: cn-ru-ssc-20", "id: cn-ru-ssc-19"))
    assert mistakes == ["register.yaml:17: events[1].round: is the round of `cn-ru-ssc-20`, too"]


def test_lookalikes_must_be_events(tmp_path: Path) -> None:
    _, mistakes = read(tmp_path, ROW + "lookalikes:\n  - [cn-ru-ssc-20, cn-ru-ssc-99]\n")
    assert mistakes == ["register.yaml:14: lookalikes[0][1]: `cn-ru-ssc-99` is no event of the register"]
