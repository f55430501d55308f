"""Whose words an aggregator brings, told by the host."""

import pytest

from tasks.settings import configuration
from tasks.settings.environment import ROOT
from tasks.settings.outlets import Outlet, Outlets, plain_host
from tests.support.sources import a_source

KNOWN = Outlets.of(
    [
        a_source("xinhua", "https://english.news.cn/list/latestnews.htm", outlet="Xinhua", family="xinhua"),
        a_source("xinhua-zh", "http://www.news.cn/world/index.html", outlet="Xinhua", family="xinhua"),
        a_source("bbc", "https://feeds.bbci.co.uk/rss.xml", outlet="BBC", family="bbc", hosts=["bbc.com"]),
        a_source(
            "state-council", "https://english.www.gov.cn/news/", outlet="State Council", family="cabinet"
        ),
        a_source("council", "https://www.consilium.europa.eu/rss", outlet="Council", family="council"),
        a_source("commission", "https://ec.europa.eu/rss", outlet="Commission", family="commission"),
        a_source("ap", "https://apnews.com/rss", outlet="AP", family="ap", enabled=False, reason="gone"),
        a_source("google-news", "https://news.google.com/rss", outlet="Google News", family="google", rank=4),
    ]
)


@pytest.mark.parametrize(
    ("host", "outlet", "family"),
    [
        ("english.news.cn", "Xinhua", "xinhua"),
        ("www.news.cn", "Xinhua", "xinhua"),
        ("russian.news.cn", "Xinhua", "xinhua"),
        ("WWW.BBC.COM", "BBC", "bbc"),
        ("news.bbc.com", "BBC", "bbc"),
        ("www.gov.cn", "State Council", "cabinet"),
        ("mod.gov.cn", "mod.gov.cn", "mod.gov.cn"),
        # Under one domain there are several who speak for themselves.
        ("www.europarl.europa.eu", "europarl.europa.eu", "europa.eu"),
        ("data.consilium.europa.eu", "Council", "council"),
        # A source that is off knows its host as well.
        ("apnews.com", "AP", "ap"),
        ("www.kp.ru", "kp.ru", "kp.ru"),
        ("vesti.kp.ru", "vesti.kp.ru", "kp.ru"),
        ("news.google.com", "news.google.com", "google.com"),
        ("127.0.0.1", "127.0.0.1", "127.0.0.1"),
    ],
)
def test_an_outlet_is_known_by_its_host_or_is_one_of_its_own(host: str, outlet: str, family: str) -> None:
    assert KNOWN.at(host) == Outlet(outlet, family)


def test_www_means_nothing() -> None:
    assert plain_host("www.Tass.com.") == "tass.com"


def test_the_outlets_of_the_list_are_told_apart() -> None:
    known = Outlets.of(configuration.load(ROOT / "config").sources)
    for one, other in (
        ("tass.ru", "tass.com"),
        ("russian.news.cn", "www.xinhuanet.com"),
        ("www.bbc.com", "feeds.bbci.co.uk"),
    ):
        assert known.at(one).family == known.at(other).family != other
    assert known.at("tass.com").family != known.at("russian.news.cn").family
