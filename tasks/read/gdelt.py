"""What GDELT's files and its search have in common: names of languages, and titles of pages."""

import re
import unicodedata
from collections.abc import Mapping
from urllib.parse import urlsplit

from tld import get_fld

from tasks.read.plain import line

# The languages that GDELT reads: its code in the files (ISO 639-3), ours, its name in the search.
_ROWS = """
afr af Afrikaans; sqi sq Albanian; ara ar Arabic; hye hy Armenian; aze az Azerbaijani; ben bn Bengali;
bos bs Bosnian; bul bg Bulgarian; cat ca Catalan; zho zh Chinese; hrv hr Croatian; ces cs Czech;
dan da Danish; nld nl Dutch; eng en English; est et Estonian; fin fi Finnish; fra fr French;
glg gl Galician; kat ka Georgian; deu de German; ell el Greek; guj gu Gujarati; heb he Hebrew;
hin hi Hindi; hun hu Hungarian; isl is Icelandic; ind id Indonesian; ita it Italian; jpn ja Japanese;
kan kn Kannada; kaz kk Kazakh; kor ko Korean; lav lv Latvian; lit lt Lithuanian; mkd mk Macedonian;
msa ms Malay; mal ml Malayalam; mar mr Marathi; mon mn Mongolian; nep ne Nepali; nor no Norwegian;
nno nn Norwegiannynorsk; fas fa Persian; pol pl Polish; por pt Portuguese; pan pa Punjabi; ron ro Romanian;
rus ru Russian; srp sr Serbian; sin si Sinhalese; slk sk Slovak; slv sl Slovenian; som so Somali;
spa es Spanish; swa sw Swahili; swe sv Swedish; tam ta Tamil; tel te Telugu; tha th Thai; tib bo Tibetan;
tur tr Turkish; ukr uk Ukrainian; urd ur Urdu; vie vi Vietnamese
"""
_CODES: Mapping[str, str] = {
    key.lower(): ours
    for theirs, ours, name in (row.split() for row in _ROWS.split(";"))
    for key in (theirs, name)
}
# What stands between the title of an article and the name of its site.
_BETWEEN = re.compile(r"\s+(?:[-|–—·•»]|::)\s+|\s?[|_]\s?")


def language(name: str) -> str | None:
    """The two-letter code of a language by GDELT's code or name, or None if it is not known."""
    return _CODES.get(name.replace(" ", "").lower())


def headline(markup: str, url: str) -> str:
    """The title of a page as a line, without the name of its site behind it.

    The name goes only where it agrees with the host: as one word (China Daily, chinadaily.com.cn)
    or by its initials (South China Morning Post, scmp.com). It matters, because such a name can
    name a country of which the article does not speak.
    """
    title = line(markup)
    last = next(reversed(list(_BETWEEN.finditer(title))), None)
    if last and last.start() and _names(title[last.end() :], url):
        return title[: last.start()].rstrip()
    return title


def _names(words: str, url: str) -> bool:
    host = urlsplit(url).hostname or ""
    domain = get_fld(url, fail_silently=True, search_private=False) or host
    label = _letters(domain.partition(".")[0])
    name = _letters(words.removeprefix("The "))
    initials = "".join(_letters(word)[:1] for word in words.split())
    if not name or not label:
        return False
    return initials == label or name in _letters(host) or (len(label) > 2 and label in name)


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "".join(character for character in plain if character.isalnum())
