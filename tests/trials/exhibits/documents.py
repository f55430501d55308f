"""What stands in the documents: encodings, entities, sizes, and entries of every badness."""

from collections.abc import Sequence
from datetime import timedelta
from html import escape

from tests.trials.hostile import Answer, Exhibit, Visit, Wire, said, say
from tests.trials.words import START, feed, item, items, rss, titles

FINE = ("ok",)
# What no parser has to survive; that its child is killed is as good as that it is read.
DEAR = ("toxic", "ok")
NO_FEED = ("not_a_feed",)
# Documents of nearly ten MiB that come at the same time.
AT_ONCE = 8

CHINESE = "中俄两国在北京签署执法安全合作协议并发表联合声明"
# Characters that GBK has and GB2312 has not.
RARE = "朱镕基与翟隽在喆垚举行磋商后向记者表示"
RUSSIAN = "Россия и Китай провели двадцатый раунд консультаций"


def encodings() -> Sequence[Exhibit]:
    """Bytes that are not what their labels say."""

    def shown(
        name: str, title: str, body: bytes, row: str, kind: str = "application/rss+xml", **settings: str
    ) -> Exhibit:
        return Exhibit(name, said(body, kind=kind), FINE, row, 1, titles=(title,), settings=settings)

    def one(title: str, label: str | None) -> str:
        declaration = f'<?xml version="1.0" encoding="{label}"?>' if label else '<?xml version="1.0"?>'
        return rss(item(title, "one"), declaration=declaration)

    long = f"{RARE}，{CHINESE}"
    bad = (
        one("Tram line opened in the city of Győr", "utf-8")
        .encode()
        .replace(b"<link>http://news.example/</link>", b"<link>\xff</link>")
    )
    return (
        shown("GBK under the name of GB2312", RARE, one(RARE, "gb2312").encode("gb18030"), "B60", language="zh"),
        shown("UTF-8 under the name of GB2312", CHINESE, one(CHINESE, "gb2312").encode(), "B61", language="zh"),
        shown("UTF-8 under the name of windows-1251", RUSSIAN, one(RUSSIAN, "windows-1251").encode(), "B61", language="ru"),
        shown("GBK without a label", long, one(long, None).encode("gb18030"), "B62", language="zh"),
        shown("windows-1251 without a label", RUSSIAN, one(RUSSIAN, None).encode("cp1251"), "B62", language="ru"),
        shown("one bad byte in UTF-8", "Tram line opened in the city of Győr", bad, "B63"),
        shown("UTF-16 with a mark", CHINESE, one(CHINESE, "utf-16").encode("utf-16"), "B64", language="zh"),
        shown("a line before the declaration", RUSSIAN, ("\r\n\r\n" + one(RUSSIAN, "windows-1251")).encode("cp1251"), "B64", language="ru"),
        shown("a mark and another label", RUSSIAN, b"\xef\xbb\xbf" + one(RUSSIAN, "iso-8859-1").encode(), "B64"),
        shown("a header that contradicts", RUSSIAN, one(RUSSIAN, "utf-8").encode(), "B64", "text/xml; charset=iso-8859-1"),
        shown("a feed that calls itself a page", CHINESE, one(CHINESE, "utf-8").encode(), "B64", "text/html"),
        shown("a label that does not exist", RUSSIAN, one(RUSSIAN, "x-nonsense").encode(), "B64", "text/xml; charset=klingon"),
        shown("a label of 10 KB", RUSSIAN, one(RUSSIAN, "x" * 10_000).encode(), "B64"),
        shown("a label that runs code", RUSSIAN, one(RUSSIAN, "zlib_codec").encode(), "B64", "text/xml; charset=unicode_escape"),
    )  # fmt: skip


def _declared(subset: str, use: str) -> bytes:
    body = rss(f"<item><title>before</title><description>{use}</description></item>", declaration="")
    return f'<?xml version="1.0"?><!DOCTYPE rss [{subset}]>{body}'.encode()


