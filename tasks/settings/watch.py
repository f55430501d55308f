"""`config/watch.yaml`: what is worth an alert."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from tasks.model import Kind
from tasks.settings import located
from tasks.settings.located import Mistake, Row


def _dyad(code: str) -> str:
    parties = code.split("-")
    if len(parties) != 2 or not all(len(p) == 3 and p.isascii() and p.isupper() for p in parties):
        raise ValueError("is not two codes of three letters, such as CHN-RUS")
    if "CHN" not in parties or parties[0] >= parties[1]:
        raise ValueError("must name CHN and one other party, in alphabetical order, such as BLR-CHN")
    return code


# Two parties in alphabetical order, one of them China (codebook, "Dyad").
Dyad = Annotated[str, AfterValidator(_dyad)]


class Watch(Row):
    """What alerts. `dyads` is None for all of them.

    The kinds that alert and the freshness window are those of the codebook, unless set otherwise
    ("Kind", "Background").
    """

    dyads: frozenset[Dyad] | None = Field(default=None, min_length=1)
    kinds: frozenset[Kind] = frozenset({Kind.AGREEMENT, Kind.CONSULTATION_ROUND})
    freshness_days: int = Field(default=14, ge=1, le=90)

    @property
    def freshness(self) -> timedelta:
        """How long after an event its first report still is news."""
        return timedelta(days=self.freshness_days)


def load(path: Path, mistakes: list[Mistake]) -> Watch:
    """The watch in the file at `path`, the default one for an empty file; mistakes go to `mistakes`."""
    try:
        document = located.read(path, path.name)
    except located.ConfigurationError as error:
        mistakes.extend(error.mistakes)
        return Watch()
    if document.value is None:
        return Watch()
    return located.check(document, Watch, mistakes) or Watch()
