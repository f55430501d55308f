"""GDELT: the list of its files, a file of its graph, and its search; most of it as it should not be."""

import json
import struct
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tasks.model import PublishedBasis
from tasks.read import gdelt_bulk, gdelt_doc, gdelt_graph
from tasks.read.document import Document, Fault, Terms
from tasks.read.gdelt import headline, language
from tasks.settings.kinds import KNOWLEDGE_GRAPH
from tests.read.conftest import a_terms
from tests.support import gdelt
from tests.support.gdelt import LABEL, WANTED, graph, listing, row
from tests.support.sources import NOW

LIST = "https://data.gdeltproject.org/gdeltv2/lastupdate.txt"
PLACE = "http://data.gdeltproject.org/gdeltv2"
GOOD = graph(row("https://tass.com/a/1", "Russia and China hold talks"))


def at_list(**values: object) -> Terms:
    return a_terms(url=LIST, zone="UTC", gdelt=WANTED, **values)


def read(body: bytes, **values: object) -> Document:
    return gdelt_graph.parse(body, at_list(**values))


def searched(body: str | bytes, **values: object) -> Document:
    data = body if isinstance(body, bytes) else body.encode()
    url = "https://api.gdeltproject.org/api/v2/doc/doc"
    return gdelt_doc.parse(data, a_terms(url=url, zone="UTC", **values))


# The list


def test_the_file_of_the_graph_is_followed_with_its_size_and_checksum() -> None:
    found = gdelt_bulk.parse(listing(PLACE, GOOD), at_list())
    (part,) = found.follow
    assert found.problem is None
    assert part.url == f"https://data.gdeltproject.org/gdeltv2/{LABEL}.gkg.csv.zip"
    assert (part.kind, part.size, part.stamp) == (KNOWLEDGE_GRAPH, len(GOOD), LABEL)
    assert len(part.md5 or "") == 32


def test_a_mirror_is_asked_for_what_its_list_names_at_the_first_host() -> None:
    mirror = "https://storage.googleapis.com/data.gdeltproject.org/gdeltv2/"
    (part,) = gdelt_bulk.parse(listing(PLACE, GOOD), replace(at_list(), url=f"{mirror}lastupdate.txt")).follow
    assert part.url == f"{mirror}{LABEL}.gkg.csv.zip"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (listing("http://data.gdeltproject.org.evil.example/gdeltv2", GOOD), "another host"),
        (listing("http://169.254.169.254/latest", GOOD), "another host"),
        (listing("ftp://data.gdeltproject.org/gdeltv2", GOOD), "another host"),
        (listing(PLACE, GOOD, size="50000000"), "50000000 bytes"),
        (listing(PLACE, GOOD, size="9" * 5000), "are allowed"),
        (listing(PLACE, GOOD, size="0"), "0 bytes"),
        (listing(PLACE, GOOD, md5="d41d8cd9"), "no MD5"),
        (listing(f"{PLACE}/..%2f", GOOD, label="../../../etc/passwd"), "strange name"),
        (listing(PLACE, GOOD, label="20269999999999"), "strange name"),
        (f"{PLACE}/{LABEL}.gkg.csv.zip\n".encode(), "size, MD5 and address"),
        (b"", "names no file"),
        (b"<html><body>Service unavailable</body></html>", "names no file"),
        (b"\xff\xfe\x00" * 100, "names no file"),
    ],
)
def test_b83_a_list_that_is_not_as_gdelt_makes_it_is_a_fault_and_no_silence(body: bytes, reason: str) -> None:
    found = gdelt_bulk.parse(body, at_list())
    assert not found.follow
    assert found.fault is Fault.FOREIGN
    assert reason in (found.problem or "")


def test_files_since_the_last_reading_are_named_as_well() -> None:
    """The list names the newest file only, and is renewed every quarter of an hour."""
    since = datetime(2026, 11, 22, 11, 5, tzinfo=UTC)
    found = gdelt_bulk.parse(listing(PLACE, GOOD), at_list(since=since))
    assert [part.stamp for part in found.follow] == [
        LABEL,
        *(f"20261122{at}00" for at in ("1130", "1115", "1100", "1045")),
    ]
    assert [part.md5 is None for part in found.follow] == [False, True, True, True, True]
    assert found.follow[1].url.endswith("/gdeltv2/20261122113000.gkg.csv.zip")


def test_a_long_absence_is_caught_up_with_in_part() -> None:
    found = gdelt_bulk.parse(listing(PLACE, GOOD), at_list(since=NOW - timedelta(days=20)))
    assert len(found.follow) == 1 + gdelt_bulk.MOST_CAUGHT_UP


def test_the_translated_stream_stays_its_own() -> None:
    name = f"{LABEL}.translation"
    body = f"5 {'0' * 32} {PLACE}/{name}.gkg.csv.zip".encode()
    found = gdelt_bulk.parse(body, at_list(since=NOW - timedelta(minutes=10)))
    assert [part.url.rpartition("/")[2] for part in found.follow] == [
        f"{LABEL}.translation.gkg.csv.zip",
        "20261122113000.translation.gkg.csv.zip",
    ]


