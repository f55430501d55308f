import pytest

from tasks.alert import guard


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  two\r\n lines\tand\u2028more ", "two lines and more"),
        ("moscow\u202e.ur\u202c here\u2066x\u2069", "moscow.ur herex"),
        ("a\x00b\x1b[31mc\x7f", "ab[31mc"),
        ("zero\u200bwidth\ufeff \u00adsoft \U000e0041tag", "zerowidth soft tag"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("half \ud800 and private \ue000", "half and private"),
        ("z" + "\u0301" * 50, "z" + "\u0301" * 4),
        ("第二十轮 · двадцатый", "第二十轮 · двадцатый"),
    ],
)
def test_clean_text_is_one_line_that_shows_all_it_holds(text: str, cleaned: str) -> None:
    assert guard.clean(text, 200) == cleaned


def test_clean_text_keeps_to_its_length() -> None:
    assert guard.clean("abcdef", 4) == "abc…"
    assert guard.clean("abcd", 4) == "abcd"


HOSTILE = "@everyone @here <!channel> <@U12> [free](https://evil.example) ||hidden|| ~~gone~~ `code` <b>x</b>"


@pytest.mark.parametrize("say", [guard.plain, guard.markdown, guard.html])
@pytest.mark.parametrize("markup", ["@", "<!", "<@", "](", "||", "~~", "`", "<b>"])
def test_no_layout_lets_markup_through(say: object, markup: str) -> None:
    assert callable(say)
    assert markup not in say(HOSTILE)


def test_markdown_is_shown_as_it_was_written() -> None:
    assert guard.markdown(r"**bold** _it_ \[a] #tag") == r"\*\*bold\*\* \_it\_ \\\[a\] \#tag"


def test_html_is_escaped() -> None:
    assert guard.html("Tom & \"Jerry\" <script>alert('x')</script>") == (
        "Tom &amp; &quot;Jerry&quot; ‹script›alert(&#x27;x&#x27;)‹/script›"
    )


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://tass.ru/politika/1?utm=a&b=c#top", "https://tass.ru/politika/1?utm=a&b=c#top"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("https://кремль.рф/", "https://xn--e1ajeds9e.xn--p1ai/"),
        ("https://www.xn--80ak6aa92e.com/", "https://www.xn--80ak6aa92e.com/"),
        ("https://news.example/新闻", "https://news.example/%E6%96%B0%E9%97%BB"),
        ("https://a.example/x_(y)*~|`<b>\u202e@everyone", None),
        ("https://a.example/done%20already", "https://a.example/done%20already"),
        ("https://kremlin.ru@evil.example/", None),
        ("https://user:word@evil.example/", None),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//evil.example/", None),
        ("https:///path", None),
        ("https://a b.example/", None),
        ("https://a.example:99999/", None),
        ("https://[bad/", None),
        ("https://" + "a" * 300 + ".example/", None),
        ("https://a.example/" + "x" * 3000, None),
        ("", None),
        (None, None),
    ],
)
def test_a_link_shows_where_it_leads_or_is_none(address: str | None, shown: str | None) -> None:
    found = guard.link(address)
    if address and "everyone" in address:
        assert found is not None
        assert found.isascii()
        assert not set("@()*~|`<>") & set(found)
    else:
        assert found == shown


def test_length_is_counted_as_chat_services_count() -> None:
    assert guard.length("abc") == 3
    assert guard.length("第二") == 2
    assert guard.length("😀") == 2
