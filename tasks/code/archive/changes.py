"""What coding an item again changes: mentions that are new, gone or different, in numbers and examples."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from tasks.model import Mention
from tasks.store import mentions
from tasks.store.rows import Report

# What is compared of a mention. The columns of a date are one field, and so are a number and its basis.
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "dyad": ("dyad",),
    "kind": ("kind",),
    "stage": ("stage",),
    "background": ("background",),
    "mechanism": ("mechanism",),
    "round": ("round", "round_basis"),
    "date": ("date_start", "date_end", "date_precision", "date_basis"),
    "place": ("place",),
    "officials": ("officials",),
    "instrument": ("instrument",),
    "contexts": ("contexts",),
    "segment": ("segment",),
    "evidence": ("evidence",),
}

# Examples of one kind: of a batch, and of a whole run.
_SOME = 3
_SHOWN = 12
_TITLE = 160

BECAME = "became relevant"
CEASED = "no longer relevant"
ADDED = "mention added"
REMOVED = "mention removed"
CHANGED = "mention changed"
FAILED = "could not be coded"


@dataclass(frozen=True, slots=True)
class Difference:
    """What one item says now and did not, said and does not, and says otherwise (fields by pair)."""

    added: tuple[Mapping[str, Any], ...] = ()
    removed: tuple[Mapping[str, Any], ...] = ()
    changed: tuple[tuple[Mapping[str, Any], Mapping[str, Any], tuple[str, ...]], ...] = ()

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.added or self.removed or self.changed)

    @property
    def dyads(self) -> frozenset[str]:
        """Whose events are touched."""
        rows = (*self.added, *self.removed, *(row for old, new, _ in self.changed for row in (old, new)))
        return frozenset(row["dyad"] for row in rows)


@dataclass(slots=True)
class Tally:
    """What changed in some items.

    `left` are items that were not coded again, because a station or the decision on a stage waits
    for them. `examples` are lines for a person, by kind.
    """

    items: int = 0
    left: int = 0
    differing: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def note(self, kind: str, number: int, outlet: str, title: str, what: str = "") -> None:
        """Count a change of one kind, and keep it if there are few examples yet."""
        self.counts[kind] += 1
        kept = self.examples.setdefault(kind, [])
        if len(kept) < _SOME:
            kept.append({"item": number, "outlet": outlet, "title": title[:_TITLE], "what": what})

    def add(self, other: Self) -> None:
        """Take in what changed in further items."""
        self.items += other.items
        self.left += other.left
        self.differing += other.differing
        self.counts.update(other.counts)
        self.fields.update(other.fields)
        for kind, found in other.examples.items():
            kept = self.examples.setdefault(kind, [])
            kept.extend(found[: max(_SHOWN - len(kept), 0)])

    def to_json(self) -> dict[str, Any]:
        """The form in which the store keeps it."""
        return {
            "items": self.items, "left": self.left, "differing": self.differing,
            "counts": dict(self.counts), "fields": dict(self.fields), "examples": self.examples,
        }  # fmt: skip

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """What `to_json` gave."""
        return cls(
            stored["items"], stored["left"], stored["differing"],
            Counter(stored["counts"]), Counter(stored["fields"]), dict(stored["examples"]),
        )  # fmt: skip


def difference(before: Sequence[Report], after: Sequence[Mention]) -> Difference:
    """How what an item says now differs from what it said.

    Mentions are paired within a dyad by how many of their fields agree.
    """
    old = [{name: getattr(report, name) for name in _columns()} for report in before]
    new = [_plain(mention) for mention in after]
    pairs: list[tuple[Mapping[str, Any], Mapping[str, Any], tuple[str, ...]]] = []
    added: list[Mapping[str, Any]] = []
    for one in new:
        same_dyad = [other for other in old if other["dyad"] == one["dyad"]]
        if not same_dyad:
            added.append(one)
            continue
        nearest = min(same_dyad, key=lambda other: len(_differing(other, one)))
        old.remove(nearest)
        pairs.append((nearest, one, _differing(nearest, one)))
    return Difference(tuple(added), tuple(old), tuple(pair for pair in pairs if pair[2]))


def said(row: Mapping[str, Any]) -> str:
    """A mention in a few words."""
    number = f"round {row['round']}" if row["round"] else None
    what = (row["dyad"], row["mechanism"] or row["kind"], number, row["stage"])
    text = " ".join(str(part) for part in (*what, row["date_start"], row["place"]) if part)
    return f"{text} (background)" if row["background"] else text


def told(old: Mapping[str, Any], new: Mapping[str, Any], fields: Sequence[str]) -> str:
    """A pair that differs, field by field."""
    return "; ".join(
        "quotes or rules" if name == "evidence" else f"{name}: {_value(old, name)} -> {_value(new, name)}"
        for name in fields
    )


def _value(row: Mapping[str, Any], name: str) -> str:
    if name == "officials":
        return ", ".join(str(one["name"]) for one in row["officials"]) or "none"
    if name == "contexts":
        return ", ".join(row["contexts"]) or "none"
    values = [str(row[column]) for column in _FIELDS[name] if row[column] is not None]
    return " ".join(dict.fromkeys(values)) or "none"


def _columns() -> list[str]:
    return [column for columns in _FIELDS.values() for column in columns]


def _plain(mention: Mention) -> dict[str, Any]:
    row = mentions.columns(mention)
    # What goes to the store as JSON comes wrapped.
    return {name: getattr(row[name], "obj", row[name]) for name in _columns()}


def _differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(
        name for name, columns in _FIELDS.items() if any(old[column] != new[column] for column in columns)
    )
