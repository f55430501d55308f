"""`dragoman lexicon`: what the lists find in a text, and what stands beside it in none of them."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from dragoman.scan import described_gate, described_hit
from dragoman.terminal import UnknownError, opened_store
from tasks.code.coder import tools_for
from tasks.code.gaps import gaps
from tasks.code.gate import weigh
from tasks.code.language import language_of
from tasks.code.rules import Tools, compile_rules
from tasks.code.text import fold, normalise
from tasks.settings import configuration
from tasks.settings.environment import Environment
from tasks.store import items

# The latest items that are looked through: some minutes of work.
MOST_ITEMS = 50_000


def tried(environment: Environment, text: str, language: str | None) -> dict[str, Any]:
    """The hits in a text with what they stand for, the excluded phrases, and the gate's verdict.

    Where the language is neither given nor to be seen, the one that weighs the text most is shown.

    Raises:
        LookupError: there is no lexicon for the language.
        ConfigurationError: the configuration is wrong.
    """
    rules = compile_rules(configuration.load(environment.configuration))
    if language is not None and language not in rules.tools:
        raise UnknownError(
            f"there is no lexicon for `{language}`; there are: {', '.join(sorted(rules.tools))}"
        )
    text = normalise(text)
    folded = fold(text)
    told = language or language_of(text, None)

    def weight(tools: Tools) -> tuple[bool, int, bool]:
        gate = weigh(tools.matcher.hits(text, folded), rules)
        return gate.passed, gate.weight, tools.language.language == "en"

    found = max(tools_for(told, rules), key=weight, default=None)
    if found is None:
        raise UnknownError(f"there is no lexicon for `{told}`")
    hits = found.matcher.hits(text, folded)
    gate = weigh(hits, rules)
    return {
        "text": text,
        "language": found.language.language,
        "rules": rules.version,
        "hits": [described_hit(hit, text) for hit in hits],
        "excluded": [described_hit(hit, text) for hit in found.matcher.excluded(text, folded)],
        "gate": described_gate(gate, text, rules),
    }


def lacking(environment: Environment, days: int | None, limit: int) -> list[dict[str, Any]]:
    """Names and ordinals beside strong hits of stored items that are in no list, the most frequent first."""
    rules = compile_rules(configuration.load(environment.configuration))
    since = datetime.now(UTC) - timedelta(days=days) if days is not None else None
    with opened_store(environment) as db:
        return [asdict(gap) for gap in gaps(items.told(db, since, MOST_ITEMS), rules, limit)]
