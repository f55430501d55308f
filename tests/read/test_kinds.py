"""The table of kinds: each has a module of one shape, a row of samples here and tests of its own.

Whoever adds a kind finds out here what is still missing.
"""

import gzip
import json
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tasks.read.child import Bounds, Children, ToxicError
from tasks.read.document import Document, Fault, Terms
from tasks.settings.kinds import ARTICLE, KINDS, KNOWLEDGE_GRAPH
from tasks.settings.sources import Api, Links, SourceKind
from tests.read.conftest import a_terms, rss
from tests.read.test_article import PAGE
from tests.read.test_gdelt import GOOD, PLACE, TALKS, at_list, result
from tests.read.test_sitemap import news, urlset
from tests.support.gdelt import listing

HERE = Path(__file__).parent
API = Api(items="items", title="title", url="url").model_dump(mode="json")
LIST = a_terms(pattern="/a", **Links().model_dump(include={"selector"}))
JSON = json.dumps({"items": [{"title": "One", "url": "/1"}]}).encode()

# A good document of each kind, and how it is to be read.
SAMPLES: dict[str, tuple[bytes, Terms]] = {
    SourceKind.FEED: (rss("<title>One</title>").encode(), a_terms()),
    SourceKind.LIST: (b"<a href=/a>A headline of some words</a>", LIST),
    SourceKind.SITEMAP: (urlset(news(1)).encode(), a_terms()),
    SourceKind.API: (JSON, a_terms(api=API)),
    ARTICLE: (PAGE.encode(), a_terms()),
    SourceKind.GDELT: (listing(PLACE, GOOD), at_list()),
    SourceKind.GDELT_DOC: (result(TALKS).encode(), a_terms()),
    KNOWLEDGE_GRAPH: (GOOD, at_list()),
}
# What a server gives in place of what it should.
STRANGE = {
    "nothing": b"",
    "a wall": b"<!DOCTYPE html><html><body>Please wait</body></html>",
    "a text": b"Error establishing a database connection",
    "an error in JSON": b'{"error": {"code": 500}}',
    "null": b"null",
    "bytes": bytes(range(256)) * 40,
    "a packed nothing": gzip.compress(b""),
}


def test_every_kind_of_source_has_a_row() -> None:
    assert set(KINDS) == {*SourceKind, ARTICLE, KNOWLEDGE_GRAPH}
    assert all(kind.accept for kind in KINDS.values())


@pytest.mark.parametrize("name", KINDS)
def test_b82_every_kind_has_one_shape(name: str) -> None:
    module = import_module(f"tasks.read.{KINDS[name].module}")
    body, terms = SAMPLES[name]
    found = module.parse(body, terms)
    assert isinstance(found, Document)
    assert found.problem is None
    assert found.entries or found.follow
    assert Document.from_json(json.loads(json.dumps(found.to_json()))) == found
    assert Terms.from_json(json.loads(json.dumps(terms.to_json()))) == terms


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_has_tests_of_its_own(name: str) -> None:
    others = [path for path in HERE.glob("test_*.py") if path.name != "test_kinds.py"]
    module = KINDS[name].module
    imported = re.compile(
        rf"^from tasks\.read(?:\.{module} import parse| import .*\b{module}\b)", re.MULTILINE
    )
    assert [path.name for path in others if imported.search(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("strange", STRANGE)
def test_b34_what_is_not_what_it_should_be_is_never_taken_for_a_quiet_day(name: str, strange: str) -> None:
    module = import_module(f"tasks.read.{KINDS[name].module}")
    try:
        found: Document = module.parse(STRANGE[strange], SAMPLES[name][1])
    except ValueError:
        return  # the child says so, and the source is called toxic
    if name == ARTICLE:
        # Anything may be a page; what holds no article tells of nothing.
        assert not found.entries or found.entries[0].body
        return
    assert (found.entries, found.follow) == ((), ())
    assert found.problem
    assert found.fault is not None


HOSTILE: dict[str, bytes] = {
    "laughs": b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n else b"&a;" * 10) for n in range(12))
    + b"]><urlset><url><loc>https://a.example.org/&a11;</loc></url></urlset>",
    "deep XML": b"<urlset>" + b"<url>" * 200_000,
    "deep JSON": b'{"version": "https://jsonfeed.org/version/1.1", "items": ' + b"[" * 1_000_000,
    "many attributes": b"<urlset " + b" ".join(b"a%d='1'" % n for n in range(30_000)) + b"></urlset>",
    "a long number": b'{"items": [' + b"9" * 4_000_000 + b"]}",
    "many objects": b'{"items": [' + b"{}," * 400_000 + b"{}]}",
    "a long text": b'{"items": "' + b"\\u0000" * 600_000 + b'"}',
    "open quotes": b'{"items": ["' + b'\\"' * 1_000_000,
}


@pytest.fixture(scope="module")
def bounded() -> Any:
    with Children(1, Bounds(processor=6, clock=60)) as some:
        yield some


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("name", [SourceKind.FEED, SourceKind.SITEMAP, SourceKind.API])
def test_b53_what_is_hostile_costs_itself_a_failure(bounded: Children, name: str, hostile: str) -> None:
    try:
        found = Document.from_json(bounded.read(name, SAMPLES[name][1], HOSTILE[hostile]))
    except ToxicError:
        pass
    else:
        assert found.entries == ()
        assert found.fault in (Fault.FOREIGN, Fault.EMPTY, Fault.REDESIGNED)
    body, terms = SAMPLES[name]
    assert Document.from_json(bounded.read(name, terms, body)).entries
