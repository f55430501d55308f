"""`dragoman replay`: the contract's lines in, the contract's lines out; the samples' three alerts."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from dragoman import samples
from dragoman.replay import Line, Replay, Unusable, lines
from dragoman.replaying import replay_file
from tasks.settings import configuration, register
from tasks.settings.configuration import Configuration
from tasks.settings.environment import ROOT, from_environment
from tasks.settings.register import Register
from tasks.store.database import Connection

BEFORE = date(2023, 9, 1)
REAL = ROOT.parent / "shared" / "seeds"


@pytest.fixture(scope="session")
def settings() -> Configuration:
    return configuration.load(ROOT / "config")


@pytest.fixture(scope="session")
def history() -> Register:
    return register.read(ROOT / "seeds" / "register.yaml")


Begin = Callable[..., Replay]


@pytest.fixture
def begin(db: Connection, settings: Configuration, history: Register) -> Begin:
    def start(**options: Any) -> Replay:
        return Replay(db, settings, history, **options)

    return start


def told(replay: Replay) -> list[tuple[str, str, int | None]]:
    """What was told: dyad, kind and round of the events of the alerts, in order."""
    events = {event["event_id"]: event for event in replay.events()}
    return [
        (
            events[alert["event_id"]]["dyad"],
            events[alert["event_id"]]["kind"],
            events[alert["event_id"]]["round"],
        )
        for result in replay.results()
        for alert in result["alerts"]
    ]


EXPECTED = [
    ("CHN-RUS", "consultation_round", 18),
    ("CHN-HUN", "agreement", None),
    ("CHN-RUS", "consultation_round", 20),
]


def test_the_samples_are_told_three_times(begin: Begin) -> None:
    replay = begin(before=BEFORE)
    for item in samples.items():
        replay.feed(Line.model_validate(item))
    assert told(replay) == EXPECTED


def test_the_samples_fed_twice_are_told_once(begin: Begin) -> None:
    replay = begin(before=BEFORE)
    for _ in range(2):
        for item in samples.items():
            replay.feed(Line.model_validate(item))
    assert told(replay) == EXPECTED


def test_with_the_whole_register_nothing_of_it_is_news(begin: Begin) -> None:
    replay = begin()
    for item in samples.items():
        replay.feed(Line.model_validate(item))
    assert told(replay) == []


@pytest.mark.skipif(not REAL.is_dir(), reason="the five documents lie beside the project, and are not there")
@pytest.mark.parametrize("dated", [True, False], ids=["with dates", "only the day of fetching"])
def test_the_five_documents_give_the_same_three_events(begin: Begin, dated: bool) -> None:
    published = {
        "004": "2023-09-26T20:00:00+07:00", "000": "2024-02-19T12:00:00+07:00", "001": "2024-02-19T12:00:00+00:00",
        "002": "2025-12-03T08:00:00+07:00", "003": "2025-12-04T08:00:00+07:00",
    }  # fmt: skip
    undated = {"001", "003"}
    replay = begin(before=BEFORE)
    for number, when in published.items():
        path = next(REAL.glob(f"{number}_*.txt"))
        title, _, body = path.read_text(encoding="utf-8").strip().partition("\n")
        if len(title) > 250:
            title, _, rest = title.partition(". ")
            body = f"{rest}\n{body}"
        known = dated or number not in undated
        item = {"id": number, "source": f"outlet {number}", "title": title, "body": body}
        replay.feed(Line.model_validate(item | {"published" if known else "fetched": when}))
    assert told(replay) == EXPECTED
    first, second, third = (event for event in replay.events() if event["kind"] != "meeting")
    assert (first["date"]["start"], first["place"]) == ("2023-09-19", "Moscow")
    assert {one["id"] for one in first["officials"]} == {"wang_yi", "nikolai_patrushev"}
    assert (second["date"]["start"], second["place"], second["witnesses"]) == ("2024-02-16", "Budapest", 2)
    assert {one["id"] for one in second["officials"]} == {"wang_xiaohong", "sandor_pinter"}
    assert (third["date"]["start"], third["round_basis"]) == ("2025-12-02", "stated")
    assert {one["id"] for one in third["officials"]} == {"wang_yi", "sergei_shoigu"}


def test_a_line_that_cannot_be_used_is_told_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    path.write_text(
        '{"id": "1", "title": "a"}\nnot json\n\n{"id": "2"}\n{"id":"3","title":"c","published":"2024"}\n'
    )
    found = list(lines(path))
    assert [line.id for line in found if isinstance(line, Line)] == ["1"]
    assert [line.number for line in found if isinstance(line, Unusable)] == [2, 4, 5]


def test_the_command_writes_a_line_for_each_item_in_order_and_leaves_with_1(tmp_path: Path) -> None:
    items = tmp_path / "items.jsonl"
    rows = [json.dumps(item, ensure_ascii=False) for item in samples.items()]
    items.write_text("\n".join([*rows, "{"]), encoding="utf-8")
    out, events = tmp_path / "out.jsonl", tmp_path / "events.jsonl"
    status = replay_file(
        from_environment(), items, out, events, Console(quiet=True), before=BEFORE, history=True, kinds=None
    )
    assert status == 1
    written = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in written] == [item["id"] for item in samples.items()]
    assert {"id", "relevant", "score", "lang", "mentions", "alerts"} == set(written[0])
    mention = next(mention for row in written for mention in row["mentions"])
    assert {
        "event_id", "kind", "stage", "background", "dyad", "mechanism", "round", "round_basis", "date", "place",
        "officials", "instrument", "evidence",
    } <= set(mention)  # fmt: skip
    ids = {json.loads(line)["event_id"] for line in events.read_text(encoding="utf-8").splitlines()}
    assert {mention["event_id"] for row in written for mention in row["mentions"]} <= ids
