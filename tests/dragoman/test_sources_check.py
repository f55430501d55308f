"""`dragoman sources check` tries the sources as the service would, and says what each gave."""

import json
import signal
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from tasks.settings import source_files
from tests.support import site as support
from tests.support.commands import COMMAND, environment, running
from tests.support.site import Answer, Asked, Site, feed, page
from tests.support.sources import a_source

NOW = datetime.now(UTC)
ENGLISH = "The minister said that the talks of the two sides are to go on in the spring, and that they will be of use"


@pytest.fixture
def site() -> Iterator[Site]:
    with support.running() as started:
        yield started


def rss(items: int = 5, at: datetime = NOW, text: str = ENGLISH) -> str:
    entries = "".join(
        f"<item><title>{text} ({number})</title><link>https://news.example/{number}</link><pubDate>{format_datetime(at)}</pubDate></item>"
        for number in range(items)
    )
    return f"<rss version='2.0'><channel><title>The Desk</title>{entries}</channel></rss>"


class Desk:
    """A configuration whose sources stand on a local site, and the command on it."""

    def __init__(self, folder: Path, site: Site) -> None:
        self.folder = folder
        self.site = site
        self.env = environment(DRAGOMAN_CONFIG=str(folder), DATABASE_URL="postgresql://127.0.0.1:1/nowhere")

    def add(self, id: str, path: str, *answers: Any, file: str = "desk", **values: object) -> None:
        self.site.set(path, *answers)
        local = {"loopback": True, "spacing": 0, "family": id, "zone": "UTC", **values}
        source_files.append(self.folder / "sources", file, [a_source(id, self.site.url(path), **local)])

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [*COMMAND, "sources", "check", *words]
        return subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=60, check=False)

    def rows(self, *words: str) -> dict[str, dict[str, Any]]:
        return {row["id"]: row for row in json.loads(self.run(*words, "--json").stdout)}


@pytest.fixture
def desk(tmp_path: Path, site: Site) -> Desk:
    return Desk(tmp_path / "config", site)


def test_each_source_is_told_with_its_state_what_it_gave_and_what_to_do(desk: Desk) -> None:
    old = NOW - timedelta(days=400)
    desk.add("fine", "/fine", feed(rss(7)))
    desk.add("quiet", "/quiet", feed(rss(3, old)))
    desk.add("gone", "/gone", Answer(b"", 410))
    desk.add("missing", "/missing", Answer(b"", 404))
    desk.add("walled", "/walled", Answer(b"", 403))
    desk.add("limited", "/limited", Answer(b"", 429, {"Retry-After": "600"}), rate_group="limited")
    desk.add("page", "/page", page("<!DOCTYPE html><html><p>Hello</p></html>"))
    desk.add("hollow", "/hollow", feed("<rss version='2.0'><channel><title>x</title></channel></rss>"))
    desk.add("moved", "/moved", Answer(b"", 301, {"Location": "/fine"}))
    desk.add(
        "list",
        "/list",
        page("<html><a href='/about'>About us</a></html>"),
        kind="list",
        links={"pattern": "/2026/"},
    )
    desk.add("inner", "/inner", feed(rss()), loopback=False)
    result = desk.run()
    assert result.returncode == 1, result.stderr
    rows = desk.rows()
    assert {id: row["state"] for id, row in rows.items()} == {
        "fine": "ok", "quiet": "stale", "gone": "gone", "missing": "failing", "walled": "blocked", "limited": "limited",
        "page": "not_a_feed", "hollow": "empty", "moved": "moved", "list": "redesigned", "inner": "refused",
    }  # fmt: skip
    assert {"status": 200, "items": 7, "form": "rss20", "written_in": "en", "hint": ""}.items() <= rows[
        "fine"
    ].items()
    assert rows["fine"]["newest"][:16] == NOW.isoformat()[:16]
    assert (rows["gone"]["status"], rows["inner"]["status"]) == (410, None)
    assert all(row["hint"] for id, row in rows.items() if id not in ("fine",))
    for line in result.stdout.splitlines()[:-1]:
        id, said = line.split(maxsplit=1)
        assert said.startswith(rows[id]["state"].replace("_", " "))
    assert result.stdout.splitlines()[-1].startswith("11 sources tried: ")


def test_it_leaves_with_0_if_all_that_are_on_do_well(desk: Desk) -> None:
    desk.add("fine", "/fine", feed(rss()))
    desk.add("moved", "/moved", Answer(b"", 308, {"Location": "/fine"}))
    desk.add("off", "/off", Answer(b"", 404), enabled=False, reason="dead (2026)")
    assert desk.run().returncode == 0
    assert set(desk.rows()) == {"fine", "moved"}
    assert set(desk.rows("--off")) == {"fine", "moved", "off"}
    assert desk.run("--off").returncode == 0


def test_where_nobody_answers_the_fault_is_sought_here(desk: Desk) -> None:
    desk.add("inner", "/inner", feed(rss()), loopback=False)
    nobody = [
        a_source(id, f"http://127.0.0.1:1/{id}", loopback=True, rate_group=id, spacing=0)
        for id in ("one", "two")
    ]
    source_files.append(desk.folder / "sources", "nobody", nobody)
    told = desk.run().stdout.splitlines()[-1]
    assert told.endswith("not one has answered: is this machine on the network?")
    assert "network" not in desk.run("one").stdout
    desk.add("fine", "/fine", feed(rss()))
    assert "network" not in desk.run().stdout


