"""Every row of the lexicon and every official hits its own test sentence."""

import pytest

from tasks.code.matcher import GENERIC, MECHANISM, OFFICIAL
from tasks.code.rules import Rules
from tasks.code.text import fold, normalise
from tasks.settings import configuration
from tasks.settings.environment import ROOT

LOADED = configuration.load(ROOT / "config")
ROWS = [(code, index) for code, language in LOADED.lexicon.items() for index, _ in enumerate(language.rows)]


@pytest.mark.parametrize(("code", "index"), ROWS, ids=[f"{code}-{index}" for code, index in ROWS])
def test_a_row_hits_its_test_sentence(code: str, index: int, rules: Rules) -> None:
    row = LOADED.lexicon[code].rows[index]
    text = normalise(row.test)
    hits = rules.tools[code].matcher.hits(text, fold(text))
    if row.word_class == "exclude":
        assert not [hit for hit in hits if hit.word_class == "topic" and hit.weight > 1]
        return
    assert row.value in {hit.value for hit in hits if hit.word_class == row.word_class}


TESTED = sorted(one.id for one in LOADED.actors.officials.values() if one.test.language in LOADED.lexicon)


@pytest.mark.parametrize("official", TESTED)
def test_an_official_is_found_in_the_test_sentence(official: str, rules: Rules) -> None:
    sentence = LOADED.actors.officials[official].test
    text = normalise(sentence.text)
    hits = rules.tools[sentence.language].matcher.hits(text, fold(text))
    assert official in {hit.value for hit in hits if hit.word_class == OFFICIAL}


@pytest.mark.parametrize("code", sorted(LOADED.lexicon))
def test_every_name_of_a_mechanism_is_found(code: str, rules: Rules) -> None:
    for mechanism in LOADED.mechanisms.values():
        for word_class, forms in ((MECHANISM, mechanism.forms), (GENERIC, mechanism.generic)):
            for form in forms.get(code, ()):
                text = normalise(form)
                hits = rules.tools[code].matcher.hits(text, fold(text))
                assert mechanism.id in {h.value for h in hits if h.word_class == word_class}, form
