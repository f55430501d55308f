"""What sites answer in good HTTP: redirects, validators that lie, walls, requests for patience, robots.txt."""

from collections.abc import Sequence
from typing import Any

from tests.trials.hostile import Answer, Exhibit, Visit, Wire, head, leads, raw, said, say
from tests.trials.words import feed, listing, titles

FAILING = ("failing",)
REFUSED = ("refused",)
PAGE = "text/html; charset=utf-8"


def redirects() -> Sequence[Exhibit]:
    """Servers that send their readers elsewhere."""

    def inner(name: str, target: str, states: tuple[str, ...] = REFUSED) -> Exhibit:
        return Exhibit(f"leads to {name}", leads(target), states, "B55")

    def step(visit: Visit) -> str:
        return f"/feed?step={visit.number + 1}{visit.path[-3:]}"

    async def further(visit: Visit, wire: Wire) -> None:
        number = int(visit.path.partition("=")[2] or 0)
        await say(wire, b"", "302 Found", Location=f"/feed?step={number + 1}")

    async def chain(visit: Visit, wire: Wire) -> None:
        await say(wire, feed("a-chain-of-five"), "200 OK")

    hops = {f"/hop{number}": leads(f"/hop{number + 1}", "301 Moved") for number in range(1, 5)}
    return (
        Exhibit("leads to itself", leads("/feed"), FAILING, "B14", words="circle"),
        Exhibit("leads in a circle", leads("/other"), FAILING, "B14", words="circle", paths={"/other": leads("/feed")}),
        Exhibit("leads on and on", further, FAILING, "B14", words="more than"),
        Exhibit("leads nowhere", said(b"", "302 Found"), FAILING, "B14", words="nowhere"),
        Exhibit(
            "leads through five hops",
            leads("/hop1", "301 Moved"),
            ("ok", "moved"), "B10", 5, paths={**hops, "/hop5": chain}, titles=titles("a-chain-of-five", 5),
        ),
        Exhibit("leads to the canary", leads(lambda visit: f"{visit.canary}/feed"), REFUSED, "B55"),
        Exhibit("leads to the canary without a scheme", leads(lambda visit: visit.canary[5:]), REFUSED, "B55"),
        Exhibit("leads to the canary for good", leads(lambda visit: visit.canary, "308 Permanent"), REFUSED, "B55"),
        inner("the cloud's own service", "http://169.254.169.254/latest/meta-data/"),
        inner("a private network", "http://10.0.0.1/"),
        inner("loopback in IPv6", "http://[::1]/"),
        inner("loopback mapped into IPv6", "http://[::ffff:127.77.255.1]/"),
        inner("loopback as a number", "http://2130706433/"),
        inner("loopback in hexadecimal", "http://0x7f.1/"),
        inner("loopback in short", "http://127.1/"),
        inner("loopback with a dot", "http://127.0.0.1./"),
        inner("a file", "file:///etc/passwd"),
        inner("gopher", "gopher://127.0.0.1:25/_HELO"),
        inner("a mail server's port", "http://news.example:25/"),
        inner("a user and a password", "http://admin:admin@news.example/"),
        inner("a broken address", "http://[::1"),
        inner("an address of 100,000 characters", "http://news.example/" + "a" * 60_000, (*REFUSED, *FAILING)),
        inner("an address with control characters", "http://news.example/\x01\x7f", (*REFUSED, *FAILING)),
        Exhibit("a name that is inside", said(b""), REFUSED, "B55", host="inside.zoo.example"),
        Exhibit("a name that is partly inside", said(b""), REFUSED, "B55", host="half-inside.zoo.example"),
        Exhibit(
            "a name that turns inside", said(feed("rebinds")), REFUSED, "B56", 5, host="rebinds.zoo.example"
        ),
        Exhibit("a name that does not exist", said(b""), FAILING, "B24", host="nobody.zoo.example"),
        Exhibit("a name that nobody can look up", said(b""), FAILING, "B24", host="unknown.zoo.example"),
        Exhibit("a name server that hangs", said(b""), FAILING, "B41", host="hangs.zoo.example"),
        Exhibit("leads to a page for readers", leads("/home", "301 Moved"), ("not_a_feed", "moved"), "B12",
                paths={"/home": said(listing([("/a", "A story of the day")]), kind=PAGE)}),
        Exhibit("leads to a login", leads("/login"), ("not_a_feed", "moved", "blocked"), "B12",
                paths={"/login": said("<html><form><input type=password></form></html>", kind=PAGE)}),
    )  # fmt: skip


