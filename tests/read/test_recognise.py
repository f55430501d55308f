"""Whether a source is still who it was."""

import pytest

from tasks.read.document import Channel, Document, Entry
from tasks.read.recognise import MOST_HOSTS, Identity, recognise
from tests.support.sources import a_source

DESK = Identity("Desk: World news", "example.org", frozenset({"example.org"}))


def a_document(
    title: str = "Desk: World news",
    home: str | None = "https://www.example.org/",
    hosts: tuple[str, ...] = ("news.example.org",),
    **more: object,
) -> Document:
    entries = tuple(Entry("title", f"https://{host}/{n}", **more) for n, host in enumerate(hosts))  # type: ignore[arg-type]
    return Document("rss20", entries, channel=Channel(title, home))


def odd(document: Document, **source: object) -> str | None:
    return recognise(a_source(**source), DESK, document).reason


def test_a_first_reading_is_taken_at_its_word() -> None:
    assert recognise(a_source(), None, a_document()).identity == DESK


def test_who_is_as_before_is_known() -> None:
    assert odd(a_document()) is None


@pytest.mark.parametrize("title", ["Desk", "DESK – World News (22.11.2026)", "", "World"])
def test_a_name_that_is_much_the_same_is_the_same(title: str) -> None:
    assert odd(a_document(title)) is None


def test_b38_another_name_is_a_stranger() -> None:
    found = recognise(a_source(), DESK, a_document("Casino Bonus"))
    assert found.reason == "it calls itself “Casino Bonus” and was “Desk: World news”"
    assert found.identity == DESK
    assert found.stranger is not None
    assert found.stranger.title == "Casino Bonus"


def test_names_without_spaces_are_compared_by_their_characters() -> None:
    known = Identity("新华网国际新闻")
    assert recognise(a_source(), known, a_document("新华社国际新闻")).stranger is None
    assert recognise(a_source(), known, a_document("彩票开奖结果")).stranger is not None


def test_b38_another_site_is_a_stranger() -> None:
    assert (
        odd(a_document(home="https://casino.test/"))
        == "it names casino.test as its site and named example.org"
    )
    assert odd(a_document(home="http://m.example.org/world")) is None
    assert odd(a_document(home=None)) is None


def test_b38_items_that_all_stand_elsewhere_are_a_strangers() -> None:
    assert "casino.test" in str(odd(a_document(hosts=("casino.test", "pills.test"))))
    assert odd(a_document(hosts=("casino.test", "example.org"))) is None


def test_a_source_that_points_elsewhere_by_trade_may() -> None:
    assert odd(a_document(hosts=("casino.test",)), rank=4) is None
    assert odd(a_document(hosts=("casino.test",), discovery=True)) is None
    many = tuple(f"site{n}.test" for n in range(MOST_HOSTS + 1))
    wide = recognise(a_source(), None, a_document(hosts=many)).identity
    assert wide.hosts is None
    assert recognise(a_source(), wide, a_document(hosts=("elsewhere.test",))).stranger is None


def test_b10_where_a_lasting_redirect_leads_is_its_own_site() -> None:
    moved = a_document(home="https://desk.test/", hosts=("desk.test",))
    assert recognise(a_source(), DESK, moved).stranger is not None
    found = recognise(a_source(), DESK, moved, "https://desk.test/feed")
    assert found.stranger is None
    assert found.identity.hosts == {"example.org", "desk.test"}


def test_an_identity_goes_through_the_store() -> None:
    for identity in (DESK, Identity("x", None, None)):
        assert Identity.from_json(identity.to_json()) == identity
