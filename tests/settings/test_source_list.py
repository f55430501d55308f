"""The list of sources in `config/sources/`: who is on it, on what evidence, and that its patterns hold."""

import re
import signal
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from time import perf_counter

import pytest

from tasks.read.address import canonical
from tasks.settings import configuration
from tasks.settings.configuration import Configuration
from tasks.settings.environment import ROOT
from tasks.settings.sources import Pages, Source, SourceKind, rate_group

# On without a dated check of their own address: each says in `believed` what it rests on.
BELIEVED = {
    "bao-thanh-hoa",
    "bao-thanh-hoa-law",
    "belarus-mfa",
    "eu-council",
    "eu-eeas",
    "kormany-foreign",
    "kormany-interior",
    "kormany-prime-minister",
    "peoples-daily-ru",
    "rts",
}
# The outlets that the five sample documents name or come from, and the dailies around them.
NAMED = {
    "Xinhua": {"en", "zh"},
    "People's Daily": {"en", "zh", "ru"},
    "CGTN": {"en"},
    "Global Times": {"en"},
    "RIA Novosti": {"ru"},
    "TASS": {"en", "ru"},
    "Báo Thanh Hóa": {"vi"},
    "VnExpress": {"vi"},
    "Tuổi Trẻ": {"vi"},
    "Thanh Niên": {"vi"},
    "Nhân Dân": {"vi"},
    "VietnamPlus": {"vi"},
    "Báo Tin tức": {"vi"},
    "Dân trí": {"vi"},
    "VietNamNet": {"vi"},
    "Tiền Phong": {"vi"},
    "Công an Nhân dân": {"vi"},
    "Sài Gòn Giải Phóng": {"vi"},
    "VTV": {"vi"},
    "VOV": {"vi"},
}
DOMAINS = {
    "Xinhua": {"news.cn", "xinhuanet.com"},
    "People's Daily": {"people.cn", "people.com.cn"},
    "CGTN": {"cgtn.com"},
    "Global Times": {"globaltimes.cn"},
    "RIA Novosti": {"ria.ru"},
    "TASS": {"tass.com", "tass.ru"},
}
# Bodies that answer for themselves under one registered domain.
SHARED_DOMAINS = {"europa.eu", "gov.ru"}
OLDEST_CHECK = date(2026, 2, 1)
LONG_ADDRESS = 10_000
LONGEST_SEARCH = 0.25  # seconds


@pytest.fixture(scope="module")
def shipped() -> Configuration:
    return configuration.load(ROOT / "config")


@pytest.fixture(scope="module")
def listed(shipped: Configuration) -> Sequence[Source]:
    return shipped.sources


@pytest.fixture(scope="module")
def on(listed: Sequence[Source]) -> Sequence[Source]:
    return [source for source in listed if source.enabled]


@pytest.fixture(scope="module")
def lists(listed: Sequence[Source]) -> Sequence[Source]:
    return [source for source in listed if source.kind is SourceKind.LIST]


def test_enough_sources_are_on_in_enough_languages(on: Sequence[Source]) -> None:
    assert len(on) >= 70
    assert {"en", "zh", "ru", "vi", "hu", "sr"} <= {source.language for source in on}
    countries = {"CHN", "RUS", "EUR", "HUN", "SRB", "BLR", "DEU", "FRA", "GBR", "VNM"}
    assert countries <= {source.country for source in on}
    # Each side of a watched pair speaks for itself.
    assert {"CHN", "RUS", "EUR", "HUN", "BLR"} <= {source.country for source in on if source.rank == 1}


@pytest.mark.parametrize("name", NAMED)
def test_the_outlets_that_the_samples_name_are_on(on: Sequence[Source], name: str) -> None:
    domains = DOMAINS.get(name)
    found = {
        source.language
        for source in on
        if (rate_group(str(source.url)) in domains if domains else source.outlet == name)
    }
    assert found >= NAMED[name]


def test_what_is_on_was_seen_alive_or_says_what_it_rests_on(on: Sequence[Source]) -> None:
    assert {source.id for source in on if source.verified is None} == BELIEVED
    for source in on:
        if source.verified:
            assert source.verified.on >= OLDEST_CHECK, source.id
            assert len(source.verified.note) >= 8, source.id
        else:
            assert source.believed and re.search(r"\b20\d\d\b", source.believed), source.id


def test_what_is_off_says_why_and_when(listed: Sequence[Source]) -> None:
    for source in listed:
        if not source.enabled:
            assert source.reason and re.search(r"\b20\d\d\b|By policy", source.reason), source.id


def test_what_a_policy_forbids_is_off(listed: Sequence[Source]) -> None:
    by_id = {source.id: source for source in listed}
    for name in ("rt", "rt-russia", "sputnik", "google-news", "china-mps-zh", "politika"):
        assert not by_id[name].enabled


def test_an_address_is_polled_once(listed: Sequence[Source]) -> None:
    same = Counter(canonical(str(source.url)) for source in listed)
    assert [address for address, times in same.items() if times > 1] == []


def test_countries_and_languages_are_those_that_the_coder_knows(
    shipped: Configuration, on: Sequence[Source]
) -> None:
    for source in shipped.sources:
        assert source.country in shipped.actors.states, source.id
    for source in on:
        assert source.language in shipped.lexicon, source.id


def test_an_id_says_the_language_where_an_outlet_has_several(listed: Sequence[Source]) -> None:
    for source in listed:
        told = re.search(r"-(en|zh|ru|vi|sr|fr|hu)$", source.id)
        # `-hu` may be the end of the outlet's own name.
        assert not told or told[1] == source.language, source.id


