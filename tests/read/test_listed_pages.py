"""Each list, sitemap and interface that `config/sources/` has on, played: a small page in the outlet's shape
is made of its own examples and read with its own patterns."""

import gzip
import json
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from html import escape

import pytest

from tasks.model import PublishedBasis
from tasks.read import json_api, list_page, sitemap
from tasks.read.document import Document, Terms
from tasks.settings import sources
from tasks.settings.environment import ROOT
from tasks.settings.located import Mistake
from tasks.settings.sources import Example, Source, SourceKind
from tests.support.sources import NOW

MISTAKES: list[Mistake] = []
ON = [source for source in sources.load(ROOT / "config" / "sources", MISTAKES) if source.enabled]
LISTS = [source for source in ON if source.kind is SourceKind.LIST]
SITEMAPS = [source for source in ON if source.kind is SourceKind.SITEMAP]
YESTERDAY = NOW - timedelta(days=1)
TITLES = {
    "zh": "中俄举行第二十轮战略安全磋商",
    "ru": "Консультации по стратегической безопасности",
    "vi": "Tham vấn an ninh chiến lược lần thứ 20",
    "sr": "Стратешке консултације Кине и Србије",
    "hu": "Stratégiai biztonsági konzultáció",
    "en": "Strategic security consultation held",
}


def by_id(source: Source) -> str:
    return source.id


def title_of(source: Source, number: int) -> str:
    return f"{TITLES[source.language]} ({number})"


def examples_of(source: Source) -> tuple[Example, ...]:
    assert source.links
    return source.links.examples


def page_of(source: Source, beside: str = "") -> str:
    """A list page of a source: what stands around any list, and its examples in the source's markup."""
    rows = []
    for number, example in enumerate(examples_of(source), start=1):
        address = escape(str(example.url))
        picture = f'<a href="{address}"><img src="/thumb.jpg" alt=""></a>'
        rows.append(f"<li>{picture}{marked(source, address, title_of(source, number))}{beside}</li>")
    around = (
        f'<nav><a href="/">Home page</a><a href="{source.url}">This very section</a>'
        '<a href="/about/contact.html">How to reach us</a><a href="javascript:void(0)">More of it</a></nav>'
    )
    after = '<footer><a href="https://elsewhere.example.org/partner.html">A partner of ours</a></footer>'
    return (
        f"<html><head><meta charset=utf-8></head><body>{around}<ul>{''.join(rows)}</ul>{after}</body></html>"
    )


def marked(source: Source, address: str, title: str) -> str:
    """A link within the elements that the source's selector asks for."""
    assert source.links
    before, after = "", ""
    for part in source.links.selector.split()[:-1]:
        tag, _, name = part.partition(".")
        before += f'<{tag or "div"} class="{name}">'
        after = f"</{tag or 'div'}>{after}"
    return f'{before}<a href="{address}">{title}</a>{after}'


def terms_of(source: Source, content_type: str | None = "text/html") -> Terms:
    links = source.links
    return Terms(
        str(source.url),
        source.zone,
        source.language,
        NOW,
        content_type=content_type,
        charset=source.charset,
        date_format=source.date_format,
        date_pattern=links.date_pattern if links else None,
        selector=links.selector if links else None,
        pattern=links.pattern if links else None,
        api=source.api.model_dump(mode="json") if source.api else None,
    )


def found_on(source: Source, page: str) -> Document:
    return list_page.parse(page.encode(), terms_of(source))


def test_the_list_of_sources_is_sound() -> None:
    assert MISTAKES == []
    assert len(LISTS) >= 50
    assert len(SITEMAPS) >= 5


@pytest.mark.parametrize("source", LISTS, ids=by_id)
def test_b80_a_listed_page_gives_its_articles(source: Source) -> None:
    found = found_on(source, page_of(source))
    assert found.problem is None
    examples = examples_of(source)
    assert [(entry.title, entry.url) for entry in found.entries] == [
        (title_of(source, number), str(example.url)) for number, example in enumerate(examples, start=1)
    ]
    for entry, example in zip(found.entries, examples, strict=True):
        if example.day:
            day = datetime.combine(example.day, time(), source.timezone)
            assert (entry.published, entry.basis) == (day.astimezone(UTC), PublishedBasis.ADDRESS)
        else:
            # The page behind the link has to tell; a number in the address is no day.
            assert (entry.published, entry.basis) == (None, PublishedBasis.UNKNOWN)


@pytest.mark.parametrize("source", LISTS, ids=by_id)
def test_b80_a_day_beside_the_link_fills_in_for_the_address(source: Source) -> None:
    found = found_on(source, page_of(source, beside="<span>2026-11-20</span>"))
    beside = datetime(2026, 11, 20, tzinfo=source.timezone).astimezone(UTC)
    for entry, example in zip(found.entries, examples_of(source), strict=True):
        assert entry.basis is (PublishedBasis.ADDRESS if example.day else PublishedBasis.PAGE)
        assert example.day or entry.published == beside


