"""Russian, Hungarian, Serbian, Polish, Ukrainian: items and days as the press writes them."""

from datetime import date

import pytest

from tasks.code.rules import Rules
from tasks.code.text import Span, fold, normalise
from tasks.model import Mention
from tests.code.conftest import Coder

# Title, body, publication, and what the first mention must be; `r` stands before the number of a round.
NEWS = [
    ("ru",
     "Госдума ратифицировала договор с Сербией о выдаче",
     "Закон о ратификации российско-китайского договора о выдаче депутаты приняли в среду.",
     "2025-12-03T15:00:00+03:00",
     "agreement held CHN-RUS"),
    ("ru",
     "Протокол к договору о выдаче между Россией и Китаем вступил в силу",
     "Стороны обменялись нотами.",
     "2025-12-03T15:00:00+03:00",
     "agreement held CHN-RUS"),
    ("ru",
     "Колокольцев и Ван Сяохун поставили подписи под планом взаимодействия",
     "Министр внутренних дел России Владимир Колокольцев и министр общественной безопасности "
     "КНР Ван Сяохун подписали в Пекине протокол о борьбе с наркотрафиком.",
     "2025-12-03T15:00:00+03:00",
     "agreement held CHN-RUS Beijing"),
    ("ru",
     "Россия и Китай начали манёвры «Морское взаимодействие»",
     "Учения начались в пятницу близ Владивостока.",
     "2025-08-02T15:00:00+10:00",
     "exercise under_way CHN-RUS cn-ru-jointsea"),
    ("ru",
     "Корабли России и Китая несут совместную вахту в Тихом океане",
     "Отряд кораблей двух стран приступил к патрулированию.",
     "2025-08-20T15:00:00+10:00",
     "patrol under_way CHN-RUS Pacific"),
    ("ru",
     "Двадцатый раунд консультаций по стратегической безопасности примет Москва",
     "Российско-китайские консультации по стратегической безопасности пройдут 1–2 декабря.",
     "2025-11-28T15:00:00+03:00",
     "consultation_round announced CHN-RUS r20"),
    ("ru",
     "Италия отказалась от совместного патрулирования с полицией Китая",
     "Рим прекратил программу.",
     "2022-12-20T15:00:00+03:00",
     "patrol cancelled CHN-ITA"),
    ("ru",
     "Китай передаст Белоруссии партию бронемашин",
     "Поставка ожидается в марте.",
     "2025-02-03T15:00:00+03:00",
     "transfer announced BLR-CHN"),
    ("ru",
     "Глава Минобороны Белоусов переговорил с Дун Цзюнем",
     "Министр обороны РФ Андрей Белоусов переговорил по видеосвязи с министром обороны КНР Дун"
     " Цзюнем о военном сотрудничестве.",
     "2025-06-27T15:00:00+03:00",
     "meeting held CHN-RUS"),
    ("ru",
     "Белорусские и китайские десантники вышли на тренировку",
     "Совместная антитеррористическая тренировка стартовала под Брестом 8 июля.",
     "2024-07-09T15:00:00+03:00",
     "exercise under_way BLR-CHN"),
    ("hu",
     "Aláírta a kiadatási egyezményt Magyarország és Kína",
     "A két miniszter kedden Budapesten látta el kézjegyével a kiadatási egyezményt.",
     "2025-12-03T15:00:00+01:00",
     "agreement held CHN-HUN"),
    ("hu",
     "Megkezdődött a magyar–kínai terrorelhárítási gyakorlat",
     "A közös gyakorlat hétfőn kezdődött.",
     "2025-12-03T15:00:00+01:00",
     "exercise under_way CHN-HUN"),
    ("hu",
     "Kínai drónok érkeztek Szerbiába",
     "A szállítmányt kedden adták át.",
     "2025-12-03T15:00:00+01:00",
     "transfer held CHN-SRB"),
    ("sr",
     "Скупштина потврдила уговор о изручењу са Кином",
     "Србија и Кина потписале су уговор о изручењу у мају.",
     "2025-12-03T15:00:00+01:00",
     "agreement held CHN-SRB"),
    ("sr",
     "Srbija i Kina počele zajedničko patroliranje u Beogradu",
     "Policajci dveju zemalja patroliraju od ponedeljka.",
     "2025-12-03T15:00:00+01:00",
     "patrol under_way CHN-SRB"),
    ("sr",
     "Stižu kineski dronovi za Vojsku Srbije",
     "Isporuka iz Kine stiže u Srbiju u aprilu, najavio je ministar odbrane.",
     "2025-02-03T15:00:00+01:00",
     "transfer announced CHN-SRB"),
    ("pl",
     "Białoruś i Chiny rozpoczęły manewry pod Brześciem",
     "Wspólne ćwiczenia wojskowe ruszyły w poniedziałek.",
     "2024-07-09T15:00:00+02:00",
     "exercise under_way BLR-CHN"),
    ("pl",
     "Serbia i Chiny złożyły podpisy pod umową o pomocy prawnej w sprawach karnych",
     "Umowę podpisano w Belgradzie.",
     "2025-07-09T15:00:00+02:00",
     "agreement held CHN-SRB"),
    ("uk",
     "Китай і Білорусь розпочали спільні військові навчання",
     "Навчання тривають під Брестом.",
     "2024-07-20T15:00:00+03:00",
     "exercise under_way BLR-CHN"),
    ("uk",
     "Україна відмовилася від підписання меморандуму з Китаєм про підготовку поліцейських",
     "Причин не названо.",
     "2023-11-22T15:00:00+02:00",
     "agreement cancelled CHN-UKR"),
]  # fmt: skip

