"""Kinds of source other than feeds, going wrong: list pages, sitemaps, JSON, GDELT."""

import asyncio
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from tests.trials.exhibits.manners import LINKS
from tests.trials.exhibits.wire import zip_bomb
from tests.trials.hostile import Answer, Exhibit, Visit, Wire, head, leads, said, say
from tests.trials.words import START, listing, titles

FINE = ("ok",)
NOTHING_THERE = ("not_a_feed", "empty", "degraded", "failing", "redesigned", "toxic")
PAGE = "text/html; charset=utf-8"
JSON = "application/json"
# What must not happen is that the source counts as quiet, or that anything but itself is hurt.
ANY_STATE = (*NOTHING_THERE, "ok", "frozen", "stale")

GDELT: dict[str, Any] = {"kind": "gdelt", "gdelt": {"require": [{"names": ["security"]}]}}
SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
API: dict[str, Any] = {
    "kind": "api",
    "api": {"items": "items", "title": "title", "url": "url", "date": "date", "id": "id", "next": "next"},
}


def _links(word: str, count: int = 5) -> list[tuple[str, str]]:
    return [(f"/2026/11/21/{word}{place}.html", title) for place, title in enumerate(titles(word, count))]


def lists() -> Sequence[Exhibit]:
    """List pages."""

    def of(
        name: str,
        answer: Answer,
        states: tuple[str, ...],
        row: str = "B80",
        items: int | None = 0,
        **more: Any,
    ) -> Exhibit:
        return Exhibit(name, answer, states, row, items, settings=LINKS, path="/list", **more)

    def page(body: str) -> Answer:
        return said(body, kind=PAGE)

    async def redesigned(visit: Visit, wire: Wire) -> None:
        old, new = listing(_links("redesigned")), listing([("/story?id=1", "A story of the day")])
        await say(wire, old if visit.round < 3 else new, kind=PAGE)

    async def shuffled(visit: Visit, wire: Wire) -> None:
        links = _links("shuffled")
        turned = links[visit.round % 5 :] + links[: visit.round % 5]
        await say(wire, listing(turned), kind=PAGE)

    async def inside(visit: Visit, wire: Wire) -> None:
        text = "China and Serbia signed an agreement on law enforcement and security cooperation"
        links = [(f"{visit.canary}/2026/11/21/{n}.html", f"{text}, part {n}") for n in range(3)]
        base = f'<base href="{visit.canary}/">'
        await say(wire, listing([*links, *_links("inside", 2)]).replace("<head>", f"<head>{base}"), kind=PAGE)

    async def flood(visit: Visit, wire: Wire) -> None:
        await wire.send(head("200 OK", {"Content-Type": PAGE}, None))
        await wire.flood(b"<li><a href='/x'>words</a>" * 1_000, 1_000)

    deep = "<div>" * 200_000 + listing(_links("deep"))
    wide = listing(_links("wide", 100_000))
    brackets = "<" * 5_000_000
    schemes = [
        (f"{scheme}/2026/11/21/x", f"A story by the scheme {scheme}")
        for scheme in ("javascript:", "data:text/html,", "file://", "mailto:a@b")
    ]
    changed = ("redesigned", "layout_changed")
    return (
        of("a list that is redesigned", redesigned, changed, "B81", 5),
        of("a list in another order each time", shuffled, FINE, items=5),
        of("a list whose links lead inside", inside, FINE, "B55", None),
        of("a list of 100,000 links", page(wide), FINE, "B54", 500),
        of("a list 200,000 deep", page(deep), (*FINE, "toxic", *changed), "B53", None),
        of("a list of brackets", page(brackets), (*changed, "toxic", "not_a_feed"), "B53"),
        of("a list without end", flood, ("failing",), "B50"),
        of("a list that is empty", page(""), (*changed, "empty", "not_a_feed"), "B81"),
        of("a list made by a script", page("<html><body><div id=app></div><script src=a.js></script></body></html>"), changed, "B81"),
        of("a list of other schemes", page(listing(schemes)), changed, "B55"),
        of("a list that is JSON", said('{"data": []}', kind=JSON), (*changed, "not_a_feed"), "B81"),
        of("a list that became a login", page("<html><form><input type=password></form></html>"), (*changed, "blocked", "not_a_feed"), "B12"),
    )  # fmt: skip


def _sitemap(word: str, count: int = 5) -> str:
    rows = "".join(
        f"<url><loc>http://news.example/{word}/{n}</loc><news:news><news:title>{title}</news:title>"
        f"<news:publication_date>{START:%Y-%m-%dT%H:%M:%SZ}</news:publication_date></news:news></url>"
        for n, title in enumerate(titles(word, count))
    )
    return f'<?xml version="1.0"?><urlset {SITEMAP}>{rows}</urlset>'


def _index(*addresses: str) -> str:
    rows = "".join(
        f"<sitemap><loc>{address}</loc><lastmod>{START:%Y-%m-%dT%H:%M:%SZ}</lastmod></sitemap>"
        for address in addresses
    )
    return f'<?xml version="1.0"?><sitemapindex {SITEMAP}>{rows}</sitemapindex>'


