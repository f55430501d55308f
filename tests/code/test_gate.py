"""What passes the gate, and that it says by which word each weight came."""

from dataclasses import replace

import pytest

from tasks.code.gate import Gate, weigh
from tasks.code.rules import Rules, compile_rules
from tasks.code.text import fold
from tasks.settings.configuration import Configuration
from tasks.settings.gate import Signal


def weighed(text: str, rules: Rules, language: str = "en") -> Gate:
    return weigh(rules.tools[language].matcher.hits(text, fold(text)), rules)


@pytest.mark.parametrize(
    ("text", "language", "passes", "weight"),
    [
        ("China and Hungary sign a law enforcement agreement", "en", True, 6),
        ("China exports more soy than ever", "en", False, 2),
        ("Hungary signs a law enforcement agreement", "en", False, 4),
        ("中俄举行战略安全磋商", "zh", True, 11),
        ("Сергей Шойгу обсудил оборону", "ru", False, 4),
    ],
)
def test_it_asks_for_china_and_a_word_of_security(
    text: str, language: str, passes: bool, weight: int, rules: Rules
) -> None:
    gate = weighed(text, rules, language)
    assert (gate.passed, gate.weight) == (passes, weight), gate


def test_each_weight_names_its_word_and_its_row(rules: Rules) -> None:
    text = "China and Hungary sign a law enforcement agreement"
    gate = weighed(text, rules)
    assert {part.part: text[part.start : part.end] for part in gate.parts} == {
        "china": "China", "other": "Hungary", "topic": "law enforcement",
    }  # fmt: skip
    assert all(part.reason == rules.scales.by_signal[Signal(part.signal)].reason for part in gate.parts)
    assert sum(part.weight for part in gate.parts) == gate.weight


@pytest.mark.parametrize("language", ["en", "ru", "zh", "vi", "de"])
def test_the_quick_look_weighs_the_same_as_the_whole(language: str, rules: Rules) -> None:
    text = (
        "China and Hungary sign a law enforcement agreement on food security in Rome, Romania. Sino-Russian "
        "中俄在罗马尼亚举行战略安全磋商，王毅会见绍伊古。Китай и Россия провели консультации, Ван И, Шойгу. "
        "Trung Quốc và Nga tham vấn an ninh chiến lược. China und Ungarn, Polizei, Wang Yi und Schoigu."
    )
    matcher, folded = rules.tools[language].matcher, fold(text)
    assert weigh(matcher.weighed(text, folded), rules) == weigh(matcher.hits(text, folded), rules)


def test_what_is_lacking_is_said(rules: Rules) -> None:
    assert weighed("China exports more soy than ever", rules).lacks == ("security",)
    assert weighed("Hungary signs a law enforcement agreement", rules).lacks == ("party",)


def test_a_weight_that_is_changed_decides_otherwise_and_is_another_version(settings: Configuration) -> None:
    text = "China and Hungary sign a law enforcement agreement"
    heavier = replace(settings, scales=settings.scales.model_copy(update={"passes_at": 12}), version="other")
    assert weighed(text, compile_rules(settings)).passed
    assert not weighed(text, compile_rules(heavier)).passed
    assert compile_rules(heavier).version != compile_rules(settings).version
