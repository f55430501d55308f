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
            "sources/china.yaml:1: [0]: a list page needs",
        ),
        ("rank: 2", "rank: 5", "sources/china.yaml:7: [0].rank"),
        ("Asia/Shanghai", "Asia/Peking", "sources/china.yaml:8: [0].zone: is not a time zone"),
        ("'c\\.html'", "'c('", "[0].links.pattern: is not a regular expression"),
        (
            "'c\\.html'",
            "c, date_pattern: '(?P<year>x)(?P<day>y)'",
            "[0].links.date_pattern: has no group named month",
        ),
        (
            "'c\\.html'",
            "c, selector: 'li >'",
            "sources/china.yaml:10: [0].links.selector: is not a CSS",
        ),
        (
            "family: xinhua",
            "family: xinhua\n  article: 'div['",
            "[0].article: is not a CSS selector",
        ),
        ("family: xinhua", "family: xinhua\n  enabled: false", "a source that is off needs a `reason`"),
        ("url: https:", "url: htps:", "sources/china.yaml:3: [0].url"),
        ("https://", "https://desk:hunter2@", "[0].url: carries a user or a password"),
        ("language: en", "language: english", "sources/china.yaml:5: [0].language"),
        ("outlet: Xinhua", "outlet: Xinhua\n  lang: en", "[0].lang: Extra inputs"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in ROW
    found = mistakes_of(tmp_path, ROW.replace(old, new, 1))
    assert any(told in mistake for mistake in found), found
    assert "hunter2" not in str(found)


API = """\
- id: ministry
  outlet: The Ministry
  url: https://gov.example.org/api/news?channel=7
  kind: api
  language: zh
  country: CHN
  rank: 1
  zone: Asia/Shanghai
  family: ministry
  api:
    items: data.list[?type == 'news']
    title: title
    url: join('', ['https://gov.example.org/', to_string(id)])
    date: published
    epoch: milliseconds
    page: {parameter: page}
"""


def test_an_api_is_described_by_paths(tmp_path: Path) -> None:
    assert mistakes_of(tmp_path, API) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "data.list[?type == 'news']",
            "data.[list",
            "sources/china.yaml:11: [0].api.items: is not",
        ),
        ("title: title", "title: ''", "sources/china.yaml:12: [0].api.title: is not a JMESPath"),
        (
            "title: title",
            "title: upper(title)",
            "sources/china.yaml:12: [0].api.title: is not a",
        ),
        ("title: title", "headline: title", "sources/china.yaml:12: [0].api.headline: Extra inputs"),
        ("title: title", "summary: title", "sources/china.yaml:11: [0].api.title: Field required"),
        ("epoch: milliseconds", "epoch: hours", "sources/china.yaml:15: [0].api.epoch: Input should be"),
        (
            "{parameter: page}",
            "{parameter: 'a&b=1'}",
            "sources/china.yaml:16: [0].api.page.parameter: String",
        ),
        ("{parameter: page}", "{parameter: page, step: 0}", "[0].api.page.step: Input should be greater"),
        (
            "    page: {",
            "    pages: 99\n    page: {",
            "sources/china.yaml:16: [0].api.pages: Input should be",
        ),
        (
            "    page: {",
            "    next: paging.next\n    page: {",
            "[0].api.page: stands beside `next`",
        ),
        (
            "kind: api",
            "kind: feed",
            "sources/china.yaml:11: [0].api: is of no use to the kind `feed`",
        ),
        ("kind: api", "kind: jason", "sources/china.yaml:4: [0].kind: Input should be 'feed'"),
        (API[API.index("  api:") :], "", "sources/china.yaml:1: [0]: an API needs `api`"),
    ],
)
def test_a_mistake_in_an_api_is_told_with_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in API
    found = mistakes_of(tmp_path, API.replace(old, new, 1))
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