def sitemaps() -> Sequence[Exhibit]:
    """Sitemaps and lists of sitemaps."""

    def of(
        name: str,
        build: Callable[[Visit], str | bytes],
        states: tuple[str, ...] = ANY_STATE,
        items: int | None = 0,
        row: str = "B82",
        **more: Any,
    ) -> Exhibit:
        async def answer(visit: Visit, wire: Wire) -> None:
            await say(wire, build(visit), kind="application/xml")

        return Exhibit(
            name, answer, states, row, items, settings={"kind": "sitemap"}, path="/sitemap.xml", **more
        )

    def children(word: str) -> dict[str, Answer]:
        return {f"/{n}.xml": said(_sitemap(f"{word}-{n}", 3)) for n in range(3)}

    plain = (
        f'<?xml version="1.0"?><urlset {SITEMAP}>'
        + "<url><loc>http://news.example/a</loc></url>" * 1_000
        + "</urlset>"
    )
    broken = {
        "/0.xml": said(_sitemap("kept", 3)),
        "/1.xml": said(b"oops", "500 Oops"),
        "/2.xml": said("<rss></rss>"),
    }
    return (
        of("a sitemap whose children fail", lambda visit: _index(*(f"{visit.origin}/{n}.xml" for n in range(4))), items=3,
           paths=broken, titles=titles("kept", 3)),
        of("a list of sitemaps that names itself", lambda visit: _index(f"{visit.origin}/sitemap.xml")),
        of("lists of sitemaps in a circle", lambda visit: _index(f"{visit.origin}/other.xml"),
           paths={"/other.xml": leads("/sitemap.xml")}),
        of("a list of sitemaps that lie inside", lambda visit: _index(f"{visit.canary}/a.xml", "http://169.254.169.254/", "file:///etc/passwd"), row="B55"),
        of("a list of sitemaps that lead inside", lambda visit: _index(f"{visit.origin}/0.xml"),
           paths={"/0.xml": leads(lambda visit: f"{visit.canary}/a.xml")}, row="B55"),
        of("a list of 50,000 sitemaps", lambda visit: _index(*(f"{visit.origin}/{n}.xml" for n in range(50_000))),
           items=None, paths=children("of-many")),
        of("a sitemap without titles", lambda visit: plain, (*NOTHING_THERE, "ok"), None),
        of("a sitemap that is cut off", lambda visit: _sitemap("cut-sitemap", 10)[:-400], FINE, None, "B66"),
        of("a sitemap with entities", lambda visit: '<!DOCTYPE urlset [<!ENTITY a "ha">]>' + _sitemap("entities").partition("?>")[2], ANY_STATE, None, "B52"),
        of("a sitemap that is a page", lambda visit: listing([("/a", "A story")]), NOTHING_THERE, row="B12"),
    )  # fmt: skip


def json_sources() -> Sequence[Exhibit]:
    """JSON: feeds and APIs."""

    def feed(
        name: str, body: str | bytes, states: tuple[str, ...] = NOTHING_THERE, items: int | None = 0
    ) -> Exhibit:
        return Exhibit(name, said(body, kind="application/feed+json"), states, "B82", items)

    def api(
        name: str,
        build: Callable[[Visit], Any],
        states: tuple[str, ...] = NOTHING_THERE,
        items: int | None = 0,
        **more: Any,
    ) -> Exhibit:
        async def answer(visit: Visit, wire: Wire) -> None:
            made = build(visit)
            await say(wire, made if isinstance(made, str) else json.dumps(made), kind=JSON)

        return Exhibit(name, answer, states, "B82", items, settings=API, path="/api", **more)

    def items(word: str, count: int = 5) -> list[dict[str, Any]]:
        return [{"id": n, "title": title, "url": f"http://news.example/{word}/{n}", "date": "2026-11-22T08:00:00Z"}
                for n, title in enumerate(titles(word, count))]  # fmt: skip

    version = '"version": "https://jsonfeed.org/version/1.1", "title": "t"'
    odd: list[Any] = [
        None,
        1,
        "text",
        [],
        {"id": None},
        {"id": {"a": 1}, "title": ["x"]},
        {"id": "good", "title": "A good item among the odd", "url": "http://news.example/odd"},
    ]
    return (
        feed("brackets 100,000 deep", "[" * 100_000),
        feed("a feed 100,000 deep", f"{{{version}, " + '"a": {' * 100_000),
        feed("items that are no list", f'{{{version}, "items": "none"}}'),
        feed("items of every type", f'{{{version}, "items": {json.dumps(odd)}}}', (*FINE, *NOTHING_THERE), None),
        feed("a number of 100,000 digits", f'{{{version}, "items": [{{"id": {"9" * 100_000}, "title": "A large number"}}]}}', (*FINE, *NOTHING_THERE), None),
        feed("NaN and Infinity", f'{{{version}, "items": [{{"id": NaN, "title": "No number", "date_published": Infinity}}]}}', (*FINE, *NOTHING_THERE), None),
        feed("lone surrogates in JSON", f'{{{version}, "items": [{{"id": "a", "title": "\\ud800 and \\u0000 in a title"}}]}}', (*FINE, *NOTHING_THERE), None),
        api("an API that answers with a page", lambda visit: listing([("/a", "A story")])),
        api("an API that says it is sorry", lambda visit: {"error": "quota exceeded", "status": 500}),
        api("an API with nothing in it", lambda visit: {"items": []}),
        api("an API whose items are a number", lambda visit: {"items": 7}),
        api("an API with items of every type", lambda visit: {"items": odd}, ANY_STATE, None),
        api("an API whose next page is itself", lambda visit: {"items": items("itself"), "next": f"{visit.origin}/api"}, FINE, 5),
        api("an API whose pages never end", lambda visit: {"items": items("endless"), "next": f"{visit.origin}/api?page={visit.number}"}, FINE, 5),
        api("an API whose next page lies inside", lambda visit: {"items": items("next-inside"), "next": f"{visit.canary}/api"}, ANY_STATE, 5),
        api("an API whose next page is an object", lambda visit: {"items": items("odd-next"), "next": {"href": 1}}, ANY_STATE, 5),
        api("an API of 100,000 items", lambda visit: {"items": items("large", 30_000)}, (*FINE, "toxic"), None),
    )  # fmt: skip


