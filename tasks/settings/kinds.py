"""The kinds of sources, a row each: what reads them, what is asked for, and who is asked first.

A new kind is a module in `tasks/read` with `parse(body: bytes, terms: Terms) -> Document`, a value
of `SourceKind`, and a row here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tasks.settings.sources import SourceKind

_FEED = (
    "application/rss+xml, application/atom+xml, application/feed+json;q=0.9, application/xml;q=0.9,"
    " text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
_PAGE = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"
_XML = "application/xml, text/xml, */*;q=0.5"
_JSON = "application/json, */*;q=0.5"

# The kind of a data file that GDELT's list names. No source is of it.
KNOWLEDGE_GRAPH = "knowledge-graph"
# As a file of the translated stream has about 15 MB on a usual day (bytes).
_LARGEST_FILE = 24 * 1024 * 1024

# The kind of a single page that a sitemap names without its title. No source is of it.
ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class Kind:
    """What follows from a kind: the module below `tasks.read` that reads its documents, the header
    `Accept` that they are asked for with, and whether robots.txt is asked for them in any case.

    robots.txt speaks to programs about what is made for readers, or for a site's own pages. A feed,
    a sitemap and a data file are made for programs; they ask only if the entry wants it. `largest`
    is what a body may have where that is more than usual (bytes).
    """

    module: str
    accept: str
    robots: bool
    largest: int | None = None


KINDS: Mapping[str, Kind] = {
    SourceKind.FEED: Kind("feed", _FEED, robots=False),
    SourceKind.LIST: Kind("list_page", _PAGE, robots=True),
    SourceKind.SITEMAP: Kind("sitemap", _XML, robots=False),
    SourceKind.API: Kind("json_api", _JSON, robots=True),
    SourceKind.GDELT: Kind("gdelt_bulk", "*/*", robots=False),
    SourceKind.GDELT_DOC: Kind("gdelt_doc", _JSON, robots=False),
    KNOWLEDGE_GRAPH: Kind("gdelt_graph", "*/*", robots=False, largest=_LARGEST_FILE),
    ARTICLE: Kind("article", _PAGE, robots=True),
}
