"""Folding keeps every offset; sentences end where sentences end."""

from hypothesis import given
from hypothesis import strategies as st

from tasks.code.text import fold, normalise, sentences


@given(st.text())
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll", "Lo"])))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_both_ways_to_set_a_vietnamese_tone_are_one() -> None:
    assert fold(normalise("thoả thuận, hoà bình, uỷ ban")) == fold(normalise("thỏa thuận, hòa bình, ủy ban"))


def test_traditional_characters_are_read_as_simplified_ones() -> None:
    assert fold("中俄戰略安全磋商第二十輪") == fold("中俄战略安全磋商第二十轮")


def _cut(text: str, abbreviations: tuple[str, ...] = ("nov", "dec")) -> list[str]:
    return [text[span.start : span.end] for span in sentences(text, 0, len(text), abbreviations)]


def test_an_abbreviation_or_an_initial_ends_no_sentence() -> None:
    assert _cut("They met on Nov. 28 in Moscow. J. Smith left.") == [
        "They met on Nov. 28 in Moscow.",
        "J. Smith left.",
    ]


def test_chinese_marks_and_line_ends_end_a_sentence() -> None:
    assert _cut("第二十轮举行。双方同意！\n莫斯科") == ["第二十轮举行。", "双方同意！", "莫斯科"]


@given(st.text())
def test_sentences_lie_in_the_text_in_order_and_hold_no_white_space_at_their_ends(text: str) -> None:
    spans = list(sentences(text, 0, len(text), ()))
    last = 0
    for span in spans:
        assert last <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        last = span.end


def test_what_has_no_end_is_cut_at_spaces_and_loses_nothing() -> None:
    text = "and so on " * 1_000
    found = _cut(text)
    assert max(map(len, found)) <= 2_000
    assert " ".join(found) == text.strip()
