"""The states, officials and places of `config/actors/`, and what the loader says of wrong ones."""

import unicodedata
from datetime import date
from pathlib import Path

import pytest

from tasks.settings import actors
from tasks.settings.actors import Actors, OfficeKind
from tasks.settings.environment import ROOT
from tasks.settings.located import Mistake

FOLDER = ROOT / "config" / "actors"

STATES = """\
- id: CHN
  name: China
  europe: false
  forms: {en: [China], vi: [Trung Quốc]}
  short: {vi: [Trung]}
  case_sensitive: [Trung]
- id: RUS
  name: Russia
  europe: false
  forms: {en: [Russia], vi: [Nga]}
"""
OFFICIALS = """\
- id: wang_yi
  name: Wang Yi
  state: CHN
  offices:
    - {office: foreign_minister, title: Foreign Minister, from: 2013-03-16, until: 2022-12-30}
  forms: {en: [Wang Yi]}
  test: {language: en, text: Wang Yi was there.}
"""
PLACES = """\
- id: Moscow
  country: RUS
  forms: {en: [Moscow]}
"""


@pytest.fixture(scope="module")
def real() -> Actors:
    mistakes: list[Mistake] = []
    loaded = actors.load(FOLDER, mistakes)
    assert mistakes == []
    return loaded


