"""`config/page.yaml`: read whole, and every mistake told with its line."""

from pathlib import Path

from tasks.read.furniture import date_words, furniture
from tasks.read.shape import split
from tasks.settings import page
from tasks.settings.located import Mistake


def test_the_file_that_comes_with_the_program_is_right() -> None:
    mistakes: list[Mistake] = []
    words = page.load(page.SHIPPED, mistakes)
    assert mistakes == []
    assert {"any", "en", "zh", "ru", "vi", "hu", "sr"} <= {row.language for row in words}


def test_what_is_wrong_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "page.yaml"
    path.write_text(
        "- language: en\n  months: [one]\n- language: de\n  stopp: [x]\n- language: fr\n- language: fr\n"
    )
    mistakes: list[Mistake] = []
    page.load(path, mistakes)
    assert [(mistake.line, mistake.field) for mistake in mistakes] == [
        (2, "[0].months"),
        (4, "[1].stopp"),
        (6, "[3].language"),
    ]


def test_words_of_one_language_do_not_hide_lines_of_another() -> None:
    (line,) = split("Teilen", 0)
    assert furniture("de").stop(line)
    assert not furniture("ru").stop(line)
    assert furniture(None).stop(line)


def test_months_by_name() -> None:
    assert date_words("pl").months["listopada"] == 11
    assert date_words("ru").months["ноября"] == 11
    assert date_words("hu").months["szeptember"] == 9
