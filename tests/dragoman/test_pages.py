"""Pages from a file: read in another process, and never for longer than somebody waits."""

from pathlib import Path

import pytest

from dragoman import pages
from dragoman.explain import explanation
from dragoman.pages import Pages
from dragoman.replay import Line, Replay
from tasks.read.child import Bounds
from tasks.settings import configuration, register
from tasks.settings.environment import ROOT, from_environment
from tasks.store.database import Connection
from tests.read.layouts import LAYOUTS
from tests.read.stories import STORIES

STORY = STORIES["en"]
# Deep enough to cost an extractor minutes.
HOSTILE = "<div><p>" * 60_000


def test_a_page_is_read_as_the_service_does_it() -> None:
    with Pages() as some:
        found = some.article(LAYOUTS["stacked_short"](STORY), None, STORY.title, "en")
    assert found is not None
    assert STORY.paragraphs[0] in found.text
    assert STORY.brief in found.headings


def test_a_page_that_costs_too_much_has_no_text_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_BOUNDS", Bounds(processor=1, clock=10))
    with Pages() as some:
        assert some.article(HOSTILE, "https://x.test/", "", None) is None
        assert some.article("half a pair: \ud800", None, "", None) is not None
        assert some.article(LAYOUTS["plain"](STORY), None, "", None) is not None


def test_a_replay_takes_pages_apart_and_outlives_hostile_ones(
    db: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "_BOUNDS", Bounds(processor=1, clock=10))
    settings = configuration.load(ROOT / "config")
    history = register.read(ROOT / "seeds" / "register.yaml")
    page = LAYOUTS["stacked_short"](STORY)
    with Replay(db, settings, history, history=False) as replay:
        replay.feed(Line(id="1", title="A hostile page", lang="en", html=HOSTILE))
        told = replay.feed(Line(id="2", title=STORY.title, lang="en", html=page)).coding.reading
        replay.feed(Line(id="3", title="No page", lang="en"))
        assert [row["id"] for row in replay.results()] == ["1", "2", "3"]
    assert told is None or "stacked" in {segment.role for segment in told.segments}


def test_an_explanation_of_a_page(tmp_path: Path) -> None:
    path = tmp_path / "story.html"
    path.write_text(LAYOUTS["stacked_short"](STORY), encoding="utf-8")
    roles = {each["role"] for each in explanation(from_environment({}), str(path), "en", None)["segments"]}
    assert {"main", "stacked"} <= roles