NO_NEWS = [
    ("ru",
     "Россия и Китай обсудили выдачу виз",
     "Стороны подписали соглашение о выдаче виз туристам."),
    ("ru",
     "Сборная Китая обыграла Россию во втором раунде",
     "Патрульные футболисты провели тренировку."),
    ("ru",
     "Москва и Пекин подписали протокол о безопасности продуктов",
     "Речь о поставках зерна."),
    ("ru",
     "Россия и КНДР провели консультации по безопасности",
     "Китай приветствовал переговоры."),
    ("ru",
     "Станут ли Россия и Китай военными союзниками",
     "Колонка политолога о том, подпишут ли они договор."),
    ("hu",
     "Kína és Magyarország élelmiszer-biztonsági megállapodást kötött",
     "A piacnyitásról szól."),
    ("hu",
     "A konzul Pekingbe utazott",
     "A magyar konzul kínai turistákkal találkozott."),
    ("sr",
     "Kina i Srbija potpisale ugovor o slobodnoj trgovini",
     "Ukidanje viza pomaže turizmu."),
    ("sr",
     "Fudbal: Kina protiv Srbije u trećem kolu",
     "Odbrana je igrala dobro."),
    ("pl",
     "Polska i Chiny podpisały umowę o bezpieczeństwie żywności",
     "Chodzi o eksport jabłek."),
    ("uk",
     "Київ і Пекін домовилися про навчання студентів",
     "Ідеться про дистанційне навчання."),
]  # fmt: skip

# A Wednesday.
PUBLISHED = date(2025, 12, 3)
DAYS = [
    ("ru", "Учения прошли в минувший вторник.", "2025-12-02 2025-12-02"),
    ("ru", "Раунд назначен на следующую пятницу.", "2025-12-05 2025-12-05"),
    ("ru", "Они встретились на минувшей неделе.", "2025-11-24 2025-11-30"),
    ("ru", "С 18 по 21 сентября идут учения.", "2025-09-18 2025-09-21"),
    ("ru", "Встреча прошла 2 декабря 2025 года.", "2025-12-02 2025-12-02"),
    ("ru", "Во вторник и среду шли консультации.", "2025-12-02 2025-12-03"),
    ("hu", "A felek egy hét múlva találkoznak.", "2025-12-08 2025-12-14"),
    ("hu", "A keddre tervezett tárgyalás.", "2025-12-02 2025-12-02"),
    ("hu", "A gyakorlat szeptember 9. és 13. között lesz.", "2025-09-09 2025-09-13"),
    ("sr", "Sastaće se iduće nedelje.", "2025-12-08 2025-12-14"),
    ("pl", "Runda odbędzie się w przyszłym tygodniu.", "2025-12-08 2025-12-14"),
    ("uk", "Підписання наступного тижня.", "2025-12-08 2025-12-14"),
]


def _told(coder: Coder, language: str, title: str, body: str, published: str) -> tuple[Mention, ...]:
    return coder(title, body, published, language).coded.mentions


@pytest.mark.parametrize(("language", "title", "body", "published", "expected"), NEWS)
def test_news_is_coded(
    coder: Coder, language: str, title: str, body: str, published: str, expected: str
) -> None:
    mention = _told(coder, language, title, body, published)[0]
    kind, stage, dyad, *others = expected.split()
    assert (mention.kind, mention.stage, mention.dyad) == (kind, stage, dyad)
    for other in others:
        if other.startswith("r"):
            assert mention.round == int(other[1:])
        elif other.startswith("cn-"):
            assert mention.mechanism == other
        else:
            assert mention.place is not None
            assert mention.place == other


@pytest.mark.parametrize(("language", "title", "body"), NO_NEWS)
def test_what_is_no_act_of_a_watched_dyad_gives_none(
    coder: Coder, language: str, title: str, body: str
) -> None:
    assert not coder(title, body, "2025-12-03T12:00:00+01:00", language).coded.relevant


@pytest.mark.parametrize(("language", "text", "expected"), DAYS)
def test_days(rules: Rules, language: str, text: str, expected: str) -> None:
    folded = fold(normalise(text))
    found = rules.tools[language].dates.find(folded, Span(0, len(folded)), PUBLISHED)
    assert expected in [f"{day.interval.start} {day.interval.end}" for day in found]