def test_named_sources_alone_are_tried_be_they_off(desk: Desk, site: Site) -> None:
    desk.add("fine", "/fine", feed(rss()))
    desk.add("off", "/off", Answer(b"", 404), enabled=False, reason="dead (2026)")
    result = desk.run("off")
    assert result.returncode == 1
    assert "failing (off)" in result.stdout
    assert site.requests("/fine") == []
    unknown = desk.run("nobody")
    assert (unknown.returncode, unknown.stderr) == (
        1,
        "dragoman: there is no source `nobody` in config/sources/\n",
    )


def test_an_entry_that_names_the_wrong_language_is_told(desk: Desk) -> None:
    desk.add("wrong", "/wrong", feed(rss()), language="hu")
    desk.add(
        "cyrillic",
        "/cyrillic",
        feed(rss(text="Министр заявил, что переговоры будут продолжены весной")),
        language="sr-Cyrl",
    )
    desk.add("right", "/right", feed(rss(text="部长说，会谈将于春季继续举行")), language="zh-Hans")
    rows = desk.rows()
    assert "Its items are in `en` and its entry says `hu`" in rows["wrong"]["hint"]
    assert "Its items are in `ru`" in rows["cyrillic"]["hint"]
    assert (rows["right"]["written_in"], rows["right"]["hint"]) == ("zh", "")


def test_b40_b43_the_manners_are_those_of_a_poll(desk: Desk, site: Site) -> None:
    site.set("/robots.txt", Answer(b"User-agent: *\nDisallow: /no"))
    desk.add("a", "/a", feed(rss()), spacing=0.3)
    desk.add("b", "/b", feed(rss()), spacing=0.3)
    desk.add(
        "no", "/no", page("<a href='/2026/1'>A story about it</a>"), kind="list", links={"pattern": "/2026/"}
    )
    rows = desk.rows()
    assert (rows["no"]["state"], site.requests("/no")) == ("robots", [])
    assert site.at_once == 1
    (first,), (second,) = site.requests("/a"), site.requests("/b")
    assert second.at - first.at >= 0.29
    assert first.headers["user-agent"].startswith("dragoman/")
    assert "if-none-match" not in first.headers


def test_b82_a_source_in_parts_is_tried_with_its_parts(desk: Desk, site: Site) -> None:
    news = "".join(
        f"<url><loc>{site.url(f'/{n}')}</loc><news:news><news:publication_date>{NOW.isoformat()}</news:publication_date>"
        f"<news:title>{ENGLISH}</news:title></news:news></url>"
        for n in range(4)
    )
    urlset = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
    site.set("/news-1.xml", feed(f"{urlset}{news}</urlset>"))
    index = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>{site.url("/news-1.xml")}</loc></sitemap></sitemapindex>'
    desk.add("parts", "/index.xml", feed(index), kind="sitemap")
    broken = index.replace("news-1", "news-2")
    desk.add("broken", "/broken.xml", feed(broken), kind="sitemap")
    rows = desk.rows()
    assert (rows["parts"]["state"], rows["parts"]["items"]) == ("ok", 4)
    assert rows["broken"]["state"] == "failing"
    assert "/news-2.xml cannot be had" in rows["broken"]["reason"]


def test_b53_what_kills_its_reader_is_told_and_the_others_are_read(desk: Desk) -> None:
    desk.add("toxic", "/toxic", feed("<rss><channel>" + "<item>" * 2_000_000))
    desk.add("fine", "/fine", feed(rss()))
    rows = desk.rows()
    assert rows["fine"]["state"] == "ok"
    assert not rows["toxic"]["well"]


def test_what_was_seen_alive_is_recorded_where_it_is_asked_for(desk: Desk) -> None:
    desk.add("fine", "/fine", feed(rss(12)))
    desk.add("gone", "/gone", Answer(b"", 410))
    desk.add("wrong", "/wrong", feed(rss()), language="hu")
    path = desk.folder / "sources" / "desk.yaml"
    before = path.read_text(encoding="utf-8")
    desk.run()
    assert path.read_text(encoding="utf-8") == before
    assert "1 entry: seen alive on" in desk.run("--record").stdout
    today = datetime.now(UTC).date()
    assert path.read_text(encoding="utf-8") == before.replace(
        "loopback: true\n", f'loopback: true\n  verified: {{on: {today}, note: "12 items"}}\n', 1
    )


def test_a_list_with_mistakes_is_told_and_nothing_is_tried(desk: Desk, site: Site) -> None:
    desk.add("fine", "/fine", feed(rss()))
    (desk.folder / "sources" / "wrong.yaml").write_text("- id: x\n  rank: 9\n", encoding="utf-8")
    result = desk.run()
    assert result.returncode == 1
    assert "sources/wrong.yaml:2: [0].rank" in result.stderr
    assert site.asked == []


def test_ctrl_c_tells_what_is_known_so_far(desk: Desk, site: Site) -> None:
    held = threading.Event()

    def hang(asked: Asked) -> Answer:
        held.wait(30)
        return feed(rss())

    desk.add("fine", "/fine", feed(rss()))
    desk.add("slow", "/slow", hang, rate_group="slow")
    with running("sources", "check", env=desk.env) as command:
        command.expect("fine ")
        command.process.send_signal(signal.SIGINT)
        command.expect("1 source tried: 1 ok; stopped, 1 were not tried")
        assert command.process.wait(10) == 1
    held.set()
