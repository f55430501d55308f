"""Tables and texts for a terminal; the same as JSON for a program."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dragoman import marked
from dragoman.terminal import harmless
from tasks.fetch.concerns import span
from tasks.store.health import advice

_WHOLE = frozenset({"event", "alert", "round", "stage", "when", "state", "times", "class", "role", "raised"})


def as_json_text(value: Any) -> str:
    """A value as JSON; times in ISO 8601."""

    def other(one: Any) -> Any:
        if isinstance(one, datetime):
            return one.isoformat()
        return asdict(one) if is_dataclass(one) and not isinstance(one, type) else str(one)

    return json.dumps(value, ensure_ascii=False, default=other, indent=2)


def _json(out: Console, value: Any) -> None:
    out.print(as_json_text(value), markup=False, highlight=False, soft_wrap=True)


def _table(title: str, columns: Sequence[str]) -> Table:
    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for column in columns:
        # A day that is broken in two is hard to read; names may go on in the next line.
        table.add_column(column, overflow="fold", no_wrap=column in _WHOLE)
    return table


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return escape(harmless(str(value)))


def rows(out: Console, title: str, columns: Mapping[str, str], found: Iterable[Mapping[str, Any]]) -> None:
    """A table of rows: `columns` maps a heading to the name of a value."""
    table = _table(title, list(columns))
    for row in found:
        table.add_row(*(_cell(row.get(name)) for name in columns.values()))
    out.print(table)


def when(date: Mapping[str, Any] | None) -> str:
    """A day or a range as a person writes it."""
    if date is None:
        return ""
    if date["start"] == date["end"]:
        return str(date["start"])
    return f"{date['start']} to {date['end']}"


def events(out: Console, found: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """A list of events."""
    if as_json:
        _json(out, found)
        return
    table = _table(
        f"{len(found)} events", ["event", "what", "round", "stage", "when", "where", "who", "told by"]
    )
    for event in found:
        number = event["round"]
        inferred = " (inferred)" if event["round_basis"] == "register" else ""
        table.add_row(
            _cell(event["event_id"]),
            _cell(f"{event['dyad']} {event['mechanism'] or event['kind']}"),
            _cell(f"{number}{inferred}" if number else ""),
            _cell(event["stage"]),
            _cell(when(event["date"])),
            _cell(event["place"]),
            _cell(", ".join(official["name"] for official in event["officials"])),
            _cell(event["witnesses"]),
        )
    out.print(table)


def sources(
    out: Console,
    found: Sequence[Mapping[str, Any]],
    concerns: Sequence[Mapping[str, Any]] = (),
    *,
    as_json: bool,
) -> None:
    """The sources with their state, since when, why, and what to do about it; below them what the
    operator has been told and is not over.
    """
    if as_json:
        _json(out, [_plain_source(source) for source in found])
        return
    counts = Counter(source["state"] for source in found)
    told = ", ".join(f"{number} {state}" for state, number in counts.most_common())
    columns = ["source", "state", "since", "last new", "silence to expect", "why, and what to do"]
    table = _table(f"{len(found)} sources: {told}" if told else "no sources", columns)
    for source in found:
        table.add_row(
            _cell(source["id"]),
            _cell(source["state"].replace("_", " ")),
            _cell(source["since"]),
            _cell(source["new_item_at"] or "never"),
            _cell(_silence(source)),
            "\n".join(map(_cell, _standing(source))),
        )
    out.print(table)
    if concerns:
        rows(out, "told to the operator, and not over", {"since": "began_at", "what": "said"}, concerns)


def _silence(source: Mapping[str, Any]) -> str:
    """How long a source may be silent: as learned of it, or else as its entry allows."""
    if source["gap"] is not None:
        return span(source["gap"])
    return f"{source['stale_after']} days, not learned yet"


def _standing(source: Mapping[str, Any]) -> list[str]:
    """Why a source is as it is, what is odd about it, and what to do."""
    said = [source["reason"], source["remark"]]
    if source["kept_back"]:
        number = source["kept_back"]
        said.append("1 item is kept back" if number == 1 else f"{number} items are kept back")
    if not source["validators_trusted"]:
        said.append(
            "its word that nothing has changed was wrong, and is not asked for until a month has passed"
        )
    said = [f"{text[0].upper()}{text[1:].rstrip('.')}." for text in said if text]
    return [text for text in (*said, advice(source["id"], source["state"])) if text]


def _plain_source(source: Mapping[str, Any]) -> dict[str, Any]:
    gap = source["gap"]
    plain = {name: value for name, value in source.items() if name != "gap"}
    hours = None if gap is None else round(gap.total_seconds() / 3600, 1)
    return {**plain, "expected_gap_hours": hours, "advice": advice(source["id"], source["state"])}


def hosts(out: Console, found: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """What was asked of each host, what came of it, and how its sources are."""
    if as_json:
        _json(out, found)
        return
    columns = ["host", "asked", "read", "unchanged", "failed", "bytes", "ms", "items", "new", "its sources"]
    names = ("host", "asked", "ok", "unchanged", "failed", "bytes", "milliseconds", "items", "new_items")
    table = _table(f"{len(found)} hosts in the last day", columns)
    for host in found:
        states = ", ".join(f"{number} {state}" for state, number in host["states"].items())
        table.add_row(*(_cell(host[name]) for name in names), _cell(states))
    out.print(table)


def alerts(out: Console, found: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """The alerts with their deliveries."""
    if as_json:
        _json(out, found)
        return
    table = _table(f"{len(found)} alerts", ["alert", "raised", "event", "stage", "what", "deliveries"])
    for alert in found:
        table.add_row(
            _cell(alert["id"]),
            _cell(alert["created_at"]),
            _cell(alert["event_id"]),
            _cell(f"{alert['stage']}{' (late)' if alert['late'] else ''}"),
            _cell(alert["headline"]),
            _cell("; ".join(_delivery(one) for one in alert["deliveries"]) or "no channel takes it"),
        )
    out.print(table)


def _delivery(delivery: Mapping[str, Any]) -> str:
    """What became of one delivery, with the last error of one that is not there yet."""
    text = f"{delivery['channel']}: {delivery['state'].replace('_', ' ')}"
    if delivery["uncertain"]:
        text += ", possibly twice"
    return f"{text} ({delivery['error']})" if delivery["error"] and delivery["state"] != "sent" else text


def outcome(out: Console, channel: str, result: Any) -> None:
    """What became of a test message."""
    text = f"{channel}: sent" if result.sent else f"{channel}: not sent: {result.error}"
    out.print(text, markup=False, highlight=False, soft_wrap=True)


def cycle(out: Console, result: Any, *, as_json: bool) -> None:
    """What a cycle did."""
    if as_json:
        _json(out, result)
        return
    table = _table("one cycle", ["what", "how many"])
    for name, value in asdict(result).items():
        table.add_row(escape(name.replace("_", " ")), _cell(value))
    out.print(table)


def explanation(out: Console, found: Mapping[str, Any], *, as_json: bool) -> None:
    """Everything that `explain` knows of an item."""
    if as_json:
        _json(out, found)
        return
    item = found["item"]
    verdict = "[green]relevant[/]" if item["relevant"] else "[yellow]not relevant[/]"
    out.print(f"{verdict}, score {item['score']}, language {item['language']}, rules {found['rules']}")
    if item.get("rules") not in (None, found["rules"]):
        out.print(
            f"coded in the store by other rules ({escape(item['rules'])}): all but its events is what "
            "today's make of it",
            soft_wrap=True,
        )
    marked.gate(out, found["gate"])
    marked.segments(out, found)
    rows(
        out,
        "hits",
        {"class": "class", "stands for": "value", "form": "form", "weight": "weight", "times": "times"},
        found["hits"],
    )
    for mention in found["mentions"]:
        _mention(out, mention)
    if found["rejected"]:
        rows(out, "passed over", {"why": "reason", "sentence": "sentence"}, found["rejected"])
    for event in found["events"]:
        out.print(f"event {event['event_id']}: {escape(str(event['why']))}")
    for reading in found["second_reader"]:
        _reading(out, reading)


def _reading(out: Console, reading: Mapping[str, Any]) -> None:
    """What a second reader said of a mention, or why it said nothing."""
    told = f"second reader {reading['model'] or ''} on mention {reading['position'] + 1}".replace("  ", " ")
    if reading["verdict"] is None or not reading["judgements"]:
        reason = reading["failure"] or "it knows nothing of it"
        out.print(f"{escape(told)}: {reading['verdict'] or 'no answer'} ({escape(reason)})", soft_wrap=True)
        return
    columns = {"field": "field", "says": "verdict", "reads": "value", "quote": "quote"}
    title = f"{told}: {reading['verdict']}{', asked before' if reading['cached'] else ''}"
    rows(out, escape(title), columns, reading["judgements"])


def second_reader(out: Console, found: Mapping[str, Any], *, as_json: bool) -> None:
    """How a second reader is set, what it may still be asked today, and what it doubts."""
    if as_json:
        _json(out, found)
        return
    if found["model"] is None:
        out.print("no second reader: config/second_reader.yaml is not enabled")
    else:
        left = f"{found['calls_today']} of {found['calls_per_day']} calls"
        size = f"{found['bytes_today'] // 1000} of {found['kilobytes_per_day']} kB"
        out.print(f"{found['model']}: {left} and {size} today (UTC)", markup=False, highlight=False)
    if found["resting"]:
        out.print(found["resting"], markup=False, highlight=False, soft_wrap=True)
    columns = {"item": "item_id", "event": "event_id", "says": "verdict", "of": "doubted", "title": "title"}
    rows(out, f"{len(found['doubts'])} doubts", columns, found["doubts"])


def _mention(out: Console, mention: Mapping[str, Any]) -> None:
    title = f"mention: {mention['dyad']} {mention['kind']} {mention['stage']}"
    table = _table(
        title + (" (background)" if mention["background"] else ""), ["field", "value", "quote", "rule"]
    )
    for name, evidence in mention["evidence"].items():
        value = mention.get(name)
        if name == "date":
            value = when(value)
        if name == "officials":
            value = ", ".join(official["name"] for official in mention["officials"])
        table.add_row(
            name, _cell(value), f"[cyan]{_cell(evidence['quote'][:120])}[/]", _cell(evidence["rule"])
        )
    out.print(table)
