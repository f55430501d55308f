"""Made-up news of other things in every language: nothing of it may be told.

    python -m tests.trials.offtopic --items 100000 [--seed 1]

The items go through what `dragoman replay` feeds, into a scratch database that knows the register,
as if they were published by the configured sources, some minutes apart. Each is made from the seed
and its number alone.
"""

import argparse
import random
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from dragoman import scratch
from dragoman.replay import Line, Replay
from tasks.model import AGGREGATOR
from tasks.settings import configuration, register
from tasks.settings.configuration import Configuration
from tasks.settings.environment import ROOT
from tasks.settings.sources import Source
from tasks.store import database as store
from tests.trials.templates import LANGUAGES, Author

START = datetime(2026, 1, 5, 6, tzinfo=UTC)
PACE = timedelta(minutes=2)
_PROGRESS = 5_000


@dataclass(slots=True)
class Report:
    """What came of a stream, with the items that were told although they should not have been."""

    items: int = 0
    relevant: int = 0
    passed: int = 0
    alerts: int = 0
    took: float = 0.0
    failed: list[str] = field(default_factory=list)
    false_alerts: list[str] = field(default_factory=list)
    taken_as_relevant: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """The report, line by line."""
        rate = self.items / self.took if self.took else 0.0
        yield from (f"FALSE ALERT: {one}" for one in self.false_alerts)
        yield from (f"FAILED: {one}" for one in self.failed)
        yield (
            f"{self.items} items, {self.passed} past the gate, {self.relevant} relevant, "
            f"{self.alerts} alerts, {rate:.0f} items per second"
        )


class Stream:
    """The made-up items, by their numbers."""

    def __init__(self, settings: Configuration, seed: int) -> None:
        """Keep whose names and sources are used."""
        self._author = Author(settings)
        self._seed = seed
        self._sources: Mapping[str, Sequence[Source]] = {
            language: [one for one in settings.sources if one.language == language and one.rank < AGGREGATOR]
            for language in LANGUAGES
        }

    def item(self, number: int) -> Line:
        """The item of a number, as a line of a replay."""
        chance = random.Random(f"{self._seed}/{number}")
        language = chance.choice(LANGUAGES)
        published = START + number * PACE
        made = self._author.write(chance, language, published)
        own = self._sources[language]
        fetched = published + timedelta(minutes=chance.randint(1, 90))
        return Line.model_validate(
            {
                "id": f"{number}-{language}-{made.topic}",
                "title": made.title,
                "summary": made.summary,
                "body": made.body or None,
                "lang": language,
                "source": chance.choice(own).id if own else f"Wire {chance.randint(1, 9)}",
                "published": published.isoformat(),
                "fetched": fetched.isoformat(),
            }
        )


def trial(dsn: str, settings: Configuration, items: int, seed: int, *, talk: bool = False) -> Report:
    """Feed so many items into an empty store at `dsn`; what came of them."""
    known = register.read(ROOT / "seeds" / "register.yaml")
    stream = Stream(settings, seed)
    report = Report()
    began = time.monotonic()
    with store.connect(dsn) as db, Replay(db, settings, known) as replay:
        for number in range(items):
            line = stream.item(number)
            try:
                done = replay.feed(line)
            except Exception as error:
                if replay.broken:
                    raise
                report.failed.append(f"{type(error).__name__}: {error}: {line.model_dump_json()}")
                continue
            report.passed += done.coding.gate.passed
            if done.coding.coded.relevant:
                report.taken_as_relevant.append(_described(line))
            if talk and number % _PROGRESS == _PROGRESS - 1:
                sys.stdout.write(f"{number + 1} items, {time.monotonic() - began:.0f} s\n")
                sys.stdout.flush()
        report.took = time.monotonic() - began
        told = {result["id"]: result for result in replay.results() if result["alerts"]}
        summary = replay.summary()
    report.items, report.relevant, report.alerts = summary.items, summary.relevant, summary.alerts
    for name, result in told.items():
        line = stream.item(int(str(name).partition("-")[0]))
        said = [
            f"{'background ' if one['background'] else ''}{one['kind']} {one['stage']} {one['dyad']} "
            f"{one['evidence']['kind']['quote']!r}"
            for one in result["mentions"]
        ]
        report.false_alerts.append(f"{_described(line)}\n  {'; '.join(said)}")
    return report


def _described(line: Line) -> str:
    return " | ".join(part for part in (line.id, line.title, line.body or "", line.summary or "") if part)


def main() -> int:
    """Run the trial; 1 if anything was told, or could not be taken in."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, metavar="COUNT", help="so many that count as relevant")
    asked = parser.parse_args()
    settings = configuration.load(ROOT / "config")
    with scratch.database() as dsn:
        report = trial(dsn, settings, asked.items, asked.seed, talk=True)
    for one in report.taken_as_relevant[: asked.show]:
        sys.stdout.write(f"relevant: {one}\n")
    sys.stdout.write("\n".join([*report.lines(), ""]))
    return 1 if report.false_alerts or report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
