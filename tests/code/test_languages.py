"""Items and days in ten more languages: the same rules, other words; each case follows the codebook."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pytest

from tasks.code.coder import Coding
from tasks.code.matcher import MECHANISM
from tasks.code.rules import Rules
from tasks.code.text import Span, fold, normalise
from tasks.model import Interval, Mention
from tests.code.conftest import Coder

# A Wednesday.
PUBLISHED = date(2025, 12, 3)

DAYS = [
    ("hu", "A felek 2025. december 2-án találkoztak.", "2025-12-02 2025-12-02 day stated"),
    ("hu", "A felek december 2-án találkoztak.", "2025-12-02 2025-12-02 day relative"),
    ("hu", "A gyakorlat december 18–21. között lesz.", "2025-12-18 2025-12-21 range relative"),
    ("hu", "A tárgyalás december 1-jén és 2-án volt.", "2025-12-01 2025-12-02 range relative"),
    ("hu", "A gyakorlat szeptember 18-tól 21-ig tartott.", "2025-09-18 2025-09-21 range relative"),
    ("hu", "A 2024. november 12-i találkozó után.", "2024-11-12 2024-11-12 day stated"),
    ("hu", "A felek kedden találkoztak.", "2025-12-02 2025-12-02 day relative"),
    ("hu", "A felek tegnap találkoztak.", "2025-12-02 2025-12-02 day relative"),
    ("hu", "A felek múlt héten találkoztak.", "2025-11-24 2025-11-30 week relative"),
    ("hu", "A felek jövő hétfőn találkoznak.", "2025-12-08 2025-12-08 day relative"),
    ("hu", "A felek 2024 novemberében találkoztak.", "2024-11-01 2024-11-30 month stated"),
    ("hu", "A 2025.12.02. napján kelt irat.", "2025-12-02 2025-12-02 day stated"),
    ("hu", "Február 31-én semmi sem történt.", None),
    ("hu", "A 20. fordulóra készülnek.", None),
    ("sr", "Sastali su se 2. decembra 2025. godine.", "2025-12-02 2025-12-02 day stated"),
    ("sr", "Састали су се 2. децембра.", "2025-12-02 2025-12-02 day relative"),
    ("sr", "Vežba traje od 18. do 21. septembra.", "2025-09-18 2025-09-21 range relative"),
    ("sr", "Посета 1. и 2. децембра.", "2025-12-01 2025-12-02 range relative"),
    ("sr", "Sastali su se u utorak.", "2025-12-02 2025-12-02 day relative"),
    ("sr", "Састали су се јуче.", "2025-12-02 2025-12-02 day relative"),
    ("sr", "Sastali su se prošle nedelje.", "2025-11-24 2025-11-30 week relative"),
    ("sr", "Sastaće se narednog ponedeljka.", "2025-12-08 2025-12-08 day relative"),
    ("sr", "Састали су се у новембру 2024. године.", "2024-11-01 2024-11-30 month stated"),
    ("sr", "Sastali su se nedavno, jednog utorka.", None),
    ("de", "Sie trafen sich am 2. Dezember 2025.", "2025-12-02 2025-12-02 day stated"),
    ("de", "Sie trafen sich am 2. Dezember.", "2025-12-02 2025-12-02 day relative"),
    ("de", "Die Übung dauert vom 18. bis 21. September.", "2025-09-18 2025-09-21 range relative"),
    ("de", "Der Besuch am 1. und 2. Dezember.", "2025-12-01 2025-12-02 range relative"),
    ("de", "Sie trafen sich am Dienstag.", "2025-12-02 2025-12-02 day relative"),
    ("de", "Sie trafen sich gestern.", "2025-12-02 2025-12-02 day relative"),
    ("de", "Sie trafen sich vergangene Woche.", "2025-11-24 2025-11-30 week relative"),
    ("de", "Sie treffen sich am kommenden Montag.", "2025-12-08 2025-12-08 day relative"),
    ("de", "Sie trafen sich im November 2024.", "2024-11-01 2024-11-30 month stated"),
    ("de", "Sie trafen sich am 02.12.2025.", "2025-12-02 2025-12-02 day stated"),
    ("de", "Der Pakt gilt seit 2005.", "2005-01-01 2005-12-31 year stated"),
    ("fr", "Ils se sont vus le 2 décembre 2025.", "2025-12-02 2025-12-02 day stated"),
    ("fr", "Ils se sont vus le 2 décembre.", "2025-12-02 2025-12-02 day relative"),
    ("fr", "La visite des 1er et 2 décembre.", "2025-12-01 2025-12-02 range relative"),
    ("fr", "L'exercice se tient du 18 au 21 septembre.", "2025-09-18 2025-09-21 range relative"),
    ("fr", "Ils se sont vus mardi.", "2025-12-02 2025-12-02 day relative"),
    ("fr", "Ils se sont vus hier.", "2025-12-02 2025-12-02 day relative"),
    ("fr", "Ils se sont vus la semaine dernière.", "2025-11-24 2025-11-30 week relative"),
    ("fr", "Ils se verront lundi prochain.", "2025-12-08 2025-12-08 day relative"),
    ("fr", "Ils se sont vus en novembre 2024.", "2024-11-01 2024-11-30 month stated"),
    ("es", "Se reunieron el 2 de diciembre de 2025.", "2025-12-02 2025-12-02 day stated"),
    ("es", "Se reunieron el 2 de diciembre.", "2025-12-02 2025-12-02 day relative"),
    ("es", "La visita del 1 al 2 de diciembre.", "2025-12-01 2025-12-02 range relative"),
    ("es", "El ejercicio va del 18 al 21 de septiembre.", "2025-09-18 2025-09-21 range relative"),
    ("es", "Se reunieron el martes.", "2025-12-02 2025-12-02 day relative"),
    ("es", "Se reunieron ayer.", "2025-12-02 2025-12-02 day relative"),
    ("es", "Se reunieron la semana pasada.", "2025-11-24 2025-11-30 week relative"),
    ("es", "Se reunirán el próximo lunes.", "2025-12-08 2025-12-08 day relative"),
    ("es", "Se reunieron en noviembre de 2024.", "2024-11-01 2024-11-30 month stated"),
    ("it", "Si sono incontrati il 2 dicembre 2025.", "2025-12-02 2025-12-02 day stated"),
    ("it", "Si sono incontrati il 2 dicembre.", "2025-12-02 2025-12-02 day relative"),
    ("it", "La visita dell'1 e 2 dicembre.", "2025-12-01 2025-12-02 range relative"),
    ("it", "L'esercitazione va dal 18 al 21 settembre.", "2025-09-18 2025-09-21 range relative"),
    ("it", "Si sono incontrati martedì.", "2025-12-02 2025-12-02 day relative"),
    ("it", "Si sono incontrati ieri.", "2025-12-02 2025-12-02 day relative"),
    ("it", "Si sono incontrati la settimana scorsa.", "2025-11-24 2025-11-30 week relative"),
    ("it", "Si vedranno lunedì prossimo.", "2025-12-08 2025-12-08 day relative"),
    ("it", "Si sono incontrati nel novembre 2024.", "2024-11-01 2024-11-30 month stated"),
    ("uk", "Зустріч відбулася 2 грудня 2025 року.", "2025-12-02 2025-12-02 day stated"),
    ("uk", "Зустріч відбулася у вівторок.", "2025-12-02 2025-12-02 day relative"),
    ("pl", "Spotkali się 2 grudnia 2025 roku.", "2025-12-02 2025-12-02 day stated"),
    ("pl", "Spotkali się we wtorek.", "2025-12-02 2025-12-02 day relative"),
    ("ar", "عقد الاجتماع في 2 ديسمبر 2025.", "2025-12-02 2025-12-02 day stated"),
    ("ar", "عقد الاجتماع يوم الثلاثاء.", "2025-12-02 2025-12-02 day relative"),
    ("ja", "両国は12月2日に協議を行った。", "2025-12-02 2025-12-02 day relative"),
    ("ja", "両国は火曜日に協議を行った。", "2025-12-02 2025-12-02 day relative"),
]


@dataclass(frozen=True)
class Case:
    """An item and the first mention that it must give, as `kind stage dyad` and more fields."""

    name: str
    language: str
    title: str
    body: str
    published: str
    mention: str
    fields: Mapping[str, object] = field(default_factory=dict)


BOTH_CHAIRS = {"wang_yi", "sergei_shoigu"}
BOTH_MINISTERS = {"wang_xiaohong", "sandor_pinter"}

HUNGARIAN = [
    Case(
        "a numbered round, held", "hu", "Moszkvában tárgyalt Vang Ji",
        "Vang Ji kínai külügyminiszter és Szergej Sojgu, az orosz Biztonsági Tanács titkára december 2-án "
        "Moszkvában közösen vezette a kínai–orosz stratégiai biztonsági konzultáció 20. fordulóját.",
        "2025-12-03T09:00:00+01:00", "consultation_round held CHN-RUS",
        {"round": 20, "mechanism": "cn-ru-ssc", "date": "2025-12-02/2025-12-02", "officials": BOTH_CHAIRS},
    ),
    Case(
        "a round that is to come, its number a word", "hu", "Moszkvába utazik Vang Ji",
        "Vang Ji december 1-jén és 2-án Moszkvában részt vesz a stratégiai biztonsági konzultáció huszadik "
        "fordulóján, amelyet Szergej Sojguval tart, közölte pénteken a külügyi szóvivő.",
        "2025-11-28T15:00:00+01:00", "consultation_round announced CHN-RUS",
        {"round": 20, "date": "2025-12-01/2025-12-02"},
    ),
    Case(
        "a text signed", "hu", "Aláírták a kínai–magyar rendvédelmi dokumentumokat",
        "Pintér Sándor belügyminiszter és Vang Hsziao-hung kínai közbiztonsági miniszter pénteken Budapesten "
        "rendvédelmi és biztonsági együttműködési dokumentumokat írt alá.",
        "2024-02-17T09:00:00+01:00", "agreement held CHN-HUN",
        {"mechanism": "cn-hu-le", "date": "2024-02-16/2024-02-16", "officials": BOTH_MINISTERS},
    ),
    Case(
        "an extradition treaty", "hu", "Kiadatási szerződés Kínával",
        "Magyarország és Kína kiadatási szerződést kötött, a dokumentumot tegnap írták alá Pekingben.",
        "2025-03-12T09:00:00+01:00", "agreement held CHN-HUN",
        {"mechanism": "cn-hu-extradition", "date": "2025-03-11/2025-03-11"},
    ),
    Case(
        "a police patrol that has begun", "hu", "Kínai rendőrök Budapesten",
        "A magyar és a kínai rendőrök hétfőn megkezdték a közös járőrözést Budapest belvárosában.",
        "2025-06-10T09:00:00+02:00", "patrol under_way CHN-HUN",
        {"mechanism": "cn-hu-le", "date": "2025-06-09/2025-06-09"},
    ),
    Case(
        "an exercise that is to come", "hu", "Hadgyakorlatra készül Kína és Oroszország",
        "Kína és Oroszország augusztus 1–5. között közös haditengerészeti gyakorlatot tart Vlagyivosztok "
        "közelében, jelentette be a kínai védelmi minisztérium.",
        "2025-07-30T09:00:00+02:00", "exercise announced CHN-RUS", {"date": "2025-08-01/2025-08-05"},
    ),
    Case(
        "a meeting of defence ministers", "hu", "Tárgyalás Pekingben",
        "Szalay-Bobrovniczky Kristóf honvédelmi miniszter kedden Pekingben tárgyalt Tung Csün kínai védelmi "
        "miniszterrel a katonai együttműködésről.",
        "2025-06-11T09:00:00+02:00", "meeting held CHN-HUN",
        {"officials": {"kristof_szalay_bobrovniczky", "dong_jun"}, "date": "2025-06-10/2025-06-10"},
    ),
    Case(
        "a round that was put off", "hu", "Elmarad az EU–Kína párbeszéd",
        "Az Európai Unió és Kína elhalasztotta a stratégiai párbeszéd 12. fordulóját, közölte kedden Brüsszel.",
        "2023-07-04T18:00:00+02:00", "consultation_round postponed CHN-EUR",
        {"round": 12, "mechanism": "cn-eu-sd"},
    ),
]  # fmt: skip

SERBIAN = [
    Case(
        "a numbered round, held", "sr", "Vang Ji u Moskvi",
        "Kineski ministar spoljnih poslova Vang Ji i sekretar Saveta bezbednosti Rusije Sergej Šojgu održali su u "
        "utorak u Moskvi 20. rundu konsultacija o strateškoj bezbednosti.",
        "2025-12-03T09:00:00+01:00", "consultation_round held CHN-RUS",
        {"round": 20, "mechanism": "cn-ru-ssc", "date": "2025-12-02/2025-12-02", "place": "Moscow",
         "officials": BOTH_CHAIRS},
    ),
    Case(
        "a round that is to come, in Cyrillic", "sr", "Ванг Ји путује у Москву",
        "Ванг Ји ће 1. и 2. децембра у Москви са Сергејем Шојгуом одржати двадесету рунду консултација о стратешкој "
        "безбедности, саопштило је у петак кинеско Министарство спољних послова.",
        "2025-11-28T15:00:00+01:00", "consultation_round announced CHN-RUS",
        {"round": 20, "date": "2025-12-01/2025-12-02", "place": "Moscow"},
    ),
    Case(
        "a text signed", "sr", "Srbija i Kina potpisale sporazum",
        "Ministar unutrašnjih poslova Ivica Dačić i kineski ministar javne bezbednosti Vang Sjaohong potpisali su u "
        "četvrtak u Pekingu Sporazum o policijskoj saradnji.",
        "2024-09-20T09:00:00+02:00", "agreement held CHN-SRB",
        {"date": "2024-09-19/2024-09-19", "place": "Beijing", "officials": {"ivica_dacic", "wang_xiaohong"},
         "instrument": "Sporazum o policijskoj saradnji"},
    ),
    Case(
        "police patrols that have begun, in Cyrillic", "sr", "Кинески полицајци у Београду",
        "Заједничке патроле српских и кинеских полицајаца почеле су у понедељак у Београду.",
        "2024-07-16T09:00:00+02:00", "patrol under_way CHN-SRB",
        {"mechanism": "cn-rs-police", "date": "2024-07-15/2024-07-15", "place": "Belgrade"},
    ),
    Case(
        "an exercise that is to come", "sr", "Prva zajednička obuka",
        "Vojske Kine i Srbije održaće krajem jula zajedničku obuku „Čuvar mira 2025” u provinciji Hebej, rekao je "
        "portparol Đijang Bin.",
        "2025-07-14T12:00:00+02:00", "exercise announced CHN-SRB", {"mechanism": "cn-rs-training"},
    ),
    Case(
        "a meeting of defence ministers, in Cyrillic", "sr", "Гашић у Пекингу",
        "Министар одбране Братислав Гашић састао се 12. септембра у Пекингу са кинеским министром одбране Дунг Ђуном. "
        "Разговарали су о војној сарадњи.",
        "2024-09-13T09:00:00+02:00", "meeting held CHN-SRB",
        {"officials": {"bratislav_gasic", "dong_jun"}, "date": "2024-09-12/2024-09-12", "place": "Beijing"},
    ),
    Case(
        "arms delivered", "sr", "Stigao sistem FK-3",
        "Kina je isporučila Srbiji sistem protivvazdušne odbrane FK-3, saopšteno je juče.",
        "2025-06-10T09:00:00+02:00", "transfer held CHN-SRB",
    ),
]  # fmt: skip

GERMAN = [
    Case(
        "a numbered round, held", "de", "Wang Yi bei Schoigu in Moskau",
        "Außenminister Wang Yi und der Sekretär des russischen Sicherheitsrates, Sergej Schoigu, leiteten am "
        "2. Dezember in Moskau gemeinsam die 20. Runde der Konsultationen zur strategischen Sicherheit.",
        "2025-12-03T09:00:00+01:00", "consultation_round held CHN-RUS",
        {"round": 20, "mechanism": "cn-ru-ssc", "date": "2025-12-02/2025-12-02", "place": "Moscow",
         "officials": BOTH_CHAIRS},
    ),
    Case(
        "a round that is to come, its number a word", "de", "Wang Yi reist nach Moskau",
        "Am 1. und 2. Dezember wird Wang Yi in Moskau mit Sergej Schoigu die zwanzigste Runde der strategischen "
        "Sicherheitskonsultationen abhalten, teilte das Außenministerium am Freitag mit.",
        "2025-11-28T15:00:00+01:00", "consultation_round announced CHN-RUS",
        {"round": 20, "date": "2025-12-01/2025-12-02", "place": "Moscow"},
    ),
    Case(
        "a numbered dialogue of foreign ministers", "de", "Wadephul in Peking",
        "Außenminister Johann Wadephul und sein chinesischer Amtskollege Wang Yi sind am Montag in Peking zum "
        "achten strategischen Dialog über Diplomatie und Sicherheit zusammengekommen.",
        "2025-12-09T09:00:00+01:00", "consultation_round held CHN-DEU",
        {"round": 8, "mechanism": "cn-de-sd", "date": "2025-12-08/2025-12-08", "place": "Beijing"},
    ),
    Case(
        "a text signed", "de", "China und Ungarn vereinbaren Zusammenarbeit",
        "Innenminister Sándor Pintér und der chinesische Minister für öffentliche Sicherheit, Wang Xiaohong, haben am "
        "Freitag in Budapest Dokumente zur Strafverfolgung und Sicherheit unterzeichnet.",
        "2024-02-17T09:00:00+01:00", "agreement held CHN-HUN",
        {"mechanism": "cn-hu-le", "date": "2024-02-16/2024-02-16", "place": "Budapest",
         "officials": BOTH_MINISTERS},
    ),
    Case(
        "an exercise that has begun", "de", "Manöver im Japanischen Meer",
        "Die chinesische und die russische Marine haben am Freitag vor Wladiwostok ein gemeinsames Manöver begonnen.",
        "2025-08-01T18:00:00+02:00", "exercise under_way CHN-RUS",
        {"date": "2025-08-01/2025-08-01", "place": "Vladivostok"},
    ),
    Case(
        "an air patrol", "de", "Bomber über dem Pazifik",
        "Russische und chinesische Bomber sind am Dienstag ihre zehnte gemeinsame Luftpatrouille über dem "
        "Ostchinesischen Meer geflogen.",
        "2025-12-10T09:00:00+01:00", "patrol held CHN-RUS", {"date": "2025-12-09/2025-12-09"},
    ),
    Case(
        "a meeting of interior ministers", "de", "Kolokolzew in Peking",
        "Der russische Innenminister Wladimir Kolokolzew hat am 5. Dezember in Peking den chinesischen Minister für "
        "öffentliche Sicherheit Wang Xiaohong getroffen.",
        "2023-12-06T09:00:00+01:00", "meeting held CHN-RUS",
        {"officials": {"vladimir_kolokoltsev", "wang_xiaohong"}, "date": "2023-12-05/2023-12-05",
         "place": "Beijing"},
    ),
]  # fmt: skip

FRENCH = [
    Case(
        "a numbered dialogue, held", "fr", "Emmanuel Bonne à Pékin",
        "Wang Yi et Emmanuel Bonne, conseiller diplomatique du président français, ont coprésidé mardi à Pékin la 26e "
        "session du dialogue stratégique franco-chinois.",
        "2025-12-03T09:00:00+01:00", "consultation_round held CHN-FRA",
        {"round": 26, "mechanism": "cn-fr-sd", "date": "2025-12-02/2025-12-02", "place": "Beijing",
         "officials": {"wang_yi", "emmanuel_bonne"}},
    ),
    Case(
        "a round that is to come, its number a word", "fr", "Wang Yi attendu à Moscou",
        "Wang Yi se rendra à Moscou les 1er et 2 décembre pour la vingtième session des consultations sino-russes sur "
        "la sécurité stratégique, a annoncé vendredi son ministère.",
        "2025-11-28T15:00:00+01:00", "consultation_round announced CHN-RUS",
        {"round": 20, "date": "2025-12-01/2025-12-02", "place": "Moscow"},
    ),
    Case(
        "a text signed", "fr", "Pékin et Belgrade signent un accord",
        "La Chine et la Serbie ont signé vendredi à Belgrade un accord de coopération policière.",
        "2024-05-11T09:00:00+02:00", "agreement held CHN-SRB",
        {"date": "2024-05-10/2024-05-10", "place": "Belgrade", "instrument": "accord de coopération policière"},
    ),
    Case(
        "an air patrol", "fr", "Patrouille au-dessus du Pacifique",
        "Des bombardiers chinois et russes ont effectué mardi une patrouille aérienne conjointe au-dessus du "
        "Pacifique.",
        "2025-12-10T09:00:00+01:00", "patrol held CHN-RUS", {"date": "2025-12-09/2025-12-09"},
    ),
    Case(
        "an exercise that has begun", "fr", "Manœuvres au large de Vladivostok",
        "La Chine et la Russie ont entamé vendredi un exercice naval conjoint au large de Vladivostok.",
        "2025-08-02T09:00:00+02:00", "exercise under_way CHN-RUS",
        {"date": "2025-08-01/2025-08-01", "place": "Vladivostok"},
    ),
    Case(
        "a meeting of interior ministers", "fr", "Sécurité : entretien à Paris",
        "Le ministre de l'Intérieur Bruno Retailleau s'est entretenu lundi à Paris avec Wang Xiaohong, ministre "
        "chinois de la Sécurité publique.",
        "2025-06-10T09:00:00+02:00", "meeting held CHN-FRA",
        {"officials": {"bruno_retailleau", "wang_xiaohong"}, "date": "2025-06-09/2025-06-09", "place": "Paris"},
    ),
    Case(
        "a dialogue that was put off", "fr", "Le dialogue UE-Chine reporté",
        "Le dialogue stratégique UE-Chine a été reporté, a indiqué mardi la Commission européenne.",
        "2023-07-05T09:00:00+02:00", "consultation_round postponed CHN-EUR", {"mechanism": "cn-eu-sd"},
    ),
]  # fmt: skip

SPANISH = [
    Case(
        "a numbered round, held", "es", "Wang Yi se reúne con Shoigú",
        "Wang Yi y el secretario del Consejo de Seguridad de Rusia, Serguéi Shoigú, copresidieron el martes en Moscú "
        "la 20.ª ronda de consultas sobre seguridad estratégica.",
        "2025-12-03T09:00:00+01:00", "consultation_round held CHN-RUS",
        {"round": 20, "mechanism": "cn-ru-ssc", "date": "2025-12-02/2025-12-02", "place": "Moscow",
         "officials": BOTH_CHAIRS},
    ),
    Case(
        "a round that is to come, its number a word", "es", "Wang Yi viajará a Moscú",
        "Wang Yi celebrará los días 1 y 2 de diciembre en Moscú con Serguéi Shoigú la vigésima ronda de consultas "
        "sobre seguridad estratégica, anunció el viernes el ministerio.",
        "2025-11-28T15:00:00+01:00", "consultation_round announced CHN-RUS",
        {"round": 20, "date": "2025-12-01/2025-12-02", "place": "Moscow"},
    ),
    Case(
        "a text signed", "es", "Hungría y China firman un memorando",
        "El ministro del Interior, Sándor Pintér, y el ministro de Seguridad Pública de China, Wang Xiaohong, "
        "firmaron el viernes en Budapest un memorando de cooperación policial.",
        "2024-02-17T09:00:00+01:00", "agreement held CHN-HUN",
        {"date": "2024-02-16/2024-02-16", "place": "Budapest", "instrument": "memorando de cooperación policial",
         "officials": BOTH_MINISTERS},
    ),
    Case(
        "an exercise that has begun", "es", "Maniobras cerca de Vladivostok",
        "Las armadas de China y Rusia iniciaron el viernes un ejercicio naval conjunto cerca de Vladivostok.",
        "2025-08-02T09:00:00+02:00", "exercise under_way CHN-RUS",
        {"date": "2025-08-01/2025-08-01", "place": "Vladivostok"},
    ),
    Case(
        "a sea patrol", "es", "Buques chinos y rusos en el Pacífico",
        "Buques de guerra chinos y rusos realizaron la semana pasada una patrulla marítima conjunta en el Pacífico.",
        "2025-08-27T09:00:00+02:00", "patrol held CHN-RUS", {"date": "2025-08-18/2025-08-24"},
    ),
    Case(
        "a meeting of interior ministers", "es", "Grande-Marlaska recibe a Wang Xiaohong",
        "El ministro del Interior, Fernando Grande-Marlaska, se reunió el jueves en Madrid con el ministro chino de "
        "Seguridad Pública, Wang Xiaohong.",
        "2025-06-13T09:00:00+02:00", "meeting held CHN-ESP",
        {"officials": {"fernando_grande_marlaska", "wang_xiaohong"}, "date": "2025-06-12/2025-06-12",
         "place": "Madrid"},
    ),
]  # fmt: skip

ITALIAN = [
    Case(
        "a numbered dialogue, held", "it", "Kallas riceve Wang Yi a Bruxelles",
        "Kaja Kallas e Wang Yi hanno presieduto mercoledì a Bruxelles il tredicesimo round del dialogo strategico ad "
        "alto livello Cina-Ue.",
        "2025-07-03T09:00:00+02:00", "consultation_round held CHN-EUR",
        {"round": 13, "mechanism": "cn-eu-sd", "date": "2025-07-02/2025-07-02", "place": "Brussels",
         "officials": {"wang_yi", "kaja_kallas"}},
    ),
    Case(
        "a round that is to come", "it", "Wang Yi atteso a Mosca",
        "Wang Yi sarà a Mosca l'1 e 2 dicembre per il 20° round delle consultazioni sulla sicurezza strategica "
        "Cina-Russia, ha annunciato venerdì il ministero.",
        "2025-11-28T15:00:00+01:00", "consultation_round announced CHN-RUS",
        {"round": 20, "mechanism": "cn-ru-ssc", "date": "2025-12-01/2025-12-02", "place": "Moscow"},
    ),
    Case(
        "a text signed", "it", "Italia e Cina, intesa sui pattugliamenti",
        "Il ministro dell'Interno Matteo Piantedosi e Wang Xiaohong hanno firmato martedì a Roma un memorandum "
        "d'intesa sulla cooperazione di polizia.",
        "2025-06-11T09:00:00+02:00", "agreement held CHN-ITA",
        {"date": "2025-06-10/2025-06-10", "place": "Rome", "officials": {"matteo_piantedosi", "wang_xiaohong"}},
    ),
    Case(
        "police patrols that have begun", "it", "Agenti cinesi a Roma",
        "Sono iniziati lunedì a Roma i pattugliamenti congiunti tra poliziotti italiani e cinesi.",
        "2017-06-06T09:00:00+02:00", "patrol under_way CHN-ITA",
        {"mechanism": "cn-it-patrol", "date": "2017-06-05/2017-06-05", "place": "Rome"},
    ),
    Case(
        "police patrols that were stopped", "it", "Stop agli agenti cinesi",
        "L'Italia ha sospeso i pattugliamenti congiunti con la polizia cinese, ha detto il ministro.",
        "2022-12-20T09:00:00+01:00", "patrol cancelled CHN-ITA", {"mechanism": "cn-it-patrol"},
    ),
    Case(
        "an exercise that has begun", "it", "Navi al largo di Vladivostok",
        "La Cina e la Russia hanno avviato venerdì un'esercitazione navale congiunta al largo di Vladivostok.",
        "2025-08-02T09:00:00+02:00", "exercise under_way CHN-RUS",
        {"date": "2025-08-01/2025-08-01", "place": "Vladivostok"},
    ),
    Case(
        "a meeting of defence ministers", "it", "Crosetto incontra Dong Jun",
        "Il ministro della Difesa Guido Crosetto ha incontrato ieri a Pechino il ministro della Difesa cinese Dong "
        "Jun.",
        "2025-04-11T09:00:00+02:00", "meeting held CHN-ITA",
        {"officials": {"guido_crosetto", "dong_jun"}, "date": "2025-04-10/2025-04-10", "place": "Beijing"},
    ),
]  # fmt: skip

NEWS = [*HUNGARIAN, *SERBIAN, *GERMAN, *FRENCH, *SPANISH, *ITALIAN]

NOT_NEWS = [
    ("hu", "Kína és Oroszország megállapodott", "A miniszterek megállapodást írtak alá az élelmiszer-biztonságról."),
    ("hu", "A 20. szankciós csomag", "Az EU elfogadta a 20. szankciós csomagot, kínai katonai cégek is rajta vannak."),
    ("hu", "NB I, 20. forduló", "A 20. fordulóban a magyar csapat kínai csatára két gólt szerzett, a biztonságiak szerint."),
    ("hu", "Szakértők sürgetik", "Kínának és Oroszországnak katonai szerződést kellene kötnie, mondta egy tábornok."),
    ("sr", "Kina i Srbija o hrani", "Ministri Kine i Srbije potpisali su sporazum o bezbednosti hrane."),
    ("sr", "20. paket sankcija", "EU je usvojila 20. paket sankcija Rusiji; na listi su i kineske vojne firme."),
    ("sr", "20. коло Суперлиге", "У 20. колу кинески нападач српског клуба постигао је два гола уз појачано обезбеђење."),
    ("sr", "Савет безбедности УН", "Савет безбедности УН расправљао је о Гази; Кина и Русија гласале су против."),
    ("de", "China und Russland einig", "Die Minister unterzeichneten ein Abkommen über Lebensmittelsicherheit."),
    ("de", "20. Sanktionspaket", "Die EU beschloss ihr 20. Sanktionspaket gegen Russland, auch China liefert Militärgüter."),
    ("de", "20. Spieltag", "Am 20. Spieltag traf der chinesische Stürmer des deutschen Klubs, die Polizei war im Einsatz."),
    ("de", "Experten fordern Pakt", "China und Russland sollten einen Verteidigungspakt unterzeichnen, sagte ein General."),
    ("fr", "Accord agricole", "La Chine et la Russie ont signé un accord sur la sécurité alimentaire."),
    ("fr", "20e paquet de sanctions", "L'UE a adopté son 20e paquet de sanctions contre Moscou ; des armes chinoises sont visées."),
    ("fr", "20e journée", "Lors de la 20e journée, l'attaquant chinois du club français a marqué sous protection policière."),
    ("fr", "Trois marines", "La Chine, la Russie et l'Iran ont entamé un exercice naval conjoint dans le golfe d'Oman."),
    ("es", "Acuerdo agrícola", "China y España firmaron un acuerdo sobre seguridad alimentaria."),
    ("es", "20.º paquete de sanciones", "La UE aprobó su 20.º paquete de sanciones contra Rusia y empresas militares chinas."),
    ("es", "Jornada 20", "En la jornada 20 el delantero chino del club español marcó dos goles ante la policía."),
    ("es", "Pacto con Marruecos", "Marruecos y China firmaron un acuerdo de seguridad en Rabat. España observa."),
    ("it", "Intesa agricola", "Cina e Italia hanno firmato un accordo sulla sicurezza alimentare."),
    ("it", "Ventesimo pacchetto", "L'Ue ha approvato il ventesimo pacchetto di sanzioni alla Russia, colpite armi cinesi."),
    ("it", "Ventesima giornata", "Alla ventesima giornata l'attaccante cinese del club italiano ha segnato, vigilava la polizia."),
    ("it", "Le stazioni di polizia cinesi", "La procura indaga sulle stazioni di polizia cinesi a Prato, in Italia."),
]  # fmt: skip

# Xi is no eleventh, vie no sixth, prima no first and drugih no second.
NUMBERLESS = [
    ("en", "Xi praised the China-Russia strategic security consultation."),
    ("de", "Xi lobte die Konsultationen zur strategischen Sicherheit."),
    ("fr", "Xi : une vie de dialogue, dit le Premier ministre, avant les consultations sur la sécurité stratégique."),
    ("es", "Xi elogió las consultas sobre seguridad estratégica ante el primer ministro."),
    ("it", "Secondo Xi, prima delle consultazioni sulla sicurezza strategica vi sono stati altri colloqui."),
    ("hu", "A világ második legnagyobb gazdasága december 18–21. között tart stratégiai biztonsági konzultációt."),
    ("sr", "Razmenili su mišljenja o drugim temama 2. decembra u toku konsultacija o strateškoj bezbednosti."),
]  # fmt: skip

PASSING = [
    ("uk", "Ван І провів у Москві консультації з питань стратегічної безпеки зі Шойгу", None),
    ("pl", "Chiny i Rosja rozpoczęły wspólne ćwiczenia morskie u wybrzeży Władywostoku", None),
    ("ar", "الصين وروسيا تعقدان مشاورات حول الأمن الاستراتيجي في موسكو", None),
    ("ja", "中国とロシアの爆撃機が日本周辺で共同飛行", "防衛省は火曜日、両国の爆撃機が共同飛行を行ったと発表した。"),
]  # fmt: skip

STOPPED = [
    ("uk", "Китай і Україна обговорили продовольчу безпеку", None),
    ("pl", "Chiny i Polska rozmawiały o bezpieczeństwie żywnościowym", None),
    ("ar", "الصين تبحث الأمن الغذائي مع شركائها", None),
    ("ja", "中国が食料安全保障の法律を制定", None),
]  # fmt: skip


def _written(interval: Interval) -> str:
    return f"{interval.start} {interval.end} {interval.precision} {interval.basis}"


def _short(mention: Mention) -> str:
    return f"{mention.kind} {mention.stage} {mention.dyad}"


def _value(mention: Mention, name: str) -> object:
    if name == "officials":
        return {official.id for official in mention.officials}
    if name == "date":
        return f"{mention.date.start}/{mention.date.end}" if mention.date else None
    return getattr(mention, name)


def _coded(case: Case, coder: Coder) -> Coding:
    return coder(normalise(case.title), normalise(case.body), case.published, case.language)


@pytest.mark.parametrize(("language", "text", "expected"), DAYS, ids=[case[1] for case in DAYS])
def test_a_day_is_read(language: str, text: str, expected: str | None, rules: Rules) -> None:
    folded = fold(normalise(text))
    days = rules.tools[language].dates.find(folded, Span(0, len(folded)), PUBLISHED)
    assert [_written(day.interval) for day in days] == ([expected] if expected else [])


@pytest.mark.parametrize("case", NEWS, ids=[f"{case.language}: {case.name}" for case in NEWS])
def test_news_is_coded(case: Case, coder: Coder) -> None:
    coding = _coded(case, coder)
    assert coding.coded.relevant
    assert [_short(mention) for mention in coding.coded.mentions] == [case.mention]
    mention = coding.coded.mentions[0]
    assert {name: _value(mention, name) for name in case.fields} == dict(case.fields)


@pytest.mark.parametrize(
    ("language", "title", "body"), NOT_NEWS, ids=[f"{case[0]}: {case[1]}" for case in NOT_NEWS]
)
def test_what_only_looks_alike_is_passed_over(language: str, title: str, body: str, coder: Coder) -> None:
    coding = coder(title, body, "2025-06-10T12:00:00+00:00", language)
    assert not coding.coded.relevant
    assert coding.coded.mentions == ()


@pytest.mark.parametrize(("language", "text"), NUMBERLESS, ids=[case[0] for case in NUMBERLESS])
def test_what_is_no_ordinal_numbers_no_round(language: str, text: str, rules: Rules) -> None:
    tools = rules.tools[language]
    text = normalise(text)
    folded = fold(text)
    hits = tools.matcher.hits(text, folded)
    ordinals = tools.ordinals.find(folded, Span(0, len(folded)))
    named = next(hit for hit in hits if hit.word_class == MECHANISM)
    assert tools.ordinals.bound(folded, ordinals, hits, named) is None


@pytest.mark.parametrize(("language", "title", "body"), PASSING, ids=[case[0] for case in PASSING])
def test_the_gate_lets_through(language: str, title: str, body: str | None, coder: Coder) -> None:
    coding = coder(title, body, "2025-12-03T12:00:00+00:00", language)
    assert coding.coded.language == language
    assert coding.gate.passed


@pytest.mark.parametrize(("language", "title", "body"), STOPPED, ids=[case[0] for case in STOPPED])
def test_the_gate_stops(language: str, title: str, body: str | None, coder: Coder) -> None:
    coding = coder(title, body, "2025-12-03T12:00:00+00:00", language)
    assert coding.coded.language == language
    assert not coding.gate.passed
