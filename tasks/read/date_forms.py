"""The forms in which pages and feeds write a day and an hour, and the zones that they name."""

import re

# At 21:40, 21h40, 21.40, 21時40分, 9:40 PM, 下午9:40, 9:40 CH.
_BEFORE = r"(?P<first_half>上午|下午|午前|午後)?\s?"
_BEHIND = r"(?:\s?(?P<half>[ap]\.?m\b\.?|sa\b|ch\b|صباحا|صباحاً|مساء|مساءً|ص\b|م\b))?"
_CLOCK = (
    r"(?P<hour>\d{1,2})(?:[:.]|\s?h\s?|\s?(?:时|時|点|點)|\sgiờ\s)(?P<minute>\d{2})(?:分|\sphút)?"
    r"(?::?(?P<second>\d{2})(?:秒|[.,]\d{1,9})?)?"
)
_TIME = rf"{_BEFORE}{_CLOCK}{_BEHIND}"
_ZONE = (
    r"\(?(?P<zone>Z|(?:GMT|UTC|UT)?\s?[+-]\d{1,2}(?::?\d{2})?|МСК|(?!uhr\b)[A-Z][A-Za-z]{1,4})\)?"
    r"(?:\s?\([^)]{1,30}\))?"
)
_AT = r"(?:(?:at|lúc|um|u|в|o|о|à|a|alle(?:\sore)?|ore|klo|godz\.)\s)?"
_TAIL = rf"(?:[\s,T|–-]{{0,3}}(?<=[\s,T|–日-]){_AT}{_TIME}(?:\s?{_ZONE})?)?(?:\s?(?:uhr|h|ч|год))?\.?"
_MONTH = r"(?P<name>[^\W\d_]{2,12}(?:[\s/][^\W\d_]{2,12}){0,3}?)\.?"
_YEAR = r"(?P<year>\d{4})(?:\.|\s?(?:г|р)\b\.?|\s?року|\s?года|\s?r\.)?"
_THE = r"(?:(?:le|el|il|am|den|ngày)\s)?"
_OF = r"(?:(?:de|del|of|من)\s)?"

FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        # 2026-11-20T21:40:00+08:00, 2026/11/20, 2026.11.20.
        rf"(?P<year>\d{{4}})(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})\.?{_TAIL}",
        # 20261120T214000Z
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
        r"(?:T?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?(?P<zone>Z|[+-]\d{4})?)?",
        # 20 Nov 2026 21:40:00 +0300; 20. novembar 2026.; 20 ноября 2026 г., 21:40; 20 de noviembre de 2026
        rf"{_THE}(?P<day>\d{{1,2}})(?:\.|er|st|nd|rd|th|[°º])?[\s-]{_OF}{_MONTH},?[\s-]{_OF}{_YEAR},?{_TAIL}",
        rf"(?P<day>\d{{1,2}})\s(?P<name>[^\W\d_]{{3}})\s(?P<short>\d{{2}})\s{_TIME}(?:\s?{_ZONE})?",
        # November 20, 2026, 9:40 PM
        rf"{_MONTH}\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s{_YEAR},?{_TAIL}",
        # 2026. november 20. 21:40
        rf"(?P<year>\d{{4}})\.\s?{_MONTH}\s(?P<day>\d{{1,2}})\.?,?{_TAIL}",
        # 2026年11月20日 21:40
        rf"(?P<year>\d{{4}})年(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})日{_TAIL}",
        # ngày 20 tháng 11 năm 2026
        rf"{_THE}(?P<day>\d{{1,2}})\stháng\s(?P<month>\d{{1,2}}),?\s(?:năm\s)?(?P<year>\d{{4}}),?{_TAIL}",
    )
)
_DAY = (
    rf"{_THE}(?P<first>\d{{1,2}})(?P<mark>[/.-])(?P<other>\d{{1,2}})(?P=mark)"
    r"(?P<year>\d{4})\.?(?:\s?(?:г|р)\b\.?)?,?"
)
# 20/11/2026, in the order of the source; the time may stand before.
SLASHED = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (rf"{_DAY}{_TAIL}", rf"{_TIME}(?:\s?{_ZONE})?[\s,|–-]{{1,3}}{_DAY}")
)
# Seconds or milliseconds since 1970.
EPOCH = re.compile(r"(?P<seconds>\d{10})(?P<thousandths>\d{3})?")
NUMERIC_ZONE = re.compile(r"(?:GMT|UTC|UT)?\s?([+-])(\d{1,2}):?(\d{2})?", re.IGNORECASE)

# Abbreviations that mean one thing only, in hours ahead of Greenwich.
OFFSETS = {
    "Z": 0.0,
    "UT": 0.0,
    "UTC": 0.0,
    "GMT": 0.0,
    "WET": 0.0,
    "WEST": 1.0,
    "BST": 1.0,
    "CET": 1.0,
    "CEST": 2.0,
    "EET": 2.0,
    "EEST": 3.0,
    "MSK": 3.0,
    "МСК": 3.0,
    "MSD": 4.0,
    "ICT": 7.0,
    "HKT": 8.0,
    "SGT": 8.0,
    "JST": 9.0,
    "KST": 9.0,
}
# Those of RFC 822 are America's. East of Europe the same letters mean something else: CST is China's.
AMERICAN = {
    "EST": -5.0,
    "EDT": -4.0,
    "CST": -6.0,
    "CDT": -5.0,
    "MST": -7.0,
    "MDT": -6.0,
    "PST": -8.0,
    "PDT": -7.0,
}
EASTERN = ("Asia/", "Australia/", "Pacific/", "Indian/")
CHINESE_HOURS = 8

ADDRESSES = tuple(
    re.compile(form)
    for form in (
        r"/(?P<year>20\d\d)[/-](?P<month>\d\d?)[/-](?P<day>\d\d?)(?=[/_.-])",
        r"/(?P<year>20\d\d)(?P<month>\d\d)/(?P<day>\d\d)(?=/)",
        r"/(?P<year>20\d\d)/(?P<month>\d\d)(?P<day>\d\d)(?=/)",
        r"(?<=[/_t-])(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)(?=[/_.-])",
    )
)
