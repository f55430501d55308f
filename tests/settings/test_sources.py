"""The list of sources in `config/sources/`, and what the loader says of wrong rows."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from tasks.settings import sources
from tasks.settings.environment import ROOT
from tasks.settings.located import Mistake
from tasks.settings.sources import Source, SourceKind

# On without a dated check of their own address: each file says why at its head.
UNSEEN = {
    "bao-thanh-hoa",
    "bao-thanh-hoa-law",
    "china-mfa-remarks-zh",
    "eu-council",
    "kormany-foreign",
    "kormany-interior",
}

HASH = "b03f83726e364660970072e9fe6c6bc0"

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


@pytest.fixture(scope="module")
def real() -> Sequence[Source]:
    mistakes: list[Mistake] = []
    loaded = sources.load(ROOT / "config" / "sources", mistakes)
    assert mistakes == []
    return loaded


def mistakes_of(folder: Path, text: str) -> list[str]:
    (folder / "china.yaml").write_text(text, encoding="utf-8")
    mistakes: list[Mistake] = []
    sources.load(folder, mistakes)
    return [str(mistake) for mistake in sorted(mistakes)]


def test_enough_sources_are_on_in_enough_languages(real: Sequence[Source]) -> None:
    on = [source for source in real if source.enabled]
    assert len(on) >= 70
    assert {"en", "zh", "ru", "vi", "hu", "sr"} <= {source.language for source in on}
    assert {"CHN", "RUS", "HUN", "SRB", "DEU", "FRA", "GBR", "VNM"} <= {source.country for source in on}


def test_what_is_on_was_seen_alive(real: Sequence[Source]) -> None:
    assert {source.id for source in real if source.enabled and source.verified is None} == UNSEEN


def test_what_is_off_says_why_and_when(real: Sequence[Source]) -> None:
    for source in real:
        if not source.enabled:
            assert source.reason and re.search(r"20\d\d|By policy", source.reason), source.id


def test_what_a_policy_forbids_is_off(real: Sequence[Source]) -> None:
    by_id = {source.id: source for source in real}
    for name in ("rt", "sputnik", "google-news", "china-mps-zh", "russia-mfa"):
        assert not by_id[name].enabled


def test_an_address_is_polled_once(real: Sequence[Source]) -> None:
    assert [url for url, times in Counter(str(source.url) for source in real).items() if times > 1] == []


def test_one_house_is_one_witness(real: Sequence[Source]) -> None:
    family = {source.id: source.family for source in real}
    assert {name for name in family if name.startswith("xinhua-")} == {
        name for name, house in family.items() if house == "xinhua"
    }
    assert family["global-times-world"] == family["peoples-daily-world-zh"]
    assert family["vietnamplus"] == family["bao-tin-tuc"]
    assert family["n1-serbia"] == family["danas"]


def test_ranks_are_those_of_the_codebook(real: Sequence[Source]) -> None:
    rank = {source.id: source.rank for source in real}
    assert {rank[name] for name in ("china-mfa-news-zh", "kremlin", "eu-commission", "kormany-interior")} == {
        1
    }
    assert {rank[name] for name in ("xinhua-latest", "tass", "interfax-ru", "tanjug-serbia")} == {2}
    assert {source.rank for source in real if source.family in ("google-news", "gdelt")} == {4}


def test_the_ministry_is_asked_slowly_and_gets_its_cookie_back(real: Sequence[Source]) -> None:
    ministry = [source for source in real if source.family == "china-mfa" and source.enabled]
    assert {source.group for source in ministry} == {"china-mfa"}
    assert all(source.cookies and source.spacing >= 5 for source in ministry)


@pytest.mark.parametrize(
    ("name", "address", "day"),
    [
        ("xinhua-latest", f"english.news.cn/20251202/{HASH}/c.html", "20251202"),
        ("xinhua-world", f"english.news.cn/europe/20251202/{HASH}/c.html", "20251202"),
        ("peoples-daily-home", "en.people.cn/n3/2025/1128/c90000-20396489.html", "20251128"),
        ("peoples-daily-world-zh", "world.people.com.cn/n1/2025/1203/c1002-40616491.html", "20251203"),
        ("china-daily-opinion", "www.chinadaily.com.cn/a/202512/02/WS692e2f8aa310.html", "20251202"),
        ("china-gov-news", "english.www.gov.cn/news/202405/10/content_WS663d3b83.html", "20240510"),
        ("ecns", "www.ecns.cn/news/cns-wire/2025-01-14/detail-ihemwfzp0418309.shtml", "20250114"),
        ("china-mfa-conferences", "www.fmprc.gov.cn/eng/xw/202607/t20260728_11993800.html", "20260728"),
        ("china-mfa-news-zh", "www.mfa.gov.cn/web/wjbxw/202512/t20251202_11764980.shtml", "20251202"),
        ("china-mnd-releases-zh", "www.mod.gov.cn/gfbw/xwfyr/yzxwfb/16479365.html", None),
        ("global-times-world", "www.globaltimes.cn/page/202602/1354748.shtml", None),
    ],
)
def test_a_list_finds_its_articles_and_their_days(
    real: Sequence[Source], name: str, address: str, day: str | None
) -> None:
    links = next(source.links for source in real if source.id == name)
    assert links is not None and links.pattern is not None
    address = f"https://{address}"
    assert re.search(links.pattern, address)
    if day is None:
        assert links.date_pattern is None
        return
    assert links.date_pattern is not None
    found = re.search(links.date_pattern, address)
    assert found and found["year"] + found["month"] + found["day"] == day


def test_a_list_does_not_take_itself_for_an_article(real: Sequence[Source]) -> None:
    for source in real:
        if source.kind is SourceKind.LIST and source.links and source.links.pattern:
            assert not re.search(source.links.pattern, str(source.url)), source.id


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
