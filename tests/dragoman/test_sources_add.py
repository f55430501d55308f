"""`dragoman sources add URL` finds what an outlet publishes for programs, and writes its entry."""

import hashlib
import io
import os
import pty
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer import BadParameter

from dragoman.checking import check
from dragoman.drafting import Drafter, Given, slug
from dragoman.searching import Wish
from dragoman.sources_add import run
from tasks.settings import source_files
from tasks.settings.environment import ROOT, from_environment
from tasks.settings.source_files import Place, WriteError
from tasks.settings.sources import Source
from tests.support import site as support
from tests.support.commands import COMMAND, environment
from tests.support.site import Answer, Site, feed, page
from tests.support.sources import a_source

NOW = datetime.now(UTC)
HUNGARIAN = "A miniszter azt mondta, hogy a két fél tárgyalásai tavasszal folytatódnak, és hogy azok hasznosak lesznek"


@pytest.fixture
def site() -> Iterator[Site]:
    with support.running() as started:
        yield started


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A configuration that is the project's, but for its sources."""
    (tmp_path / "config" / "sources").mkdir(parents=True)
    for path in (ROOT / "config").iterdir():
        if path.name != "sources":
            (tmp_path / "config" / path.name).symlink_to(path)
    return tmp_path / "config"


def rss(text: str = HUNGARIAN, items: int = 6, at: datetime = NOW, language: str = "hu") -> Answer:
    entries = "".join(
        f"<item><title>{text} ({n})</title><link>https://h.example/{n}</link><pubDate>{format_datetime(at)}</pubDate></item>"
        for n in range(items)
    )
    return feed(
        f"<rss version='2.0'><channel><title>Hírek</title><language>{language}</language>{entries}</channel></rss>"
    )


def html(content: str = "", head: str = "") -> Answer:
    return page(
        f"<!DOCTYPE html><html lang='hu'><head><title>Hírlap</title>{head}</head><body>{content}</body></html>"
    )


@dataclass(frozen=True, slots=True)
class Result:
    """What a call came to: the exit status, or the sentence of its error."""

    status: int
    out: str
    err: str


def add(
    folder: Path, url: str, choose: int | None = None, country: str | None = "HUN", **given: Any
) -> Result:
    out, err = (Console(file=io.StringIO(), width=200) for _ in range(2))
    wish = Wish(url, Given(country=country, **given), choose, loopback=True)
    surroundings = from_environment({"DRAGOMAN_CONFIG": str(folder)})
    try:
        status, told = run(surroundings, wish, out=out, err=err, ask=False), ""
    except WriteError as error:
        status, told = 1, str(error)
    except BadParameter as error:
        status, told = 2, str(error)
    return Result(status, out.file.getvalue(), told or err.file.getvalue())  # type: ignore[attr-defined]


def entries(folder: Path, name: str = "added") -> list[Source]:
    assert check(from_environment({"DRAGOMAN_CONFIG": str(folder)})) == []
    return [place.source for place in source_files.places(folder / "sources") if place.file == f"{name}.yaml"]