def entities() -> Sequence[Exhibit]:
    """Documents that expand, or that reach for others."""
    laughs = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 12)
    )
    quadratic = f'<!ENTITY a "{"x" * 10_000}">'

    def reaches(form: str) -> Answer:
        async def answer(visit: Visit, wire: Wire) -> None:
            await say(wire, _declared(form.replace("CANARY", visit.canary), "&x;"))

        return answer

    def external(name: str, form: str) -> Exhibit:
        return Exhibit(name, reaches(form), FINE, "B52", 1, titles=("before",))

    async def foreign_type(visit: Visit, wire: Wire) -> None:
        body = feed("foreign-type").partition("?>")[2]
        await say(wire, f'<?xml version="1.0"?><!DOCTYPE rss SYSTEM "{visit.canary}/evil.dtd">{body}')

    async def styled(visit: Visit, wire: Wire) -> None:
        body = feed("styled").partition("?>")[2]
        style = f'<?xml-stylesheet type="text/xsl" href="{visit.canary}/evil.xsl"?>'
        include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{visit.canary}/evil.xml"/>'
        await say(wire, f'<?xml version="1.0"?>{style}{body.replace("<item>", include + "<item>", 1)}')

    return (
        Exhibit("a billion laughs", said(_declared(laughs, "&a11;")), (*FINE, "toxic"), "B52", None),
        Exhibit("entities that grow quadratically", said(_declared(quadratic, "&a;" * 50_000)), (*FINE, "toxic"), "B52", None),
        external("an entity that reads a file", '<!ENTITY x SYSTEM "file:///etc/passwd">'),
        external("an entity that asks the canary", '<!ENTITY x SYSTEM "CANARY/x">'),
        external("an entity that comes from the canary", '<!ENTITY % p SYSTEM "CANARY/p"> %p;'),
        Exhibit("a document type of the canary's", foreign_type, FINE, "B52", 5, titles=titles("foreign-type", 5)),
        Exhibit("a style and a part of the canary's", styled, FINE, "B52", 5, titles=titles("styled", 5)),
        Exhibit("an entity that is never declared", said(rss(item("first", "1") + "<item><title>Fish &chips; &nbsp; & more</title></item>")), FINE, "B65", 2),
    )  # fmt: skip


def sizes() -> Sequence[Exhibit]:
    """Documents that are too much of something."""

    def much(name: str, body: str | bytes, row: str = "B53", states: tuple[str, ...] = DEAR) -> Exhibit:
        return Exhibit(name, said(body), states, row, None)

    def wide(count: int) -> str:
        return rss("<item " + " ".join(f'a{n}="x"' for n in range(count)) + "><title>wide</title></item>")

    deep = rss("<item><title>deep</title>" + "<a>" * 200_000 + "</a>" * 200_000 + "</item>")
    nested = escape("<div>" * 50_000 + "deep" + "</div>" * 50_000)
    unclosed = escape("<b><i><u>" * 30_000)

    def near(number: int) -> Exhibit:
        name = f"just under the limit, {number} of {AT_ONCE}"
        filling = (
            "<item><title>A large one</title><description>" + "word " * 2_000_000 + "</description></item>"
        )
        return Exhibit(
            name, said(lambda: rss(items(f"under-{number}", 20) + filling).encode()), FINE, "B53", 21
        )

    brief = "".join(f"<item><title>Item {n} of fifty thousand</title></item>" for n in range(50_000))
    spaces = " ".join(f'xmlns:n{n}="http://n/{n}"' for n in range(1_000))
    dates = "".join(
        f"<item><title>Date {n}</title><pubDate>{'1' * 20_000} Nov{' ' * 20_000}2026</pubDate></item>"
        for n in range(50)
    )
    return (
        much("100,000 attributes", wide(100_000)),
        much("tags 200,000 deep", deep),
        much("50,000 items", rss(brief)),
        Exhibit("5,000 items", said(rss(items("newest", 5_000))), FINE, "B54", 500),
        much("one title of 9 MiB", rss("<item><title>" + "long " * 1_800_000 + "</title></item>")),
        *(near(number + 1) for number in range(AT_ONCE)),
        much("markup nested 50,000 deep", rss(f"<item><title>nested</title><description>{nested}</description></item>")),
        much("markup that is never closed", rss(f"<item><title>open</title><description>{unclosed}</description></item>")),
        much("a million brackets", rss(f"<item><title>brackets</title><description>{'&lt;' * 1_000_000}</description></item>")),
        much("a million combining marks", rss(f"<item><title>e{chr(0x301) * 1_000_000}</title></item>")),
        much("dates of 40,000 characters", rss(dates)),
        much("guids of 100 KB", rss("".join(f"<item><title>Long name {n}</title><guid>{'g' * 100_000}{n}</guid></item>" for n in range(50))), states=FINE),
        much("10,000 links in one entry", rss("<item><title>links</title>" + "<link>http://news.example/a</link>" * 10_000 + "</item>")),
        much("a comment of 9 MiB", rss("<!--" + "-x" * 4_700_000 + "-->" + items("commented", 3))),
        much("CDATA that never ends", rss("<item><title>open</title><description><![CDATA[" + "x" * 100_000), states=(*DEAR, "empty", "not_a_feed")),
        much("1,000 namespaces", f"<rss {spaces}><channel>{items('named', 3)}</channel></rss>"),
    )  # fmt: skip


