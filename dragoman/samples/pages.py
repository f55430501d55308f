"""What the sample sources send: feeds, list pages, article pages; and a page's words as lines.

A `root` is the address below which a source publishes, without the slash at its end. Items come
newest first, as every publisher sends them.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC
from email.utils import format_datetime
from html import escape
from html.parser import HTMLParser
from string import Template

from dragoman.samples.rows import Block, Box, Markup, Sample, SampleKind, SampleSource


def index(
    source: SampleSource, newest_first: Sequence[Sample], root: str, layouts: Mapping[str, str]
) -> tuple[str, str]:
    """The document that lists a source's items, and its content type."""
    match source.kind:
        case SampleKind.RSS:
            return _rss(source, newest_first, root), "application/rss+xml; charset=utf-8"
        case SampleKind.ATOM:
            return _atom(source, newest_first, root), "application/atom+xml; charset=utf-8"
        case SampleKind.LIST:
            return _list(source, newest_first, layouts["list.html"]), "text/html; charset=utf-8"


def _rss(source: SampleSource, newest_first: Sequence[Sample], root: str) -> str:
    items = "\n".join(_rss_item(sample, root) for sample in newest_first)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0">
<channel>
<title>{escape(source.title)}</title>
<link>{root}/</link>
<description>{escape(source.outlet)}</description>
<language>{source.language}</language>
<ttl>5</ttl>
{items}
</channel>
</rss>
"""


def _rss_item(sample: Sample, root: str) -> str:
    link = f"{root}/{sample.path}"
    date = f"\n<pubDate>{format_datetime(sample.published)}</pubDate>" if sample.published else ""
    # The stray closing tag is what the feeds of several dailies really carry.
    picture = f'<a href="{link}"><img src="{root}/static/blank.jpg"></a></br>'
    return f"""<item>
<title>{escape(sample.title)}</title>
<description><![CDATA[{picture}{escape(sample.summary)}]]></description>
<link>{link}</link>
<guid>{link}</guid>{date}
</item>"""


def _atom(source: SampleSource, newest_first: Sequence[Sample], root: str) -> str:
    entries = "\n".join(_atom_entry(source, sample, root) for sample in newest_first)
    updated = newest_first[0].appears.astimezone(UTC).isoformat() if newest_first else "2000-01-01T00:00:00Z"
    return f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{source.language}">
<title>{escape(source.title)}</title>
<id>tag:{source.host},2020:feed</id>
<link rel="self" href="{root}/{source.feed}"/>
<updated>{updated}</updated>
<author><name>{escape(source.outlet)}</name></author>
{entries}
</feed>
"""


def _atom_entry(source: SampleSource, sample: Sample, root: str) -> str:
    moment = sample.appears.astimezone(UTC).isoformat()
    published = f"\n<published>{moment}</published>" if sample.published else ""
    return f"""<entry>
<title type="html">{escape(escape(sample.title))}</title>
<id>tag:{source.host},2020:{sample.id}</id>
<link rel="alternate" type="text/html" href="{root}/{sample.path}"/>{published}
<updated>{moment}</updated>
<summary type="html">{escape(f"<p>{escape(sample.summary)}</p>")}</summary>
</entry>"""


def _list(source: SampleSource, newest_first: Sequence[Sample], layout: str) -> str:
    links = "\n".join(
        f'<li><a href="{sample.path}"><img src="static/blank.jpg" alt=""></a>\n'
        f'<a href="{sample.path}">{escape(sample.title)}</a></li>'
        for sample in newest_first
    )
    words = {"title": escape(source.title), "outlet": escape(source.outlet)}
    return Template(layout).substitute(words, links=links)


def page(source: SampleSource, sample: Sample, root: str, layouts: Mapping[str, str]) -> str:
    """The page of an item, as its source would send it."""
    captions = [block.caption for block in sample.blocks if block.caption]
    words = {
        "id": sample.id,
        "outlet": source.outlet,
        "title": sample.title,
        "summary": sample.summary,
        "url": f"{root}/{sample.path}",
        "byline": sample.byline,
        "stamp": sample.stamp,
        "lead": captions[0] if captions else "",
    }
    return Template(layouts[source.layout]).substitute(
        {name: escape(text) for name, text in words.items()},
        linked_data=_linked_data(source, sample),
        blocks="\n".join(_block(block, source.markup) for block in sample.blocks),
        aside="\n".join(_box(box, source.markup) for box in sample.aside),
    )


def _block(block: Block, markup: Markup) -> str:
    (kind,) = block.model_fields_set
    template = Template(getattr(markup, kind))
    if block.teaser:
        return template.substitute(title=escape(block.teaser.title), text=escape(block.teaser.text))
    return template.substitute(text=escape(getattr(block, kind)))


def _box(box: Box, markup: Markup) -> str:
    entries = "\n".join(
        Template(markup.entry).substitute(
            text=escape(entry.text), section=escape(entry.section), time=escape(entry.time)
        )
        for entry in box.entries
    )
    return Template(markup.box).substitute(title=escape(box.title), entries=entries)


def _linked_data(source: SampleSource, sample: Sample) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": sample.title,
        "datePublished": sample.appears.isoformat(),
        "author": {"@type": "Person", "name": sample.byline},
        "publisher": {"@type": "Organization", "name": source.outlet},
    }
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def lines(html: str) -> str:
    """The words of a page, a block a line, with everything that a crude extractor leaves in.

    Menus and footers marked as such go, and so does what no reader sees. Captions, side boxes,
    share lines and other stories stay.
    """
    parser = _Lines()
    parser.feed(html)
    parser.close()
    tidy = (" ".join(line.split()) for line in parser.lines)
    return "\n".join(line for line in tidy if line)


class _Lines(HTMLParser):
    """Collects text, and begins a line at every tag that is not within a line."""

    _hidden = frozenset({"head", "script", "style", "nav", "footer"})
    _within_a_line = frozenset({"a", "b", "i", "em", "strong", "span", "time", "img"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines = [""]
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._depth += tag in self._hidden
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag in self._hidden
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._depth:
            self.lines[-1] += data

    def _break(self, tag: str) -> None:
        if tag not in self._within_a_line:
            self.lines.append("")
