"""`dragoman sources check`: every source tried now, and what each of them gave."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from dragoman import show
from dragoman.terminal import UnknownError, counted, say
from dragoman.trying import Tried, opened
from tasks.read.child import Children
from tasks.settings import source_files
from tasks.settings.environment import Environment
from tasks.settings.sources import Source, Verified
from tasks.store.sources import SourceState

_COLUMNS = {
    "source": "id",
    "state": "state",
    "HTTP": "status",
    "items": "items",
    "newest": "newest",
    "language": "language",
    "why, and what to do": "told",
}
# One alone may well be down; if so many are silent and nobody speaks, the fault is hardly theirs.
_SEVERAL = 2


def run(
    environment: Environment,
    ids: Sequence[str],
    *,
    off: bool,
    record: bool,
    as_json: bool,
    out: Console,
    err: Console,
) -> int:
    """Try the sources named by `ids`, or all that are on, and with `off` all others as well.

    With `record`, the entries of those that gave items are given the day. Nothing goes to the
    store. The exit status: 1 if one that is on or was named does not do well, or not all were
    tried.

    Raises:
        LookupError: an id is unknown.
        ConfigurationError: the list of sources is wrong.
        WriteError: the days cannot be written.
    """
    folder = environment.configuration / "sources"
    chosen = _chosen(folder, ids, off=off)
    tried: list[Tried] = []
    whole = True
    with _telling(len(chosen), tried, out, err, plain=not as_json) as tell:
        try:
            asyncio.run(_try(environment, chosen, tell))
        except KeyboardInterrupt:
            whole = False
    order = {source.id: number for number, source in enumerate(chosen)}
    tried.sort(key=lambda one: order[one.source.id])
    if as_json:
        say(out, show.as_json_text([one.row() for one in tried]))
    elif out.is_terminal:
        show.rows(out, "", _COLUMNS, [_cells(one) for one in tried])
    told = err if as_json else out
    say(told, _summary(tried, len(chosen)))
    if record:
        say(told, _recorded(folder, tried))
    asked = [one for one in tried if one.source.enabled or one.source.id in ids]
    return 0 if whole and all(one.well for one in asked) else 1


def gave(tried: Tried) -> str:
    """What a source gave, in a few words."""
    newest = f", newest {tried.newest:%Y-%m-%d %H:%M}" if tried.newest else ", none with a date"
    items = f"{counted(tried.items, 'item')}{newest}" if tried.items else "no items"
    return f"{items}, in {tried.language}" if tried.language else items


def _chosen(folder: Path, ids: Sequence[str], *, off: bool) -> list[Source]:
    listed = [place.source for place in source_files.places(folder)]
    if unknown := sorted(set(ids) - {source.id for source in listed}):
        raise UnknownError(f"there is no source `{unknown[0]}` in config/sources/")
    if ids:
        return [source for source in listed if source.id in ids]
    return [source for source in listed if source.enabled or off]


async def _try(environment: Environment, sources: Sequence[Source], tell: Callable[[Tried], None]) -> None:
    with Children() as children:
        async with opened(environment, children, datetime.now(UTC)) as trial:
            await trial.all(sources, tell)


@contextmanager
def _telling(
    total: int, tried: list[Tried], out: Console, err: Console, *, plain: bool
) -> Iterator[Callable[[Tried], None]]:
    """Keeps what is told; a bar moves on a terminal, and elsewhere each source is a line at once."""
    progress = Progress(
        TextColumn("sources"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        TextColumn("{task.description}"),
        console=err, transient=True, disable=not err.is_terminal,
    )  # fmt: skip
    with progress:
        bar = progress.add_task("", total=total)

        def tell(one: Tried) -> None:
            tried.append(one)
            progress.update(bar, advance=1, description=one.source.id)
            if plain and not out.is_terminal:
                say(out, _line(one))

        yield tell


def _line(tried: Tried) -> str:
    told = " - ".join(filter(None, (tried.reason, tried.hint)))
    status = tried.status or "---"
    return f"{tried.source.id:<32} {_state(tried):<13} {status}  {gave(tried)}{f' - {told}' if told else ''}"


def _cells(tried: Tried) -> dict[str, object]:
    language = tried.source.language
    differs = tried.other_language
    reason = f"{tried.reason[0].upper()}{tried.reason[1:].rstrip('.')}." if tried.reason else None
    return {
        "id": tried.source.id,
        "state": _state(tried),
        "status": tried.status,
        "items": tried.items,
        "newest": tried.newest,
        "language": f"{language}, found {tried.language}" if differs else language,
        "told": " ".join(filter(None, (reason, tried.hint))),
    }


def _state(tried: Tried) -> str:
    return tried.state.value.replace("_", " ") + ("" if tried.source.enabled else " (off)")


def _summary(tried: Sequence[Tried], total: int) -> str:
    counts = ", ".join(f"{number} {state}" for state, number in Counter(map(_state, tried)).most_common())
    left = f"; stopped, {total - len(tried)} were not tried" if len(tried) < total else ""
    deaf = "; not one has answered: is this machine on the network?" if _deaf(tried) else ""
    return f"{counted(len(tried), 'source')} tried: {counts or 'none'}{left}{deaf}"


def _deaf(tried: Sequence[Tried]) -> bool:
    asked = [one for one in tried if one.state is not SourceState.REFUSED]
    answered = (one.status is not None or one.state is SourceState.ROBOTS for one in asked)
    return len(asked) >= _SEVERAL and not any(answered)


def _recorded(folder: Path, tried: Sequence[Tried]) -> str:
    today = datetime.now(UTC).date()
    seen = {
        one.source.id: Verified(on=today, note=counted(one.items, "item"))
        for one in tried
        if one.well and not one.other_language
    }
    changed = source_files.renew(folder, seen)
    return f"{counted(len(changed), 'entry', 'entries')}: seen alive on {today}"