@pytest.mark.parametrize("source", LISTS, ids=by_id)
def test_b81_a_listed_page_of_another_layout_is_told(source: Source) -> None:
    page = "<html><body><a href='/a/new/design'>Welcome to the new site</a></body></html>"
    assert found_on(source, page).problem == "no link on it fits any more"


@pytest.mark.parametrize("name", ["peoples-daily-world-zh", "peoples-daily-opinion-zh"])
def test_b62_the_old_hosts_of_peoples_daily_write_gbk(name: str) -> None:
    source = next(one for one in LISTS if one.id == name)
    page = page_of(source).replace("charset=utf-8", "charset=GB2312")
    found = list_page.parse(page.encode("gb18030"), terms_of(source))
    assert [entry.title for entry in found.entries] == [title_of(source, 1)]


@pytest.mark.parametrize("source", SITEMAPS, ids=by_id)
def test_b82_a_listed_news_sitemap_gives_its_articles(source: Source) -> None:
    addresses = [f"{str(source.url).split('/sitemap')[0]}/vesti/politika/{number}/kina" for number in (1, 2)]
    body = news_sitemap(source, addresses).encode()
    if str(source.url).endswith(".gz"):
        body = gzip.compress(body)
    found = sitemap.parse(body, terms_of(source, "application/xml"))
    assert (found.kind, found.problem) == ("sitemap", None)
    assert {(entry.title, entry.url, entry.published) for entry in found.entries} == {
        (title_of(source, number), address, YESTERDAY) for number, address in enumerate(addresses, start=1)
    }


def news_sitemap(source: Source, addresses: Sequence[str]) -> str:
    rows = "".join(
        f"<url><loc>{address}</loc><news:news><news:publication><news:name>{source.outlet}</news:name>"
        f"<news:language>sr</news:language></news:publication>"
        f"<news:publication_date>{YESTERDAY.isoformat()}</news:publication_date>"
        f"<news:title>{title_of(source, number)}</news:title></news:news></url>"
        for number, address in enumerate(addresses, start=1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        f' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{rows}</urlset>'
    )


def test_b82_the_state_councils_json_gives_its_articles() -> None:
    source = next(one for one in ON if one.id == "china-gov-news-zh")
    address = "https://www.gov.cn/yaowen/liebiao/202611/content_7040001.htm"
    rows = [{"TITLE": title_of(source, 1), "SUB_TITLE": "", "URL": address, "DOCRELPUBTIME": "2026-11-20"}]
    found = json_api.parse(json.dumps(rows).encode(), terms_of(source, "application/json"))
    assert (found.kind, found.problem) == ("api", None)
    day = datetime(2026, 11, 20, tzinfo=source.timezone).astimezone(UTC)
    assert [(entry.title, entry.url, entry.published) for entry in found.entries] == [
        (title_of(source, 1), address, day)
    ]


def test_b80_the_military_writes_title_and_day_into_one_link() -> None:
    source = next(one for one in LISTS if one.id == "chinamil-exchange")
    address = examples_of(source)[0].url
    title = "China, Serbia hold joint training of special forces"
    cell = f'<div class="title"><h3>{title}</h3><small class="time">2026-05-07 18:25</small></div>'
    found = found_on(source, f'<ul><li><a href="{address}">{cell}</a></li></ul>')
    published = datetime(2026, 5, 7, 18, 25, tzinfo=source.timezone).astimezone(UTC)
    assert [(entry.title, entry.published, entry.basis) for entry in found.entries] == [
        (title, published, PublishedBasis.PAGE)
    ]


def test_b80_the_external_action_service_writes_the_day_below_the_title() -> None:
    source = next(one for one in LISTS if one.id == "eu-eeas")
    address = examples_of(source)[0].url
    card = (
        '<div class="card"><div class="card-subtitle">Press release</div><div class="card-body">'
        f'<h5 class="card-title"><a href="{address}">The Union and China hold their 14th consultations</a></h5>'
        '</div><div class="card-footer node__meta">17.10.2026 EEAS Press Team</div></div>'
    )
    menu = '<nav><a href="/eeas/what-we-do-policies-and-actions_en">What we do</a></nav>'
    found = found_on(source, f'<body>{menu}<div class="related-grid">{card}{card}</div></body>')
    day = datetime(2026, 10, 17, tzinfo=source.timezone).astimezone(UTC)
    assert [(entry.url, entry.published, entry.basis) for entry in found.entries] == [
        (str(address), day, PublishedBasis.PAGE)
    ]
