"""Texts on a terminal, with what was found in them in colour."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

# The classes of words by what they tell, and the colour of each.
_GROUPS: Mapping[str, tuple[str, frozenset[str]]] = {
    "parties": ("bold cyan", frozenset({"state", "adjective", "metonym", "pair"})),
    "people": ("magenta", frozenset({"official", "surname", "office", "pronoun"})),
    "channel": ("bold yellow", frozenset({"mechanism", "generic", "subject", "unit", "counter"})),
    "act": (
        "green",
        frozenset(
            {
                "sign", "instrument", "consult", "meet", "exercise", "patrol", "transfer", "arms",
                "statement", "joint",
            }
        ),
    ),
    "stage": (
        "bright_green",
        frozenset({"announced", "under_way", "held", "postponed", "cancelled", "denied"}),
    ),
    "security": ("yellow", frozenset({"topic", "context"})),
    "place": ("blue", frozenset({"place", "locative", "travel"})),
    "doubt": (
        "red",
        frozenset({"exclude", "hypothetical", "background", "opinion", "multilateral", "margins"}),
    ),
}  # fmt: skip
_STYLES = {word_class: style for style, classes in _GROUPS.values() for word_class in classes}
_OTHER = "bright_black"
# The gate's signals whose name is no class of words.
_SIGNALS = {"china": "state", "other": "state", "china_official": "official"}
_QUOTED = "underline reverse"

# Characters of a text that are printed; the whole of it is in the JSON.
_LONGEST = 4000


def marked(text: str, hits: Iterable[Mapping[str, Any]], quotes: Iterable[tuple[int, int]] = ()) -> Text:
    """A text whose hits have the colour of their class, and whose quotes are set off."""
    shown = Text(text)
    for hit in hits:
        shown.stylize(_STYLES.get(hit["class"], _OTHER), hit["start"], hit["end"])
    for start, end in quotes:
        shown.stylize(_QUOTED, start, end)
    return shown


def legend(*, quotes: bool = False) -> Text:
    """Which colour tells what."""
    parts = [Text(name, style) for name, (style, _) in _GROUPS.items()] + [Text("other", _OTHER)]
    if quotes:
        parts.append(Text("quoted", _QUOTED))
    return Text("  ").join(parts)


def segments(out: Console, found: Mapping[str, Any]) -> None:
    """The stories of an item as they were read, in colour; the rest of its page in a line each."""
    quotes = [
        (evidence["start"], evidence["start"] + len(evidence["quote"]))
        for mention in found["mentions"]
        for evidence in mention["evidence"].values()
        if evidence["start"] >= 0
    ]
    whole = marked(found["text"], found["marks"], quotes)
    out.print(legend(quotes=True))
    left = _LONGEST
    for one in found["segments"]:
        out.print(f"\n{one['role']} {one['start']} to {one['end']}", style="bold")
        if one["role"] not in ("main", "stacked"):
            out.print(Text(one["begins"], "bright_black"), soft_wrap=True)
            continue
        end = min(one["end"], one["start"] + max(left, 0))
        left -= end - one["start"]
        out.print(whole[one["start"] : end], soft_wrap=True)
        if end < one["end"]:
            out.print(f"… {one['end'] - end} characters more", style="bright_black")


def gate(out: Console, found: Mapping[str, Any]) -> None:
    """The gate's sum, part by part, and what a text would have to show that it does not."""
    verdict = "passed" if found["passed"] else "not passed"
    out.print(f"gate: weight {found['weight']}, {verdict} (it passes from {found['passes_at']} on)")
    for part in found["parts"]:
        line = Text(f"  {part['part']} +{part['weight']}  ")
        line.append(part["form"], _STYLES.get(_SIGNALS.get(part["signal"], part["signal"]), _OTHER))
        out.print(line.append(f"  {part['value']}: {part['reason']}"), soft_wrap=True)
    for lack in found["lacks"]:
        out.print(f"  nothing in it shows {'a party' if lack == 'party' else 'that it is of security'}")
