"""What the end of an address says of the country behind it: a first guess, which a person may overrule."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Home:
    """A country by ISO 3166 alpha-3 (`EUR` for the European Union), the zone of its capital, and the
    language in which most is published there, where one is foremost.
    """

    country: str
    zone: str
    language: str | None = None


# The watched states and their neighbours, and whoever else reports on them often.
_ROWS = """
ad AND Europe/Andorra ca
ae ARE Asia/Dubai ar
al ALB Europe/Tirane sq
am ARM Asia/Yerevan hy
at AUT Europe/Vienna de
au AUS Australia/Sydney en
az AZE Asia/Baku az
ba BIH Europe/Sarajevo bs
be BEL Europe/Brussels -
bg BGR Europe/Sofia bg
br BRA America/Sao_Paulo pt
by BLR Europe/Minsk ru
ca CAN America/Toronto en
ch CHE Europe/Zurich -
cn CHN Asia/Shanghai zh
cy CYP Asia/Nicosia el
cz CZE Europe/Prague cs
de DEU Europe/Berlin de
dk DNK Europe/Copenhagen da
ee EST Europe/Tallinn et
eg EGY Africa/Cairo ar
es ESP Europe/Madrid es
eu EUR Europe/Brussels en
fi FIN Europe/Helsinki fi
fr FRA Europe/Paris fr
ge GEO Asia/Tbilisi ka
gov USA America/New_York en
gr GRC Europe/Athens el
hk HKG Asia/Hong_Kong zh
hr HRV Europe/Zagreb hr
hu HUN Europe/Budapest hu
id IDN Asia/Jakarta id
ie IRL Europe/Dublin en
il ISR Asia/Jerusalem he
in IND Asia/Kolkata en
ir IRN Asia/Tehran fa
is ISL Atlantic/Reykjavik is
it ITA Europe/Rome it
jp JPN Asia/Tokyo ja
kg KGZ Asia/Bishkek ru
kh KHM Asia/Phnom_Penh km
kp PRK Asia/Pyongyang ko
kr KOR Asia/Seoul ko
kz KAZ Asia/Almaty ru
la LAO Asia/Vientiane lo
li LIE Europe/Vaduz de
lt LTU Europe/Vilnius lt
lu LUX Europe/Luxembourg fr
lv LVA Europe/Riga lv
mc MCO Europe/Monaco fr
md MDA Europe/Chisinau ro
me MNE Europe/Podgorica sr
mil USA America/New_York en
mk MKD Europe/Skopje mk
mm MMR Asia/Yangon my
mn MNG Asia/Ulaanbaatar mn
mo MAC Asia/Macau zh
mt MLT Europe/Malta en
my MYS Asia/Kuala_Lumpur -
nl NLD Europe/Amsterdam nl
no NOR Europe/Oslo no
ph PHL Asia/Manila en
pk PAK Asia/Karachi en
pl POL Europe/Warsaw pl
pt PRT Europe/Lisbon pt
ro ROU Europe/Bucharest ro
rs SRB Europe/Belgrade sr
ru RUS Europe/Moscow ru
sa SAU Asia/Riyadh ar
se SWE Europe/Stockholm sv
sg SGP Asia/Singapore en
si SVN Europe/Ljubljana sl
sk SVK Europe/Bratislava sk
sm SMR Europe/San_Marino it
su RUS Europe/Moscow ru
th THA Asia/Bangkok th
tj TJK Asia/Dushanbe tg
tm TKM Asia/Ashgabat tk
tr TUR Europe/Istanbul tr
tw TWN Asia/Taipei zh
ua UKR Europe/Kyiv uk
uk GBR Europe/London en
us USA America/New_York en
uz UZB Asia/Tashkent uz
va VAT Europe/Vatican it
vn VNM Asia/Ho_Chi_Minh vi
xn--p1ai RUS Europe/Moscow ru
xn--90a3ac SRB Europe/Belgrade sr
xn--fiqs8s CHN Asia/Shanghai zh
xn--90ais BLR Europe/Minsk ru
xn--j1amh UKR Europe/Kyiv uk
"""


def _read(rows: str) -> Mapping[str, Home]:
    found: dict[str, Home] = {}
    for row in rows.split("\n"):
        if row:
            end, country, zone, language = row.split()
            found[end] = Home(country, zone, None if language == "-" else language)
    return found


HOMES: Mapping[str, Home] = _read(_ROWS)


def of_host(host: str) -> Home | None:
    """The home that the last label of a host's name stands for; None for `com` and whatever is nobody's."""
    return HOMES.get(host.rstrip(".").rpartition(".")[2].lower())


def of_country(country: str) -> Home | None:
    """The home of a country by its code, or None if the table does not have it."""
    return next((home for home in HOMES.values() if home.country == country), None)
