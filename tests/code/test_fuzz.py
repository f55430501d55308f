"""The short form of the fuzzing; `python -m tests.trials.fuzz` is the whole of it."""

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tasks.code.rules import Rules
from tests.trials.fuzz import faults
from tests.trials.inputs import built

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
