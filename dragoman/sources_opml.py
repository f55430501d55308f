"""`dragoman sources import` and `export`: the list in the form that readers hand around."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from dragoman.drafting import Draft, Drafter, Given, slug
from dragoman.terminal import counted, say
from tasks.read.child import OPML, Children, ToxicError
from tasks.read.discover import language_code
from tasks.read.document import Terms
from tasks.read.opml import Outline, Outlines
from tasks.settings import opml, source_files
from tasks.settings.environment import Environment
from tasks.settings.source_files import WriteError

# Of an OPML file, in bytes; five thousand sources have two megabytes.
LONGEST = 10 * 1024 * 1024
# Where an outline goes that lies in no folder, or in one whose name has no Latin letters.
_NO_FOLDER = "imported"


@dataclass(slots=True)
class _Import:
    """What becomes of the outlines of one file."""

    drafter: Drafter
    file: str
    trusted: bool
    day: str
    drafts: list[Draft] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def take(self, outline: Outline) -> None:
        """Draft the entry of an outline, or note why there is none."""
        if listed := self.drafter.listed(outline.url):
            where = listed if listed.line else "earlier in this file"
            self.known.append(f"{outline.url} is in the list as `{listed.source.id}`: {where}")
            return
        try:
            self.drafts.append(self._own(outline) if outline.entry else self._foreign(outline))
        except ValueError as error:
            self.refused.append(str(error))

    def _own(self, outline: Outline) -> Draft:
        """An entry that was written by our export says everything itself."""
        values = opml.values(outline.url, outline.title, outline.language, outline.entry)
        weakened = sorted(name for name in opml.GUARDED & values.keys() if values[name])
        if weakened and not self.trusted:
            raise WriteError(
                f"{outline.url} asks for {' and '.join(weakened)}: --trusted if you know who wrote it"
            )
        return self.drafter.take(values, slug(outline.folder) or _NO_FOLDER)

    def _foreign(self, outline: Outline) -> Draft:
        return self.drafter.draft(
            outline.url,
            outlet=outline.title,
            languages=[language_code(outline.language)],
            file=slug(outline.folder) or _NO_FOLDER,
            values={"believed": f"the list {self.file}, imported on {self.day}"},
        )


def import_file(
    environment: Environment,
    path: Path,
    given: Given,
    fallback: Given,
    *,
    trusted: bool,
    out: Console,
    err: Console,
) -> int:
    """Add the sources of an OPML file to the list; what is there already stays as it is.

    `given` holds for all of them, `fallback` for what neither the file nor the addresses tell. With
    `trusted` an entry may weaken a guard.

    The exit status: 1 if an entry could not be made of each source.

    Raises:
        WriteError: the file is no OPML, is too long, or a file of the list cannot be added to.
        ConfigurationError: the list is wrong as it stands.
    """
    folder = environment.configuration / "sources"
    outlines = _outlines(path)
    places = source_files.places(folder) if folder.is_dir() else []
    found = _Import(Drafter(places, given, fallback), path.name, trusted, f"{datetime.now(UTC):%Y-%m-%d}")
    for outline in outlines.found:
        found.take(outline)
    by_file: dict[str, list[Draft]] = defaultdict(list)
    for draft in found.drafts:
        by_file[draft.file].append(draft)
    for name, drafts in by_file.items():
        written = source_files.append(folder, name, [draft.source for draft in drafts])
        say(out, f"{counted(len(drafts), 'source')} added to {written}")
    for line in found.known:
        say(out, f"left as it is: {line}")
    for line in found.refused:
        say(err, f"not added: {line}")
    if outlines.left:
        say(err, f"not added: {outlines.left} more, as the file is too long or too deep")
    on = sum(draft.source.enabled for draft in found.drafts)
    say(
        out,
        f"{counted(len(found.drafts), 'source')} added, {on} of them on; dragoman sources check tries them",
    )
    return 1 if found.refused or outlines.left else 0


def export(environment: Environment, path: Path | None, out: Console) -> None:
    """Write all sources as OPML to `path`, or print them.

    Raises:
        ConfigurationError: the list is wrong as it stands.
    """
    places = source_files.places(environment.configuration / "sources")
    document = opml.document(places, datetime.now(UTC))
    if path is None:
        say(out, document.decode().rstrip())
        return
    path.write_bytes(document)
    say(out, f"{counted(len(places), 'source')} written to {path}")


def _outlines(path: Path) -> Outlines:
    if path.stat().st_size > LONGEST:
        raise WriteError(f"{path} is longer than {LONGEST // 2**20} MiB; no list of feeds is")
    terms = Terms(url=path.resolve().as_uri(), zone="UTC", language="en", now=datetime.now(UTC))
    with Children(1) as children:
        try:
            outlines = Outlines.from_json(children.read(OPML, terms, path.read_bytes()))
        except ToxicError as error:
            raise WriteError(f"{path} cannot be read: {error}") from error
    if outlines.problem:
        raise WriteError(f"{path} cannot be imported: {outlines.problem}")
    return outlines
