"""What a poll means for its source."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest

from tasks.fetch import plan
from tasks.fetch.outcome import Failure, FailureKind, Hop, Response
from tasks.store.sources import DueSource, SourceState
from tests.support.sources import NOW, a_source

URL = "https://news.example.org/feed"
BODY = b"<rss/>"


def a_due(**values: object) -> DueSource:
    base = DueSource("desk", a_source(), "example.org", NOW, etag='"old"', last_modified="then")
    return replace(base, **values)  # type: ignore[arg-type]


def answer(status: int = 200, body: bytes = BODY, url: str = URL, **headers: str) -> Response:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(url, status, given, b"" if status == 304 else body, 0.1)


def failed(kind: FailureKind, **values: object) -> Failure:
    return replace(Failure(URL, kind, "why", 0.1), **values)  # type: ignore[arg-type]


def test_b01_validators_are_sent_unless_they_lied() -> None:
    sent = plan.request(a_due())
    assert (sent.etag, sent.last_modified) == ('"old"', "then")
    for asked in (plan.request(a_due(), probe=True), plan.request(a_due(validators_trusted=False))):
        assert (asked.etag, asked.last_modified) == (None, None)


def test_b02_not_modified_is_a_success() -> None:
    poll = plan.poll(a_due(failures=3, state="failing"), answer(304, etag='"new"'), NOW, 0)
    assert (poll.state, poll.failures, poll.arrived) == (SourceState.OK, 0, None)
    assert (poll.unchanged, poll.etag, poll.last_modified) == (True, '"new"', "then")


def test_b04_not_modified_is_put_to_the_test_once_a_day() -> None:
    assert plan.probe_due(a_due(), answer(304), NOW)
    assert plan.probe_due(a_due(probed_at=NOW - timedelta(days=1)), answer(304), NOW)
    assert not plan.probe_due(a_due(probed_at=NOW - timedelta(hours=23)), answer(304), NOW)
    assert not plan.probe_due(a_due(), answer(200), NOW)


def test_b04_the_body_of_a_probe_is_marked() -> None:
    poll = plan.poll(a_due(), answer(), NOW, 0, probe=True)
    assert poll.arrived is not None
    assert poll.arrived.probe
    assert poll.probed_at == NOW


def test_b05_the_same_bytes_are_nothing_new() -> None:
    source = a_due(body_hash=sha256(BODY).digest())
    poll = plan.poll(source, answer(etag='"new"'), NOW, 0)
    assert (poll.arrived, poll.unchanged) == (None, True)
    # A body without a date takes the place of one that had it.
    assert (poll.etag, poll.last_modified) == ('"new"', None)
    assert poll.due_at > NOW + timedelta(minutes=20)


def test_a_new_body_is_kept_for_reading_and_decides_nothing_yet() -> None:
    source = a_due(
        failures=2, state=SourceState.FAILING, content=SourceState.EMPTY, content_reason="no items"
    )
    poll = plan.poll(source, answer(etag='"new"', content_type="text/xml"), NOW, 0)
    assert (poll.state, poll.failures, poll.unchanged) == (SourceState.EMPTY, 2, False)
    assert poll.arrived is not None
    assert (poll.arrived.etag, poll.arrived.content_type) == ('"new"', "text/xml")


def test_b35_not_modified_for_too_long_is_stale() -> None:
    source = a_due(content=SourceState.OK, newest_at=NOW - timedelta(days=31))
    assert plan.poll(source, answer(304), NOW, 0).state == SourceState.STALE


def test_not_modified_does_not_make_an_empty_source_well() -> None:
    source = a_due(content=SourceState.REDESIGNED, content_reason="no links")
    poll = plan.poll(source, answer(304), NOW, 0)
    assert (poll.state, poll.reason) == (SourceState.REDESIGNED, "no links")


def test_what_is_said_of_a_source_that_is_well_is_still_said_of_it() -> None:
    source = a_due(content=SourceState.OK, content_reason="1 of its 2 parts cannot be had")
    assert plan.poll(source, answer(304), NOW, 0).reason == "1 of its 2 parts cannot be had"
    stale = a_due(content=SourceState.STALE, content_reason="its newest item is old", newest_at=NOW)
    assert plan.poll(stale, answer(304), NOW, 0).reason is None


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (FailureKind.BLOCKED, SourceState.BLOCKED),
        (FailureKind.GONE, SourceState.GONE),
        (FailureKind.REFUSED, SourceState.REFUSED),
        (FailureKind.ROBOTS, SourceState.ROBOTS),
        (FailureKind.TIMEOUT, SourceState.FAILING),
        (FailureKind.UNASKED, SourceState.FAILING),
    ],
)
def test_b24_a_failure_is_counted_and_named(kind: FailureKind, state: SourceState) -> None:
    poll = plan.poll(a_due(failures=1), failed(kind), NOW, 0)
    assert (poll.state, poll.reason) == (state, "why")
    assert poll.failures > 1
    assert poll.due_at > NOW
    assert poll.patience_until is None


def test_b20_patience_is_asked_of_the_group_and_no_failure() -> None:
    failure = failed(FailureKind.LIMITED, status=429, headers={"retry-after": "7200"})
    poll = plan.poll(a_due(failures=1), failure, NOW, 0)
    assert poll.patience_until == NOW + timedelta(hours=2)
    assert poll.due_at >= poll.patience_until
    assert (poll.failures, poll.state) == (1, SourceState.LIMITED)


def test_b10_sightings_of_one_target_are_counted() -> None:
    moved = replace(answer(url="https://new.example.org/"), hops=(Hop(301, URL),))
    first = plan.poll(a_due(), moved, NOW, 0)
    assert (first.moved_to, first.moved_since, first.moved_seen) == ("https://new.example.org/", NOW, 1)
    since = NOW - timedelta(days=3)
    source = a_due(moved_to="https://new.example.org/", moved_since=since, moved_seen=5)
    again = plan.poll(source, moved, NOW, 0)
    assert (again.moved_since, again.moved_seen) == (since, 6)
    elsewhere = plan.poll(source, replace(moved, url="https://third.example.org/"), NOW, 0)
    assert (elsewhere.moved_since, elsewhere.moved_seen) == (NOW, 1)
    assert plan.poll(source, answer(), NOW, 0).moved_seen == 0


def test_b11_a_temporary_redirect_is_not_counted() -> None:
    moved = replace(answer(url="https://new.example.org/"), hops=(Hop(302, URL),))
    assert plan.poll(a_due(), moved, NOW, 0).moved_to is None


def test_b10_a_target_that_vanishes_gives_way_to_the_configured_address() -> None:
    source = a_due(address="https://new.example.org/")
    assert plan.request(source).url == "https://new.example.org/"
    assert plan.poll(source, failed(FailureKind.MISSING), NOW, 0).forget_address
    assert not plan.poll(source, failed(FailureKind.TIMEOUT), NOW, 0).forget_address
