"""The command around the gold sets: replay them, score the answers, say what has changed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from dragoman import gold, scoring, scratch, show
from dragoman.gold import GoldItem
from dragoman.replay import Replay, Unusable, run
from dragoman.replaying import bar
from dragoman.scoring import Scored
from tasks.settings import configuration, register
from tasks.settings.environment import Environment
from tasks.store import database as store


def evaluate(
    environment: Environment,
    split: str,
    folder: Path,
    out: Console,
    err: Console,
    *,
    misses: bool,
    diff: bool,
    as_json: bool,
) -> int:
    """Replay one split of the gold and print its figures; with `misses` every fault, with `diff` what
    is different from the run before. The exit status: 1 if an item could not be used.

    Raises:
        FileNotFoundError: there is no such split.
        ConfigurationError: the configuration, the register or the gold is wrong.
    """
    items = gold.read(folder, split)
    loaded = configuration.load(environment.configuration)
    results, unusable = _answers(environment, loaded, items, err)
    if unusable:
        for one in unusable:
            err.print(f"line {one.number}: {one.reason}", markup=False, highlight=False, soft_wrap=True)
        return 1
    scored = scoring.score(items, results)
    found = {
        "split": split,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "rules": loaded.version,
        "items": len(items),
        "figures": [asdict(figure) for figure in scoring.figures(scored)],
        "faults": {one.item.line.id: one.faults for one in scored if one.faults},
    }
    kept = environment.home / "evaluations" / f"{split}.json"
    before = _read(kept)
    _keep(kept, found)
    if as_json:
        shown = {**found, "before": before} if diff else found
        out.print(show.as_json_text(shown), markup=False, highlight=False, soft_wrap=True)
        return 0
    _tell(out, found, before if diff else None)
    if misses:
        _tell_faults(out, scored)
    if diff:
        _tell_changes(out, found, before)
    return 0


def _answers(
    environment: Environment,
    loaded: configuration.Configuration,
    items: Sequence[GoldItem],
    err: Console,
) -> tuple[list[dict[str, Any]], Sequence[Unusable]]:
    known = register.read(environment.seeds / "register.yaml")
    with (
        scratch.database() as dsn,
        store.connect(dsn) as db,
        Replay(db, loaded, known, before=gold.HISTORY_BEFORE) as replay,
    ):
        with bar(err, len(items), "gold") as progress:
            unusable = run(replay, (item.usable for item in items), progress)
        return list(replay.results()), unusable


def _read(path: Path) -> Mapping[str, Any] | None:
    if not path.exists():
        return None
    kept: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return kept


def _keep(path: Path, found: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_suffix(".new")
    written.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    written.replace(path)


def _tell(out: Console, found: Mapping[str, Any], before: Mapping[str, Any] | None) -> None:
    earlier = {figure["name"]: figure["value"] for figure in (before or {}).get("figures", ())}
    rows = [
        {
            "name": figure["name"],
            "value": _number(figure["value"]),
            "interval": f"{_number(figure['low'])} to {_number(figure['high'])}"
            if figure["low"] is not None
            else "",
            "cases": figure["cases"],
            "change": _change(figure["value"], earlier.get(figure["name"])),
        }
        for figure in found["figures"]
    ]
    columns = {"figure": "name", "value": "value", "95 of 100": "interval", "cases": "cases"}
    if before is not None:
        columns["since last"] = "change"
    show.rows(out, f"{found['split']}: {found['items']} items, rules {found['rules']}", columns, rows)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _change(now: float | None, before: float | None) -> str:
    if now is None or before is None or abs(now - before) < 0.0005:
        return ""
    return f"{now - before:+.3f}"


def _tell_faults(out: Console, scored: Sequence[Scored]) -> None:
    for one in scored:
        if one.faults:
            line = one.item.line
            _print(out, f"{line.id} ({line.lang}) {line.title}")
            for fault in one.faults:
                _print(out, f"    {fault}")


def _tell_changes(out: Console, found: Mapping[str, Any], before: Mapping[str, Any] | None) -> None:
    if before is None:
        _print(out, "there was no run before this one")
        return
    _print(out, f"since {before['made']}, rules {before['rules']}:")
    old, new = before["faults"], found["faults"]
    changed = [
        (item, set(old.get(item, ())), set(new.get(item, ())))
        for item in sorted({*old, *new})
        if sorted(old.get(item, ())) != sorted(new.get(item, ()))
    ]
    for item, was, is_now in changed:
        _print(out, item)
        for fault in sorted(was - is_now):
            _print(out, f"    mended: {fault}")
        for fault in sorted(is_now - was):
            _print(out, f"    new:    {fault}")
    if not changed:
        _print(out, "no item is judged otherwise")


def _print(out: Console, line: str) -> None:
    out.print(line, markup=False, highlight=False, soft_wrap=True)
