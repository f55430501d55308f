"""Lists of feeds as other programs write them, and as somebody writes them who means harm."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from tasks.read.child import OPML, Bounds, Children
from tasks.read.document import Terms
from tasks.read.opml import Outline, Outlines, parse
from tasks.settings import opml as written
from tasks.settings.environment import ROOT
from tasks.settings.source_files import places
from tasks.settings.sources import Source

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TERMS = Terms(url="file:feeds.opml", zone="UTC", language="en", now=NOW)


def outlines(body: str, head: str = "") -> Outlines:
    text = f'<?xml version="1.0" encoding="UTF-8"?>{head}<opml version="2.0"><head><title>x</title></head><body>{body}</body></opml>'
    found = parse(text.encode(), TERMS)
    assert Outlines.from_json(found.to_json()) == found
    return found


def test_folders_within_folders_are_read_in_their_order() -> None:
    found = outlines("""
        <outline text="News">
          <outline text="Asia"><outline type="rss" text="a" title="Asia &amp; more" xmlUrl="https://a.example/feed"
            htmlUrl="https://a.example/" language="vi"/></outline>
          <outline type="rss" text="b" xmlUrl="http://b.example/rss"/>
        </outline>
        <outline type="rss" text="c" xmlUrl="https://c.example/"/>""")
    assert found.found == (
        Outline("https://a.example/feed", "Asia & more", "https://a.example/", "News", "vi"),
        Outline("http://b.example/rss", "b", None, "News"),
        Outline("https://c.example/", "c"),
    )


def test_programs_write_the_names_of_attributes_as_they_like() -> None:
    body = '<outline TEXT="a" TYPE="rss" xmlurl="https://a.example/?x=1&y=2" htmlURL="https://a.example/"/>'
    (outline,) = outlines(body).found
    assert outline == Outline("https://a.example/?x=1&y=2", "a", "https://a.example/")


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "javascript:alert(1)", "", "feed", "ftp://a.example/x"]
)
def test_what_is_no_address_of_the_web_is_left(address: str) -> None:
    assert outlines(f'<outline text="a" xmlUrl="{address}"/>').problem == "it names no source"


@pytest.mark.parametrize(
    "text", ["", "<html></html>", "<opml><body>", "<rss/>", "\0\0", '{"a": 1}', "<opml/>"]
)
def test_what_is_no_opml_says_so(text: str) -> None:
    assert parse(text.encode(), TERMS).problem


def test_b52_entities_are_neither_expanded_nor_fetched() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    head = f'<!DOCTYPE opml [<!ENTITY l0 "ha">{laughs}<!ENTITY file SYSTEM "file:///etc/passwd"><!ENTITY % x SYSTEM "http://127.0.0.1:1/x">]>'
    found = outlines('<outline text="&l11;&file;" xmlUrl="https://a.example/"/>', head)
    assert [one.title for one in found.found] == ["&l11;&file;"]


def test_b52_what_declares_entities_where_they_are_not_taken_out_is_refused() -> None:
    head = f'<!--{"x" * 200_000}--><!DOCTYPE opml [<!ENTITY a "b">]>'
    assert outlines('<outline text="&a;" xmlUrl="https://a.example/"/>', head).problem


def test_a_list_that_is_too_deep_or_too_long_is_cut_and_says_so() -> None:
    deep = '<outline text="x">' * 200 + '<outline xmlUrl="https://deep.example/"/>' + "</outline>" * 200
    found = outlines('<outline xmlUrl="https://a.example/"/>' + deep)
    assert ([one.url for one in found.found], found.left) == (["https://a.example/"], 1)
    many = "".join(f'<outline xmlUrl="https://{number}.example/"/>' for number in range(5_002))
    assert (len(outlines(many).found), outlines(many).left) == (5_000, 2)


def test_b53_a_list_that_is_made_to_hurt_dies_in_a_child_or_is_read() -> None:
    body = '<opml version="2.0"><body>' + "<outline>" * 200_000 + "</outline>" * 200_000 + "</body></opml>"
    with Children(1, Bounds(processor=5, clock=20)) as children:
        found = Outlines.from_json(children.read(OPML, TERMS, body.encode()))
    assert found.problem == "it names no source"


def test_our_own_list_comes_back_as_it_was() -> None:
    listed = places(ROOT / "config" / "sources")
    found = parse(written.document(listed, NOW), TERMS)
    assert found.left == 0
    again = [
        Source.model_validate(dict(written.values(one.url, one.title, one.language, one.entry)))
        for one in found.found
    ]
    assert again == [place.source for place in listed]
    assert [f"{one.folder}.yaml" for one in found.found] == [place.file for place in listed]


def test_another_reader_finds_in_our_list_what_opml_2_asks_for() -> None:
    """http://opml.org/spec2.opml: version, head before body, `text` on each outline, `xmlUrl` on each feed."""
    listed = places(ROOT / "config" / "sources")
    root = ElementTree.fromstring(written.document(listed, NOW))
    assert (root.tag, root.get("version"), [child.tag for child in root]) == ("opml", "2.0", ["head", "body"])
    assert all(node.get("text") for node in root.iter("outline"))
    feeds = {node.get("xmlUrl") for node in root.iter("outline") if node.get("type") == "rss"}
    assert feeds == {str(place.source.url) for place in listed if place.source.kind == "feed"}
    assert {node.get("type") for node in root.iter("outline")} == {"rss", None}
    commented = [node for node in root.iter("outline") if node.get("isComment") == "true"]
    assert len(commented) == sum(not place.source.enabled for place in listed)
    assert all(child.tag == "outline" for folder in root.iter("outline") for child in folder)
