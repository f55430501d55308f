"""A page's text, taken apart: the story, what is stacked below it, captions, teasers and the rest.

The text comes as lines, one paragraph or label each; of markup nothing is left. What a line is,
is told by its words (`config/page.yaml`), its shape, and its neighbours:

- The head, down to the first paragraph: the title, the lead and captions among labels.
- The story, until a line that ends it. A caption or a box within it does not end it: then several
  `main` segments follow each other and are one story.
- Another story begins at a line that has the shape of a heading where the text below begins anew:
  with a dateline or a day, with the heading's own words, with a picture.
- After a stop heading, whatever still tells a story is another one, and the rest is furniture.

Nothing here is sure. The order of harm decides: a foreign story taken for the item's own makes
false news, so in doubt a story counts as stacked; a lost lead would lose the item, so in doubt the
first text is the story.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from tasks.model import Segment, SegmentRole
from tasks.read.furniture import Furniture, furniture
from tasks.read.shape import Line, Shape, fold, overlap, split

# What a line is, and the number of the story that it stands in.
Part = tuple[SegmentRole, int]

MAIN, STACKED, CAPTION = SegmentRole.MAIN, SegmentRole.STACKED, SegmentRole.CAPTION
TEASER, BOILERPLATE = SegmentRole.TEASER, SegmentRole.BOILERPLATE

# How many points make a heading the beginning of another story, and what gives them.
NEW_STORY = 4
# Words of a headline; a subheading has fewer as a rule.
HEADLINE = 8
# Headings in a row that are a list of links and no text.
LINKS = 3
# Lines below a label such as "Read also".
LONGEST_BOX = 5
# A paragraph that repeats an earlier one, wholly or but for its opening.
SAME = 60
# The share of words that makes a line the title once more.
SIMILAR = 0.8
# "AFP: ..." opens a question in a transcript, not a story.
_SPEAKER = re.compile(r"^[^\W\d_][\w .-]{0,30}[:：]")


def segment(
    title: str, body: str, language: str | None, headings: frozenset[str] = frozenset()
) -> tuple[Segment, ...]:
    """The segments of an item with this title and body; `language` (as `vi`) narrows the words.

    `headings` are lines that the page marks as headings of the rank of its own headline.

    Offsets count in the item's text, which is the title, a blank line and the body, or the body
    alone where there is no title. The first segment holds the title. Segments do not overlap;
    together they hold every line that is not empty. All `main` segments are one story, in their
    order.
    """
    text = f"{title}\n\n{body}" if title else body
    lines = split(text, len(text) - len(body))
    if not lines:
        return (Segment(MAIN, 0, text),) if text.strip() else ()
    words = furniture(language)
    captions = [words.caption(line) for line in lines]
    parts = _Reader(title, lines, words, captions, frozenset(map(fold, headings))).parts()
    if all(role is not MAIN for role, _ in parts):
        # Nothing looks like a story, so what there is must be it.
        parts = [(CAPTION if role is CAPTION else MAIN, 0) for role, _ in parts]
    return _joined(text, title, lines, parts)


@dataclass(slots=True)
class _Reader:
    """Goes down the lines once, with an eye on the next few."""

    title: str
    lines: Sequence[Line]
    words: Furniture
    captions: Sequence[bool]
    headings: frozenset[str]

    def parts(self) -> list[Part]:
        """What each line is, and of which story."""
        head = self._head()
        parts = [(self._head_role(index), 0) for index in range(head)]
        role, story = MAIN, 0
        ended = stopped = False
        index = head
        while index < len(self.lines):
            length, other = self._furniture(index, parts, ended=ended)
            if other is not None:
                stopped = stopped or self._stops(index)
                ended = ended or stopped or self._credits(index)
                parts += [(other, story)] * length
                index += length
                continue
            # Below a stop heading a single paragraph is the abstract of a link.
            begins = self._runs_on(index) if stopped else self._begins_story(index, parts, ended=ended)
            if begins:
                role, story, ended, stopped = STACKED, story + 1, False, False
            parts.append((BOILERPLATE if stopped or self._repeated(index, parts) else role, story))
            index += 1
        return parts

    def _head(self) -> int:
        """The line at which the text proper begins."""
        for index, line in enumerate(self.lines):
            if line.shape is Shape.PARAGRAPH and not self._caption(index):
                return index
        return 0

    def _is_title(self, index: int) -> bool:
        line, title = self.lines[index], _words(self.title)
        return overlap(line.words, title) >= SIMILAR or overlap(title, line.words) >= SIMILAR

    def _head_role(self, index: int) -> SegmentRole:
        line = self.lines[index]
        if self._caption(index):
            return CAPTION
        if overlap(line.words, _words(self.title)) >= 0.8 or overlap(_words(self.title), line.words) >= 0.8:
            return MAIN
        if (
            self.words.noise(line)
            or self.words.stop(line)
            or self.words.aside(line)
            or line.shape is Shape.MARK
        ):
            return BOILERPLATE
        return MAIN if line.shape is not Shape.LABEL else BOILERPLATE

    def _furniture(self, index: int, parts: Sequence[Part], *, ended: bool) -> tuple[int, SegmentRole | None]:
        """How many lines from here are no story, and what they are; none and None for a story's."""
        line = self.lines[index]
        if self._caption(index):
            return 1, CAPTION
        if (
            self.words.stop(line)
            or self.words.credit(line)
            or self.words.noise(line)
            or line.shape is Shape.MARK
        ):
            return 1, BOILERPLATE
        if self.words.aside(line):
            return 1 + self._box(index + 1, parts), BOILERPLATE
        if self._teases(index):
            return 1, TEASER
        links = self._links(index)
        if links >= LINKS or (links and ended and not self._paragraph_at(index + links)):
            return links, BOILERPLATE
        if line.shape is Shape.LABEL and (index + 1 == len(self.lines) or self._closes(index + 1)):
            return 1, BOILERPLATE
        return 0, None

    def _caption(self, index: int) -> bool:
        return self.captions[index]

    def _stops(self, index: int) -> bool:
        return self.words.stop(self.lines[index])

    def _credits(self, index: int) -> bool:
        return self.words.credit(self.lines[index])

    def _closes(self, index: int) -> bool:
        """Whether a line ends a story, so that a label above it is its author."""
        return self._stops(index) or self._credits(index)

    def _box(self, index: int, parts: Sequence[Part]) -> int:
        """How many short lines belong to a box that was opened above."""
        length = 0
        while length < LONGEST_BOX and index + length < len(self.lines):
            at = index + length
            if self.lines[at].shape is Shape.PARAGRAPH or self._stops(at):
                break
            if self._begins_story(at, parts, ended=False):
                break
            length += 1
        return length

    def _links(self, index: int) -> int:
        """How many lines from here are headings in a row, that is, links."""
        length = 0
        while index + length < len(self.lines) and self.lines[index + length].shape in (
            Shape.HEADING,
            Shape.LABEL,
            Shape.MARK,
        ):
            length += 1
        # The last of them may head the text that follows.
        return length - 1 if length and self._paragraph_at(index + length) else length

    def _teases(self, index: int) -> bool:
        """A paragraph that breaks off, with nothing of its story below it."""
        line = self.lines[index]
        last = index + 1 == len(self.lines)
        if last or len(line.text) < SAME or not self.words.breaks_off(line):
            return False
        return not self._paragraph_at(index + 1) or self.words.breaks_off(self.lines[index + 1])

    def _begins_story(self, index: int, parts: Sequence[Part], *, ended: bool) -> bool:
        """Whether another story begins at a heading: points for everything that speaks for it."""
        line = self.lines[index]
        below = self._below(index)
        if below is None or self._is_title(index) or not self._may_head(line, self.lines[below]):
            return False
        if all(role is not MAIN for role, _ in parts) or _SPEAKER.match(line.text):
            return False
        lead = self.lines[below]
        points = 3 if ended else 0
        points += NEW_STORY if line.folded in self.headings else 0
        points += 4 if self.words.dateline(lead) else 1 if self.words.dated(lead) else 0
        points += (
            2 if any(self._caption(at) for at in range(index + 1, min(index + 4, len(self.lines)))) else 0
        )
        points += self._restated(line, lead)
        points += 1 if line.weight >= HEADLINE else -1 if line.weight < 5 else 0
        points += 2 if self._strange(index, below, parts) else 0
        points -= 3 if line.text.endswith(("?", "？")) else 0
        return points >= NEW_STORY

    def _may_head(self, line: Line, lead: Line) -> bool:
        """Whether a line may be a headline: by its shape, or a short one by its rank or a dateline below."""
        if line.shape is Shape.HEADING:
            return True
        return line.shape is Shape.LABEL and (line.folded in self.headings or self.words.dateline(lead))

    @staticmethod
    def _restated(line: Line, lead: Line) -> int:
        """A lead says again what its headline says; below a short subheading that means little."""
        share = overlap(line.words, lead.words)
        if line.weight >= HEADLINE and share >= 0.75:
            return 3
        return 2 if line.weight >= HEADLINE - 2 and share >= 0.6 else 0

    def _below(self, index: int) -> int | None:
        """The paragraph that a heading heads: the next line, but for captions."""
        at = index + 1
        while at < len(self.lines) and self._caption(at):
            at += 1
        return at if self._paragraph_at(at) else None

    def _strange(self, index: int, below: int, parts: Sequence[Part]) -> bool:
        """Whether heading and paragraph name nothing that the story above has named."""
        above: set[str] = set(_words(self.title))
        for line, (role, _) in zip(self.lines, parts, strict=False):
            if role is MAIN:
                above |= line.names
        names = self.lines[index].names | self.lines[below].names
        return len(names) >= 3 and overlap(names, above) < 0.15

    def _runs_on(self, index: int) -> bool:
        """Whether a story, and not an abstract, begins here: two paragraphs, perhaps below a heading."""
        start = index + 1 if self.lines[index].shape is not Shape.PARAGRAPH else index
        return self._paragraph_at(start) and self._paragraph_at(start + 1)

    def _paragraph_at(self, index: int) -> bool:
        if not 0 <= index < len(self.lines) or self.lines[index].shape is not Shape.PARAGRAPH:
            return False
        return not (self._caption(index) or self._closes(index))

    def _repeated(self, index: int, parts: Sequence[Part]) -> bool:
        """A paragraph that stands above already, wholly or behind the name of the outlet."""
        line = self.lines[index]
        if len(line.folded) < SAME:
            return False
        told = (
            earlier for earlier, part in zip(self.lines, parts, strict=False) if part[0] in (MAIN, STACKED)
        )
        return any(line.folded in earlier.folded for earlier in told)


def _joined(text: str, title: str, lines: Sequence[Line], parts: Sequence[Part]) -> tuple[Segment, ...]:
    """Neighbours of one role and one story as one segment."""
    runs: list[tuple[Part, int, int]] = [((MAIN, 0), 0, len(title))] if title.strip() else []
    for line, part in zip(lines, parts, strict=True):
        if runs and runs[-1][0] == part:
            runs[-1] = part, runs[-1][1], line.end
        else:
            runs.append((part, line.start, line.end))
    return tuple(Segment(role, start, text[start:end]) for (role, _), start, end in runs)


@cache
def _words(title: str) -> frozenset[str]:
    return split(title, 0)[0].words if title.strip() else frozenset()
