"""Addresses: made absolute, freed of what only counts readers, and reduced to what tells pages apart."""

import re
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

LONGEST = 2048
SCHEMES = {"http": 80, "https": 443}

# Keys that say where a reader came from. Whatever is not on this list may say which page it is.
_TRACKING = frozenset(
    {
        "fbclid",
        "gclid",
        "dclid",
        "yclid",
        "ysclid",
        "msclkid",
        "igshid",
        "mc_cid",
        "mc_eid",
        "ref_src",
        "ref_url",
        "cmpid",
        "ocid",
        "ito",
        "spm",
        "share_token",
        "wt_mc",
        "xtor",
        "from_source",
        "_openstat",
        "gbraid",
        "wbraid",
        "twclid",
        "_ga",
        "_gl",
        "mkt_tok",
        "sr_share",
    }
)
# Whole pairs that say so, where the key alone may say which page it is.
_TRACKING_PAIRS = frozenset(
    f"{key}={value}"
    for key in ("ref", "from", "source", "src", "partner")
    for value in ("rss", "feed", "atom")
)
_TRACKING_PREFIXES = ("utm_", "at_", "pk_", "mtm_", "ns_", "hmb_")
_SESSION = re.compile(r";(?:jsessionid|phpsessid)=[\w.!-]*", re.IGNORECASE)
# The same page for telephones, and in the dress of accelerated pages.
_MOBILE_HOST = re.compile(r"^(?:www|m|mobile|wap|amp|3g)\.(?=.*\.)")
_MOBILE_PATH = re.compile(r"^/(?:amp|mobile)(?=/.)|/amp/?$|[./]amp(?=\.s?html?$)")
_MOBILE_PAIR = re.compile(r"(?:amp(?:=(?:1|true)?)?|outputtype=amp(?:-type)?|mobile=1)", re.IGNORECASE)
# What a server shows of a folder by itself.
_DEFAULT = re.compile(r"/(?:index|default)\.(?:s?html?|php|aspx?|jsp)$", re.IGNORECASE)
_FRONT = re.compile(r"/(?:[a-z]{2}(?:[-_][a-z]{2,4})?/?)?", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_SAFE = "/:@!$&'()*+,;=-._~%"


def absolute(address: str | None, base: str | None = None) -> str | None:
    """A web address as a reader can follow it: absolute, without tracking and fragment; or None.

    None stands for whatever is no address of the web: another scheme, a user or password in it,
    no host, too long.
    """
    if not address:
        return None
    try:
        parts = urlsplit(urljoin(base or "", address.strip()))
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in SCHEMES or not host or parts.username is not None:
        return None
    name = _host(host)
    if name is None:
        return None
    netloc = name if port in (None, SCHEMES[parts.scheme]) else f"{name}:{port}"
    found = urlunsplit((parts.scheme, netloc, _path(parts.path), _query(parts.query), ""))
    return found if len(found) <= LONGEST else None


def canonical(address: str | None, base: str | None = None) -> str | None:
    """What tells the page of an address apart from others: for comparing, not for following.

    Without scheme and `www.`, so that http and https are one, and with its query sorted; pages for
    telephones are the same pages.
    """
    found = absolute(address, base)
    if found is None:
        return None
    parts = urlsplit(found)
    pairs = sorted(pair for pair in parts.query.split("&") if pair and not _MOBILE_PAIR.fullmatch(pair))
    path = _DEFAULT.sub("/", _MOBILE_PATH.sub("", parts.path)).rstrip("/") or "/"
    return _MOBILE_HOST.sub("", parts.netloc) + path + (f"?{'&'.join(pairs)}" if pairs else "")


def is_front_page(address: str) -> bool:
    """Whether an address leads to a site as a whole, or to one of its languages, and so says nothing of
    an item.
    """
    parts = urlsplit(address)
    return not parts.query and _FRONT.fullmatch(_DEFAULT.sub("/", parts.path) or "/") is not None


def _host(host: str) -> str | None:
    if ":" in host:
        return f"[{host}]"
    try:
        name = host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError:
        return None
    name = name.lower().rstrip(".")
    return name if _HOST.fullmatch(name) else None


def _path(path: str) -> str:
    """With dot segments resolved and escapes written in one way."""
    plain = quote(unquote(_SESSION.sub("", path), errors="surrogateescape"), _SAFE, errors="surrogateescape")
    # An escaped slash or percent sign is not the character itself.
    if "%2f" in path.lower() or "%25" in path:
        plain = quote(_SESSION.sub("", path), _SAFE, errors="surrogateescape")
    kept: list[str] = []
    for segment in plain.split("/")[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if plain.endswith(("/.", "/..")):
        kept.append("")
    return "/" + "/".join(kept)


def _query(query: str) -> str:
    """Without the pairs that only count readers; the others byte for byte, in their encoding."""
    kept = [pair for pair in query.split("&") if pair and not _tracks(pair)]
    return quote("&".join(kept), _SAFE + "?")


def _tracks(pair: str) -> bool:
    key = pair.partition("=")[0].lower()
    return key in _TRACKING or key.startswith(_TRACKING_PREFIXES) or pair.lower() in _TRACKING_PAIRS
