"""What the loader of `config/sources/` says of wrong rows. The list itself: test_source_list.py."""

from datetime import date
from pathlib import Path

import pytest

from tasks.settings import sources
from tasks.settings.located import Mistake
from tasks.settings.sources import Links

ROW = """\
- id: xinhua-latest
  outlet: Xinhua
  url: https://english.news.cn/list/latestnews.htm
  kind: list
  language: en
  country: CHN
  rank: 2
  zone: Asia/Shanghai
  family: xinhua
  links: {pattern: 'c\\.html'}
"""
DATED = r"/(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})/"


def mistakes_of(folder: Path, text: str) -> list[str]:
    (folder / "china.yaml").write_text(text, encoding="utf-8")
    mistakes: list[Mistake] = []
    sources.load(folder, mistakes)
    return [str(mistake) for mistake in sorted(mistakes)]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "  links: {pattern: 'c\\.html'}\n",
            "",
            "sources/china.yaml:1: [0]: Value error, a list page needs",
        ),
        ("rank: 2", "rank: 5", "sources/china.yaml:7: [0].rank"),
        ("Asia/Shanghai", "Asia/Peking", "sources/china.yaml:8: [0].zone: Value error, is not a time zone"),
        ("'c\\.html'", "'c('", "[0].links.pattern: Value error, is not a regular expression"),
        (
            "'c\\.html'",
            "c, date_pattern: '(?P<year>x)(?P<day>y)'",
            "[0].links.date_pattern: Value error, has no group named month",
        ),
        ("family: xinhua", "family: xinhua\n  enabled: false", "a source that is off needs a `reason`"),
        ("url: https:", "url: htps:", "sources/china.yaml:3: [0].url"),
        ("language: en", "language: english", "sources/china.yaml:5: [0].language"),
        ("outlet: Xinhua", "outlet: Xinhua\n  lang: en", "[0].lang: Extra inputs"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in ROW
    found = mistakes_of(tmp_path, ROW.replace(old, new, 1))
    assert any(told in mistake for mistake in found), found


def test_an_id_is_given_once_in_all_files(tmp_path: Path) -> None:
    (tmp_path / "asia.yaml").write_text(ROW, encoding="utf-8")
    assert mistakes_of(tmp_path, ROW) == ["sources/china.yaml:1: [0].id: `xinhua-latest` is given twice"]


@pytest.mark.parametrize(
    ("example", "told"),
    [
        ("{url: 'https://news.cn/20261120/a.html', day: 2026-11-20}", ""),
        ("{url: 'https://news.cn/20261120/a.php', day: 2026-11-20}", "pattern does not fit its own example"),
        ("{url: 'https://news.cn/20261120/a.html', day: 2026-11-21}", "date_pattern gives 2026-11-20 for"),
        ("{url: 'https://news.cn/20261120/a.html'}", "date_pattern gives 2026-11-20 for"),
        ("{url: 'https://news.cn/20261320/a.html', day: 2026-11-20}", "date_pattern gives no day for"),
        ("{url: 'https://news.cn/latest/a.html', day: 2026-11-20}", "date_pattern gives no day for"),
    ],
)
def test_a_pattern_must_fit_its_own_examples(tmp_path: Path, example: str, told: str) -> None:
    links = f"links: {{pattern: 'a\\.html', date_pattern: '{DATED}', examples: [{example}]}}"
    found = mistakes_of(tmp_path, ROW.replace("links: {pattern: 'c\\.html'}", links))
    assert [told in mistake for mistake in found] == ([True] if told else []), found
    assert all("sources/china.yaml:10: [0].links" in mistake for mistake in found)


def test_a_day_is_read_out_of_an_address_by_the_sources_own_pattern_alone() -> None:
    links = Links(pattern="html", date_pattern=DATED)
    assert links.day("https://news.cn/20261120/a.html") == date(2026, 11, 20)
    assert links.day("https://news.cn/20260230/a.html") is None
    assert Links(pattern="html").day("https://news.cn/20261120/a.html") is None