def validators() -> Sequence[Exhibit]:
    """Servers whose "not modified" cannot be believed, or whose validators are strange."""

    async def lies(visit: Visit, wire: Wire) -> None:
        if visit.conditional:
            return await say(wire, b"", "304 Not Modified", ETag='"always"')
        return await say(wire, feed("lies", 5 + visit.round), ETag='"always"')

    async def unasked(visit: Visit, wire: Wire) -> None:
        await say(wire, b"", "304 Not Modified")

    def echoes(word: str, **given: str) -> Answer:
        """Goes on only with those who bring its validators back as they were."""

        async def answer(visit: Visit, wire: Wire) -> None:
            etag, date = given.get("ETag"), given.get("Last_Modified")
            if not visit.conditional:
                return await say(wire, feed(word, 5), **given)
            right = (visit.headers.get("if-none-match"), visit.headers.get("if-modified-since")) == (
                etag,
                date,
            )
            return await say(wire, b"", "304 Not Modified" if right else "400 Bad Request", **given)

        return answer

    async def restless(visit: Visit, wire: Wire) -> None:
        await say(wire, feed("restless", 5), ETag=f'"{visit.number}"', Last_Modified=str(visit.number))

    async def deaf(visit: Visit, wire: Wire) -> None:
        await say(wire, feed("deaf", 5 + visit.round), ETag='"same"')

    async def forgets(visit: Visit, wire: Wire) -> None:
        if visit.conditional and visit.round > 2:
            return await say(wire, b"", "400 Bad Request")
        return await (
            say(wire, feed("forgets", 6)) if visit.round > 1 else say(wire, feed("forgets"), ETag='"1"')
        )

    fine = ("ok",)
    return (
        Exhibit("says 'not modified' for ever", lies, fine, "B04", 9, titles=titles("lies", 9)),
        Exhibit("says 'not modified' unasked", unasked, FAILING, "B08", words="without having been asked"),
        Exhibit(
            "a date of 2041", echoes("in-2041", Last_Modified="Thu, 01 Jan 2041 00:00:00 GMT"), fine, "B07", 5
        ),
        Exhibit("a date that is none", echoes("yesterday", Last_Modified="yesterday"), fine, "B07", 5),
        Exhibit("a validator without quotes", echoes("unquoted", ETag="W/abc-gzip"), fine, "B01", 5),
        Exhibit("a validator in Latin", echoes("latin", ETag='"caf\xe9"'), fine, "B01", 5),
        Exhibit("a validator of 8 KiB", echoes("long", ETag='"' + "x" * 8192 + '"'), fine, "B01", 5),
        Exhibit("a new validator every time", restless, fine, "B05", 5),
        Exhibit("one validator for all that changes", deaf, fine, "B05", 9, titles=titles("deaf", 9)),
        Exhibit(
            "an age of 5,000 digits",
            said(feed("aged"), Cache_Control="max-age=" + "9" * 5_000),
            fine,
            "B31",
            5,
        ),
        Exhibit("an age of a year", said(feed("a-year"), Cache_Control="max-age=31536000"), fine, "B31", 5),
        Exhibit(
            "an odd age",
            said(feed("odd-age"), Cache_Control="max-age=, max-age=-1, max-age=\xb2", Expires="0", Date="x"),
            fine,
            "B30",
            5,
        ),
        Exhibit("gives its validators up", forgets, fine, "B03", 6, titles=titles("forgets", 6)),
    )


def walls() -> Sequence[Exhibit]:
    """Sites that do not want programs, or want them later."""

    def page(
        name: str, body: str, status: str = "403 Forbidden", row: str = "B22", **headers: str
    ) -> Exhibit:
        return Exhibit(name, said(body, status, PAGE, **headers), ("blocked",), row)

    def patience(name: str, row: str = "B20", status: str = "429 Too Many", **headers: str) -> Exhibit:
        return Exhibit(name, said("wait", status, "text/plain", **headers), ("limited",), row)

    def status(text: str, state: str = "failing", row: str = "B24") -> Exhibit:
        return Exhibit(f"status {text}", said("sorry", text, "text/plain"), (state,), row)

    script = "<html><head><script>window.location.reload()</script></head></html>"
    return (
        page("a challenge of Cloudflare", "<title>Just a moment...</title>", CF_Mitigated="challenge"),
        page("a challenge of Cloudflare with status 200", "<html><script>window._cf_chl_opt={}</script></html>", "200 OK"),
        page("a challenge of F5", "<html><script>var bobcmn='x'</script></html>", "200 OK"),
        page("a challenge of Jiasule", "<script>document.cookie='__jsl_clearance=1'</script>", "521 Down",
             Set_Cookie="__jsluid_h=1"),
        page("forbidden", "no"),
        page("asks for a login", "no", "401 Unauthorized", WWW_Authenticate="Basic"),
        page("asks for money", "no", "402 Payment Required"),
        page("closed by law", "no", "451 Unavailable For Legal Reasons"),
        patience("asks for patience", "B21"),
        patience("asks for two minutes", Retry_After="120"),
        patience("asks for a negative time", Retry_After="-5"),
        patience("asks for a word's time", Retry_After="abc"),
        patience("asks for thirty years", Retry_After="999999999"),
        patience("asks for a number without end", Retry_After="9" * 5_000),
        patience("asks for a date of the past", Retry_After="Thu, 01 Jan 1970 00:00:00 GMT"),
        patience("is busy until a date", status="503 Busy", Retry_After="Wed, 01 Jan 2200 00:00:00 GMT"),
        status("404 Not Found"),
        status("410 Gone", "gone", "B23"),
        status("500 Oops"),
        status("502 Bad Gateway"),
        status("503 Busy"),
        Exhibit("an error's text with status 200", said("Service temporarily unavailable", kind="text/plain"),
                ("not_a_feed",), "B34"),
        Exhibit("a script that reloads", said(script, kind=PAGE), ("not_a_feed", "blocked"), "B22"),
        Exhibit("a page for readers", said(listing([("/a", "A story")]), kind=PAGE), ("not_a_feed",), "B12"),
    )  # fmt: skip


