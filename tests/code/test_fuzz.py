"""The short form of the fuzzing; `python -m tests.trials.fuzz` is the whole of it."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tasks.code.rules import Rules
from tasks.model import Item
from tests.trials.fuzz import faults
from tests.trials.inputs import Case, built

MOST = 2_000
"""Characters of an item: the whole form goes up to what the store takes."""


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.binary(min_size=6, max_size=90))
# An item without a title, cut into segments.
@example(bytes.fromhex("38a3678c22071d"))
def test_whatever_comes_is_coded_quickly_and_quoted_as_it_stands(rules: Rules, data: bytes) -> None:
    assert list(faults(built(data, MOST), rules)) == []


@pytest.mark.parametrize(
    "repeated",
    [
        "on Friday 3 December 2025 ",
        "20th round ",
        "Wang Yi met Shoigu. ",
        "food security ",
        "China and Russia signed a security agreement in Moscow with Wang Yi and Shoigu, ",
    ],
)
def test_a_long_text_costs_no_more_by_the_kilobyte_than_a_short_one(repeated: str, rules: Rules) -> None:
    body = "China and Russia signed a security agreement. " + repeated * (40_000 // len(repeated))
    published = datetime(2026, 1, 8, tzinfo=UTC)
    item = Item(id="t", source="t", title="Pact", body=body, language="en", published=published)
    assert list(faults(Case(item, UTC), rules)) == []
