"""`dragoman eval`: labelled items go the whole way, and what changed since the last run is told."""

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from dragoman.evaluating import evaluate
from tasks.settings.environment import Environment, from_environment

TEXT = (
    "The 18th round of the China-Russia strategic security consultation was held in Moscow on 19 September 2023, "
    "chaired by Wang Yi and Security Council Secretary Nikolai Patrushev."
)
RIGHT = {
    "event": "cn-ru-ssc-18", "kind": "consultation_round", "stage": "held", "background": False, "dyad": "CHN-RUS",
    "mechanism": "cn-ru-ssc", "round": 18, "round_basis": "stated",
    "date": {"start": "2023-09-19", "end": "2023-09-19", "precision": "day"}, "place": "Moscow",
    "officials": ["wang_yi", "nikolai_patrushev"], "instrument": False,
}  # fmt: skip


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """The project's own configuration, and a home of the test's own."""
    return replace(from_environment({}), home=tmp_path / "home")


def write(folder: Path, **changed: Any) -> None:
    """One labelled item; `changed` are fields of its mention."""
    (folder / "dev").mkdir(parents=True, exist_ok=True)
    told = {"relevant": True, "why": "a round", "mentions": [{**RIGHT, **changed}]}
    alerts = [{"event": "cn-ru-ssc-18", "stage": "held"}]
    row = {
        "id": "a", "source": "Harbour Wire", "lang": "en", "published": "2023-09-20T09:00:00+08:00",
        "title": "China and Russia hold consultation on strategic security", "body": TEXT,
        "gold": {**told, "alerts": alerts},
    }  # fmt: skip
    (folder / "dev" / "items.jsonl").write_text(json.dumps(row), encoding="utf-8")


def run(environment: Environment, folder: Path, **options: bool) -> str:
    """What the command prints."""
    out, err = Console(file=io.StringIO(), width=160), Console(file=io.StringIO())
    asked = {"misses": False, "diff": False, "as_json": False, **options}
    assert evaluate(environment, "dev", folder, out, err, **asked) == 0
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def test_an_item_goes_the_whole_way_and_changes_are_told(environment: Environment, tmp_path: Path) -> None:
    folder = tmp_path / "gold"
    write(folder)
    first = json.loads(run(environment, folder, as_json=True))
    assert first["faults"] == {}
    assert {"alerts recall", "events B-cubed F1"} <= {figure["name"] for figure in first["figures"]}
    write(folder, place="Beijing")
    second = run(environment, folder, misses=True, diff=True)
    assert "new:    place: Moscow, should be Beijing [CHN-RUS consultation_round held]" in second
    assert "-1.000" in second, "the accuracy of places fell from one to nothing"
    write(folder)
    assert "mended: place: Moscow, should be Beijing" in run(environment, folder, diff=True)
    assert "no item is judged otherwise" in run(environment, folder, diff=True)
