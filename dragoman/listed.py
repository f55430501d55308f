"""Lists for a terminal: items, what a recode changes, what the lists find and lack."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console

from dragoman.marked import gate, legend, marked
from dragoman.show import rows


def tried(out: Console, found: Mapping[str, Any]) -> None:
    """What `lexicon try` found."""
    out.print(f"language {found['language']}")
    out.print(marked(found["text"], found["hits"]), soft_wrap=True)
    out.print(legend())
    columns = {"class": "class", "stands for": "value", "form": "form", "at": "start", "weight": "weight"}
    rows(out, f"{len(found['hits'])} hits", columns, found["hits"])
    if found["excluded"]:
        rows(
            out, "phrases that take their words with them", {"form": "form", "at": "start"}, found["excluded"]
        )
    gate(out, found["gate"])


def lacking(out: Console, found: Sequence[Mapping[str, Any]]) -> None:
    """What `lexicon gaps` found."""
    columns = {
        "what": "lack", "language": "language", "form": "form", "times": "times", "item": "item",
        "such as": "example",
    }  # fmt: skip
    rows(out, f"{len(found)} words near strong hits that are in no list", columns, found)


def recoded(out: Console, found: Mapping[str, Any]) -> None:
    """What a recode changed, or would change."""
    done = "coded again and written" if found["applied"] else "coded again, nothing written"
    out.print(
        f"{found['items']} items {done}; {found['differing']} say something else by rules {found['rules']}"
    )
    if found["left"]:
        out.print(f"{found['left']} were left alone: a station or the decision on a stage waits for them")
    counted = [{"what": kind, "how many": number} for kind, number in found["counts"].items()]
    counted += [{"what": f"field {name}", "how many": number} for name, number in _most(found["fields"])]
    if counted:
        rows(out, "changes", {"what": "what", "how many": "how many"}, counted)
    for kind, examples in found["examples"].items():
        columns = {"item": "item", "outlet": "outlet", "title": "title", "what": "what"}
        rows(out, f"{kind}, for example", columns, examples)
    if not found["applied"] and found["items"]:
        days = f" --days {found['days']}" if found["days"] is not None else ""
        out.print(f"`dragoman recode --apply{days}` writes it; nobody is told of what is old", markup=False)


def _most(numbers: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(numbers.items(), key=lambda pair: -pair[1])


def items(out: Console, found: Sequence[Mapping[str, Any]]) -> None:
    """A list of items with their numbers."""
    columns = {
        "item": "item", "first seen": "seen", "outlet": "outlet", "language": "language",
        "relevant": "verdict", "score": "score", "title": "title",
    }  # fmt: skip
    rows(out, f"{len(found)} items; `dragoman explain ITEM` tells of one", columns, map(_listed, found))


def _listed(item: Mapping[str, Any]) -> Mapping[str, Any]:
    outlet = f"{item['found_at']} via {item['outlet']}" if item["found_at"] else item["outlet"]
    verdict = "yes" if item["relevant"] else "no"
    if item["awaits"]:
        verdict = f"awaits {item['awaits']}"
    elif item["failure"] and item["relevant"] is None:
        verdict = "given up"
    score = None if item["score"] is None else round(item["score"], 2)
    return {**item, "outlet": outlet, "verdict": verdict, "score": score}
