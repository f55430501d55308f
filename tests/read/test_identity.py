"""What makes an item the same item again, and addresses that are the same address."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.read.address import absolute, canonical, is_front_page
from tasks.read.identity import Described, names, title_key

TITLE = "Ministers of the interior meet in Budapest"


def entry(
    guid: str | None = None, url: str | None = None, title: str = TITLE, summary: str = ""
) -> Described:
    return Described(guid, url, title, summary)


def keys(*entries: Described) -> list[tuple[str, ...]]:
    return [name.keys for name in names(entries)]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("https://example.org/a?b=1", "https://example.org/a?b=1"),
        ("HTTPS://Example.ORG:443/a#part", "https://example.org/a"),
        ("http://example.org:80", "http://example.org/"),
        ("http://example.org/a/./b/../c", "http://example.org/a/c"),
        ("http://example.org/%7euser/%e4%b8%ad", "http://example.org/~user/%E4%B8%AD"),
        ("http://example.org/中", "http://example.org/%E4%B8%AD"),
        ("http://example.org/a?utm_source=rss&id=1&fbclid=x&at_medium=y", "http://example.org/a?id=1"),
        ("http://example.org/?p=12", "http://example.org/?p=12"),
        ("http://example.org/a;jsessionid=12AB?x=1", "http://example.org/a?x=1"),
        ("http://example.org/a?q=%B0%A1", "http://example.org/a?q=%B0%A1"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("/news/1.html", "https://base.test/news/1.html"),
        ("../1.html", "https://base.test/1.html"),
        ("//other.test/x", "https://other.test/x"),
    ],
)
def test_b74_addresses_are_made_absolute_and_plain(given: str, expected: str) -> None:
    assert absolute(given, "https://base.test/world/index.html") == expected


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        "javascript:alert(1)",
        "mailto:a@example.org",
        "file:///etc/passwd",
        "data:text/html,x",
        "http://user:pass@example.org/",
        "http://[::1",
        "http://exa mple.org/",
        "http://",
        "http://example.org:99999/",
        "http://example.org/" + "a" * 3000,
    ],
)
def test_b55_what_is_no_address_of_the_web_is_none(given: str | None) -> None:
    assert absolute(given) is None


def test_b72_http_and_https_www_and_order_do_not_matter() -> None:
    same = {
        "http://www.example.org/a?x=1&y=2",
        "https://example.org/a?y=2&x=1&utm_medium=feed",
        "https://EXAMPLE.org/a/?x=1&y=2#top",
    }
    assert len({canonical(address) for address in same}) == 1
    assert canonical("https://example.org/a?id=1") != canonical("https://example.org/a?id=2")


PAGE = "https://example.org/world/2026/story-1.html"


@pytest.mark.parametrize(
    "same",
    [
        "http://www.example.org/world/2026/story-1.html",
        "https://example.org/world/2026/story-1.html/",
        "https://example.org/world/2026/story-1.html#comments",
        "https://m.example.org/world/2026/story-1.html",
        "https://amp.example.org/world/2026/story-1.html",
        "https://example.org/amp/world/2026/story-1.html",
        "https://example.org/world/2026/story-1.html/amp/",
        "https://example.org/world/2026/story-1.amp.html",
        "https://example.org/world/2026/story-1.html?amp=1",
        "https://example.org/world/2026/story-1.html?outputType=amp",
        "https://example.org/world/2026/story-1.html?utm_source=rss&ref=rss&_ga=1.2",
        "https://example.org:443/world/./2026/x/../story-1.html",
        "https://EXAMPLE.org/%77orld/2026/story-1.html",
    ],
)
def test_b72_another_address_of_the_same_page(same: str) -> None:
    assert canonical(same) == canonical(PAGE)


@pytest.mark.parametrize(
    "other",
    [
        "https://example.org/world/2026/story-2.html",
        "https://example.org/world/2026/story-1.html?p=2",
        "https://example.org/world/2026/story-1.html?ref=12",
        "https://example.org/World/2026/story-1.html",
        "https://news.example.org/world/2026/story-1.html",
        "https://m.org/world/2026/story-1.html",
        "https://example.org/world/2026/amplifier-1.html",
    ],
)
def test_b72_the_address_of_another_page(other: str) -> None:
    assert canonical(other) != canonical(PAGE)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # http to https, another slug, a campaign: one name at least stays.
        (("http://example.org/?p=1", "http://example.org/old-slug"), ("https://example.org/?p=1", "https://example.org/new-slug?utm_source=x")),
        (("g1", "https://example.org/old-slug"), ("g1", "https://example.org/new-slug")),
        (("g1", "https://example.org/a/"), ("g2", "http://www.example.org/a?fbclid=1")),
        ((None, "https://example.org/a#top"), ("https://example.org/a", "https://example.org/a")),
        (("https://example.org/a", None), ("https://www.example.org/a/amp", "https://m.example.org/a")),
    ],
)  # fmt: skip
def test_b72_what_changes_in_an_address_leaves_a_name(
    before: tuple[str | None, str | None], after: tuple[str | None, str | None]
) -> None:
    (first,), (second,) = (names([entry(*pair)]) for pair in (before, after))
    shared = {each.partition(":")[2] for each in first.keys} & {
        each.partition(":")[2] for each in second.keys
    }
    assert shared


def test_b70_entries_of_one_page_differ_in_the_fragment() -> None:
    live = "https://example.org/live.html"
    found = keys(*(entry(f"{live}#post-{n}", f"{live}#post-{n}", f"Entry {n} of the day") for n in range(3)))
    assert len(set(found)) == 3
    (alone,) = keys(entry(f"{live}#post-2", f"{live}#post-2", "Entry 2 of the day"))
    assert found[2][0] in alone


@pytest.mark.parametrize(
    "front", ["https://example.org/", "https://example.org/en/", "https://example.org/index.html"]
)
def test_b70_a_guid_that_is_the_front_page_names_nothing(front: str) -> None:
    assert is_front_page(front)
    (only,) = keys(entry(front, front))
    assert only[0].startswith("text:")


def test_the_front_page_says_nothing_of_an_item() -> None:
    assert is_front_page("https://example.org/")
    assert not is_front_page("https://example.org/?p=1")


def test_a_guid_comes_first_and_the_address_is_a_further_name() -> None:
    assert keys(entry("1", "https://example.org/a")) == [("guid:1", "url:example.org/a")]


def test_b70_a_guid_of_all_items_does_not_hide_them() -> None:
    found = keys(
        entry("same", "https://example.org/a"), entry("same", "https://example.org/b", "Another one")
    )
    assert found == [
        ("guid:same|example.org/a", "url:example.org/a"),
        ("guid:same|example.org/b", "url:example.org/b"),
    ]


def test_an_address_of_all_items_does_not_hide_them() -> None:
    found = keys(
        entry("1", "https://example.org/live"), entry("2", "https://example.org/live", "Another one")
    )
    assert found == [("guid:1",), ("guid:2",)]
    assert keys(entry("1", "https://example.org/")) == [("guid:1",)]


def test_b71_without_guid_or_address_the_words_decide() -> None:
    (with_url,) = keys(entry(None, "https://example.org/a"))
    assert with_url == ("url:example.org/a",)
    (first,), (second,) = keys(entry(summary="one"), entry(summary="two"))
    assert first.startswith("text:")
    assert first != second


def test_what_stands_twice_is_one_item() -> None:
    twice = keys(entry("1", "https://example.org/a"), entry("1", "https://example.org/a"))
    assert twice == [("guid:1", "url:example.org/a")] * 2


def test_b72_a_guid_that_is_an_address_flips_like_one() -> None:
    (http,) = keys(entry("http://example.org/?p=1"))
    (https,) = keys(entry("https://www.example.org/?p=1&utm_source=x"))
    assert http == https


def test_a_title_names_an_item_if_it_is_long_enough() -> None:
    assert title_key(TITLE) == title_key(TITLE.upper() + "!")
    assert title_key("Briefing") is None
    assert title_key("要闻") is None
    assert title_key("中俄举行第二十轮战略安全磋商")


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=80)
    | st.from_regex(r"(https?:)?//[a-z.:@\[\]%0-9-]{0,20}[/?#;.%a-zA-Z0-9=&ü]{0,40}", fullmatch=True)
)
def test_b55_b74_whatever_comes_is_an_address_that_can_be_stored_or_none(given_address: str) -> None:
    found = absolute(given_address, "https://base.test/world/")
    if found is not None:
        assert found.isascii()
        assert found.isprintable()
        assert absolute(found) == found
        assert canonical(found) == canonical(given_address, "https://base.test/world/")