def test_a_declared_feed_is_tried_and_its_entry_written(folder: Path, site: Site) -> None:
    site.set("/", html(head='<link rel="alternate" type="application/rss+xml" title="Minden" href="/hirek">'))
    site.set("/hirek", rss())
    words = ("--loopback", "--country", "HUN", "--id", "hirlap", "--outlet", "Hírlap", "--rank", "2")
    result = subprocess.run(
        [*COMMAND, "sources", "add", site.url("/"), *words],
        env=environment(DRAGOMAN_CONFIG=str(folder)), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert (
        f" 1. {site.url('/hirek')} “Minden”, declared by the page\n    ok: 6 items, newest " in result.stdout
    )
    (source,) = entries(folder)
    assert source == a_source(
        "hirlap", site.url("/hirek"), outlet="Hírlap", language="hu", country="HUN", rank=2, zone="Europe/Budapest",
        family=source.family, loopback=True, spacing=0.0, verified=source.verified,
    )  # fmt: skip
    assert source.verified
    assert source.verified.on == datetime.now(UTC).date()
    assert source.verified.note.startswith("6 items, newest ")
    assert source_files.entry(source) in result.stdout


def test_a_feed_by_its_own_address_is_taken_whatever_robots_txt_says_of_pages(
    folder: Path, site: Site
) -> None:
    site.set("/robots.txt", Answer(b"User-agent: *\nDisallow: /"))
    assert add(folder, site.set("/rss.xml", rss())).status == 0
    assert [str(source.url) for source in entries(folder)] == [site.url("/rss.xml")]
    forbidden = add(folder, site.set("/lap", html()))
    assert forbidden.status == 1
    assert "robots.txt" in forbidden.err


def test_usual_places_are_tried_where_the_page_names_nothing(folder: Path, site: Site) -> None:
    site.set("/hirek/", html("<a href='/rolunk'>Rólunk</a>"))
    site.set("/atom.xml", rss())
    assert add(folder, site.url("/hirek/")).status == 0
    asked = [asked.path for asked in site.asked]
    assert asked[2:] == ["/hirek/feed", "/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.json"]
    assert [str(source.url) for source in entries(folder)] == [site.url("/atom.xml")]


def test_a_news_sitemap_is_found_through_robots_txt(folder: Path, site: Site) -> None:
    site.set(
        "/robots.txt", Answer(f"User-agent: *\nAllow: /\nSitemap: {site.url('/sm-news.xml')}\n".encode())
    )
    news = "".join(
        f"<url><loc>{site.url(f'/{n}')}</loc><news:news><news:publication_date>{NOW.isoformat()}</news:publication_date>"
        f"<news:title>{HUNGARIAN}</news:title></news:news></url>"
        for n in range(5)
    )
    site.set("/sm-news.xml", feed(
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{news}</urlset>'
    ))  # fmt: skip
    site.set("/", html())
    assert add(folder, site.url("/")).status == 0
    (source,) = entries(folder)
    assert (source.kind, source.language) == ("sitemap", "hu")


def test_b80_a_page_without_feeds_is_taken_as_a_list_with_a_pattern(folder: Path, site: Site) -> None:
    day = NOW.strftime("%Y%m%d")
    links = "".join(
        f'<a href="/{day}/{hashlib.md5(bytes([n])).hexdigest()}/c.html">{HUNGARIAN} ({n})</a>'
        for n in range(12)
    )
    site.set("/world/", html(links + "<a href='/about/contact.html'>Contact the desk</a>"))
    assert add(folder, site.url("/world/")).status == 0
    (source,) = entries(folder)
    assert source.kind == "list"
    assert source.links
    assert source.links.pattern == r"/\d{8}/[0-9a-f]{32}/c\.html"
    assert source.verified
    assert source.verified.note.startswith("12 items")


def test_of_several_the_best_is_taken_and_another_on_request(folder: Path, site: Site) -> None:
    head = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="/{name}">'
        for name in ("old", "few", "many", "gone")
    )
    site.set("/", html(head=head))
    site.set("/old", rss(at=NOW - timedelta(days=400)))
    site.set("/few", rss(items=2))
    site.set("/many", rss(items=9))
    result = add(folder, site.url("/"))
    assert "taken: 3, the best of 2; --choose N takes another" in result.out
    assert "stale: 6 items" in result.out
    assert "failing: no items" in result.out
    assert add(folder, site.url("/"), choose=4).status == 2
    assert add(folder, site.url("/"), choose=9).status == 2
    assert add(folder, site.url("/"), choose=1).status == 0
    assert [str(source.url).rpartition("/")[2] for source in entries(folder)] == ["many", "old"]


