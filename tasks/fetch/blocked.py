"""Walls against programs: told by what they say, so that the operator hears "blocked", not "broken"."""

import re
from collections.abc import Mapping

# Pages that ask for a browser are short; a longer page only mentions one.
LONGEST_WALL = 65_536

_STATUSES = {401: "asks for a login", 402: "asks for money", 403: "forbids", 451: "is closed by law"}
# Each of them only occurs in the page that stands in front of the real one.
_MARKS = tuple(
    (re.compile(pattern, re.IGNORECASE), name)
    for pattern, name in (
        (rb"window\._cf_chl_opt|<title>Just a moment\.\.\.</title>", "a Cloudflare challenge"),
        (rb"\bbobcmn\b|/TSPD/", "an F5 challenge"),
        (rb"__jsl_clearance|jsluid", "a Jiasule challenge"),
        (rb"_Incapsula_Resource", "an Imperva challenge"),
        (rb"captcha-delivery\.com", "a DataDome challenge"),
        (rb"awsWafCookieDomainList|AwsWafIntegration", "an AWS challenge"),
        (rb"<title>DDoS-Guard</title>|/\.well-known/ddos-guard/", "a DDoS-Guard challenge"),
        (rb"/_sec/cp_challenge/|sec-if-cpt-container", "an Akamai challenge"),
        # Before the sites of Chinese ministries: a page of script that sets a cookie and loads itself again.
        (rb"\$_ts\s*=\s*window\['\$_ts'\]|\$_ts\.(?:nsd|cd)\s*=", "a Ruishu challenge"),
        (rb"acw_sc__v2", "an Aliyun challenge"),
    )
)

_HTML = (b"<!doctype html", b"<html", b"<head", b"<script", b"<body", b"<title", b"<noscript", b"<meta")
_COMMENTS = re.compile(rb"(?:<!--.*?-->\s*)+", re.DOTALL)


def wall(status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """What stands between us and the page, or None. Header names are in lower case."""
    if headers.get("cf-mitigated", "").lower() == "challenge":
        return "the site answers with a Cloudflare challenge"
    if "__jsl" in headers.get("set-cookie", "") and status == 521:
        return "the site answers with a Jiasule challenge"
    if len(body) <= LONGEST_WALL and looks_like_html(body):
        for mark, name in _MARKS:
            if mark.search(body):
                return f"the site answers with {name}"
    if status in _STATUSES:
        return f"the site {_STATUSES[status]} (status {status})"
    return None


def looks_like_html(body: bytes) -> bool:
    """Whether a body begins as a page for readers does, whatever its header says."""
    head = body[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if comments := _COMMENTS.match(head):
        head = head[comments.end() :]
    return head.startswith(_HTML)
