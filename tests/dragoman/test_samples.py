"""The samples of the demo: what the watch meets there, and that the site hides its future."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import httpx
import pytest
from pydantic import TypeAdapter

from dragoman.samples import FOLDER, SampleSite, items, moments, samples
from dragoman.samples.pages import lines
from dragoman.samples.rows import load
from tasks.settings.environment import ROOT
from tasks.settings.located import ConfigurationError
from tasks.settings.sources import Source

END = datetime(2026, 1, 1, tzinfo=UTC)
LATE_ROUND, HUNGARY_EN, HUNGARY_VI = (
    "vuong-nghi-lien-minh-quan-su", "china-hungary-security", "trung-quoc-hungary-an-ninh",
)  # fmt: skip
UNNUMBERED, WRONG_CITY = "nga-trung-an-ninh-chien-luoc", "nga-trung-vong-dam-phan-20"
TOLD_BY_THE_SITE = [LATE_ROUND, HUNGARY_VI, HUNGARY_EN, UNNUMBERED, WRONG_CITY]
FOREIGN_TEXTS = ROOT.parent / "shared" / "seeds"


@pytest.fixture
def site() -> Iterator[SampleSite]:
    with SampleSite() as opened:
        yield opened


@pytest.fixture
def client(site: SampleSite) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.url, trust_env=False) as opened:
        yield opened


def feeds(site: SampleSite) -> dict[str, str]:
    return {row["id"]: row["url"] for row in site.sources() if row["kind"] == "feed"}


def bodies() -> dict[str, str]:
    return {item["id"]: item["body"] for item in items()}


# The rows


def test_the_stories_that_alert_come_in_the_order_of_the_demo() -> None:
    order = [item["id"] for item in items() if item["id"] in TOLD_BY_THE_SITE]
    assert order == TOLD_BY_THE_SITE


def test_most_of_what_is_published_is_ordinary() -> None:
    assert len([item for item in items() if item["id"] not in TOLD_BY_THE_SITE]) >= 12


def test_the_sources_are_rows_that_the_configuration_accepts(site: SampleSite) -> None:
    sources = TypeAdapter(list[Source]).validate_python(site.sources())
    assert all(source.loopback and source.url.host == "127.0.0.1" for source in sources)
    assert {source.language for source in sources} == {"vi", "en"}
    assert len({source.family for source in sources}) == len(sources)


def test_a_wrong_row_is_told_with_its_file_and_line(tmp_path: Path) -> None:
    for path in FOLDER.rglob("*.*"):
        copy = tmp_path / path.relative_to(FOLDER)
        copy.parent.mkdir(exist_ok=True)
        copy.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    wrong = tmp_path / "sample-harbour.yaml"
    wrong.write_text(wrong.read_text(encoding="utf-8") + "- {id: envoy-kremlin-talks}\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"samples/sample-harbour\.yaml:\d+: .*path: Field required"):
        samples(tmp_path)


def test_a_missing_folder_is_a_mistake_and_not_a_crash(tmp_path: Path) -> None:
    mistakes: list = []
    load(tmp_path, mistakes)
    assert [mistake.file for mistake in mistakes] == ["samples/sources.yaml"]


# The clock


def test_moments_ascend_and_begin_where_every_source_has_something(site: SampleSite) -> None:
    times = site.moments()
    assert times == sorted(set(times)) == moments(samples())
    site.now = times[0]
    assert all(site.document(httpx.URL(row["url"]).path) is not None for row in site.sources())
    assert all(
        feedparser.parse(site.document(httpx.URL(url).path).body).entries for url in feeds(site).values()
    )


def test_each_moment_brings_something_new(site: SampleSite, client: httpx.Client) -> None:
    previous: list[str] = []
    for moment in site.moments():
        site.now = moment
        texts = [client.get(row["url"]).text for row in site.sources()]
        assert texts != previous
        previous = texts


def test_nothing_is_seen_before_it_is_published(site: SampleSite, client: httpx.Client) -> None:
    for source, sample in samples().in_order():
        address = f"/{source.id}/{sample.path}"
        site.now = sample.appears - timedelta(seconds=1)
        assert client.get(address).status_code == 404
        assert sample.path not in client.get(f"/{source.id}/{source.feed}").text
        site.now = sample.appears
        assert client.get(address).status_code == 200
        assert sample.path in client.get(f"/{source.id}/{source.feed}").text


def test_a_clock_without_a_zone_is_refused(site: SampleSite) -> None:
    with pytest.raises(ValueError, match="zone"):
        site.now = datetime(2025, 1, 1)


# The documents


def test_feeds_parse_with_their_items_newest_first(site: SampleSite, client: httpx.Client) -> None:
    site.now = END
    loaded = samples()
    for name, url in feeds(site).items():
        response = client.get(url)
        parsed = feedparser.parse(response.content, response_headers=dict(response.headers))
        assert not parsed.bozo
        assert parsed.version == ("atom10" if name == "sample-lantern" else "rss20")
        titles = [sample.title for sample in reversed(loaded.items[name])]
        assert [entry.title for entry in parsed.entries] == titles
        assert all(entry.link.startswith(f"{site.url}/{name}/") for entry in parsed.entries)


def test_feeds_give_the_time_of_publication_or_none(site: SampleSite, client: httpx.Client) -> None:
    site.now = END
    loaded = samples()
    for name, url in feeds(site).items():
        found = [
            datetime(*entry.published_parsed[:6], tzinfo=UTC) if "published_parsed" in entry else None
            for entry in feedparser.parse(client.get(url).content).entries
        ]
        assert found == [sample.published for sample in reversed(loaded.items[name])]
    undated = [item["id"] for item in items() if item["published"] is None]
    assert WRONG_CITY in undated


def test_the_list_page_gives_links_with_the_day_in_the_address(
    site: SampleSite, client: httpx.Client
) -> None:
    site.now = END
    (row,) = [row for row in site.sources() if row["kind"] == "list"]
    page = client.get(row["url"]).text
    links = {
        link for link in re.findall(r'href="([^"]+)"', page) if re.search(row["links"]["pattern"], f"/{link}")
    }
    days = {re.search(row["links"]["date_pattern"], f"/{link}").groups() for link in links}
    published = {sample.appears for sample in samples().items[row["id"]]}
    assert days == {tuple(f"{time:%Y-%m-%d}".split("-")) for time in published}


def test_every_page_carries_its_body_and_its_furniture(site: SampleSite, client: httpx.Client) -> None:
    site.now = END
    for source, sample in samples().in_order():
        text = lines(client.get(f"/{source.id}/{sample.path}").text)
        for block in sample.blocks:
            assert (block.paragraph or block.heading or block.caption or block.note or "") in text
        for box in sample.aside:
            assert all(entry.text in text and entry.time in text for entry in box.entries)


def test_one_layout_alone_has_linked_data(site: SampleSite, client: httpx.Client) -> None:
    site.now = END
    having = {
        source.id
        for source, sample in samples().in_order()
        if "application/ld+json" in client.get(f"/{source.id}/{sample.path}").text
    }
    assert having == {"sample-ven-song"}


# The difficulties that the samples are there for


def test_the_late_round_stands_in_the_second_story_of_its_page() -> None:
    body = bodies()[LATE_ROUND]
    lead, stacked = body.split("Bốn ngày của ông Vương Nghị ở Moscow\n")
    assert "Patrushev" not in lead
    assert "thứ 18" in stacked
    assert "16 và 17.9 tại Malta" in stacked
    assert "2023" not in body
    assert "11/02/2025" in stacked


def test_only_the_vietnamese_report_of_budapest_gives_the_day() -> None:
    english, vietnamese = bodies()[HUNGARY_EN], bodies()[HUNGARY_VI]
    assert english.count("Jan. 30, 2024") == 2
    assert not re.search(r"Feb|2024-02|\b16\b", english)
    assert "16/2" in vietnamese
    assert all("Sandor Pinter" in body for body in (english, vietnamese))


def test_one_report_of_december_lacks_the_number_and_the_other_the_day() -> None:
    unnumbered, undated = bodies()[UNNUMBERED], bodies()[WRONG_CITY]
    assert not re.search(r"tham vấn|đàm phán|\bvòng\b|\b20\b|Moscow, |Bắc Kinh", unnumbered)
    assert unnumbered.count("trong ngày 02/12") == 2
    assert "thứ 20" in undated
    assert not re.search(r"\d{1,2}/\d{1,2}|tháng \d", undated)


# Conditional requests


def test_what_has_not_changed_is_answered_with_304(site: SampleSite, client: httpx.Client) -> None:
    for row in site.sources():
        first = client.get(row["url"])
        for name, validator in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
            again = client.get(row["url"], headers={name: first.headers[validator]})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["ETag"] == first.headers["ETag"]


def test_a_new_item_changes_the_validators(site: SampleSite, client: httpx.Client) -> None:
    url = feeds(site)["sample-toan-canh"]
    old = client.get(url).headers
    site.now = END
    for name, validator in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
        assert client.get(url, headers={name: old[validator]}).status_code == 200


@pytest.mark.parametrize(
    "date", ["yesterday", "Tue, 99 Foo 2025 00:00:00 GMT", "Tue, 26 Sep 2023 00:00:00 -0000"]
)
def test_a_date_that_is_none_is_passed_over(site: SampleSite, client: httpx.Client, date: str) -> None:
    url = feeds(site)["sample-lantern"]
    assert client.get(url, headers={"If-Modified-Since": date}).status_code == 200


def test_the_tag_outranks_the_date(site: SampleSite, client: httpx.Client) -> None:
    url = feeds(site)["sample-lantern"]
    headers = {"If-None-Match": '"other"', "If-Modified-Since": client.get(url).headers["Last-Modified"]}
    assert client.get(url, headers=headers).status_code == 200


# The server


def test_the_same_time_gives_the_same_bytes(site: SampleSite, client: httpx.Client) -> None:
    for row in site.sources():
        first, second = client.get(row["url"]), client.get(row["url"])
        assert (first.content, first.headers) == (second.content, second.headers)


def test_robots_are_let_in_and_unknown_addresses_are_not_found(client: httpx.Client) -> None:
    assert client.get("/robots.txt").text == "User-agent: *\nAllow: /\n"
    for path in ("/", "/sample-lantern/", "/sample-lantern/../sources.yaml", "/nowhere/feed.atom"):
        assert client.get(path).status_code == 404


def test_a_closed_site_has_no_address() -> None:
    with SampleSite() as site:
        assert site.url.startswith("http://127.0.0.1:")
    with pytest.raises(RuntimeError):
        _ = site.url


# The words are our own


@pytest.mark.skipif(
    not FOREIGN_TEXTS.is_dir(), reason="the documents that the samples stand for are not here"
)
def test_no_sentence_is_taken_from_the_documents_that_the_samples_stand_for() -> None:
    def words(text: str) -> list[str]:
        return re.findall(r"\w+", text.casefold())

    def sentences(text: str) -> set[tuple[str, ...]]:
        return {tuple(found) for part in re.split(r"[.!?;:\n]", text) if len(found := words(part)) >= 6}

    def runs(text: str) -> set[tuple[str, ...]]:
        # Twelve words: longer than the office and the name of any official among them.
        found = words(text)
        return {tuple(found[start : start + 12]) for start in range(len(found) - 11)}

    theirs = [path.read_text(encoding="utf-8") for path in sorted(FOREIGN_TEXTS.glob("*.txt"))]
    assert theirs
    ours = "\n\n".join(f"{item['title']}\n{item['summary']}\n{item['body']}" for item in items())
    for text in theirs:
        assert not sentences(text) & sentences(ours)
        assert not runs(text) & runs(ours)
