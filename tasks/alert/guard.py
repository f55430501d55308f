"""Text that strangers wrote, made fit to stand in a message.

`clean` takes out what no reader sees and some screens obey. `plain`, `markdown` and `html` then
say it in such a way that no chat service, however it reads its messages, finds markup, a mention
or a masked link in it. What is changed for that stays readable: `@` becomes a wide `＠`.
"""

import html as standard
import unicodedata
from urllib.parse import quote, urlsplit

# Persian and the languages of India need them between letters.
JOINERS = "\u200c\u200d"
# Control, format, private, unassigned and half characters: bidirectional overrides among them.
UNSEEN = frozenset({"Cc", "Cf", "Co", "Cn", "Cs"})
# More marks than this on one letter only serve to smear over the lines around it.
MARKS = 4
ADDRESS_LENGTH = 2000

_HARMLESS = str.maketrans({"@": "＠", "<": "‹", ">": "›", "`": "'", "|": "¦", "~": "∼"})
_MARKDOWN = str.maketrans({sign: f"\\{sign}" for sign in "\\*_[]#"})


def clean(text: str, most: int) -> str:
    """`text` in one line of at most `most` characters, without anything that cannot be seen."""
    seen: list[str] = []
    marks = 0
    for sign in text:
        category = unicodedata.category(sign)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if sign.isspace() or category in ("Zl", "Zp"):
            seen.append(" ")
        elif marks <= MARKS and (category not in UNSEEN or sign in JOINERS):
            seen.append(sign)
    return clip(" ".join("".join(seen).split()), most)


def clip(text: str, most: int) -> str:
    """`text`, or its first `most` characters with the last of them an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def plain(text: str) -> str:
    """Cleaned text for a plain message, which many services read as their own markup all the same."""
    return text.translate(_HARMLESS).replace("](", "] (")


def markdown(text: str) -> str:
    """Cleaned text for a message in Markdown."""
    return plain(text).translate(_MARKDOWN)


def html(text: str) -> str:
    """Cleaned text for a message in HTML, which some services turn into Markdown again."""
    return standard.escape(plain(text))


def link(address: str | None) -> str | None:
    """A web address that shows where it leads, in ASCII and without markup; None if it is none.

    A host with letters that look like others is shown in its encoded form. An address with a
    user name in it is refused: `https://kremlin.ru@example.org/` leads to example.org.
    """
    if not address or len(address) > ADDRESS_LENGTH:
        return None
    try:
        parts = urlsplit(address.strip())
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return None
    if not all(sign.isalnum() or sign in "-._:" for sign in host):
        return None
    where = f"[{host}]" if ":" in host else host
    path = _quoted(parts.path, "/")
    query = f"?{_quoted(parts.query, '/?')}" if parts.query else ""
    fragment = f"#{_quoted(parts.fragment, '/?')}" if parts.fragment else ""
    return f"{parts.scheme}://{where}{port}{path}{query}{fragment}"


def length(text: str) -> int:
    """How long a text is in UTF-16 units, by which chat services count."""
    return len(text.encode("utf-16-le")) // 2


def _quoted(part: str, safe: str) -> str:
    return quote(part, safe=f"{safe}%:=&+,;!$").replace("~", "%7E")
