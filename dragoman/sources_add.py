"""`dragoman sources add URL`: find where an outlet publishes for programs, try it, write the entry."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

import typer
from rich.console import Console

from dragoman.drafting import Draft, Drafter
from dragoman.searching import Find, Search, Wish
from dragoman.sources_check import gave
from dragoman.terminal import say
from dragoman.trying import opened
from tasks.read.address import absolute
from tasks.read.child import Children, ToxicError
from tasks.settings import source_files
from tasks.settings.environment import Environment
from tasks.settings.source_files import WriteError
from tasks.settings.sources import SourceKind, Verified
from tasks.store.sources import SourceState


def run(environment: Environment, wish: Wish, *, out: Console, err: Console, ask: bool) -> int:
    """Find, try, choose and write; with `ask` the operator is asked where there are several.

    The exit status: 1 if nothing was found that gives items.

    Raises:
        WriteError: it is in the list already, something is missing, or the file cannot be added to.
        ConfigurationError: the list is wrong as it stands.
        typer.BadParameter: the address or the number is none.
    """
    folder = environment.configuration / "sources"
    url = _address(wish.url)
    wish = replace(wish, url=url)
    drafter = Drafter(source_files.places(folder) if folder.is_dir() else [], wish.given)
    if listed := drafter.listed(url):
        raise WriteError(f"{url} is in the list already as `{listed.source.id}`, at {listed}")
    if wish.given.id:
        drafter.check_id(wish.given.id)
    search = asyncio.run(_searched(environment, wish, drafter, lambda find: _show(out, find)))
    good = [find for find in search.finds if find.good]
    if not good and wish.choose is None:
        say(err, f"dragoman: {_nothing(search)}")
        return 1
    find = _chosen(search.finds, good, wish, out, ask=ask)
    draft = _drafted(find, search, drafter)
    path = source_files.append(folder, draft.file, [draft.source])
    place = next(place for place in source_files.places(folder) if place.source.id == draft.source.id)
    say(out, f"added to {path}, line {place.line}:\n")
    say(out, source_files.entry(draft.source).rstrip())
    return 0


async def _searched(
    environment: Environment, wish: Wish, drafter: Drafter, tell: Callable[[Find], None]
) -> Search:
    with Children(1) as children:
        async with opened(environment, children, datetime.now(UTC)) as trial:
            search = Search(trial, wish, drafter, tell)
            try:
                await search.run()
            except ToxicError as error:
                raise WriteError(f"{wish.url} cannot be read: {error}") from error
            return search


def _address(text: str) -> str:
    url = absolute(text if "://" in text else f"https://{text}")
    if url is None:
        raise typer.BadParameter(f"is no address of the web: {text}", param_hint="URL")
    return url


def _show(out: Console, find: Find) -> None:
    named = f" “{find.candidate.title}”" if find.candidate.title else ""
    say(out, f"{find.number:>2}. {find.candidate.url}{named}, {find.candidate.found}\n    {find}")
    if find.candidate.pattern:
        say(out, f"    links like {find.candidate.pattern}")


def _nothing(search: Search) -> str:
    if search.failure:
        return f"{search.wish.url} cannot be had: {search.failure.reason}"
    if any(find.listed for find in search.finds):
        return "what is there to read is in the list already"
    if search.finds:
        return "none of what was found does well; --choose N takes one all the same"
    return "there is no feed, no news sitemap and no list of dated links; the entry must be written by hand"


def _chosen(finds: Sequence[Find], good: Sequence[Find], wish: Wish, out: Console, *, ask: bool) -> Find:
    takeable = {find.number: find for find in finds if find.tried and find.tried.items}
    best = max(good, key=_worth).number if good else 0
    number = wish.choose
    if number is None:
        number = typer.prompt("Which one", type=int, default=best) if ask and len(good) > 1 else best
        if number == best and len(good) > 1 and not ask:
            say(out, f"taken: {best}, the best of {len(good)}; --choose N takes another")
    if number not in takeable:
        told = ", ".join(map(str, takeable)) or "none"
        raise typer.BadParameter(
            f"{number} gave nothing that could be added; there are: {told}", param_hint="--choose"
        )
    return takeable[number]


def _worth(find: Find) -> tuple[bool, bool, bool, int]:
    """Which of several to take: a feed before a sitemap, with dates, with enough items, named first."""
    tried = find.tried
    assert tried
    return tried.source.kind is SourceKind.FEED, tried.newest is not None, tried.items >= 5, -find.number


def _drafted(find: Find, search: Search, drafter: Drafter) -> Draft:
    """The entry for what was chosen: where a lasting redirect leads, in the language of its items."""
    tried = find.tried
    assert tried
    url = tried.url if tried.state is SourceState.MOVED else find.candidate.url
    if listed := drafter.listed(url):
        raise WriteError(f"{url} is in the list already as `{listed.source.id}`, at {listed}")
    at_home = urlsplit(url).netloc == urlsplit(search.wish.url).netloc
    stated = search.discovery.language
    # The document may know the script; whether it knows its language, its items show.
    agreed = (
        stated if stated and tried.language and stated.split("-")[0] == tried.language else tried.language
    )
    values = {
        "kind": find.candidate.kind,
        "links": {"pattern": find.candidate.pattern} if find.candidate.pattern else None,
        "loopback": search.wish.loopback and at_home,
        "spacing": search.spacing,
        "verified": Verified(on=datetime.now(UTC).date(), note=gave(tried)),
    }
    return drafter.draft(
        url, outlet=search.discovery.title or tried.title, languages=(agreed, stated), values=values
    )