# A file of the graph


def test_rows_that_name_all_that_is_required_are_kept() -> None:
    found = read(
        graph(
            row("https://ria.ru/1", "Both countries and the theme"),
            row("https://ria.ru/2", "China alone", "CH"),
            row("https://ria.ru/3", "Russia and Hungary", "RS HU"),
            row("https://ria.ru/4", "No theme of ours", themes="ECON_STOCKMARKET"),
            row("https://ria.ru/5", "A theme by its beginning", themes="WB_2490_NATIONAL_PROTECTION"),
            row("https://ria.ru/6", "A party by its name", "CH", names="European Union,120;Google,80"),
            row("https://ria.ru/7", "Secretary of the Security Council visits", themes=""),
            row("https://ria.ru/8", "What is no page of the web", collection="2"),
        )
    )
    assert found.problem is None
    assert [entry.url for entry in found.entries] == [f"https://ria.ru/{number}" for number in (1, 5, 6, 7)]


def test_an_article_has_its_outlet_language_and_time() -> None:
    title = "&#x412;&#x430;&#x43D; &#x418; &amp; &#x428;&#x43E;&#x439;&#x433;&#x443;"
    spoken = "srclc:rus;eng:Moses 2.1.1"
    published = "20261122113000"
    (entry,) = read(
        graph(row("https://www.ria.ru/20261122/1.html", title, published=published, translation=spoken))
    ).entries
    assert (entry.title, entry.outlet, entry.language) == ("Ван И & Шойгу", "ria.ru", "ru")
    assert (entry.published, entry.basis) == (datetime(2026, 11, 22, 11, 30, tzinfo=UTC), PublishedBasis.FEED)
    assert not entry.discovery


def test_what_is_not_translated_is_english_and_when_gdelt_saw_it_is_no_date() -> None:
    (entry,) = read(graph(row("https://tass.com/politics/1", "Shoigu meets Wang Yi"))).entries
    assert (entry.language, entry.published) == ("en", None)
    (dated,) = read(graph(row("https://tass.com/2026/11/20/talks", "Shoigu meets Wang Yi"))).entries
    assert dated.basis is PublishedBasis.ADDRESS


def test_a_time_after_gdelt_has_seen_the_article_is_the_clock_of_another_zone() -> None:
    (entry,) = read(graph(row("https://xinhuanet.com/1", "Talks", published="20261122194500"))).entries
    assert entry.published is None


def test_one_bad_row_costs_itself_alone() -> None:
    bad = b"a\tb\tc\n"
    latin = row("https://tass.com/2", "Caf\u00e9").encode("latin-1") + b"\n"
    data = gdelt.table(row("https://tass.com/1", "Good")) + bad + latin
    found = read(gdelt.packed((f"{LABEL}.gkg.csv", data)))
    assert [entry.url for entry in found.entries] == ["https://tass.com/1", "https://tass.com/2"]
    assert found.errors == ("row 2 has 3 columns",)


def test_a_row_may_hold_what_other_readers_take_for_the_end_of_a_line() -> None:
    (entry,) = read(graph(row("https://tass.com/1", "Talks\u2028in\x0cMoscow\x85today"))).entries
    assert entry.url == "https://tass.com/1"


def test_b83_a_file_without_a_row_that_fits_was_read_and_holds_nothing() -> None:
    found = read(graph(row("https://tass.com/1", "Weather", "US", "ENV_WEATHER")))
    assert (found.problem, found.entries) == (None, ())


def lying(data: bytes, size: int) -> bytes:
    """The ZIP with another length of its table in both headers."""
    changed = bytearray(data)
    central = changed.rindex(b"PK\x01\x02")
    changed[22:26] = changed[central + 24 : central + 28] = struct.pack("<I", size)
    return bytes(changed)


BOMB = gdelt.packed((f"{LABEL}.gkg.csv", bytes(120 * 1024 * 1024)))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (BOMB, "more than"),
        (lying(BOMB, 1_000), "CRC"),
        (GOOD[: len(GOOD) // 2], "not a zip"),
        (GOOD[:-30], "not a zip"),
        (b"", "not a zip"),
        (b"<html>Not Found</html>", "not a zip"),
        (gdelt.packed((f"{LABEL}.gkg.csv", b"")), "no rows"),
        (gdelt.packed((f"{LABEL}.gkg.csv", b"a"), (f"{LABEL}.gkg.csv.txt", b"b")), "2 files"),
        (gdelt.packed(), "0 files"),
        (gdelt.packed(("../../etc/cron.d/1.gkg.csv", b"a")), "strange name"),
        (gdelt.packed((f"/tmp/{LABEL}.gkg.csv", b"a")), "strange name"),
        (gdelt.packed((f"{LABEL}.gkg.csv", b"x" * (3 * 1024 * 1024))), "a row of more than"),
        (gdelt.packed((f"{LABEL}.gkg.csv", b"not a table\n" * 50)), "no rows"),
        (GOOD.replace(b"\x08\x00", b"\x63\x00"), "compression"),
    ],
)  # fmt: skip
def test_b83_a_file_that_is_not_as_gdelt_makes_it_counts_for_nothing(body: bytes, reason: str) -> None:
    began = time.process_time()
    found = read(body)
    assert (found.entries, found.fault) == ((), Fault.FOREIGN)
    assert reason.lower() in (found.problem or "").lower()
    assert time.process_time() - began < 2


