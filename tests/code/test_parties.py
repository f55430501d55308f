"""Whose act a sentence tells of, where others have acts of the same name."""

import pytest

from tests.code.conftest import Coder


@pytest.mark.parametrize(
    ("language", "title"),
    [
        (
            "en",
            "Japan and India held the 12th round of strategic security consultations in Tokyo, as China watched",
        ),
        (
            "en",
            "Saudi Arabia and Yemen held the twelfth round of strategic security consultations in Brussels",
        ),
        ("en", "Russia and India held the third round of strategic security consultations in Moscow"),
        (
            "fr",
            "Libye et Indonésie ont tenu à Dubrovnik le 28e cycle de consultations de sécurité stratégique",
        ),
        ("es", "Perú y Ruanda celebraron en Praga la segunda ronda de consultas de seguridad estratégica"),
        (
            "es",
            "Filipinas y Tayikistán celebraron en Praga la segunda ronda de consultas de seguridad estratégica",
        ),
        ("ja", "タイとグレナダは第29回の戦略安全保障協議を開いた"),
        ("zh", "俄罗斯与印度在莫斯科举行第三轮战略安全磋商"),
    ],
)
def test_strategic_security_consultations_of_others_are_not_china_s(
    language: str, title: str, coder: Coder
) -> None:
    coding = coder(f"{title}.", None, "2026-01-08T08:00:00+00:00", language)
    assert not coding.coded.relevant


def test_the_channel_s_own_round_needs_no_names_of_its_parties(coder: Coder) -> None:
    title = "Wang Yi and Shoigu hold 20th round of strategic security consultations in Moscow"
    coded = coder(title, None, "2025-12-03T08:00:00+08:00", "en").coded
    assert [mention.dyad for mention in coded.mentions] == ["CHN-RUS"]


@pytest.mark.parametrize(
    "title",
    [
        "何卫东昨天在马德里会见乌干达内政部长，签署安全合作协议",
        "刘彬1月2日在法国布雷斯特会见莱索托内政部长，签署安全合作协议",
        "李克强1月8日在法国布雷斯特会见泰国内政部长，签署安全合作协议",
    ],
)
def test_who_meets_a_third_state_s_minister_in_a_city_signs_nothing_with_its_state(
    title: str, coder: Coder
) -> None:
    assert not coder(title, None, "2026-01-08T08:00:00+08:00", "zh").coded.relevant


def test_a_city_stands_for_its_state_where_no_other_minister_acts(coder: Coder) -> None:
    coded = coder("王小洪在布达佩斯签署执法安全合作协议", None, "2024-02-17T08:00:00+08:00", "zh").coded
    assert [mention.dyad for mention in coded.mentions] == ["CHN-HUN"]
