"""Names and ordinals that stand beside what counts and are in no list."""

import pytest

from tasks.code.gaps import Lack, gaps
from tasks.code.rules import Rules
from tasks.model import Item


def forms(lack: Lack, rules: Rules, *texts: str, language: str | None = "en") -> dict[str, int]:
    items = [
        Item(id=str(number), source="t", title=text, language=language) for number, text in enumerate(texts)
    ]
    return {gap.form: gap.times for gap in gaps(items, rules, 20) if gap.lack is lack}


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("en", "On Monday they spoke with Attila Kovacs about the law enforcement of China and Hungary.", "Attila Kovacs"),
        ("ru", "Ван И и Сергей Шойгу провели переговоры, в них участвовал Иван Незнакомов.", "Иван Незнакомов"),
        ("vi", "Bộ trưởng Vương Nghị gặp Sergei Shoigu, cùng dự có Nguyễn Văn Lạ.", "Nguyễn Văn Lạ"),
        ("zh", "中俄战略安全磋商在莫斯科举行，伊万·涅兹纳科莫夫出席。", "伊万·涅兹纳科莫夫"),
    ],
)  # fmt: skip
def test_a_name_in_no_list_is_found(language: str, text: str, name: str, rules: Rules) -> None:
    assert name in forms(Lack.NAME, rules, text, language=language)


def test_names_are_counted_and_the_most_frequent_come_first(rules: Rules) -> None:
    text = "After talks on law enforcement between China and Hungary, {} spoke."
    found = forms(
        Lack.NAME, rules, *(text.format(name) for name in ("Attila Kovacs", "Bela Nagy", "Attila Kovacs"))
    )
    assert list(found.items()) == [("Attila Kovacs", 2), ("Bela Nagy", 1)]


def test_a_day_of_the_week_is_no_name(rules: Rules) -> None:
    assert (
        forms(Lack.NAME, rules, "China and Hungary signed an agreement on law enforcement on Friday.") == {}
    )


def test_far_from_what_counts_no_name_is_noted(rules: Rules) -> None:
    assert forms(Lack.NAME, rules, "In the evening Attila Kovacs sang of the harvest with Bela Nagy.") == {}


def test_a_headline_in_capitals_is_no_row_of_names(rules: Rules) -> None:
    assert forms(Lack.NAME, rules, "China And Hungary Sign Big New Law Enforcement Deal In Great Hall") == {}


def test_an_ordinal_that_is_not_read_is_found_and_one_that_is_is_not(rules: Rules) -> None:
    unread = forms(
        Lack.ORDINAL, rules, "China and Russia held the 7bis round of the strategic security consultation."
    )
    assert list(unread) == ["7bis"]
    read = forms(
        Lack.ORDINAL, rules, "China and Russia held the 20th round of the strategic security consultation."
    )
    assert read == {}


def test_a_text_of_any_length_is_looked_at_in_bounds(rules: Rules) -> None:
    long = "China and Hungary on law enforcement with Attila Kovacs. " * 5000
    assert forms(Lack.NAME, rules, long)["Attila Kovacs"] < 1000
