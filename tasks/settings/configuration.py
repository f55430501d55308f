"""All of `config/`, read and checked together."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tasks.settings import (
    actors,
    channels,
    evidence,
    gate,
    lexicon,
    mechanisms,
    second_reader,
    sources,
    watch,
)
from tasks.settings.actors import Actors, OfficeKind
from tasks.settings.channels import Channels
from tasks.settings.evidence import Evidence
from tasks.settings.gate import Scales
from tasks.settings.lexicon import Lexicon
from tasks.settings.located import ConfigurationError, Mistake
from tasks.settings.mechanisms import Mechanism
from tasks.settings.second_reader import SecondReader
from tasks.settings.sources import Source
from tasks.settings.watch import Watch


@dataclass(frozen=True, slots=True)
class Configuration:
    """What an analyst and an operator have set.

    `version` is the hash of what decides how a text is coded: actors, mechanisms, lexicon and gate.
    """

    sources: Sequence[Source]
    actors: Actors
    mechanisms: Mapping[str, Mechanism]
    evidence: Evidence
    lexicon: Lexicon
    scales: Scales
    watch: Watch
    channels: Channels
    second_reader: SecondReader | None
    version: str


def load(folder: Path) -> Configuration:
    """The configuration in `folder`.

    Raises:
        ConfigurationError: anything is wrong; it lists everything that is.
    """
    configuration, mistakes = check(folder)
    if mistakes:
        raise ConfigurationError(mistakes)
    return configuration


def check(folder: Path) -> tuple[Configuration, list[Mistake]]:
    """What can be read of the configuration in `folder`, and everything that is wrong with it."""
    mistakes: list[Mistake] = []
    if not folder.is_dir():
        raise ConfigurationError([Mistake(str(folder), 1, "", "is no folder")])
    configuration = Configuration(
        sources=sources.load(folder / "sources", mistakes),
        actors=actors.load(folder / "actors", mistakes),
        mechanisms=mechanisms.load(folder / "mechanisms.yaml", mistakes),
        lexicon=lexicon.load(folder / "lexicon", mistakes),
        evidence=evidence.load(folder / "evidence.yaml", mistakes),
        scales=gate.load(folder / "gate.yaml", mistakes),
        watch=watch.load(folder / "watch.yaml", mistakes),
        channels=channels.load(folder / "channels.yaml", mistakes),
        second_reader=second_reader.load(folder / "second_reader.yaml", mistakes),
        version=_version(folder),
    )
    if not mistakes:
        mistakes.extend(_strangers(configuration))
    return configuration, mistakes


def _strangers(configuration: Configuration) -> Iterator[Mistake]:
    """What one file names and another one does not know. Asked only of files that are right by themselves."""
    states = configuration.actors.states

    def unknown(dyads: Iterable[str] | None) -> list[str]:
        return sorted(dyad for dyad in dyads or () if not all(party in states for party in dyad.split("-")))

    for dyad in unknown(configuration.watch.dyads):
        yield Mistake("watch.yaml", 1, "dyads", f"`{dyad}` names no known state")
    for channel in configuration.channels.by_id.values():
        for route in channel.routes or ():
            for dyad in unknown(route.dyads):
                yield Mistake("channels.yaml", 1, f"{channel.id}.routes", f"`{dyad}` names no known state")
    offices = {kind.value for kind in OfficeKind}
    for mechanism in configuration.mechanisms.values():
        for side, chairs in mechanism.chairs.items():
            if side not in (mechanism.dyad or "").split("-"):
                yield Mistake("mechanisms.yaml", 1, f"{mechanism.id}.chairs", f"`{side}` is no party of it")
            for chair in sorted(set(chairs) - offices):
                yield Mistake("mechanisms.yaml", 1, f"{mechanism.id}.chairs", f"`{chair}` is no known office")


def _version(folder: Path) -> str:
    digest = hashlib.sha256()
    single = [folder / "mechanisms.yaml", folder / "gate.yaml"]
    coded_by = [*single, *(folder / "actors").glob("*"), *(folder / "lexicon").glob("*")]
    for path in sorted(path for path in coded_by if path.is_file()):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
