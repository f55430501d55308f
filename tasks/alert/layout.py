"""How a message looks: as plain text, as Markdown and as HTML, each cut to what a channel takes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC
from types import MappingProxyType

from tasks.alert import guard
from tasks.alert.headline import day_words
from tasks.alert.message import Message, Witness
from tasks.settings.channels import Format

POSSIBLE_REPEAT = "Possible repeat: an earlier try may have reached you."


def plain(message: Message, *, repeat: bool = False, limit: int | None = None) -> str:
    """The message as plain text of at most `limit` UTF-16 units."""
    return _fitted(message, lambda shorter: _plain(shorter, repeat), limit)


def markdown(message: Message, *, repeat: bool = False, limit: int | None = None) -> str:
    """The message as Markdown of at most `limit` UTF-16 units."""
    return _fitted(message, lambda shorter: _markdown(shorter, repeat), limit)


def html(message: Message, *, repeat: bool = False, limit: int | None = None) -> str:
    """The message as a piece of HTML of at most `limit` UTF-16 units."""
    return _fitted(message, lambda shorter: _html(shorter, repeat), limit)


LAYOUTS: Mapping[Format, Callable[..., str]] = MappingProxyType(
    {Format.PLAIN: plain, Format.MARKDOWN: markdown, Format.HTML: html}
)


def _fitted(message: Message, lay_out: Callable[[Message], str], limit: int | None) -> str:
    """The fullest layout that keeps to the limit; the shortest there is, if none does."""
    text = ""
    for shorter in _shorter(message):
        text = lay_out(shorter)
        if limit is None or guard.length(text) <= limit:
            break
    return text


def _shorter(message: Message) -> Iterator[Message]:
    """The message, and less and less of it: first go the witnesses but one, last the headline's end."""
    yield message
    for count in range(len(message.witnesses) - 1, 0, -1):
        left = message.more + len(message.witnesses) - count
        yield replace(message, witnesses=message.witnesses[:count], more=left)
    if message.witnesses:
        left = message.more + len(message.witnesses) - 1
        message = replace(message, witnesses=(replace(message.witnesses[0], quotes=()),), more=left)
        yield message
    for fields in ({"facts": ()}, {"notes": ()}, {"witnesses": (), "more": 0}):
        message = replace(message, **fields)
        yield message
    for most in (400, 240, 160, 120, 80, 60, 40, 20, 10):
        yield replace(message, headline=guard.clip(message.headline, most))


def _plain(message: Message, repeat: bool) -> str:
    says = guard.plain
    head = [POSSIBLE_REPEAT] if repeat else []
    head += [says(message.headline)] if message.headline else []
    lines = [says(note) for note in message.notes]
    lines += [f"{says(label)}: {says(value)}" for label, value in message.facts]
    blocks = ["\n".join(head), "\n".join(lines)]
    for witness in message.witnesses:
        quotes = [f"{says(name)}: “{says(words)}”" for name, words in witness.quotes]
        told = [f"“{says(witness.title)}”", says(_origin(witness)), *quotes]
        blocks.append("\n".join([*told, witness.url] if witness.url else told))
    blocks.append("\n".join(_foot(message)))
    return "\n\n".join(block for block in blocks if block)


def _markdown(message: Message, repeat: bool) -> str:
    says = guard.markdown
    head = [f"*{POSSIBLE_REPEAT}*"] if repeat else []
    head += [f"**{says(message.headline)}**"] if message.headline else []
    lines = [f"- {says(note)}" for note in message.notes]
    lines += [f"- {says(label)}: {says(value)}" for label, value in message.facts]
    for witness in message.witnesses:
        told = [f"“{says(witness.title)}”", says(_origin(witness))]
        told += [f"{says(name)}: “{says(words)}”" for name, words in witness.quotes]
        told += [f"<{witness.url}>"] if witness.url else []
        lines.append("- " + "; ".join(told))
    blocks = ["\n\n".join(head), "\n".join(lines), "\n\n".join(_foot(message))]
    return "\n\n".join(block for block in blocks if block)


def _html(message: Message, repeat: bool) -> str:
    says = guard.html
    head = [f"<p><i>{POSSIBLE_REPEAT}</i></p>"] if repeat else []
    head += [f"<p><b>{says(message.headline)}</b></p>"] if message.headline else []
    lines = [f"<li>{says(note)}</li>" for note in message.notes]
    lines += [f"<li>{says(label)}: {says(value)}</li>" for label, value in message.facts]
    for witness in message.witnesses:
        told = [f"“{says(witness.title)}”", says(_origin(witness))]
        told += [f"{says(name)}: “{says(words)}”" for name, words in witness.quotes]
        if witness.url:
            address = says(witness.url)
            told.append(f'<a href="{address}" rel="noreferrer">{address}</a>')
        lines.append(f"<li>{'<br>'.join(told)}</li>")
    listed = ["<ul>", *lines, "</ul>"] if lines else []
    return "\n".join([*head, *listed, *(f"<p>{says(line)}</p>" for line in _foot(message))])


def _origin(witness: Witness) -> str:
    parts = [f"{witness.outlet} ({witness.language})"]
    if witness.published:
        moment = witness.published.astimezone(UTC)
        parts.append(f"{day_words(moment)}, {moment:%H:%M} UTC")
    return ", ".join(parts)


def _foot(message: Message) -> list[str]:
    more = f"{message.more} more {'report' if message.more == 1 else 'reports'}." if message.more else None
    return [line for line in (more, message.reference) if line]
