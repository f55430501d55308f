"""Times of publication: read whole or not at all, and never from the clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.model import PublishedBasis
from tasks.read.dates import EARLIEST, FUTURE, Reader, from_address, plausible, read
from tasks.read.feed import parse
from tasks.read.furniture import date_words
from tests.read.conftest import a_terms, rss
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
    "es": "Europe/Madrid",
    "it": "Europe/Rome",
    "uk": "Europe/Kyiv",
    "ar": "Asia/Riyadh",
    "ja": "Asia/Tokyo",
}


def reader(language: str, form: str | None = None) -> Reader:
    return Reader(date_words(language), ZoneInfo(ZONES[language]), language != "en", form)


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
        # Days of the week, halves of the day and words for "at", before and behind.
        ("en", "Friday 20th of November 2026 09:40 PM", "2026-11-20T21:40:00"),
        ("en", "Nov. 20, 2026 at 9:40 p.m.", "2026-11-20T21:40:00"),
        ("en", "2026-11-20T24:00:00Z", "2026-11-21T00:00:00"),
        ("en", "Sat, 21 Nov 2026 00:10:00 +0000", "2026-11-21T00:10:00"),
        ("zh", "2026年11月20日 下午9:40", "2026-11-20T13:40:00"),
        ("zh", "2026年11月20日 21時40分", "2026-11-20T13:40:00"),
        ("zh", "２０２６年１１月２０日２１：４０", "2026-11-20T13:40:00"),
        ("zh", "2026-11-20 (周五) 21:40", "2026-11-20T13:40:00"),
        ("ru", "пятница, 20 ноября 2026 г. 21:40 МСК", "2026-11-20T18:40:00"),
        ("ru", "20 ноября 2026 года в 21:40", "2026-11-20T18:40:00"),
        ("vi", "20/11/2026 9:40:00 CH", "2026-11-20T14:40:00"),
        ("vi", "20/11/2026 9:40:00 SA", "2026-11-20T02:40:00"),
        ("vi", "Thứ Sáu, ngày 20/11/2026 21:40 PM (GMT+7)", "2026-11-20T14:40:00"),
        ("vi", "20 Tháng Mười Một 2026", "2026-11-19T17:00:00"),
        ("vi", "21 giờ 40 phút ngày 20/11/2026", "2026-11-20T14:40:00"),
        ("hu", "2026. november 20., péntek 21:40", "2026-11-20T20:40:00"),
        ("hu", "2026. nov. 20.", "2026-11-19T23:00:00"),
        ("sr", "petak, 20. novembar 2026. u 21:40h", "2026-11-20T20:40:00"),
        ("sr", "20. новембра 2026.", "2026-11-19T23:00:00"),
        ("de", "Freitag, 20. Nov. 2026 um 21.40 Uhr", "2026-11-20T20:40:00"),
        ("fr", "le vendredi 20 novembre 2026 à 21 h 40", "2026-11-20T20:40:00"),
        ("fr", "1er novembre 2026", "2026-10-31T23:00:00"),
        ("es", "viernes, 20 de noviembre del 2026, 21:40", "2026-11-20T20:40:00"),
        ("it", "venerdì 20 novembre 2026 ore 21:40", "2026-11-20T20:40:00"),
        ("it", "1° novembre 2026", "2026-10-31T23:00:00"),
        ("pl", "piątek, 20 listopada 2026 r., 21:40", "2026-11-20T20:40:00"),
        ("uk", "п'ятниця, 20 листопада 2026 року, 21:40", "2026-11-20T19:40:00"),
        ("ar", "الجمعة، 20 نوفمبر 2026 - 21:40", "2026-11-20T18:40:00"),
        ("ar", "٢٠ نوفمبر/تشرين الثاني ٢٠٢٦", "2026-11-19T21:00:00"),
        ("ar", "20 نوفمبر 2026 09:40 مساءً", "2026-11-20T18:40:00"),
        ("ja", "2026年11月20日(金) 午後9時40分", "2026-11-20T12:40:00"),
        # Seconds and milliseconds since 1970.
        ("en", "1795210800", "2026-11-20T21:40:00"),
        ("zh", "1795210800123", "2026-11-20T21:40:00"),
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
        "946684799",
        "9795123456000",
        "2026112021",
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


# All of them are of no use without the day on which they are read, or could be another day.
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Today 21:40"),
        ("en", "3 hours ago"),
        ("en", "now"),
        ("en", "Friday"),
        ("en", "21:40"),
        ("en", "20 November"),
        ("en", "November 2026"),
        ("en", "2026"),
        ("en", "2026-11"),
        ("en", "3 May 20"),
        ("en", "20.11.26"),
        ("en", "01 02 2026"),
        ("en", "2026 1 2"),
        ("en", "Round 20 November 2026"),
        ("en", "Until 20 November 2026"),
        ("en", "not 20.11.2026"),
        ("en", "20 Nov 2026 to 25 Nov 2026"),
        ("en", "20 Nov 2026 21:40 AM"),
        ("en", "20 Nov 2026 00:40 PM"),
        ("en", "Updated 20 November 2026"),
        ("zh", "11月20日"),
        ("zh", "2日"),
        ("zh", "今天 21:40"),
        ("zh", "3小时前"),
        ("zh", "令和8年11月20日"),
        ("ru", "сегодня, 21:40"),
        ("ru", "вчера в 21:40"),
        ("vi", "hôm nay 21:40"),
        ("vi", "3 giờ trước"),
        ("hu", "tegnap"),
        ("hu", "november 20."),
        ("sr", "danas 21:40"),
        ("de", "vor 3 Stunden"),
        ("fr", "il y a 3 heures"),
        ("ar", "منذ 3 ساعات"),
        ("ar", "20 نوفمبر/تشرين الأول 2026"),
        ("ja", "昨日"),
    ],
)
def test_b75_what_is_half_said_is_not_made_up_from_the_clock(language: str, text: str) -> None:
    assert read(text, reader(language), NOW) is None


@pytest.mark.parametrize("zone", ["Asia/Ho_Chi_Minh", "Asia/Tokyo", "Australia/Sydney"])
def test_b75_letters_that_may_be_china_s_or_chicago_s_are_not_guessed(zone: str) -> None:
    somewhere = Reader(date_words("en"), ZoneInfo(zone), False)
    assert read("Fri, 20 Nov 2026 21:40:00 CST", somewhere, NOW) is None
    hongkong = Reader(date_words("en"), ZoneInfo("Asia/Hong_Kong"), False)
    assert read("Fri, 20 Nov 2026 21:40:00 CST", hongkong, NOW) == utc("2026-11-20T13:40:00")


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=60) | st.from_regex(r"[0-9 .:/TZ+年月日-]{1,30}", fullmatch=True),
    st.sampled_from(sorted(ZONES)),
)
def test_b75_whatever_comes_is_a_time_that_can_be_or_none(text: str, language: str) -> None:
    found = read(text, reader(language), NOW)
    assert found is None or (EARLIEST <= found <= NOW + FUTURE and found != NOW)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "Sun, 22 Nov",
        "12:00",
        "0001-01-01",
        "Tue, 01 Jan 2041 00:00:00 GMT",
        "2026-11-24T12:01:00Z",
        "3 hours ago",
    ],
)
def test_b75_a_feed_whose_dates_are_of_no_use_has_none(text: str) -> None:
    item = f"<title>One</title><pubDate>{text}</pubDate><link>https://news.example.org/a</link>"
    (entry,) = parse(rss(item).encode(), a_terms()).entries
    assert (entry.published, entry.basis) == (None, PublishedBasis.UNKNOWN)


def test_b75_the_source_s_own_form() -> None:
    assert read("20|11|26 - 21h", reader("sr"), NOW) is None
    assert read("20|11|26 - 21h", reader("sr", "%d|%m|%y - %Hh"), NOW) == utc("2026-11-20T20:00:00")
    # It is believed before all others: whoever wrote it has looked.
    assert read("05/11/2026", reader("en", "%d/%m/%Y"), NOW) == utc("2026-11-05T00:00:00")
    assert read("2026-05-11", reader("en", "%Y-%d-%m"), NOW) == utc("2026-11-05T00:00:00")
    # Without a year it would be one of 1900.
    assert read("20 Nov", reader("en", "%d %b"), NOW) is None


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