def foreign() -> Sequence[Exhibit]:
    """Documents that are no feed, or a feed with nothing in it."""

    def no_feed(name: str, body: str | bytes, kind: str = "application/rss+xml", row: str = "B34") -> Exhibit:
        return Exhibit(name, said(body, kind=kind), (*NO_FEED, "empty", "degraded"), row)

    return (
        no_feed("eleven bytes", "<rss></rss>"),
        no_feed("no item", rss("")),
        no_feed("no byte", b""),
        no_feed("nothing but space", b" \r\n" * 1_000),
        no_feed("nothing but NULs", bytes(10_000)),
        no_feed("a picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "image/png"),
        no_feed("a PDF", b"%PDF-1.7\n" + bytes(range(256)) * 40, "application/pdf"),
        no_feed("HTML for XML", "<!doctype html><html><body><h1>Welcome</h1></body></html>"),
        no_feed("JSON that is cut off", '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": '),
        no_feed(
            "XML of another kind",
            '<?xml version="1.0"?><soap:Envelope xmlns:soap="x"><soap:Fault/></soap:Envelope>',
        ),
        no_feed(
            "a dump of an error in PHP",
            "<br />\n<b>Fatal error</b>: Allowed memory size exhausted in /var/www",
        ),
    )


def entries() -> Sequence[Exhibit]:
    """Entries that are wrong, strange, or meant to do harm."""

    async def flips(visit: Visit, wire: Wire) -> None:
        scheme = "https" if visit.round % 2 else "http"
        body = rss(items("flips", 5)).replace("http://news.example/flips", f"{scheme}://news.example/flips")
        await say(wire, body.replace("</link>", f"?utm_source={visit.round}</link>"))

    async def clock(visit: Visit, wire: Wire) -> None:
        edited = rss(items("clock", 5)).replace("tram line", f"tram line at {visit.round} o'clock")
        await say(wire, edited)

    async def today(visit: Visit, wire: Wire) -> None:
        at = START + timedelta(hours=26 * (visit.round - 1))
        await say(wire, rss(items("today", 5, at=at + timedelta(minutes=590))))

    async def archive(visit: Visit, wire: Wire) -> None:
        old = items("archive", 50, at=START - timedelta(days=4_000)) if visit.round > 2 else ""
        await say(wire, rss(items("present", 5) + old))

    async def hijacked(visit: Visit, wire: Wire) -> None:
        if visit.round < 3:
            return await say(wire, feed("before-the-hijack"))
        casino = rss(items("casino", 20), "Best online casino").replace("news.example", "casino.example")
        return await say(wire, casino)

    async def cut_later(visit: Visit, wire: Wire) -> None:
        whole = feed("cut", 10)
        await say(
            wire,
            whole if visit.round > 2 else whole[: whole.index("<title>Item 3 of")],
            ETag=f'"{visit.round > 2}"',
        )

    async def silent(visit: Visit, wire: Wire) -> None:
        await say(wire, feed("falls-silent") if visit.round < 3 else rss(""))

    async def asks_inside(visit: Visit, wire: Wire) -> None:
        story = (
            "China and Hungary signed an agreement on law enforcement and security cooperation in Budapest"
        )
        links = (
            visit.canary,
            "http://169.254.169.254/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "http://127.1:22/",
        )
        rows = "".join(
            f"<item><title>{story} for the {n}th time</title><link>{escape(link)}/{n}</link></item>"
            for n, link in enumerate(links)
        )
        await say(wire, rss(rows))

    told = "<script>alert(1)</script> @everyone <b>[click](http://evil.example)</b> <!channel> @here"
    turned = "Minister \u202egnikcah\u202c of \u200b\u2066state\u2069"
    same = "".join(
        f"<item><title>{title}</title><guid>same</guid><link>http://news.example/same/{n}</link></item>"
        for n, title in enumerate(titles("repeated", 5))
    )
    bare = "".join(f"<item><title>{title}</title></item>" for title in titles("bare", 5))
    bad = ("", "yesterday", "32 Nov 2026", "Fri, 01 Jan 2041 00:00:00 GMT", "0001-01-01T00:00:00Z", "2026-11-20T24:00:00Z",
           "Fri, 20 Nov 2026 10:00:00 CST", "Fri, 20 Nov 2026 10:00:00 MSK", "Fri, 20 Nov 2026 10:00:00 GMT+7", "20/11/2026",
           "2026年11月20日", "20 ноября 2026", "99999999999999999999", "1e400", "-1", "\u0661\u0662\u0663", "2026-13-45", "Mon, 30 Feb 2026 10:00:00 GMT",
           "Thu, 20 Nov 2026 10:00:00 +9999", "2026-11-20T10:00:00+99:99", "now", "P1D")  # fmt: skip
    dated = "".join(
        f"<item><title>{title}</title><pubDate>{text}</pubDate></item>"
        for title, text in zip(titles("badly-dated", len(bad)), bad, strict=True)
    )
    malformed = (
        items("one-bad", 15) + "<item><title>broken <b>entry</title><guid></item>" + items("one-bad", 14, 16)
    )
    controls = rss(items("controls", 5)).replace("tram", "tr\x0b\x00am &#0; &#xD800; &#x1F;")
    silences = (
        "<ttl>99999999999999</ttl><skipHours>"
        + "".join(f"<hour>{n}</hour>" for n in range(24))
        + "</skipHours>"
    )
    return (
        Exhibit("markup and @everyone in its titles", said(rss(item(told, "told"))), FINE, "B74", 1),
        Exhibit("a title that turns the line around", said(rss(item(turned, "turned"))), FINE, "B65", 1),
        Exhibit("control characters", said(controls), FINE, "B65", 5, titles=titles("controls", 5)),
        Exhibit("one guid for all", said(rss(same)), FINE, "B70", 5, titles=titles("repeated", 5)),
        Exhibit("titles alone", said(rss(bare)), FINE, "B71", 5, titles=titles("bare", 5)),
        Exhibit("names that flip", flips, FINE, "B72", 5, titles=titles("flips", 5)),
        Exhibit("edited at every poll", clock, FINE, "B73", 5),
        Exhibit("dates of all badness", said(rss(dated)), FINE, "B75", len(bad), titles=titles("badly-dated", len(bad))),
        Exhibit("one malformed entry among thirty", said(rss(malformed)), FINE, "B76", None, titles=titles("one-bad", 15)),
        Exhibit("dates that are always today's", today, ("ok", "frozen", "stale"), "B37", 5),
        Exhibit("no dates at all", said(rss("".join(item(t, f"undated/{n}", None) for n, t in enumerate(titles("undated", 5))))), FINE, "B36", 5),
        Exhibit("nothing since 2018", said(rss(items("since-2018", 5, at=START - timedelta(days=3_000)))), ("stale",), "B35", 5),
        Exhibit("an archive that reappears", archive, FINE, "B77", 55),
        Exhibit("hijacked", hijacked, ("hijacked",), "B38", None),
        Exhibit("cut off at first", cut_later, FINE, "B66", 10, titles=titles("cut", 10)),
        Exhibit("falls silent", silent, ("empty", "degraded"), "B34", 5),
        Exhibit("links that lead inside", asks_inside, FINE, "B55", 5, settings={"pages": "short"}),
        Exhibit("silent at all hours", said(rss(silences + items("all-hours", 5))), FINE, "B31", 5, titles=titles("all-hours", 5)),
        Exhibit("a rhythm of 5,000 digits", said(rss(f"<ttl>{'9' * 5_000}</ttl>" + items("rhythm", 5))), FINE, "B31", 5),
        Exhibit("a base inside", said(rss(items("based", 5)).replace("<rss ", '<rss xml:base="http://127.0.0.1/" ')), FINE, "B74", 5),
    )  # fmt: skip


def catalogue() -> Sequence[Exhibit]:
    """All of them."""
    return (*encodings(), *entities(), *sizes(), *foreign(), *entries())
