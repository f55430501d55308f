"""Which language an item is in: the script first, then the source's word for it.

Letters that only one of our languages has decide; a source's declared language decides between
those that share an alphabet.
"""

import re

_HAN = re.compile(r"[\u3400-\u9fff]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_SERBIAN = re.compile(r"[ђјљњћџ]", re.IGNORECASE)
_UKRAINIAN = re.compile(r"[іїєґ]", re.IGNORECASE)
_VIETNAMESE = re.compile(r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
_HUNGARIAN = re.compile(r"[őű]", re.IGNORECASE)

# The share of a language's own letters in its Cyrillic text is some per cent; a name or two is less.
_OWN = 0.015
_OWN_DECLARED = 0.002

# Enough letters of a script that a quoted name does not decide.
_SHARE = 0.15


def language_of(text: str, declared: str | None) -> str:
    """The two-letter code of the text's language; `declared` is what the source says, or None.

    `und` where neither the letters nor the source tell: then every lexicon is asked.
    """
    sample = text[:2000]
    letters = sum(1 for character in sample if character.isalpha()) or 1
    declared = declared.split("-")[0].lower() if declared else None

    def share(pattern: re.Pattern[str]) -> float:
        return len(pattern.findall(sample)) / letters

    if share(_KANA) > _SHARE / 3:
        return "ja"
    if share(_HAN) > _SHARE:
        return "zh"
    if share(_ARABIC) > _SHARE:
        return "ar"
    if share(_CYRILLIC) > _SHARE:
        return _cyrillic(sample, declared)
    if share(_VIETNAMESE) > _SHARE / 3:
        return "vi"
    if share(_HUNGARIAN) > 0.004 and declared in (None, "hu"):
        return "hu"
    return declared if declared not in (None, "zh", "ja", "ar", "ru", "uk", "vi") else "und"


def _cyrillic(sample: str, declared: str | None) -> str:
    """Russian, unless enough letters are of those that only another language has."""
    letters = len(_CYRILLIC.findall(sample)) or 1
    for language, own in (("sr", _SERBIAN), ("uk", _UKRAINIAN)):
        share = len(own.findall(sample)) / letters
        if share > (_OWN_DECLARED if declared == language else _OWN):
            return language
    return "ru"
