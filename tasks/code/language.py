"""Which language an item is in: the script first, then the source's word for it.

Letters that only one of our languages has decide; a source's declared language decides between
those that share an alphabet.
"""

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

_VIETNAMESE = frozenset("ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ")
_HUNGARIAN = frozenset("őű")
_SERBIAN = frozenset("ђјљњћџ")
_UKRAINIAN = frozenset("іїєґ")

# The share of a language's own letters in its Cyrillic text is some per cent; a name or two is less.
_OWN = 0.015
_OWN_DECLARED = 0.002
_OWN_HUNGARIAN = 0.004

# Enough letters of a script that a quoted name does not decide.
_SHARE = 0.15


def language_of(text: str, declared: str | None) -> str:
    """The two-letter code of the text's language; `declared` is what the source says, or None.

    `und` where neither the letters nor the source tell: then every lexicon is asked.
    """
    sample = text[:2000]
    declared = declared.split("-")[0].lower() if declared else None
    if sample.isascii():
        return _in_latin(declared)
    found = _counted(sample)
    letters = found["letter"] or 1

    def share(kind: str) -> float:
        return found[kind] / letters

    if share("kana") > _SHARE / 3:
        return "ja"
    if share("han") > _SHARE:
        return "zh"
    if share("arabic") > _SHARE:
        return "ar"
    if share("cyrillic") > _SHARE:
        return _cyrillic(found, declared)
    if share("vietnamese") > _SHARE / 3:
        return "vi"
    if share("hungarian") > _OWN_HUNGARIAN and declared in (None, "hu"):
        return "hu"
    return _in_latin(declared)


def _in_latin(declared: str | None) -> str:
    return declared if declared not in (None, "zh", "ja", "ar", "ru", "uk", "vi") else "und"


def _cyrillic(found: Mapping[str, int], declared: str | None) -> str:
    """Russian, unless enough letters are of those that only another language has."""
    for language in ("sr", "uk"):
        share = found[language] / found["cyrillic"]
        if share > (_OWN_DECLARED if declared == language else _OWN):
            return language
    return "ru"


def _counted(sample: str) -> Mapping[str, int]:
    """How many characters of each kind there are. A text has few different ones, so each is judged once."""
    found = dict.fromkeys(_KINDS, 0)
    for character, times in Counter(sample).items():
        for kind in _kinds(character):
            found[kind] += times
    return found


_KINDS = ("letter", "kana", "han", "arabic", "cyrillic", "sr", "uk", "vietnamese", "hungarian")


@lru_cache(8192)
def _kinds(character: str) -> tuple[str, ...]:
    small = character.lower()
    judged = (
        character.isalpha(),
        "\u3040" <= character <= "\u30ff",
        "\u3400" <= character <= "\u9fff",
        "\u0600" <= character <= "\u06ff",
        "\u0400" <= character <= "\u04ff",
        small in _SERBIAN,
        small in _UKRAINIAN,
        small in _VIETNAMESE,
        small in _HUNGARIAN,
    )
    return tuple(kind for kind, there in zip(_KINDS, judged, strict=True) if there)