def test_one_house_is_one_witness(listed: Sequence[Source]) -> None:
    by_outlet, by_domain = defaultdict(set), defaultdict(set)
    for source in listed:
        if not source.discovery:
            by_outlet[source.outlet].add(source.family)
            by_domain[rate_group(str(source.url))].add(source.family)
    assert {name: families for name, families in by_outlet.items() if len(families) > 1} == {}
    assert {name for name, families in by_domain.items() if len(families) > 1} == SHARED_DOMAINS


def test_those_who_print_one_text_are_one_witness(listed: Sequence[Source]) -> None:
    family = {source.id: source.family for source in listed}
    chorus = ("xinhua-latest", "peoples-daily-home", "global-times-world", "cgtn-world", "china-daily-world")
    assert {family[name] for name in chorus} == {"china-state-media"}
    assert family["vietnamplus"] == family["bao-tin-tuc"]
    assert family["n1-serbia"] == family["nova-serbia"] == family["danas"]
    assert family["ria-ru"] == family["sputnik"]
    # A ministry's own words are not the agency's, and the agencies of Russia write each for itself.
    own = ("china-mfa-news-zh", "china-mnd-releases-zh", "china-gov-news", "xinhua-latest", "tass", "ria-ru")
    assert len({family[name] for name in own}) == len(own)


def test_ranks_are_those_of_the_codebook(listed: Sequence[Source]) -> None:
    rank = {source.id: source.rank for source in listed}
    parties = ("china-mfa-news-zh", "kremlin", "russia-security-council", "eu-commission", "kormany-interior")
    assert {rank[name] for name in parties} == {1}
    agencies = (
        "xinhua-latest",
        "tass",
        "ria-ru",
        "interfax-ru",
        "tanjug-news",
        "belta-politics",
        "vietnamplus",
    )
    assert {rank[name] for name in agencies} == {2}
    assert {rank[name] for name in ("cgtn-world", "global-times-world", "rts", "bao-thanh-hoa")} == {3}


def test_a_party_is_asked_as_often_as_the_watch_promises(on: Sequence[Source]) -> None:
    assert [source.id for source in on if source.rank == 1 and source.minutes > 15] == []


def test_the_ministry_is_asked_slowly_and_gets_its_cookie_back(on: Sequence[Source]) -> None:
    ministry = [source for source in on if source.family == "china-mfa"]
    assert {source.group for source in ministry} == {"china-mfa"}
    assert all(source.cookies and source.spacing >= 5 for source in ministry)


def test_a_site_that_shuts_its_articles_gives_its_headlines(listed: Sequence[Source]) -> None:
    by_id = {source.id: source for source in listed}
    assert by_id["tass-ru"].pages is Pages.NEVER


def test_every_list_says_what_its_articles_look_like(lists: Sequence[Source]) -> None:
    for source in lists:
        assert source.links and source.links.pattern and source.links.examples, source.id
        dated = {example.day is not None for example in source.links.examples}
        assert dated == {source.links.date_pattern is not None}, source.id


def test_a_list_does_not_take_itself_or_a_front_page_for_an_article(lists: Sequence[Source]) -> None:
    for source in lists:
        assert source.links and source.links.pattern
        address = str(source.url)
        host = address[: address.index("/", 9)]
        for other in (address, f"{host}/", f"{host}/index.html", f"{address}?page=2", f"{host}/about"):
            assert not re.search(source.links.pattern, other), (source.id, other)


def test_no_pattern_runs_away(lists: Sequence[Source]) -> None:
    patterns = {
        (pattern, str(source.links.examples[0].url))
        for source in lists
        if source.links
        for pattern in (source.links.pattern, source.links.date_pattern)
        if pattern
    }
    assert len(patterns) >= 40
    for pattern, example in sorted(patterns):
        compiled = re.compile(pattern)
        for address in hostile(example):
            with at_most(LONGEST_SEARCH * 4, f"{pattern} runs away on {address[:120]}"):
                began = perf_counter()
                compiled.search(address)
            assert perf_counter() - began < LONGEST_SEARCH, (pattern, address[:120])


def hostile(example: str) -> Iterator[str]:
    """Addresses that nearly are articles, and are very long: what a pattern backtracks over."""
    parts = re.split(r"(?<=[/._-])", example)
    for kept in range(len(parts) + 1):
        start, end = "".join(parts[:kept]), "".join(parts[kept:])
        for run in (
            "a",
            "1",
            "/",
            "-",
            "a-",
            "a/",
            "1/",
            "20261120/",
            "0123456789abcdef",
            "2026/1120/c1-",
            end,
        ):
            if run:
                yield (start + run * (LONG_ADDRESS // len(run)))[:LONG_ADDRESS] + "!"
    yield (example * (LONG_ADDRESS // len(example)))[:-1] + "!"


@contextmanager
def at_most(seconds: float, told: str) -> Iterator[None]:
    """Interrupt what takes longer: a regular expression would go on for days."""

    def stop(*_: object) -> None:
        raise AssertionError(told)

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"news/(?:\w+-?)+\.html"])
def test_a_pattern_that_runs_away_would_be_caught(pattern: str) -> None:
    with pytest.raises(AssertionError, match="runs away"), at_most(LONGEST_SEARCH, "it runs away"):
        for address in hostile("https://news.example.org/news/a-headline.html"):
            re.search(pattern, address)
