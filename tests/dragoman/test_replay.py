"""`dragoman replay`: the contract's lines in, the contract's lines out; the samples' three alerts."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from dragoman import samples
from dragoman.replay import Line, Replay, Unusable, Usable, lines, run
from dragoman.replaying import replay_file
from tasks.read.plain import LONGEST_BODY
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
    # Neither gives the day of the signing: that on which the visitor met the prime minister is another's.
    assert (second["date"], second["place"], second["witnesses"]) == (None, "Budapest", 2)
    assert {one["id"] for one in second["officials"]} == {"wang_xiaohong", "sandor_pinter"}
    assert (third["date"]["start"], third["round_basis"]) == ("2025-12-02", "stated")
    assert {one["id"] for one in third["officials"]} == {"wang_yi", "sergei_shoigu"}


def test_a_line_that_cannot_be_used_is_told_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    path.write_text(
        '{"id": "1", "title": "a"}\nnot json\n\n{"id": "2"}\n{"id":"3","title":"c","published":"2024"}\n'
    )
    found = list(lines(path))
    assert [(one.number, one.line.id) for one in found if isinstance(one, Usable)] == [(1, "1")]
    assert [one.number for one in found if isinstance(one, Unusable)] == [2, 4, 5]


@pytest.mark.parametrize("field", ["published", "fetched"])
@pytest.mark.parametrize(
    "moment",
    [1733100000, True, ["2024-01-01T00:00:00Z"], "9999-12-31T23:00:00-08:00", "0001-01-01T00:00:00+08:00",
     "1969-12-31T00:00:00Z", "2101-01-01T00:00:00Z", "2024-01-01", "yesterday"],
    ids=str,
)  # fmt: skip
def test_a_time_that_is_none_makes_its_line_unusable(field: str, moment: object, tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    path.write_text(json.dumps({"id": "1", "title": "a", field: moment}), encoding="utf-8")
    (found,) = lines(path)
    assert isinstance(found, Unusable)
    assert found.reason.startswith(f"{field}: ")


def test_a_mark_of_byte_order_belongs_to_no_line(tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    path.write_text('{"id": "1", "title": "a"}\n{"id": "2", "title": "b"}\n', encoding="utf-8-sig")
    assert [one.line.id for one in lines(path) if isinstance(one, Usable)] == ["1", "2"]


HUNGARY = {
    "id": "h", "source": "Wire", "published": "2024-02-17T12:00:00+00:00", "lang": "en",
    "title": "China and Hungary sign documents",
    "body": "Wang Xiaohong and Interior Minister Sandor Pinter signed documents on law enforcement and security "
    "cooperation in Budapest on Friday.",
}  # fmt: skip


def test_what_no_text_may_hold_is_left_out(begin: Begin) -> None:
    replay = begin(before=BEFORE)
    dirty = {
        name: f"{value}\0\x01\u202e" if name in ("source", "title", "body", "lang") else value
        for name, value in HUNGARY.items()
    }
    replay.feed(Line.model_validate(dirty | {"url": "https://example.org/\0", "summary": "\0", "id": "h\0"}))
    assert told(replay) == [("CHN-HUN", "agreement", None)]
    (result,) = replay.results()
    assert (result["id"], result["lang"]) == ("h\0", "en")


def test_a_line_that_brings_a_station_down_is_told_and_the_others_are_not_lost(begin: Begin) -> None:
    replay = begin(before=BEFORE)
    # No index holds an address of this length that cannot be pressed.
    address = "https://example.org/" + "".join(chr(0x4E00 + number * 7919 % 20000) for number in range(9000))
    rows: list[dict[str, object]] = [
        HUNGARY | {"id": "1", "url": address},
        {"id": "2", "title": "b"},
        HUNGARY,
    ]
    stream = [Usable(number, Line.model_validate(row)) for number, row in enumerate(rows, start=1)]
    (unusable,) = run(replay, stream, lambda _: None)
    assert unusable.number == 1
    assert "index" in unusable.reason
    assert [result["id"] for result in replay.results()] == ["2", "h"]
    assert told(replay) == [("CHN-HUN", "agreement", None)]


def test_an_id_that_comes_again_is_another_publication(begin: Begin) -> None:
    replay = begin(before=BEFORE)
    for _ in range(2):
        replay.feed(Line.model_validate(HUNGARY))
    first, second = replay.results()
    assert first["id"] == second["id"] == "h"
    assert first["mentions"][0]["event_id"] == second["mentions"][0]["event_id"]
    assert (len(first["alerts"]), len(second["alerts"])) == (1, 0)


def test_a_text_is_cut_where_the_service_cuts_it(begin: Begin) -> None:
    replay = begin(before=BEFORE)
    words = "Nothing happened on this day. "
    line = HUNGARY | {"body": f"{words * (LONGEST_BODY // len(words) + 1)}{HUNGARY['body']}"}
    done = replay.feed(Line.model_validate(line))
    assert done.coding.scanned is not None
    assert len(done.coding.scanned.text) == len(HUNGARY["title"]) + 2 + LONGEST_BODY


def test_a_round_that_the_register_gives_stands_in_the_line_and_says_so(begin: Begin) -> None:
    replay = begin(before=date(2025, 12, 1))
    line = {
        "id": "r", "source": "Wire", "published": "2025-12-02T20:00:00+00:00", "lang": "en",
        "title": "China, Russia hold strategic security consultation in Moscow",
        "body": "Chinese Foreign Minister Wang Yi and Russian Security Council Secretary Sergei Shoigu held China-Russia "
        "strategic security consultations in Moscow on Tuesday.",
    }  # fmt: skip
    done = replay.feed(Line.model_validate(line))
    assert [mention.round for mention in done.coding.coded.mentions] == [None]
    (result,) = replay.results()
    (mention,) = result["mentions"]
    assert (mention["round"], mention["round_basis"]) == (20, "register")
    assert (mention["evidence"]["round"]["quote"], mention["evidence"]["round"]["rule"]) == (
        "",
        "round.register",
    )


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