def _page_of(word: str) -> tuple[str, tuple[str, ...]]:
    words = titles(word, 5)
    return listing([(f"/2026/11/21/{word}{place}.html", title) for place, title in enumerate(words)]), words


LINKS: dict[str, Any] = {
    "kind": "list",
    "links": {
        "pattern": r"/20\d\d/\d\d/\d\d/",
        "date_pattern": r"/(?P<year>20\d\d)/(?P<month>\d\d)/(?P<day>\d\d)/",
    },
}


def robots() -> Sequence[Exhibit]:
    """Files for robots in every mood. Where the site may be asked, its list must have been read."""

    def mood(
        name: str, file: Answer, states: tuple[str, ...] = ("ok",), slow: bool = False, path: str = "/list"
    ) -> Exhibit:
        text, words = _page_of(name.replace(" ", "-"))
        allowed = "ok" in states
        return Exhibit(
            f"robots.txt {name}", said(text, kind=PAGE), states, "B43", 5 if allowed else 0, settings=LINKS,
            titles=words if allowed else (), paths={"/robots.txt": file}, path=path, slow=slow,
        )  # fmt: skip

    async def flood(visit: Visit, wire: Wire) -> None:
        await wire.send(head("200 OK", {"Content-Type": "text/plain"}, None))
        await wire.flood(b"# nothing\n" * 6_000, 500)

    async def drip(visit: Visit, wire: Wire) -> None:
        await wire.send(head("200 OK", {"Content-Type": "text/plain"}, None))
        await wire.drip(b"User-agent: *\n" * 100)

    async def hang(visit: Visit, wire: Wire) -> None:
        await wire.hold()

    async def patient(visit: Visit, wire: Wire) -> None:
        delay = 86_400 if visit.round == 1 else 1
        await say(wire, f"User-agent: *\nCrawl-delay: {delay}\n", kind="text/plain")

    def text(body: str | bytes) -> Answer:
        return said(body, kind="text/plain")

    rule = "User-agent: *\nDisallow: "
    every = text(rule + "/\n")
    backtracking = rule + "/" + "*a" * 300 + "*b$\n"
    return (
        mood("forbids all", every, ("robots",)),
        mood("forbids us alone", text("User-agent: dragoman\nDisallow: /list\n"), ("robots",)),
        mood("forbids others alone", text("User-agent: other\nDisallow: /\n")),
        mood("allows again what it forbids", text(rule + "/\nAllow: /list\n")),
        mood("is not there", said("no", "404 Not Found", "text/plain")),
        mood("is forbidden itself", said("no", "403 Forbidden", "text/plain")),
        mood("fails", said("oops", "500 Oops", "text/plain"), ("failing", "robots")),
        mood("wants patience", said("wait", "429 Too Many", "text/plain"), ("failing", "robots", "limited")),
        mood("is a page for readers", said("<html><body>Disallow: /</body></html>", kind=PAGE)),
        mood("is empty", text(b"")),
        mood("is noise", text(bytes(range(256)) * 100)),
        mood("is NULs", text(bytes(100_000))),
        mood("is a flood", flood),
        mood("is one long line", text(b"Disallow: " + b"/x" * 250_000)),
        mood("has 30,000 rules", text(rule.replace("Disallow: ", "") + "Disallow: /*x$\n" * 30_000)),
        mood("has 15,000 agents", text("".join(f"User-agent: a{n}\nDisallow: /\n" for n in range(15_000)))),
        mood("asks for endless comparing", text(backtracking), path="/" + "a" * 1_500),
        mood("drips", drip, ("failing", "robots")),
        mood("hangs", hang, ("failing", "robots")),
        mood("leads in a circle", leads("/robots.txt")),
        mood(
            "leads to the canary",
            leads(lambda visit: f"{visit.canary}/robots.txt"),
            ("ok", "robots", "failing"),
        ),
        mood(
            "is broken off",
            raw(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n" + rule.encode() + b"/\n"),
            ("robots",),
        ),
        mood("asks for a day between two requests", patient, slow=True),
        mood(
            "asks for an odd delay",
            text("User-agent: *\nCrawl-delay: nan\nCrawl-delay: -1\nCrawl-delay: 1e400\n"),
        ),
    )


def catalogue() -> Sequence[Exhibit]:
    """All of them."""
    return (*redirects(), *validators(), *walls(), *robots())
