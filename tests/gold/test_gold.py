"""The form of the gold sets: whoever adds an item learns here what is wrong with it."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from tasks.model import Kind, Precision, RoundBasis, Stage
from tasks.settings.environment import ROOT

HERE = Path(__file__).parent
SPLITS = ("dev", "test")
ALERTING = {Kind.AGREEMENT, Kind.CONSULTATION_ROUND}
FRESH = timedelta(days=14)
TOOK_PLACE = {Stage.UNDER_WAY, Stage.HELD}
MENTION = {
    "event", "kind", "stage", "background", "dyad", "mechanism", "round", "round_basis", "date", "place",
    "officials", "instrument",
}  # fmt: skip
BESIDES = {"places", "rounds", "stated_wrong", "optional"}
GOLD = {"relevant", "why", "hard", "mentions", "alerts"}
AT_LEAST = {
    **dict.fromkeys(("en", "vi", "zh", "ru"), 140),
    **dict.fromkeys(("hu", "sr", "de", "fr", "es", "it"), 45),
    **dict.fromkeys(("uk", "pl", "ar", "ja"), 16),
}

Row = dict[str, Any]


def _rows(split: str) -> list[Row]:
    return [
        json.loads(line)
        for path in sorted((HERE / split).glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def _yaml(*path: str) -> Any:
    return yaml.safe_load(ROOT.joinpath(*path).read_text(encoding="utf-8"))


def _ids(rows: Any) -> dict[str, Row]:
    found = (
        rows if isinstance(rows, list) else next(value for value in rows.values() if isinstance(value, list))
    )
    return {row["id"]: row for row in found}


GOLDEN = {split: _rows(split) for split in SPLITS}
EVERY = [row for split in SPLITS for row in GOLDEN[split]]
PLACES = _ids(_yaml("config", "actors", "places.yaml"))
OFFICIALS = _ids(_yaml("config", "actors", "officials.yaml"))
MECHANISMS = _ids(_yaml("config", "mechanisms.yaml"))
PARTIES = set(_ids(_yaml("config", "actors", "states.yaml")))
REGISTER = _yaml("seeds", "register.yaml")
REGISTERED = {row["id"] for part in ("events", "expected") for row in REGISTER[part]}


def _mentions(rows: list[Row]) -> Iterator[tuple[Row, Row]]:
    for row in rows:
        for mention in row["gold"]["mentions"]:
            yield row, mention


def _time(row: Row) -> datetime:
    return datetime.fromisoformat(row["published"] or row["fetched"])


def _end(mention: Row) -> date | None:
    return date.fromisoformat(mention["date"]["end"]) if mention["date"] else None


def test_ids_are_unique_and_every_item_has_its_fields() -> None:
    assert len({row["id"] for row in EVERY}) == len(EVERY)
    for row in EVERY:
        assert {"id", "source", "lang", "published", "fetched", "url", "title", "summary", "body"} <= set(row)
        assert row["title"].strip(), row["id"]
        assert set(row["gold"]) >= GOLD, row["id"]
        assert set(row["gold"]) <= GOLD | {"fictional", "doubt"}, row["id"]
        assert row["gold"]["why"], row["id"]


def test_times_carry_their_offset_and_stand_in_order() -> None:
    for split in SPLITS:
        times = [_time(row) for row in GOLDEN[split]]
        assert all(time.tzinfo for time in times)
        assert times == sorted(times)


def test_the_splits_share_no_event_and_no_time() -> None:
    dev, test = ({mention["event"] for _, mention in _mentions(GOLDEN[split])} for split in SPLITS)
    assert not dev & test
    assert max(map(_time, GOLDEN["dev"])) < min(map(_time, GOLDEN["test"]))


def test_no_two_items_say_the_same() -> None:
    texts = Counter((row["title"], row["summary"], row["body"]) for row in EVERY)
    assert [text for text, count in texts.items() if count > 1] == []


@pytest.mark.parametrize("split", SPLITS)
def test_mentions_use_the_words_of_the_codebook(split: str) -> None:
    for row, mention in _mentions(GOLDEN[split]):
        where = row["id"]
        assert set(mention) >= MENTION, where
        assert set(mention) <= MENTION | BESIDES, where
        assert mention["kind"] in set(Kind), where
        assert mention["stage"] in set(Stage), where
        assert mention["event"] in REGISTERED or mention["event"].startswith("x-"), where
        assert isinstance(mention["background"], bool), where
        assert isinstance(mention["instrument"], bool), where
        assert mention["instrument"] in (mention["kind"] in (Kind.AGREEMENT, Kind.STATEMENT), False), where
        assert (mention["round"] is None) == (mention["round_basis"] is None), where
        assert mention["round_basis"] in {None, *RoundBasis}, where
        assert set(mention.get("stated_wrong", ())) <= {"round", "place", "officials", "date"}, where


@pytest.mark.parametrize("split", SPLITS)
def test_parties_places_officials_and_mechanisms_are_known(split: str) -> None:
    for row, mention in _mentions(GOLDEN[split]):
        where = row["id"]
        parties = mention["dyad"].split("-")
        assert parties == sorted(parties), where
        assert "CHN" in parties, where
        assert set(parties) <= PARTIES, where
        assert {mention["place"], *mention.get("places", ())} <= {None, *PLACES}, where
        assert {OFFICIALS[name]["state"] for name in mention["officials"]} <= set(parties), where
        if mention["mechanism"] is not None:
            assert MECHANISMS[mention["mechanism"]]["dyad"] == mention["dyad"], where
            assert mention["kind"] in MECHANISMS[mention["mechanism"]]["kinds"], where


@pytest.mark.parametrize("split", SPLITS)
def test_dates_are_intervals_of_their_precision(split: str) -> None:
    for row, mention in _mentions(GOLDEN[split]):
        if mention["date"] is None:
            continue
        start, end = (date.fromisoformat(mention["date"][name]) for name in ("start", "end"))
        where = f"{row['id']} {mention['date']}"
        following = end + timedelta(days=1)
        match Precision(mention["date"]["precision"]):
            case Precision.DAY:
                assert start == end, where
            case Precision.RANGE:
                assert start < end, where
            case Precision.WEEK:
                assert (start.weekday(), (end - start).days) == (0, 6), where
            case Precision.MONTH:
                assert (start.day, following.day) == (1, 1), where
                assert (end - start).days < 31, where
            case Precision.YEAR:
                assert (start.month, start.day, following.year - start.year) == (1, 1, 1), where


@pytest.mark.parametrize("split", SPLITS)
def test_what_is_news_is_fresh_and_what_took_place_has_begun(split: str) -> None:
    for row, mention in _mentions(GOLDEN[split]):
        end = _end(mention)
        if end is None:
            continue
        if not mention["background"]:
            assert end >= _time(row).date() - FRESH, row["id"]
        if mention["stage"] in TOOK_PLACE:
            assert mention["date"]["start"] <= _time(row).date().isoformat(), row["id"]


def test_an_item_is_relevant_by_what_it_reports_itself() -> None:
    for row in EVERY:
        own = [
            mention
            for mention in row["gold"]["mentions"]
            if not mention["background"] and not mention.get("optional") and mention["stage"] != Stage.DENIED
        ]
        assert row["gold"]["relevant"] == bool(own), row["id"]


def test_an_event_keeps_its_kind_dyad_and_mechanism() -> None:
    for part in ("kind", "dyad", "mechanism"):
        seen: dict[str, set[Any]] = defaultdict(set)
        for _, mention in _mentions(EVERY):
            seen[mention["event"]].add(mention[part])
        assert {event: values for event, values in seen.items() if len(values) > 1} == {}


@pytest.mark.parametrize("split", SPLITS)
def test_alerts_follow_from_the_mentions(split: str) -> None:
    """The first report of a stage alerts; an announcement after the event does not, nor what is recalled."""
    told: set[tuple[str, str]] = set()
    for row in GOLDEN[split]:
        expected = []
        for mention in row["gold"]["mentions"]:
            event, stage = mention["event"], mention["stage"]
            if mention["background"] or mention.get("optional") or stage == Stage.DENIED:
                continue
            over = any((event, one) in told for one in TOOK_PLACE)
            known = over if stage in TOOK_PLACE else (event, stage) in told
            late = stage == Stage.ANNOUNCED and (over or (event, Stage.CANCELLED) in told)
            told.add((event, stage))
            if mention["kind"] in ALERTING and not known and not late:
                expected.append({"event": event, "stage": stage})
        assert row["gold"]["alerts"] == expected, row["id"]


def test_every_kind_and_stage_is_there_in_the_ten_languages() -> None:
    stages = {(mention["stage"], row["lang"]) for row, mention in _mentions(EVERY)}
    languages = ("en", "vi", "zh", "ru", "hu", "sr", "de", "fr", "es", "it")
    assert [(stage, lang) for stage in Stage for lang in languages if (stage, lang) not in stages] == []
    for split in SPLITS:
        assert {mention["kind"] for _, mention in _mentions(GOLDEN[split])} == set(Kind), split


def test_every_language_and_every_hard_kind_is_there() -> None:
    languages = Counter(row["lang"] for row in EVERY)
    assert {name: languages[name] for name, least in AT_LEAST.items() if languages[name] < least} == {}
    hard: dict[int, list[str]] = defaultdict(list)
    for row in EVERY:
        for number in row["gold"]["hard"]:
            hard[number].append(row["lang"])
    assert set(hard) == set(range(1, 31))
    assert [number for number, found in hard.items() if len(found) < 3 or len(set(found)) < 2] == []


def test_the_sets_are_large_and_even() -> None:
    sizes = [len(GOLDEN[split]) for split in SPLITS]
    assert sum(sizes) >= 1000
    assert min(sizes) >= 0.45 * sum(sizes)
    for split in SPLITS:
        share = sum(row["gold"]["relevant"] for row in GOLDEN[split]) / len(GOLDEN[split])
        assert 0.25 <= share <= 0.5, split
