"""Aggregators: who published it, what it is called, and whether its link leads anywhere."""

from tasks.read.document import Entry, Terms
from tasks.read.feed import parse
from tests.read.conftest import a_terms, rss

GOOGLE = "https://news.google.com/rss/search?q=China&hl=en-US&gl=US&ceid=US:en"
LINK = "https://news.google.com/rss/articles/CBMiVkFVX3lxTE1?oc=5"
SOURCE = '<source url="https://www.globaltimes.cn">Global Times</source>'
ITEM = (
    f"<title>China, Russia hold talks - Global Times</title><link>{LINK}</link>"
    '<guid isPermaLink="false">CBMiVkFVX3lxTE1</guid><pubDate>Fri, 20 Nov 2026 08:00:00 GMT</pubDate>'
)
CLUSTER = (
    "<description>&lt;ol&gt;&lt;li&gt;&lt;a href='https://news.google.com/rss/articles/CBMi2'&gt;Xi signs pact with"
    " Serbia&lt;/a&gt;&amp;nbsp;&lt;font color='#6f6f6f'&gt;B92&lt;/font&gt;&lt;/li&gt;&lt;/ol&gt;</description>"
)


def entries(*items: str, **values: object) -> tuple[Entry, ...]:
    terms: Terms = a_terms(**{"url": GOOGLE, "discovery": True, **values})
    return parse(rss(*items).encode(), terms).entries


def test_b84_the_outlet_is_the_named_source_and_its_name_no_part_of_the_title() -> None:
    (entry,) = entries(ITEM + SOURCE)
    assert (entry.title, entry.outlet) == ("China, Russia hold talks", "globaltimes.cn")
    assert entry.published is not None


def test_b84_a_link_through_the_aggregator_only_serves_to_discover() -> None:
    (entry,) = entries(ITEM + SOURCE)
    assert (entry.url, entry.discovery) == (LINK, True)


def test_b84_what_others_wrote_beside_it_is_not_taken_for_its_words() -> None:
    (entry,) = entries(ITEM + SOURCE + CLUSTER)
    assert (entry.summary, entry.body) == ("", None)


def test_b84_a_hyphen_in_the_title_stays() -> None:
    item = "<title>Sino-Russian talks - round two - The Moscow Times</title>"
    (entry,) = entries(
        f'{item}<link>{LINK}</link><source url="https://www.themoscowtimes.com">The Moscow Times</source>'
    )
    assert entry.title == "Sino-Russian talks - round two"


def test_a_link_to_the_article_itself_is_one() -> None:
    item = (
        "<title>A talk</title><link>https://www.mfa.gov.cn/1.html</link><description>The talk.</description>"
    )
    (entry,) = entries(item, url="https://rsshub.example.org/mfa/fyrbt")
    assert (entry.outlet, entry.discovery, entry.summary) == ("mfa.gov.cn", False, "The talk.")


def test_an_aggregator_that_shows_the_article_itself_is_read_like_an_outlet() -> None:
    item = (
        "<title>A talk</title><link>https://digest.example.org/a/1</link><description>The talk.</description>"
    )
    (entry,) = entries(item, url="https://digest.example.org/feed")
    assert (entry.outlet, entry.discovery, entry.summary) == (None, False, "The talk.")


def test_an_aggregator_that_names_nobody_stands_for_itself() -> None:
    (entry,) = entries(ITEM)
    assert (entry.outlet, entry.discovery) == (None, True)
    (entry,) = entries(ITEM + '<source url="javascript:alert(1)">Evil</source>')
    assert entry.outlet is None


def test_a_feed_of_an_outlet_names_no_other() -> None:
    (entry,) = entries(ITEM + SOURCE + CLUSTER, discovery=False)
    assert (entry.outlet, entry.discovery) == (None, False)
    assert entry.summary