def test_on_a_terminal_it_asks_which(folder: Path, site: Site) -> None:
    head = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="/{name}">' for name in ("one", "two")
    )
    site.set("/", html(head=head))
    site.set("/one", rss())
    site.set("/two", rss())
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "sources", "add", site.url("/"), "--loopback", "--country", "HUN"],
        env=environment(DRAGOMAN_CONFIG=str(folder), TERM="dumb"), stdin=theirs, stdout=theirs, stderr=theirs,
    ) as process:  # fmt: skip
        os.close(theirs)
        said = b""
        while b"Which one [1]" not in said:
            said += os.read(ours, 4096)
        os.write(ours, b"2\n")
        while chunk := _read(ours):
            said += chunk
        assert process.wait(30) == 0, said.decode()
    os.close(ours)
    assert [str(source.url) for source in entries(folder)] == [site.url("/two")]


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:  # the other end is closed
        return b""


def test_what_is_in_the_list_already_is_refused_with_its_place(folder: Path, site: Site) -> None:
    site.set("/", html(head='<link rel="alternate" type="application/rss+xml" href="/hirek">'))
    site.set("/hirek", rss())
    path = source_files.append(
        folder / "sources", "town", [a_source("herald", site.url("/hirek/"), loopback=True)]
    )
    before = path.read_bytes()
    direct = add(folder, site.url("/hirek#top"))
    assert direct.status == 1
    assert "is in the list already as `herald`, at sources/town.yaml:1" in direct.err
    through = add(folder, site.url("/"))
    assert (through.status, "what is there to read is in the list already" in through.err) == (1, True)
    assert "in the list already as `herald`, at sources/town.yaml:1" in through.out
    taken = add(folder, site.set("/other", rss()), id="herald")
    assert (taken.status, "`herald` already, at sources/town.yaml:1" in taken.err) == (1, True)
    assert path.read_bytes() == before
    assert site.requests("/other") == []


def test_a_site_of_which_there_is_an_entry_lends_what_is_known_of_it(folder: Path, site: Site) -> None:
    known = a_source(
        "herald", site.url("/a"), outlet="Herald", language="hu", country="SRB", zone="Europe/Belgrade", rank=1,
        family="herald-group", loopback=True,
    )  # fmt: skip
    source_files.append(folder / "sources", "town", [known])
    assert add(folder, site.set("/feed", rss()), country="SRB").status == 0
    source = entries(folder, "town")[-1]
    assert (source.family, source.zone, source.rank, source.outlet) == (
        "herald-group",
        "Europe/Belgrade",
        1,
        "Herald",
    )


def test_a_lasting_redirect_is_followed_into_the_entry(folder: Path, site: Site) -> None:
    site.set("/feed", Answer(b"", 301, {"Location": "/new.xml"}))
    site.set("/new.xml", rss())
    assert add(folder, site.url("/feed")).status == 0
    assert [str(source.url) for source in entries(folder)] == [site.url("/new.xml")]


def test_the_items_tell_the_language_and_not_what_a_program_wrote_into_the_feed(
    folder: Path, site: Site
) -> None:
    assert add(folder, site.set("/feed", rss(language="en-US"))).status == 0
    assert [source.language for source in entries(folder)] == ["hu"]
    assert add(folder, site.set("/rss", rss("Orbán Wang", language="sr-Latn")), rank=3).status == 0
    assert [source.language for source in entries(folder)] == ["hu", "sr-Latn"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(Answer(b"", 403), "cannot be had: the site forbids"), (html("<p>Nothing</p>"), "none of what was found"),
     (Answer(b"\x89PNG", headers={"Content-Type": "image/png"}), "none of what was found")],
    ids=["forbidden", "empty", "picture"],
)  # fmt: skip
def test_where_nothing_is_found_nothing_is_written(
    answer: Answer, reason: str, folder: Path, site: Site
) -> None:
    result = add(folder, site.set("/", answer))
    assert (result.status, list((folder / "sources").iterdir())) == (1, [])
    assert reason in result.err


