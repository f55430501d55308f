"""Times of publication: read whole or not at all, and never from the clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tasks.read.dates import Reader, from_address, plausible, read
from tasks.read.furniture import months
from tests.support.sources import NOW

ZONES = {
    "en": "Europe/London",
    "zh": "Asia/Shanghai",
    "ru": "Europe/Moscow",
    "vi": "Asia/Ho_Chi_Minh",
    "hu": "Europe/Budapest",
    "sr": "Europe/Belgrade",
    "de": "Europe/Berlin",
    "fr": "Europe/Paris",
    "pl": "Europe/Warsaw",
}


def reader(language: str, form: str | None = None) -> Reader:
    return Reader(months(language), ZoneInfo(ZONES[language]), language != "en", form)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Fri, 20 Nov 2026 21:40:00 GMT", "2026-11-20T21:40:00"),
        ("en", "Fri, 20 Nov 2026 21:40:00 +0300", "2026-11-20T18:40:00"),
        ("en", "20 Nov 26 21:40 Z", "2026-11-20T21:40:00"),
        ("en", "Fri, 20 Nov 2026 21:40:00 EST", "2026-11-21T02:40:00"),
        ("en", "Fri, 20 Nov 2026 21:40:00 +0000 (UTC)", "2026-11-20T21:40:00"),
        ("en", "2026-11-20T21:40:00Z", "2026-11-20T21:40:00"),
        ("en", "2026-11-20T21:40:00.123+08:00", "2026-11-20T13:40:00"),
        ("en", "20261120T214000Z", "2026-11-20T21:40:00"),
        ("en", "November 20, 2026, 9:40 PM", "2026-11-20T21:40:00"),
        ("en", "20/11/2026", "2026-11-20T00:00:00"),
        ("en", "11/20/2026", "2026-11-20T00:00:00"),
        # Without a zone the source's own holds.
        ("ru", "Fri, 20 Nov 2026 21:40:00", "2026-11-20T18:40:00"),
        ("zh", "2026-11-20 21:40", "2026-11-20T13:40:00"),
        # The zones that others read wrongly.
        ("en", "Fri, 20 Nov 2026 21:40:00 MSK", "2026-11-20T18:40:00"),
        ("en", "Fri, 20 Nov 2026 21:40:00 GMT+7", "2026-11-20T14:40:00"),
        ("zh", "Fri, 20 Nov 2026 21:40:00 CST", "2026-11-20T13:40:00"),
        ("en", "Fri, 20 Nov 2026 21:40:00 CST", "2026-11-21T03:40:00"),
        ("en", "Fri, 20 Nov 2026 24:00:00 +0000", "2026-11-21T00:00:00"),
        # The forms that others read as the first of the month, or not at all.
        ("en", "2026/11/20", "2026-11-20T00:00:00"),
        ("zh", "2026年11月20日 21:40", "2026-11-20T13:40:00"),
        ("zh", "2026年11月20日 星期五", "2026-11-19T16:00:00"),
        ("ru", "20 ноября 2026 г., 21:40", "2026-11-20T18:40:00"),
        ("ru", "20.11.2026 21:40", "2026-11-20T18:40:00"),
        ("ru", "21:40, 20.11.2026", "2026-11-20T18:40:00"),
        ("vi", "Thứ Sáu, 20/11/2026, 08:30 (GMT+7)", "2026-11-20T01:30:00"),
        ("vi", "ngày 20 tháng 11 năm 2026", "2026-11-19T17:00:00"),
        ("vi", "05/11/2026 08:30", "2026-11-05T01:30:00"),
        ("hu", "2026. november 20. 21:40", "2026-11-20T20:40:00"),
        ("hu", "2026.11.20. 21:40", "2026-11-20T20:40:00"),
        ("sr", "20. новембар 2026. 21:40", "2026-11-20T20:40:00"),
        ("sr", "20. novembra 2026. u 21:40", "2026-11-20T20:40:00"),
        ("de", "20. November 2026, 21:40 Uhr", "2026-11-20T20:40:00"),
        ("fr", "20 novembre 2026 à 21h40", "2026-11-20T20:40:00"),
        ("pl", "20 listopada 2026, 21:40", "2026-11-20T20:40:00"),
    ],
)
def test_b75_what_is_read(language: str, text: str, expected: str) -> None:
    found = read(text, reader(language), NOW)
    assert found is not None
    assert found.replace(microsecond=0) == utc(expected)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "Fri, 20 Nov 2026 21:40:00 XYZ",
        "05/11/2026",
        "31 February 2026",
        "2026-13-01",
        "2026-11-20 25:00",
        "20 Foo 2026",
        "1795123456000",
        "0001-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "2041-01-01T00:00:00Z",
        "9999-12-31T23:59:59-14:00",
        "2026-11-20T21:40:00Z and more",
        "2026-11-20" * 100,
    ],
)
def test_b75_what_is_not_understood_or_cannot_be_is_no_date(text: str) -> None:
    assert read(text, reader("en"), NOW) is None


def test_b75_the_source_s_own_form() -> None:
    assert read("20|11|26 - 21h", reader("sr"), NOW) is None
    assert read("20|11|26 - 21h", reader("sr", "%d|%m|%y - %Hh"), NOW) == utc("2026-11-20T20:00:00")


def test_b75_a_day_ahead_may_be_a_wrong_clock_more_is_no_date() -> None:
    assert plausible(NOW + timedelta(hours=23), NOW) is not None
    assert plausible(NOW + timedelta(hours=25), NOW) is None


@pytest.mark.parametrize(
    "address",
    [
        "https://x.test/20261120/0123456789abcdef/c.html",
        "https://x.test/n3/2026/1120/c90000.html",
        "https://x.test/a/202611/20/WS1.html",
        "https://x.test/202611/t20261120_1.html",
        "https://x.test/news/2026-11-20/detail-1.shtml",
        "https://x.test/2026/11/20/slug/",
    ],
)
def test_b75_the_day_in_the_address(address: str) -> None:
    assert from_address(address, None, ZoneInfo("Asia/Shanghai"), NOW) == utc("2026-11-19T16:00:00")


@pytest.mark.parametrize(
    "address",
    ["https://x.test/page/202611/1.shtml", "https://x.test/20261320/", "https://x.test/id/20991231/a"],
)
def test_b75_no_day_in_the_address(address: str) -> None:
    assert from_address(address, None, ZoneInfo("Asia/Shanghai"), NOW) is None


def test_b80_the_source_s_own_pattern() -> None:
    pattern = r"/y(?P<year>\d{4})d(?P<day>\d\d)m(?P<month>\d\d)/"
    assert from_address("https://x.test/y2026d20m11/a", pattern, ZoneInfo("UTC"), NOW) == utc(
        "2026-11-20T00:00:00"
    )
    assert from_address("https://x.test/2026/11/20/a", pattern, ZoneInfo("UTC"), NOW) is None
