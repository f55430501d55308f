"""Bytes to text, whatever the labels say; and text to XML that a parser cannot trip over.

Done before parsing, because a parser that meets one bad byte takes another encoding for the whole
document. Valid UTF-8 wins over every label: text in another encoding is not valid UTF-8 by chance.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from html import unescape
from html.entities import html5

from charset_normalizer import from_bytes

# What the labels of the web mean in practice: the larger encoding that contains the named one.
_MEANT = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
}
_UNICODE = frozenset(
    {"utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-7"}
)
# What Python calls encodings of text and no document is written in.
_NONE = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"})
# How Japanese is written in seven bits, which would be valid UTF-8 as well.
_ESCAPED = re.compile(rb"\x1b\$[@B]")
# The encodings that our languages were written in before UTF-8.
_GUESSES = ["gb18030", "big5", "cp1251", "koi8_r", "cp1250", "iso8859_2", "cp1252", "cp1258"]
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
# A document counts as UTF-8 with an accident if so many characters are whole for one that is not;
# without a label that speaks against it, if more are. In text of other encodings one in seven is
# whole by chance.
_WHOLE_FOR_BROKEN = 3
# So many broken characters in a hundred are an accident in the encoding of the label as well.
_ACCIDENTS = 1
# The encodings in which a language used to be written, the likelier first, and those of its letters
# that are not ASCII. Whichever encoding makes its letters of the bytes is the right one.
_CYRILLIC = ("cp1251", "koi8_r", "koi8_u", "iso8859_5", "cp866")
_CENTRAL = ("cp1250", "iso8859_2")
_WESTERN = ("cp1252", "iso8859_15")
_ALPHABETS: dict[str, tuple[tuple[str, ...], str]] = {
    "ru": (_CYRILLIC, "а-яё"),
    "uk": (("cp1251", "koi8_u", "iso8859_5", "cp866"), "а-щьюяґєії"),
    "be": (("cp1251", "iso8859_5", "koi8_u"), "а-зй-шы-яёіў"),
    "sr": ((*_CENTRAL, "cp1251", "iso8859_5"), "čćđšžа-ик-шђјљњћџ"),
    "hu": (_CENTRAL, "áéíóöőúüű"),
    "pl": (_CENTRAL, "ąćęłńóśźż"),
    "cs": (_CENTRAL, "áčďéěíňóřšťúůýž"),
    "de": (_WESTERN, "äöü\xdf"),
    "fr": (_WESTERN, "àâæçèéêëîïôœùûüÿ"),
    "es": (_WESTERN, "áéíñóúü"),
    "it": (_WESTERN, "àèéìíòóùú"),
    "en": (_WESTERN, "éèêëïöüáàçñ"),
    "ar": (("cp1256", "iso8859_6"), "\u0621-\u064a"),
    "ja": (("cp932", "euc_jp"), "\u3041-\u30fe\u4e00-\u9faf"),
    "zh": ((), "\u4e00-\u9faf"),
}
_ASCII = re.compile("[\x00-\x7f]+")
# Cyrillic and Arabic letters within a word of Latin ones.
_MIXED = re.compile("[A-Za-z][\u0400-\u06ff]|[\u0400-\u06ff][A-Za-z]")
_TYPOGRAPHY = "«»„“”‚‘’–—…·•№€\xa0、。《》「」『』〈〉【】（）！，：；？～\u3000"
# A decoding is the right one if so much of what is not ASCII belongs to the language.
_LIKELY = 0.6
_SAMPLE = 20_000

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_PROLOG = re.compile(r"\A[\s\ufeff]*(?:<\?xml[^>]{0,400}\?>)?")
_DECLARATION = re.compile(r"<\?xml\s[^>]{0,400}\?>", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]{0,1000}(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
# What looks like the beginning of markup and is none.
_BARE = re.compile(r"<(?![A-Za-z_:/?])")
_AMPERSAND = re.compile(r"&(#[0-9]{1,8};|#[xX][0-9a-fA-F]{1,8};|[A-Za-z][A-Za-z0-9]{0,31};)?")
_OWN = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
# Where a DOCTYPE may stand; further down it is somebody's text.
_HEAD = 100_000


def decode(
    body: bytes, content_type: str | None = None, charset: str | None = None, language: str | None = None
) -> str:
    """The text of `body`, without characters that XML or the store cannot hold. It never raises.

    `content_type` is the header of that name; `charset` overrules everything where it is given;
    `language` (as `vi`) is what the text is written in as a rule, and helps where labels are wrong.
    """
    return _ILLEGAL.sub("", _decode(body, content_type or "", charset, language)).removeprefix("\ufeff")


def xml(text: str) -> bytes:
    """A document as UTF-8 with a declaration that says so.

    There is no DOCTYPE any more, so no entity can expand; names of HTML become numbers, what only
    looks like markup is escaped, comments are gone, and sections of CDATA are left as they are.
    """
    body = text[_PROLOG.match(text).end() :]  # type: ignore[union-attr]  # it matches the empty string
    head = _DOCTYPE.sub("", body[:_HEAD], count=1)
    parts = (part if kept else _plain(part) for part, kept in _sections(head + body[_HEAD:]))
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + "".join(parts).encode()


def _sections(text: str) -> Iterator[tuple[str, bool]]:
    """The parts of a document, and whether each is a section of CDATA; comments are left out.

    What is opened and not closed is text.
    """
    at = 0
    for begin, end, kept in _marked(text):
        yield text[at:begin], False
        if kept:
            yield text[begin:end], True
        at = end
    yield text[at:], False


def _marked(text: str) -> Iterator[tuple[int, int, bool]]:
    """Where comments and sections of CDATA stand, whichever is opened first."""
    endings = {"<!--": "-->", "<![CDATA[": "]]>"}
    at = 0
    while endings:
        places = {mark: text.find(mark, at) for mark in endings}
        endings = {mark: end for mark, end in endings.items() if places[mark] >= 0}
        if not endings:
            return
        mark = min(endings, key=lambda each: places[each])
        end = text.find(endings[mark], places[mark] + len(mark))
        if end < 0:
            # None of its kind is closed any more.
            del endings[mark]
            continue
        at = end + 3
        yield places[mark], at, mark == "<![CDATA["


def _plain(part: str) -> str:
    return _AMPERSAND.sub(_entity, _BARE.sub("&lt;", _DECLARATION.sub("", part)))


def _decode(body: bytes, content_type: str, charset: str | None, language: str | None) -> str:
    if charset and (known := _codec(charset)):
        return body.decode(known, errors="replace")
    body = body.removeprefix(codecs.BOM_UTF8)
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, errors="replace")
    if wide := _wide(body):
        return body.decode(wide, errors="replace")
    labels = _labels(body, content_type)
    if _ESCAPED.search(body) and body.isascii():
        return body.decode("iso2022_jp_2", errors="replace")
    if labels[:1] == ["hz"] and body.isascii():
        return body.decode("hz", errors="replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if paired := _paired(body):
        return paired
    lossy = body.decode("utf-8", errors="replace")
    if _mostly_whole(lossy, _WHOLE_FOR_BROKEN if labels else 1):
        return lossy
    primary = (language or "").split("-")[0].lower()
    labelled = _tried(body, labels, primary)
    tried = labelled | _tried(body, _ALPHABETS.get(primary, ((), ""))[0], primary)
    best = max(tried, key=lambda text: tried[text], default="")
    if tried and tried[best] >= _LIKELY:
        return best
    guessed = _guess(body, labels)
    # Where nothing looks like the language, the text is in another one, and the label may be right.
    return guessed if not labelled or _likely(guessed, primary) >= _LIKELY else next(iter(labelled))


def _tried(body: bytes, encodings: Iterable[str], language: str) -> dict[str, float]:
    """What the bytes give in several encodings, and how likely the language looks like that."""
    texts = dict.fromkeys(body.decode(name, errors="replace") for name in encodings)
    return {text: _likely(text, language) for text in texts if _hardly_broken(text)}


def _wide(body: bytes) -> str | None:
    """UTF-16 without its mark, told by the first angle bracket."""
    head = body[:64].lstrip(b"\r\n\t ")
    if head.startswith(b"<\0"):
        return "utf-16-le"
    return "utf-16-be" if head.startswith(b"\0<") else None


def _paired(body: bytes) -> str | None:
    """UTF-8 that was made of the halves of UTF-16, as some databases have it; half a pair goes."""
    try:
        halves = body.decode("utf-8", errors="surrogatepass")
    except UnicodeDecodeError:
        return None
    return halves.encode("utf-16-le", errors="surrogatepass").decode("utf-16-le", errors="ignore")


def _mostly_whole(lossy: str, least: int) -> bool:
    broken = lossy.count("\ufffd")
    whole = len(_ASCII.sub("", lossy)) - broken
    return whole >= least * broken and whole > 0


def _hardly_broken(text: str) -> bool:
    foreign = len(_ASCII.sub("", text))
    return text.count("\ufffd") <= max(1, foreign * _ACCIDENTS // 100)


def _likely(text: str, language: str) -> float:
    """The share of what is not ASCII that the language is written with; 1 for one that is not known.

    Capitals count half: in the wrong one of two Cyrillic encodings small letters become capitals.
    A letter of a script that stands beside one of ASCII in a word counts against it: that is an accent.
    """
    if language not in _ALPHABETS:
        return 1.0
    foreign = _ASCII.sub("", text[:_SAMPLE])
    if not foreign:
        return 1.0
    letters = _ALPHABETS[language][1]
    small = _count(f"[{letters}{_TYPOGRAPHY}]+", foreign)
    large = _count(f"[{letters.upper()}]+", foreign) if letters.upper() != letters else 0
    among = len(_MIXED.findall(text[:_SAMPLE]))
    return (small + large / 2 - among) / len(foreign)


def _count(pattern: str, text: str) -> int:
    return sum(map(len, re.findall(pattern, text)))


def _labels(body: bytes, content_type: str) -> list[str]:
    declared = _DECLARED.search(body[:4096])
    header = _CHARSET.search(content_type)
    names = [declared.group(1).decode() if declared else "", header.group(1) if header else ""]
    found = [_codec(name) for name in names]
    # That it is none of Unicode's is known by now.
    return [name for name in found if name and name not in _UNICODE]


def _codec(name: str) -> str | None:
    """The encoding that a label means; None for one that is unknown or makes no sense."""
    try:
        known = codecs.lookup(name).name
        b"a".decode(known, errors="replace")
    except (LookupError, UnicodeError):
        return None
    return None if known in _NONE else _MEANT.get(known, known)


def _guess(body: bytes, labels: list[str]) -> str:
    match = from_bytes(body[: 10 * _SAMPLE], cp_isolation=_GUESSES).best()
    name = _codec(match.encoding) if match else None
    return body.decode(name or next(iter(labels), "cp1252"), errors="replace")


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