def mistakes_of(
    folder: Path, states: str = STATES, officials: str = OFFICIALS, places: str = PLACES
) -> list[str]:
    for name, text in (("states", states), ("officials", officials), ("places", places)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    mistakes: list[Mistake] = []
    actors.load(folder, mistakes)
    return [str(mistake) for mistake in sorted(mistakes)]


def titles(real: Actors, official: str, day: date | None) -> list[str]:
    return [office.title for office in real.office_on(official, day)]


def test_every_state_of_the_world_is_there(real: Actors) -> None:
    # 193 members of the United Nations, the Vatican, Palestine, Kosovo, Taiwan, and the Union.
    assert len(real.states) == 198
    assert {"CHN", "RUS", "EUR", "KOS", "TWN", "VAT", "PSE"} <= real.states.keys()


def test_europe_is_as_the_codebook_has_it(real: Actors) -> None:
    europe = {state.id for state in real.states.values() if state.europe}
    assert {
        "BLR",
        "SRB",
        "GBR",
        "TUR",
        "GEO",
        "ARM",
        "AZE",
        "MDA",
        "UKR",
        "CHE",
        "NOR",
        "ISL",
        "EUR",
    } <= europe
    assert {"AND", "LIE", "MCO", "SMR", "VAT", "MLT", "CYP", "KOS"} <= europe
    assert not {"RUS", "KAZ", "CHN", "USA", "ISR"} & europe


@pytest.mark.parametrize(
    ("state", "language", "form"),
    [
        ("CHN", "ru", "Китаем"),
        ("CHN", "sr", "Кином"),
        ("CHN", "hu", "Kínával"),
        ("RUS", "zh", "俄羅斯"),
        ("RUS", "sr", "Rusijom"),
        ("HUN", "ru", "Венгрией"),
        ("SRB", "hu", "Szerbiával"),
        ("BLR", "ru", "Белоруссией"),
        ("BLR", "ru", "Беларусью"),
        ("DEU", "sr", "Немачком"),
        ("FRA", "vi", "Pháp"),
        ("GBR", "sr", "Velikom Britanijom"),
        ("ITA", "vi", "Ý"),
        ("EUR", "ru", "Евросоюзом"),
        ("EUR", "zh", "欧盟"),
        ("HRV", "sr", "Hrvatskom"),
        ("UKR", "zh", "烏克蘭"),
    ],
)
def test_names_of_states_are_written_out(real: Actors, state: str, language: str, form: str) -> None:
    assert form in real.states[state].forms[language]


@pytest.mark.parametrize(
    ("state", "language", "form"),
    [
        ("CHN", "ru", "китайскими"),
        ("RUS", "sr", "руском"),
        ("SRB", "ru", "сербским"),
        ("HUN", "de", "ungarischen"),
        ("DEU", "fr", "allemandes"),
        ("FRA", "it", "francesi"),
        ("ITA", "es", "italianas"),
        ("GBR", "pl", "brytyjskimi"),
        ("BLR", "uk", "білоруської"),
        ("CHN", "ar", "الصينية"),
    ],
)
def test_adjectives_are_written_out(real: Actors, state: str, language: str, form: str) -> None:
    assert form in real.states[state].adjectives[language]


def test_a_common_word_of_another_case_counts_only_as_written(real: Actors) -> None:
    for code, form in [("RUS", "Nga"), ("FRA", "Pháp"), ("GBR", "Anh"), ("USA", "Mỹ"), ("DEU", "Đức")]:
        assert form in real.states[code].case_sensitive
    for code, form in [("ITA", "Ý"), ("AUT", "Áo"), ("BEL", "Bỉ"), ("USA", "SAD"), ("TUR", "Turkey")]:
        assert form in real.states[code].case_sensitive


def test_one_character_stands_for_a_state_only_in_a_pair(real: Actors) -> None:
    for code, short in zip(("CHN", "RUS", "HUN", "SRB", "BLR"), "中俄匈塞白", strict=True):
        assert short in real.states[code].short["zh"]
    owners: dict[str, str] = {}
    for state in real.states.values():
        assert not any(len(form) == 1 for form in state.forms["zh"])
        for character in state.short.get("zh", ()):
            assert owners.setdefault(character, state.id) == state.id, character


def test_forms_are_composed_and_apostrophes_straight(real: Actors) -> None:
    groups = [
        (row.id, forms)
        for rows in (real.states, real.officials, real.places)
        for row in rows.values()
        for forms in row.forms.values()
    ]
    for owner, forms in groups:
        for form in forms:
            assert unicodedata.is_normalized("NFC", form), (owner, form)
            assert not set(form) & set("’ʼ‘\u00ad\u200b"), (owner, form)


def test_every_capital_of_europe_is_a_place(real: Actors) -> None:
    elsewhere = {"LUX": "Luxembourg City", "SMR": None, "MCO": "Monaco-Ville"}
    for state in real.states.values():
        if state.europe and state.capital and state.id not in elsewhere:
            assert state.capital in real.places, state.id


def test_places_have_their_locatives(real: Actors) -> None:
    assert {"Москве"} <= set(real.places["Moscow"].forms["ru"])
    assert {"Пекине"} <= set(real.places["Beijing"].forms["ru"])
    assert {"Budapesten"} <= set(real.places["Budapest"].forms["hu"])
    assert {"Beogradu", "Београду"} <= set(real.places["Belgrade"].forms["sr"])


def test_an_official_has_the_office_of_the_day(real: Actors) -> None:
    assert titles(real, "nikolai_patrushev", date(2023, 9, 19)) == ["Secretary of the Security Council"]
    assert titles(real, "sergei_shoigu", date(2023, 9, 19)) == ["Defence Minister"]
    assert titles(real, "sergei_shoigu", date(2025, 12, 2)) == ["Secretary of the Security Council"]
    assert titles(real, "viktor_orban", date(2026, 8, 1)) == []


def test_both_days_of_an_office_belong_to_it(real: Actors) -> None:
    change = date(2024, 5, 12)
    assert len(titles(real, "sergei_shoigu", change)) == 2
    assert titles(real, "nikolai_patrushev", change) == ["Secretary of the Security Council"]


def test_two_offices_may_be_held_at_once(real: Actors) -> None:
    kinds = {office.office for office in real.office_on("wang_yi", date(2025, 12, 2))}
    assert {OfficeKind.FOREIGN_MINISTER, OfficeKind.CENTRAL_FOREIGN_AFFAIRS_DIRECTOR} <= kinds
    between = {office.office for office in real.office_on("wang_yi", date(2023, 2, 21))}
    assert OfficeKind.FOREIGN_MINISTER not in between


def test_on_no_known_day_all_offices_are_given(real: Actors) -> None:
    assert len(titles(real, "nikolai_patrushev", None)) == 3


def test_hungarian_and_chinese_names_stand_family_first(real: Actors) -> None:
    assert "Pintér Sándorral" in real.officials["sandor_pinter"].forms["hu"]
    assert "Ваном Сяохуном" in real.officials["wang_xiaohong"].forms["ru"]
    assert "Wang" in real.officials["wang_xiaohong"].surnames["en"]


def test_a_good_folder_has_no_mistakes(tmp_path: Path) -> None:
    assert mistakes_of(tmp_path) == []


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    mistakes: list[Mistake] = []
    actors.load(tmp_path, mistakes)
    assert [mistake.file for mistake in mistakes] == [
        "actors/states.yaml",
        "actors/officials.yaml",
        "actors/places.yaml",
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("states", "- id: RUS", "- id: CHN", "actors/states.yaml:7: [1].id: `CHN` is given twice"),
        ("states", "en: [Russia]", "en: [China]", "is also a form of the row in line 1"),
        ("states", "vi: [Nga]", "xx: [Nga]", "actors/states.yaml:10: [1].forms.xx: is no language"),
        ("states", "[Russia]", "[Russia, Russia]", "[1].forms.en[1]: `Russia` is given twice"),
        ("states", "case_sensitive: [Trung]", "case_sensitive: [Tây]", "`Tây` is none of the forms"),
        ("states", "europe: false\n  forms: {en: [C", "forms: {en: [C", "[0].europe: Field required"),
        (
            "officials",
            "state: CHN",
            "state: CHI",
            "officials.yaml:3: [0].state: `CHI` is no known state",
        ),
        ("officials", "until: 2022-12-30", "until: 2012", "offices[0].until: lies before `from`"),
        ("officials", "until: 2022-12-30", "until: 2022-13", "actors/officials.yaml:5: [0].offices[0].until"),
        ("officials", "foreign_minister", "minister", "[0].offices[0].office: Input should be"),
        ("officials", "Wang Yi was", "Li Qiang was", "actors/officials.yaml:7: [0].test.text: holds no form"),
        ("officials", "language: en", "language: ru", "holds no form of the language `ru`"),
        ("officials", "wang_yi", "Wang Yi", "[0].id: String should match"),
        (
            "places",
            "country: RUS",
            "country: RU",
            "places.yaml:2: [0].country: `RU` is no known state",
        ),
        ("places", "id: Moscow", "id: Moscow\n  lat: 55.7", "actors/places.yaml:2: [0].lat: Extra inputs"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, file: str, old: str, new: str, told: str) -> None:
    texts = {"states": STATES, "officials": OFFICIALS, "places": PLACES}
    assert old in texts[file]
    texts[file] = texts[file].replace(old, new, 1)
    found = mistakes_of(tmp_path, **texts)
    assert any(told in mistake for mistake in found), found


def test_a_form_belongs_to_one_official_of_a_state(tmp_path: Path) -> None:
    second = OFFICIALS.replace("wang_yi", "wang_yi_the_other")
    assert mistakes_of(tmp_path, officials=OFFICIALS + second) == [
        "actors/officials.yaml:13: [1].forms.en[0]: `Wang Yi` is also a form of the row in line 1"
    ]
    elsewhere = second.replace("state: CHN", "state: RUS")
    assert mistakes_of(tmp_path, officials=OFFICIALS + elsewhere) == []