def test_a_file_with_an_error_in_the_middle_counts_for_nothing() -> None:
    rows = [row(f"https://tass.com/{number}", f"Talks {number * number}") for number in range(500)]
    broken = bytearray(graph(*rows))
    broken[len(broken) // 2] ^= 0xFF
    found = read(bytes(broken))
    assert (found.entries, found.fault) == ((), Fault.FOREIGN)


# The search


def result(*articles: dict[str, str]) -> str:
    return json.dumps({"articles": list(articles)})


TALKS = {
    "url": "https://www.globaltimes.cn/page/202611/1.shtml",
    "url_mobile": "",
    "title": "China, Russia hold 21st strategic security consultation - Global Times",
    "seendate": "20261122T101500Z",
    "socialimage": "",
    "domain": "globaltimes.cn",
    "language": "English",
    "sourcecountry": "China",
}


def test_the_articles_of_a_search() -> None:
    (entry,) = searched(result(TALKS)).entries
    assert entry.title == "China, Russia hold 21st strategic security consultation"
    assert (entry.outlet, entry.language, entry.published) == ("globaltimes.cn", "en", None)


@pytest.mark.parametrize("body", ["{}", "[]", '{"articles": []}', " {}\n"])
def test_b83_nothing_found_is_a_reading(body: str) -> None:
    found = searched(body)
    assert (found.problem, found.fault, found.entries) == (None, None, ())
    assert found.kind


@pytest.mark.parametrize(
    "body",
    [
        "Your search contained a keyword that was too short.",
        "The specified phrase is too short.",
        "Please limit requests to one every 5 seconds.",
        "<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>",
        "",
        "null",
        "0",
        '"timeout"',
        '{"error": "timeout"}',
        '{"articles": null}',
        '{"articles": [{"url": "javascript:alert(1)", "title": "x"}]}',
        '[{"url": "https://a.example/", "title": "x"}]',
        '{"articles": [{"url": "https://a.exam',
        "[" * 100_000,
    ],
)
def test_b83_not_sensed_is_never_taken_for_nothing_found(body: str) -> None:
    found = searched(body)
    assert (found.entries, found.kind, found.fault) == ((), "", Fault.FOREIGN)
    assert "did not search" in (found.problem or "")
    assert len(found.problem or "") < 300


def test_b83_the_words_of_the_answer_are_in_the_reason() -> None:
    assert "too short" in (searched("Your search contained a keyword that was too short.").problem or "")


def test_a_title_with_a_bare_backslash_or_a_tab_costs_nothing() -> None:
    body = result(TALKS, {**TALKS, "url": "https://tass.com/2"}).replace("hold", "h\\old\t")
    assert len(searched(body).entries) == 2


def test_one_bad_article_costs_itself_alone() -> None:
    found = searched(result({**TALKS, "url": "not an address"}, TALKS))
    assert len(found.entries) == 1
    assert found.errors == ("article 1 has no address or no title",)


# Names


@pytest.mark.parametrize(
    ("title", "url", "kept"),
    [
        ("Germany and France sign a pact - China Daily", "https://www.chinadaily.com.cn/a/1", "Germany and France sign a pact"),
        ("A pact is signed | South China Morning Post", "https://www.scmp.com/1", "A pact is signed"),
        ("A pact is signed — TASS", "https://tass.com/1", "A pact is signed"),
        ("A pact is signed - The Moscow Times", "https://www.themoscowtimes.com/1", "A pact is signed"),
        ("Talks - a second round", "https://tass.com/1", "Talks - a second round"),
        ("TASS", "https://tass.com/1", "TASS"),
        ("Wang Yi meets Shoigu in Moscow - Russia", "https://xinhuanet.com/1", "Wang Yi meets Shoigu in Moscow - Russia"),
    ],
)  # fmt: skip
def test_the_name_of_the_site_is_no_part_of_the_title(title: str, url: str, kept: str) -> None:
    assert headline(title, url) == kept


def test_languages_go_by_gdelts_codes_and_names() -> None:
    assert [language(name) for name in ("zho", "Chinese", "srp", "Norwegian Nynorsk", "Klingon")] == [
        "zh", "zh", "sr", "nn", None,
    ]  # fmt: skip