def test_b55_what_a_page_names_leads_to_no_other_port_and_no_inner_network(folder: Path, site: Site) -> None:
    with support.running() as inner:
        inner.set("/feed", rss())
        named = (inner.url("/feed"), "http://169.254.169.254/feed", "http://localhost:22/feed")
        site.set(
            "/",
            html(
                head="".join(
                    f'<link rel="alternate" type="application/rss+xml" href="{url}">' for url in named
                )
            ),
        )
        result = add(folder, site.url("/"))
        assert result.status == 1
        assert result.out.count("declared by the page\n    refused: no items") == 3
        assert inner.asked == []


@pytest.mark.parametrize(
    "url", ["ftp://a.example/", "http://", "http://user:secret@a.example/", "javascript:x"]
)
def test_what_is_no_address_is_the_caller_s_mistake(url: str, folder: Path) -> None:
    assert add(folder, url).status == 2


def test_what_is_missing_is_asked_for(folder: Path, site: Site) -> None:
    result = add(folder, site.set("/feed", rss()), country=None)
    assert result.status == 1
    assert "give it with --country" in result.err
    result = add(folder, site.url("/feed"), country="XYZ")
    assert "give it with --zone" in result.err
    assert list((folder / "sources").iterdir()) == []


# --- what an entry is drafted from


def places(*sources: Source) -> list[Place]:
    return [Place(source, "town.yaml", number) for number, source in enumerate(sources, start=1)]


def test_an_id_is_made_of_the_domain_and_where_it_is_taken_of_the_path() -> None:
    urls = ["https://vnexpress.net/rss/the-gioi.rss", "https://vnexpress.net/rss/kinh-te.rss", "https://vnexpress.net/rss",
            "https://www.vnexpress.net/rss/1", "https://новости.рф/feed"]  # fmt: skip
    drafter = Drafter([], Given(country="VNM"))
    ids = [drafter.draft(url, languages=["vi"]).source.id for url in urls]
    assert ids[:4] == ["vnexpress", "vnexpress-te", "vnexpress-2", "vnexpress-3"]
    assert len(set(ids)) == 5


def test_a_family_is_the_domain_and_no_other_outlet_s() -> None:
    drafter = Drafter(places(a_source("news", "https://news.at/feed", family="news")), Given(country="CHN"))
    assert drafter.draft("https://news.cn/feed").source.family == "news-cn"
    assert drafter.draft("https://sub.herald.com.cn/feed").source.family == "herald"
    assert drafter.draft("https://other.herald.com.cn/feed").source.family == "herald"


def test_the_file_is_that_of_the_site_or_of_the_country() -> None:
    listed = [
        Place(a_source("a", "https://a.hu/feed", country="HUN"), "hungary.yaml", 1),
        Place(a_source("b", "https://b.hu/feed", country="HUN"), "press.yaml", 1),
        Place(a_source("c", "https://c.hu/feed", country="HUN"), "press.yaml", 9),
    ]
    assert Drafter(listed).draft("https://www.a.hu/rss").file == "hungary"
    assert Drafter(listed).draft("https://d.hu/rss").file == "press"
    assert Drafter(listed).draft("https://d.rs/rss").file == "added"
    assert Drafter(listed, Given(file="mine")).draft("https://e.rs/rss").file == "mine"


def test_a_wrong_word_of_the_operator_is_told() -> None:
    for given in (
        Given(language="Hungarian"),
        Given(country="hu", zone="UTC"),
        Given(zone="Europe/Buda"),
        Given(id="No Name"),
    ):
        with pytest.raises(WriteError, match=r"^https://a\.hu/feed: "):
            Drafter([], given).draft("https://a.hu/feed", languages=["hu"])


@pytest.mark.parametrize(
    ("text", "made"),
    [("Nhật báo Đất Việt", "nhat-bao-dat-viet"), ("  A & B! ", "a-b"), ("新华社", ""), ("Český", "cesky")],
)
def test_a_name_becomes_an_id(text: str, made: str) -> None:
    assert slug(text) == made
