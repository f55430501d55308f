"""The end of an address as a first guess at country, zone and language."""

import re
from zoneinfo import available_timezones

import pytest

from tasks.settings.environment import ROOT
from tasks.settings.homes import HOMES, Home, of_country, of_host
from tasks.settings.source_files import places


@pytest.mark.parametrize(
    ("host", "home"),
    [
        ("www.vietnamplus.vn", Home("VNM", "Asia/Ho_Chi_Minh", "vi")),
        ("news.gov.cn.", Home("CHN", "Asia/Shanghai", "zh")),
        ("ec.europa.eu", Home("EUR", "Europe/Brussels", "en")),
        ("WWW.SWISSINFO.CH", Home("CHE", "Europe/Zurich", None)),
        ("example.com", None),
        ("127.0.0.1", None),
        ("", None),
    ],
)
def test_the_last_label_tells_the_country_where_it_is_one_s(host: str, home: Home | None) -> None:
    assert of_host(host) == home


def test_a_country_has_its_zone() -> None:
    assert of_country("HUN") == Home("HUN", "Europe/Budapest", "hu")
    assert of_country("XXX") is None


def test_the_table_is_right_in_form() -> None:
    assert {home.zone for home in HOMES.values()} <= available_timezones()
    assert all(re.fullmatch("[A-Z]{3}", home.country) for home in HOMES.values())


def test_it_guesses_as_people_wrote() -> None:
    """Of the outlets in the list whose address ends with a country, nearly all are of that country."""
    listed = [place.source for place in places(ROOT / "config" / "sources")]
    guessed = [
        (home.country, source.country) for source in listed if (home := of_host(source.url.host or ""))
    ]
    assert len(guessed) > 50
    assert sum(guess == written for guess, written in guessed) >= 0.9 * len(guessed)
