"""What an aggregator found, as a witness: the outlet that it names, unless a source of ours says it."""

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import pytest

from tasks.resolve.fuse import fuse, witnesses
from tasks.store.rows import Report
from tests.alert.makers import report

TITLE = "China and Russia hold strategic security talks in Moscow"


def lead(number: int, **fields: Any) -> Report:
    values: dict[str, Any] = {"rank": 4, "outlet": f"Outlet {number} via Google News"}
    return report(number, **(values | fields))


@pytest.mark.parametrize(
    ("reports", "count"),
    [
        # A lead counts as the outlet that it names.
        ([lead(1)], 1),
        ([lead(1), lead(2)], 2),
        ([lead(1, family="tass"), lead(2, family="tass")], 1),
        ([report(1), lead(2)], 2),
        # Where a source of ours brings the same, it adds nothing: the same owner, address, title or text.
        ([report(1, family="xinhua"), lead(2, family="xinhua")], 1),
        ([report(1, url="https://www.tass.com/1/"), lead(2, url="http://tass.com/1")], 1),
        ([report(1, title=TITLE), lead(2, title=f"{TITLE.upper()}!")], 1),
        ([report(1, title=TITLE), lead(2, title=f"{TITLE} | Новости дня")], 1),
        ([report(1, text_hash=b"a"), lead(2, text_hash=b"a")], 1),
        # A title that only begins alike, and is short, is another.
        ([report(1, title="Talks"), lead(2, title="Talks fail")], 2),
        # A lead never joins two who were told apart without it.
        ([report(1, title=TITLE), report(2, title=TITLE), lead(3, title=TITLE)], 2),
        ([report(1, family="a"), report(2, text_hash=b"b"), lead(3, family="a", text_hash=b"b")], 2),
        # One agency's text at two outlets that nobody of ours carries.
        ([lead(1, text_hash=b"a"), lead(2, text_hash=b"a")], 1),
    ],
)
def test_b84_a_lead_is_the_witness_that_it_names_and_none_beside_the_same_of_ours(
    reports: Sequence[Report], count: int
) -> None:
    assert {witnesses(order) for order in permutations(reports)} == {count}


def test_a_field_rests_on_no_lead_where_a_source_of_ours_says_otherwise() -> None:
    stated = {"round_basis": "stated"}
    fused = fuse([lead(1, round=19, **stated), lead(2, round=19, **stated), report(3, round=20, **stated)])
    assert fused["round"] == 20
    assert fused["conflicts"] == [
        {"field": "round", "value": 19, "sources": ["Outlet 1 via Google News", "Outlet 2 via Google News"]}
    ]


def test_a_lead_alone_gives_the_fields() -> None:
    assert fuse([lead(1, round=20, round_basis="stated")])["round"] == 20
