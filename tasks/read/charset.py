"""Bytes to text, whatever the labels say; and text to XML that a parser cannot trip over.

Done before parsing, because a parser that meets one bad byte takes another encoding for the whole
document. Valid UTF-8 wins over every label: text in another encoding is not valid UTF-8 by chance.
"""

import codecs
import re
from html import unescape
from html.entities import html5

from charset_normalizer import from_bytes

# What the labels of the web mean in practice: the larger encoding that contains the named one.
_MEANT = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "hz": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
}
# What is known by now not to be so, and what is no encoding of documents.
_NO_LABELS = frozenset(
    {"utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"}
    | {"utf-7", "idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"}
)
# The encodings that our languages were written in before UTF-8.
_GUESSES = ["gb18030", "big5", "cp1251", "koi8_r", "cp1250", "iso8859_2", "cp1252", "cp1258"]
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
# A document counts as UTF-8 with an accident if so many characters are whole for one that is not.
_WHOLE_FOR_BROKEN = 20

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_PROLOG = re.compile(r"\A[\s\ufeff]*(?:<\?xml[^>]{0,400}\?>)?")
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]{0,1000}(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_SECTIONS = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_AMPERSAND = re.compile(r"&(#[0-9]{1,8};|#[xX][0-9a-fA-F]{1,8};|[A-Za-z][A-Za-z0-9]{0,31};)?")
_OWN = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
# Where a DOCTYPE may stand; further down it is somebody's text.
_HEAD = 100_000


def decode(body: bytes, content_type: str | None = None, charset: str | None = None) -> str:
    """The text of `body`, without characters that XML or the store cannot hold.

    `content_type` is the header of that name; `charset` overrules everything where it is given.
    """
    return _ILLEGAL.sub("", _decode(body, content_type or "", charset)).removeprefix("\ufeff")


def xml(text: str) -> bytes:
    """A document as UTF-8 with a declaration that says so.

    There is no DOCTYPE any more, so no entity can expand; names of HTML become numbers, an
    ampersand that begins nothing is escaped, and sections of CDATA are left as they are.
    """
    body = text[_PROLOG.match(text).end() :]  # type: ignore[union-attr]  # it matches the empty string
    head = _DOCTYPE.sub("", body[:_HEAD], count=1)
    parts = _SECTIONS.split(head + body[_HEAD:])
    # Every second part is a section of CDATA.
    parts[::2] = [_AMPERSAND.sub(_entity, part) for part in parts[::2]]
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + "".join(parts).encode()


def _decode(body: bytes, content_type: str, charset: str | None) -> str:
    if charset:
        return body.decode(charset, errors="replace")
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, errors="replace")
    if wide := _wide(body):
        return body.decode(wide, errors="replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    lossy = body.decode("utf-8", errors="replace")
    if _mostly_whole(lossy):
        return lossy
    for label in _labels(body, content_type):
        try:
            return body.decode(label)
        except UnicodeError:
            continue
    return _guess(body, content_type)


def _wide(body: bytes) -> str | None:
    """UTF-16 without its mark, told by the first angle bracket."""
    head = body[:64].lstrip(b"\r\n\t ")
    if head.startswith(b"<\0"):
        return "utf-16-le"
    return "utf-16-be" if head.startswith(b"\0<") else None


def _mostly_whole(lossy: str) -> bool:
    broken = lossy.count("\ufffd")
    whole = sum(1 for character in lossy if character > "\x7f") - broken
    return whole >= _WHOLE_FOR_BROKEN * broken


def _labels(body: bytes, content_type: str) -> list[str]:
    declared = _DECLARED.search(body[:4096])
    header = _CHARSET.search(content_type)
    names = [declared.group(1).decode() if declared else "", header.group(1) if header else ""]
    found = [_codec(name) for name in names]
    return [name for name in found if name]


def _codec(name: str) -> str | None:
    try:
        known = codecs.lookup(name).name
        b"a".decode(known)
    except (LookupError, UnicodeError):
        return None
    return None if known in _NO_LABELS else _MEANT.get(known, known)


def _guess(body: bytes, content_type: str) -> str:
    best = from_bytes(body[:200_000], cp_isolation=_GUESSES).best()
    name = _codec(best.encoding) if best else None
    fallback = next(iter(_labels(body, content_type)), "cp1252")
    return body.decode(name or fallback, errors="replace")


def _entity(match: re.Match[str]) -> str:
    name = match.group(1)
    if name is None:
        return "&amp;"
    if name in _OWN:
        return match.group()
    if name.startswith("#"):
        # As a browser reads it: what is no character becomes one that can be kept, or nothing.
        return _ILLEGAL.sub("", unescape(match.group())).translate(_ESCAPES)
    if name in html5:
        return html5[name].translate(_ESCAPES)
    return f"&amp;{name}"


_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
