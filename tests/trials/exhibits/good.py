"""Twenty sources as they should be, of every kind: what they publish must be read in full."""

import json
from collections.abc import Callable, Sequence
from datetime import timedelta

from tests.trials.exhibits.kinds import API, SITEMAP
from tests.trials.exhibits.manners import LINKS
from tests.trials.hostile import Exhibit, Visit, Wire, said, say
from tests.trials.words import START, listing, rss
from tests.trials.words import item as rss_item

FIRST = 10
EACH_ROUND = 3
ROUNDS = 4

# What is told in each language; a number makes each of them one of a kind.
TELLS = {
    "en": "The city opened its tram line number {}",
    "zh": "本市第{}条有轨电车线路今天正式开通运营",
    "ru": "В городе открыли трамвайную линию номер {}",
    "vi": "Thành phố khai trương tuyến xe điện số {}",
    "hu": "A város megnyitotta a {} számú villamosvonalat",
}


def published(language: str, round_number: int) -> list[tuple[int, str]]:
    """Number and title of all items until a round, the newest first."""
    count = FIRST + EACH_ROUND * (round_number - 1)
    return [(number, TELLS[language].format(number)) for number in range(count, 0, -1)]


def _at(number: int) -> str:
    late = max(number - FIRST, 0)
    moment = START - timedelta(hours=20) + timedelta(minutes=number, hours=26 * -(-late // EACH_ROUND))
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _rss(language: str, round_number: int) -> str:
    return rss("".join(rss_item(title, f"{language}/{number}", None, f"<pubDate>{_at(number)}</pubDate>")
                       for number, title in published(language, round_number)))  # fmt: skip


def _atom(language: str, round_number: int) -> str:
    rows = "".join(
        f"<entry><title>{title}</title><id>tag:news.example,{number}</id><updated>{_at(number)}</updated>"
        f'<link href="http://news.example/{language}/{number}"/></entry>'
        for number, title in published(language, round_number)
    )
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><id>news</id>{rows}</feed>'


def _rdf(language: str, round_number: int) -> str:
    rows = "".join(
        f'<item rdf:about="http://news.example/{language}/{number}"><title>{title}</title>'
        f"<link>http://news.example/{language}/{number}</link><dc:date>{_at(number)}</dc:date></item>"
        for number, title in published(language, round_number)
    )
    return (
        '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<channel rdf:about="http://news.example/"><title>News</title></channel>{rows}</rdf:RDF>'
    )


def _json_feed(language: str, round_number: int) -> str:
    rows = [{"id": str(number), "title": title, "url": f"http://news.example/{language}/{number}", "date_published": _at(number)}
            for number, title in published(language, round_number)]  # fmt: skip
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": rows})


def _api(language: str, round_number: int) -> str:
    rows = [{"id": number, "title": title, "url": f"http://news.example/{language}/{number}", "date": _at(number)}
            for number, title in published(language, round_number)]  # fmt: skip
    return json.dumps({"items": rows, "next": None})


def _sitemap(language: str, round_number: int) -> str:
    rows = "".join(
        f"<url><loc>http://news.example/{language}/{number}</loc><news:news><news:title>{title}</news:title>"
        f"<news:publication_date>{_at(number)}</news:publication_date></news:news></url>"
        for number, title in published(language, round_number)
    )
    return f'<?xml version="1.0"?><urlset {SITEMAP}>{rows}</urlset>'


def _list(language: str, round_number: int) -> str:
    return listing(
        [(f"/2026/11/21/{number}.html", title) for number, title in published(language, round_number)]
    )


Build = Callable[[str, int], str]


def _good(
    name: str,
    language: str,
    build: Build,
    charset: str = "utf-8",
    validates: bool = False,
    **settings: object,
) -> Exhibit:
    kind = (
        "text/html" if build is _list else "application/json" if build in (_api, _json_feed) else "text/xml"
    )

    async def answer(visit: Visit, wire: Wire) -> None:
        etag = f'"{visit.round}"'
        if validates and visit.headers.get("if-none-match") == etag:
            return await say(wire, b"", "304 Not Modified", ETag=etag)
        given = {"ETag": etag} if validates else {}
        body = build(language, visit.round).encode(charset)
        return await say(wire, body, kind=f"{kind}; charset={charset}", **given)

    everything = published(language, ROUNDS)
    return Exhibit(
        f"good: {name}",
        answer,
        ("ok",),
        items=len(everything),
        settings={"language": language, **settings},
        titles=tuple(title for _, title in everything),
        paths={"/robots.txt": said("User-agent: *\nAllow: /\n", kind="text/plain")},
    )


def catalogue() -> Sequence[Exhibit]:
    """All twenty."""
    feeds = [_good(f"RSS in {language}", language, _rss, validates=True) for language in TELLS]
    atoms = [_good(f"Atom in {language}", language, _atom) for language in TELLS]
    return (
        *feeds,
        *atoms,
        _good("RSS in GB18030", "zh", _rss, "gb18030"),
        _good("RSS in windows-1251", "ru", _rss, "cp1251", validates=True),
        _good("RDF", "en", _rdf),
        _good("JSON Feed", "vi", _json_feed, validates=True),
        _good("JSON API", "en", _api, **API),
        _good("news sitemap", "ru", _sitemap, kind="sitemap", validates=True),
        _good("list in Chinese", "zh", _list, **LINKS),
        _good("list in English", "en", _list, validates=True, **LINKS),
        _good("list in GB18030", "zh", _list, "gb18030", **LINKS),
        _good("RSS that is asked with robots.txt", "hu", _rss, robots="always"),
    )
