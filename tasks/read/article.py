"""A single page that a sitemap names without its title: one entry, which says all of it itself."""

from tasks.model import PublishedBasis
from tasks.read import charset, page, sniff
from tasks.read.document import Document, Entry, Fault, Terms
from tasks.read.entries import SHORT_SUMMARY, published_at, reader_for
from tasks.read.plain import line
from tasks.read.segment import segment


def parse(body: bytes, terms: Terms) -> Document:
    """The page as a document of one entry. A page without a title or a text is none."""
    text = charset.decode(body, terms.content_type, terms.charset, terms.language)
    if sniff.root_of(text) or sniff.is_json(text):
        problem = f"it is {sniff.described(text, len(body))} and no page"
        return Document("", problem=problem, fault=Fault.FOREIGN)
    found = page.read(text, terms.url, "", terms.article)
    title = line(found.title)
    if not title or not found.text:
        return Document("article", problem="the page holds no article", fault=Fault.EMPTY)
    published, basis = published_at(found.dates, terms.url, terms, reader_for(terms))
    if basis is PublishedBasis.FEED:
        basis = PublishedBasis.PAGE
    entry = Entry(
        title=title,
        url=terms.url,
        summary=found.text[:SHORT_SUMMARY].rpartition("\n")[0] or found.text[:SHORT_SUMMARY],
        body=found.text,
        published=published,
        basis=basis,
        segments=segment(title, found.text, terms.language),
    )
    return Document("article", (entry,), truncated=terms.truncated)
