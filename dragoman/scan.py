"""What the lists find in a text, and what it weighs, as `explain` and `lexicon try` have it."""

from dataclasses import asdict
from typing import Any

from tasks.code.gate import Gate
from tasks.code.matcher import Hit
from tasks.code.rules import Rules


def described_hit(hit: Hit, text: str) -> dict[str, Any]:
    """A hit with its words and its offsets in `text`."""
    return {
        "class": hit.word_class, "value": hit.value, "form": text[hit.start : hit.end],
        "start": hit.start, "end": hit.end, "weight": hit.weight,
    }  # fmt: skip


def described_gate(gate: Gate, text: str, rules: Rules) -> dict[str, Any]:
    """The gate's verdict on `text` with each weight, its word and its row's reason."""
    return {
        "passed": gate.passed,
        "weight": gate.weight,
        "share": gate.share,
        "passes_at": rules.scales.passes_at,
        "lacks": list(gate.lacks),
        "parts": [{**asdict(part), "form": text[part.start : part.end]} for part in gate.parts],
        "reasons": list(gate.reasons),
    }
