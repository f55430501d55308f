"""Pages in every language that is watched and in every layout: the lead story stays, the rest goes."""

import html
import re
from pathlib import Path

import pytest

from tasks.read.page import parse
from tasks.settings.environment import ROOT
from tasks.settings.page import read as page_words
from tests.read.conftest import a_terms
from tests.read.layouts import LAYOUTS
from tests.read.stories import STORIES, Story

REAL = ROOT.parent / "shared" / "seeds"


def taken(markup: str, title: str, language: str) -> dict[str, str]:
    """The text of each role that is found on a page."""
    terms = a_terms(title=title, language=language, content_type="text/html; charset=utf-8")
    found: dict[str, str] = {}
    for role, _, text in parse(markup.encode(), terms)["segments"]:
        found[role] = f"{found.get(role, '')}\n{text}"
    return found


def squeezed(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


def foreign(story: Story) -> tuple[str, ...]:
    """Whatever a page may hold that is not its story."""
    furniture = (story.caption, story.stop, story.comment, story.notice)
    return (story.other, story.brief, *story.others, *story.links, *furniture)


def test_every_language_of_the_lexicon_has_a_story_and_words_of_pages() -> None:
    watched = {path.stem for path in (ROOT / "config" / "lexicon").glob("*.yaml")}
    assert watched == set(STORIES)
    rows = {row.language: row for row in page_words()}
    assert all(rows[each].stop and rows[each].aside and rows[each].caption for each in watched)
    assert all(rows[each].weekdays for each in watched)


@pytest.mark.parametrize("language", STORIES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_lead_story_stays_and_the_rest_goes(layout: str, language: str) -> None:
    story = STORIES[language]
    found = taken(LAYOUTS[layout](story), story.title, language)
    main = found["main"]
    wanted = story.paragraphs[:2] if layout == "paywall" else story.paragraphs
    places = [main.find(paragraph) for paragraph in wanted]
    assert -1 not in places, found
    assert places == sorted(places)
    assert [text for text in foreign(story) if squeezed(text) in squeezed(main)] == []


@pytest.mark.parametrize("language", ["en", "zh", "ar"])
@pytest.mark.parametrize("layout", ["stacked_flat", "stacked_short", "bold_headings"])
def test_a_second_story_is_kept_apart_and_not_lost(layout: str, language: str) -> None:
    story = STORIES[language]
    found = taken(LAYOUTS[layout](story), story.title, language)
    assert all(paragraph in found["stacked"] for paragraph in story.others)


@pytest.mark.parametrize("language", STORIES)
def test_a_page_whose_title_nobody_knows(language: str) -> None:
    story = STORIES[language]
    main = taken(LAYOUTS["plain"](story), "", language)["main"]
    assert all(paragraph in main for paragraph in story.paragraphs)


# Of the five documents that the product was described with: the line with the title, those of the
# lead story, and those that are none of it, counted without the empty ones.
SHAPES = {
    "000": ("vi", None, range(2, 8), [1]),
    "001": ("en", 2, range(3, 15), [0, 1, *range(17, 26)]),
    "002": ("vi", 2, [4, *range(7, 11)], [0, 6, 12]),
    "003": ("vi", None, range(5), [6, 7]),
    "004": ("vi", 0, [1, 3, 4, 6], [2, 5, *range(7, 60)]),
}
DRESSES = ("paragraphs", "divisions", "breaks", "headed")


def dressed(lines: list[str], title: int | None, dress: str) -> str:
    """Lines as a page: each a paragraph or a division, or breaks between them, or the title a heading."""
    texts = [html.escape(line) for line in lines]
    if dress == "breaks":
        body = "<br>\n".join(texts)
    else:
        tag = "div" if dress == "divisions" else "p"
        body = "".join(
            f"<h1>{text}</h1>" if dress == "headed" and number == title else f"<{tag}>{text}</{tag}>"
            for number, text in enumerate(texts)
        )
    return f"<!DOCTYPE html><html><head><title>Page</title></head><body><div>{body}</div></body></html>"


@pytest.mark.skipif(not REAL.is_dir(), reason="the five documents lie beside the project, and are not there")
@pytest.mark.parametrize("number", SHAPES)
@pytest.mark.parametrize("dress", DRESSES)
def test_pages_in_the_shape_of_the_five_documents(number: str, dress: str) -> None:
    language, title, own, others = SHAPES[number]
    path: Path = next(REAL.glob(f"{number}_*.txt"))
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    found = taken(dressed(lines, title, dress), "" if title is None else lines[title], language)
    main = squeezed(found["main"])
    assert [at for at in own if squeezed(lines[at]) not in main] == []
    assert [at for at in others if squeezed(lines[at]) in main] == []