def _zip(text: bytes, name: str = "20261122120000.gkg.csv") -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        # With a date of its own, so that the file has the same checksum each time.
        archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return kept.getvalue()


def gdelt() -> Sequence[Exhibit]:
    """GDELT's files and its search interface."""

    def bulk(
        name: str,
        pack: Callable[[], bytes],
        row: str = "B82",
        md5: str | None = None,
        size: int | None = None,
        states: tuple[str, ...] = ANY_STATE,
    ) -> Exhibit:
        async def answer(visit: Visit, wire: Wire) -> None:
            body = await asyncio.to_thread(pack)
            digest = md5 or hashlib.md5(body).hexdigest()
            rows = [
                f"{size or len(body)} {digest} {visit.origin}/20261122120000.{part}"
                for part in ("export.CSV.zip", "mentions.CSV.zip", "gkg.csv.zip")
            ]
            await say(wire, "\n".join(rows) + "\n", kind="text/plain")

        return Exhibit(name, answer, states, row, settings=GDELT, path="/lastupdate.txt",
                       paths={f"/20261122120000.{part}": said(pack, kind="application/zip") for part in ("export.CSV.zip", "mentions.CSV.zip", "gkg.csv.zip")})  # fmt: skip

    def lines(
        name: str, build: Callable[[Visit], str], states: tuple[str, ...] = NOTHING_THERE, row: str = "B83"
    ) -> Exhibit:
        async def answer(visit: Visit, wire: Wire) -> None:
            await say(wire, build(visit), kind="text/plain")

        return Exhibit(name, answer, states, row, settings=GDELT, path="/lastupdate.txt")

    def search(
        name: str, body: str, states: tuple[str, ...], status: str = "200 OK", kind: str = JSON
    ) -> Exhibit:
        return Exhibit(
            name,
            said(body, status, kind),
            states,
            "B83",
            settings={"kind": "gdelt-doc"},
            path="/api/v2/doc/doc",
        )

    file = "20261122120000.gkg.csv.zip"
    return (
        bulk("GDELT's file is a bomb", zip_bomb, "B51"),
        bulk("GDELT's file is no zip", lambda: b"<html>not found</html>", "B83"),
        bulk("GDELT's file is another", lambda: _zip(b"x\ty\n"), md5="0" * 32),
        bulk("GDELT's file is longer than it says", lambda: _zip(b"x\ty\n"), size=3),
        bulk("GDELT's file climbs out of its folder", lambda: _zip(b"x\ty\n", "../../../../tmp/evil.csv")),
        bulk("GDELT's file is noise", lambda: _zip(bytes(range(256)) * 4_000)),
        lines("GDELT's list leads inside", lambda visit: "".join(f"10 {'0' * 32} {visit.canary}/{file}\n" for _ in range(3)), ANY_STATE, "B55"),
        lines("GDELT's list is a page", lambda visit: "<html>maintenance</html>"),
        lines("GDELT's list is empty", lambda visit: ""),
        lines("GDELT's list has odd columns", lambda visit: "a b\n1\n\n9999999999999999999999 x y z\n"),
        search("GDELT asks for patience in a text", "Please limit requests to one every 5 seconds.", (*NOTHING_THERE, "limited"), kind=PAGE),
        search("GDELT is too much asked", "Please limit requests", ("limited",), "429 Too Many", PAGE),
        search("GDELT's answer is a bare list", "[]", FINE),
        search("GDELT found nothing", "{}", (*FINE, *NOTHING_THERE)),
        search("GDELT's answer is cut off", '{"articles": [{"url": "http://news.example/a", "title": "x', NOTHING_THERE),
        search("GDELT says the query was too short", "The specified phrase is too short.", NOTHING_THERE, kind=PAGE),
    )  # fmt: skip


def catalogue() -> Sequence[Exhibit]:
    """All of them."""
    return (*lists(), *sitemaps(), *json_sources(), *gdelt())
