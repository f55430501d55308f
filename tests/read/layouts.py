"""Pages of one story in the layouts that outlets, agencies and governments have."""

import json
from collections.abc import Callable

from tests.read.stories import Story


def _p(texts: tuple[str, ...]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def _figure(story: Story) -> str:
    return f"<figure><img src=/1.jpg alt='{story.caption}'><figcaption>{story.caption}</figcaption></figure>"


def _links(story: Story) -> str:
    return (
        "<ul>"
        + "".join(f"<li><a href='/{n}'>{link}</a></li>" for n, link in enumerate(story.links))
        + "</ul>"
    )


def _page(story: Story, body: str, head: str = "") -> str:
    return (
        f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{story.title} | Site</title>"
        f"<meta property='og:title' content='{story.title}'>{head}</head><body>"
        f"<header><nav><a href=/>Home</a> <a href=/world>World</a></nav></header>{body}"
        "<footer><p>© 2026 Site</p></footer></body></html>"
    )


def plain(story: Story) -> str:
    first, *rest = story.paragraphs
    return _page(
        story,
        f"<article><h1>{story.title}</h1><p class=byline>{story.author}</p><p>{first}</p>{_figure(story)}"
        f"{_p(tuple(rest))}</article>",
    )


def stacked_articles(story: Story) -> str:
    return _page(
        story,
        f"<main><article class=entry><h2>{story.title}</h2>{_p(story.paragraphs)}</article>"
        f"<article class=entry><h2>{story.other}</h2>{_p(story.others * 3)}</article></main>",
    )


def stacked_divs(story: Story) -> str:
    return _page(
        story,
        f"<div id=list><div class=news><h2>{story.title}</h2>{_p(story.paragraphs)}</div>"
        f"<div class=news><h2>{story.other}</h2>{_p(story.others * 3)}</div>"
        f"<div class=news><h2>{story.brief}</h2>{_p(story.others)}</div></div>",
    )


def stacked_flat(story: Story) -> str:
    """Both stories in one block, the second below a heading of its own."""
    return _page(
        story,
        f"<div class=content><h1>{story.title}</h1>{_figure(story)}{_p(story.paragraphs)}"
        f"<h1>{story.other}</h1>{_p(story.others)}</div>",
    )


def stacked_short(story: Story) -> str:
    """As before; the headline of the second has two words."""
    return _page(
        story,
        f"<div class=content><h2>{story.title}</h2>{_p(story.paragraphs)}<h2>{story.brief}</h2>{_p(story.others)}</div>",
    )


def side_boxes(story: Story) -> str:
    box = f"<h3>{story.other}</h3>{_p(story.others)}"
    return _page(
        story,
        f"<div class=wrap><div class=left><h1>{story.title}</h1>{_figure(story)}{_p(story.paragraphs)}</div>"
        f"<div class=sidebar><div class=box>{box}</div><div class=box>{_links(story)}</div></div>"
        f"<aside>{box}</aside></div>",
    )


def read_more(story: Story) -> str:
    first, second, *rest = story.paragraphs
    return _page(
        story,
        f"<article><h1>{story.title}</h1><p>{first}</p><p><strong>{story.aside}:</strong> "
        f"<a href=/9>{story.other}</a></p><p>{second}</p>{_p(tuple(rest))}"
        f"<h3>{story.stop}</h3>{_links(story)}</article>",
    )


def nameless_teasers(story: Story) -> str:
    """What follows has no name that says what it is: a stop heading, headlines, abstracts."""
    cards = "".join(
        f"<div><a href=/{n}><h4>{link}</h4></a><p>{abstract}</p></div>"
        for n, (link, abstract) in enumerate(zip(story.links, story.others, strict=False))
    )
    return _page(
        story,
        f"<div><div><h1>{story.title}</h1><div>{_p(story.paragraphs)}</div></div>"
        f"<div><h3>{story.stop}</h3>{cards}</div></div>",
    )


def government(story: Story) -> str:
    """Paragraphs apart by breaks alone, in a table, as ministries have them."""
    text = "<br><br>".join(f"\u3000\u3000{paragraph}" for paragraph in story.paragraphs)
    return _page(
        story,
        "<table><tr><td><a href=/>Home</a></td></tr><tr><td align=center><font size=5><b>"
        f"{story.title}</b></font></td></tr><tr><td>2026-11-20 10:00</td></tr><tr><td>{text}</td></tr></table>",
    )


def breaks(story: Story) -> str:
    return _page(
        story,
        f"<div class=TRS_Editor><div class=title>{story.title}</div><span>{'<br>'.join(story.paragraphs)}</span></div>",
    )


def table(story: Story) -> str:
    rows = "".join(f"<tr><td><p>{text}</p></td></tr>" for text in story.paragraphs)
    return _page(
        story,
        f"<table width=900><tr><td width=200>{_links(story)}</td><td><h1>{story.title}</h1>"
        f"<table>{rows}</table></td></tr></table>",
    )


def paywall(story: Story) -> str:
    """The beginning alone, and what it costs to go on."""
    first, second, *_ = story.paragraphs
    return _page(
        story,
        f"<article><h1>{story.title}</h1><p>{first}</p><p>{second}</p></article>"
        f"<div class='paywall subscribe'><p>{story.notice}</p></div>",
    )


def cookie_wall(story: Story) -> str:
    return _page(
        story,
        f"<div id=cookie-consent class=cookie-banner><h2>Cookies</h2><p>{story.notice}</p><p>{story.notice[::1]}</p>"
        f"<button>OK</button></div><article><h1>{story.title}</h1>{_p(story.paragraphs)}</article>",
    )


def live_blog(story: Story) -> str:
    """A page that is added to: each entry with its hour, all of them of one story."""
    entries = "".join(
        f"<div class=post><time datetime='2026-11-20T1{n}:00:00Z'>1{n}:00</time><p>{text}</p></div>"
        for n, text in enumerate(story.paragraphs)
    )
    return _page(story, f"<main><h1>{story.title}</h1><div class=posts>{entries}</div></main>")


def daily(story: Story) -> str:
    """As Vietnamese and Chinese dailies have it: a line of hours, a lead, an author, links below."""
    lead, *rest = story.paragraphs
    return _page(
        story,
        f"<div class=main-content><div class=cate>World</div><h1 class=title-detail>{story.title}</h1>"
        f"<span class=date>20/11/2026 08:30</span><h2 class=sapo>{lead}</h2>"
        f"<div class=detail-content>{_p(tuple(rest[:-1]))}<table class=picture><tr><td><img src=1.jpg></td></tr>"
        f"<tr><td class=caption>{story.caption}</td></tr></table><p>{rest[-1]}</p><p class=author>{story.author}</p></div>"
        f"<div class=box-category><h3>{story.stop}</h3>{_links(story)}</div></div>",
    )


def comments(story: Story) -> str:
    said = f"<div class=comment><b>Reader 12</b><p>{story.comment}</p></div>"
    return _page(
        story,
        f"<article><h1>{story.title}</h1>{_p(story.paragraphs)}</article><section id=comments>{said * 8}</section>",
    )


def linked_data(story: Story) -> str:
    """The text stands in JSON for machines alone; the page is drawn by a script."""
    data = {"@type": "NewsArticle", "headline": story.title, "articleBody": "\n\n".join(story.paragraphs)}
    script = f"<script type='application/ld+json'>{json.dumps(data)}</script>"
    return _page(story, "<div id=root></div>", script)


def form(story: Story) -> str:
    """The whole page in a form, as one maker of servers has it."""
    return _page(
        story,
        f"<form id=aspnetForm action=/><div class=menu>{_links(story)}</div><div><h1>{story.title}</h1>"
        f"{_figure(story)}{_p(story.paragraphs)}</div></form>",
    )


def title_apart(story: Story) -> str:
    """The headline stands in a block of its own; the names of the others say something else."""
    return _page(
        story,
        f"<div class=page-header><h1>{story.title}</h1></div><div class='content with-sidebar tag-news'>"
        f"<div class='post social-policy'>{_p(story.paragraphs)}</div><div class=sidebar>{_links(story)}</div></div>",
    )


def site_name(story: Story) -> str:
    """The first heading is the name of the site; the headline is one of lower rank."""
    return _page(
        story,
        f"<h1><a href=/>Site</a></h1><div><h2>{story.title}</h2><div>{_p(story.paragraphs)}</div></div>"
        f"<div><h2>{story.stop}</h2>{_links(story)}</div>",
    )


def links_before(story: Story) -> str:
    return _page(
        story,
        f"<div class=top><h3>{story.stop}</h3>{_links(story)}</div><div id=a><h1>{story.title}</h1>"
        f"{_p(story.paragraphs)}</div>",
    )


def nameless_divisions(story: Story) -> str:
    """No element has a name or says that it is a paragraph."""
    text = "".join(f"<div>{paragraph}</div>" for paragraph in story.paragraphs)
    links = "".join(f"<div><a href=/{n}>{link}</a></div>" for n, link in enumerate(story.links))
    return _page(
        story,
        f"<div><div><div>{story.title}</div><div>{story.author}</div><div>{text}</div></div>"
        f"<div><div>{story.stop}</div>{links}</div></div>",
    )


def gallery(story: Story) -> str:
    """A picture with its caption between any two paragraphs."""
    parts = "".join(f"<p>{paragraph}</p>{_figure(story)}" for paragraph in story.paragraphs)
    return _page(story, f"<article><h1>{story.title}</h1>{parts}</article>")


def points(story: Story) -> str:
    """What was agreed as a list, and a quotation."""
    first, second, *rest = story.paragraphs
    items = "".join(f"<li>{text}</li>" for text in rest)
    return _page(
        story,
        f"<article><h1>{story.title}</h1><p>{first}</p><blockquote><p>{second}</p></blockquote><ul>{items}</ul></article>",
    )


def endless(story: Story) -> str:
    """The next story is loaded below, in a section with a heading of the same rank."""
    return _page(
        story,
        f"<section class='story first'><h1>{story.title}</h1>{_p(story.paragraphs)}</section>"
        f"<section class='story next'><h1>{story.other}</h1>{_p(story.others * 2)}</section>",
    )


def bold_headings(story: Story) -> str:
    """A second story below, its headline a paragraph in bold letters."""
    return _page(
        story,
        f"<div><p><b>{story.title}</b></p>{_p(story.paragraphs)}<p><b>{story.other}</b></p>{_figure(story)}"
        f"{_p(story.others)}</div>",
    )


def subheadings(story: Story) -> str:
    """Headings of lower rank within the story do not end it."""
    first, second, third, last = story.paragraphs
    return _page(
        story,
        f"<article><h1>{story.title}</h1><p>{first}</p><p>{second}</p><h2>{story.author}</h2><p>{third}</p>"
        f"<h2>{story.author} 2</h2><p>{last}</p></article>",
    )


LAYOUTS: dict[str, Callable[[Story], str]] = {
    each.__name__: each
    for each in (
        plain, stacked_articles, stacked_divs, stacked_flat, stacked_short, side_boxes, read_more, nameless_teasers,
        government, breaks, table, paywall, cookie_wall, live_blog, daily, comments, linked_data, form, title_apart,
        site_name, links_before, nameless_divisions, gallery, points, endless, bold_headings, subheadings,
    )
}  # fmt: skip
