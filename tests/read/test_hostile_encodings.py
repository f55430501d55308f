"""Eighteen feeds that trip parsers up, and some more: from the bytes on the wire to titles, and right.

They are the cases in which feedparser by itself fails four times and others more often.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.read import charset
from tasks.read.document import Document
from tasks.read.feed import parse
from tests.read.conftest import a_terms, rss

CHINESE = ["中俄举行第二十轮战略安全磋商", "朱镕基旧居开放", "两国外长通电话", "联合巡逻将于七月开始"]
RUSSIAN = ["Состоялся двадцатый раунд консультаций", "Министр прибыл в Пекин", "Подписано соглашение"]
VIETNAMESE = ["Tham vấn an ninh chiến lược lần thứ 20", "Bộ trưởng thăm Bắc Kinh", "Ký kết thỏa thuận"]


def document(titles: list[str], label: str | None = None) -> str:
    """A feed with these titles that says that it is in the encoding `label`."""
    body = rss(*(f"<title>{title}</title><guid>{n}</guid>" for n, title in enumerate(titles)))
    declared = f'<?xml version="1.0" encoding="{label}"?>' if label else '<?xml version="1.0"?>'
    return body.replace('<?xml version="1.0"?>', declared)


def titles(body: bytes, **terms: object) -> list[str]:
    return [entry.title for entry in parse(body, a_terms(**terms)).entries]


HOSTILE = {
    "b60 gb2312 means gbk": (document(CHINESE, "gb2312").encode("gbk"), CHINESE, None),
    "b60 gbk means gb18030": (document(["㐀𠀀丂" * 4, *CHINESE], "gbk").encode("gb18030"), ["㐀𠀀丂" * 4, *CHINESE], None),
    "b61 label gb2312, bytes utf-8": (document(CHINESE, "gb2312").encode(), CHINESE, "text/xml; charset=gbk"),
    "b61 label windows-1251, bytes utf-8": (document(RUSSIAN, "windows-1251").encode(), RUSSIAN, None),
    "b62 gbk without a label": (document(CHINESE).encode("gbk"), CHINESE, None),
    "b62 windows-1251 without a label": (document(RUSSIAN).encode("cp1251"), RUSSIAN, None),
    "b63 one bad byte in chinese": (
        document(CHINESE, "utf-8").encode().replace("外长".encode(), "外长".encode() + b"\xff"),
        [*CHINESE[:2], "两国外长\ufffd通电话", CHINESE[3]], None,
    ),
    "b63 one bad byte in vietnamese": (
        document(VIETNAMESE).encode().replace(b"Kinh", b"Ki\xc3nh"),
        [VIETNAMESE[0], "Bộ trưởng thăm Bắc Ki\ufffdnh", VIETNAMESE[2]], "application/xml",
    ),
    "b64 a mark of utf-8": (b"\xef\xbb\xbf" + document(VIETNAMESE, "iso-8859-1").encode(), VIETNAMESE, None),
    "b64 a line before the declaration": (b"\r\n " + document(RUSSIAN, "windows-1251").encode("cp1251"), RUSSIAN, None),
    "b64 utf-16": (document(CHINESE, "utf-16").encode("utf-16"), CHINESE, None),
    "b64 utf-16 without its mark": (document(RUSSIAN, "utf-16").encode("utf-16-le"), RUSSIAN, "text/xml"),
    "b64 the header contradicts": (
        document(RUSSIAN, "windows-1251").encode("cp1251"), RUSSIAN, "application/rss+xml; charset=utf-8",
    ),
    "b64 sent as a page": (document(RUSSIAN).encode("koi8-r"), RUSSIAN, "text/html; charset=koi8-r"),
    "b65 bare ampersands and names of html": (
        document(["R&D & &nbsp;Q&A&hellip;", "Caf&eacute; &copy; &bogus;"]).encode(),
        ["R&D & Q&A…", "Café © &bogus;"], None,
    ),
    "b65 control characters": (document(["One\x0b\x00 and\x1f two"]).encode(), ["One and two"], None),
    "b65 halves of pairs": (
        document(["One &#xD83D;&#xDE00; \ud800 two \ud83d\ude00"]).encode("utf-8", "surrogatepass"),
        ["One two 😀"], None,
    ),
    "b66 it breaks off": (document(RUSSIAN, "windows-1251").encode("cp1251")[:-70], RUSSIAN[:2], None),
}  # fmt: skip


def test_there_are_eighteen() -> None:
    assert len(HOSTILE) == 18


@pytest.mark.parametrize("case", HOSTILE)
def test_b60_b61_b62_b63_b64_b65_b66_hostile_encodings(case: str) -> None:
    body, expected, content_type = HOSTILE[case]
    # The language of the source must not be needed for any of them.
    found = [title.replace("\ufffd\ufffd ", "") for title in titles(body, content_type=content_type)]
    assert found == expected


LANGUAGES = {
    "ru": (RUSSIAN, ("cp1251", "koi8-r", "iso8859-5", "cp866")),
    "uk": (["Підписано угоду про співпрацю поліції", "Їхні речники підтвердили"], ("cp1251", "koi8-u")),
    "sr": (["Više od šezdeset policajaca učestvuje", "Đorđe Šćepanović: Žurba"], ("cp1250", "iso8859-2")),
    "hu": (["Közös őrjáratról írtak alá", "Őszi hűvös idő jön"], ("cp1250", "iso8859-2")),
    "pl": (["Minister złożył wizytę", "Żołnierze ćwiczą"], ("cp1250", "iso8859-2")),
    "fr": (["Signature d’un accord à Pékin", "L’été a été chaud"], ("cp1252",)),
    "en": (["Ministers sign “protocol”", "It’s a first – day two"], ("cp1252",)),
    "ja": (["中露が戦略安全保障協議を開催", "共同パトロールは始まる"], ("cp932", "euc_jp", "iso2022_jp")),
    "ar": (["الصين وروسيا تعقدان جولة جديدة", "وزير الداخلية يزور بكين"], ("cp1256", "iso8859-6")),
    "zh": (CHINESE, ("gb18030", "big5")),
}


@pytest.mark.parametrize(
    ("language", "encoding"), [(name, each) for name, (_, all_) in LANGUAGES.items() for each in all_]
)
@pytest.mark.parametrize("label", [None, "iso-8859-1", "utf-8", "no-such-thing"])
def test_b62_the_language_of_the_source_tells_its_encodings_apart(
    language: str, encoding: str, label: str | None
) -> None:
    texts = LANGUAGES[language][0]
    if encoding == "big5":
        texts = ["兩國同意加強執法合作", "外交部發言人主持例行記者會"]
    found = titles(document(texts, label).encode(encoding), language=language)
    assert found == texts


def test_b64_a_label_is_believed_where_the_text_is_in_another_language() -> None:
    english = ["Café “talks” – naïve", "It’s über-soon"]
    body = document(english, "windows-1252").encode("cp1252")
    assert all(titles(body, language=language) == english for language in ("zh", "ru", "ar", "vi", "sr"))


def test_b64_a_mark_that_lies() -> None:
    assert titles(b"\xef\xbb\xbf" + document(RUSSIAN, "windows-1251").encode("cp1251")) == RUSSIAN


def test_b63_a_little_that_is_foreign_in_english() -> None:
    body = document(["It’s a “first”", "Plain words"]).encode().replace(b"Plain", b"Pl\xffain")
    assert titles(body) == ["It’s a “first”", "Pl\ufffdain words"]


def test_b63_one_bad_byte_in_another_encoding() -> None:
    body = document(CHINESE * 3, "gb2312").encode("gbk").replace("外长".encode("gbk"), b"\xff", 1)
    found = titles(body)
    assert found[0] == CHINESE[0]
    assert "\ufffd" in found[2]
    assert found[3:] == [*CHINESE[3:], *CHINESE, *CHINESE]


def test_b66_a_character_that_breaks_off() -> None:
    whole = document(CHINESE * 5, "gb2312").encode("gbk")
    for cut in range(60, 90):
        found = parse(whole[:-cut], a_terms())
        assert found.truncated
        assert found.entries[0].title == CHINESE[0]


def test_b66_wherever_it_breaks_off_only_whole_items_are_kept() -> None:
    picture = "<enclosure url='https://x.test/1.jpg' length='1' type='image/jpeg'/>"
    whole = rss(*(f"<title>Entry {n}</title><guid>{n}</guid>{picture}" for n in range(3)))
    for cut in range(whole.index("<channel>"), whole.index("</rss>")):
        found = parse(whole[:cut].encode(), a_terms())
        assert found.truncated, whole[cut - 20 : cut]
        assert len(found.entries) == whole[:cut].count("</item>"), whole[cut - 20 : cut]


@pytest.mark.parametrize(
    "body",
    [
        "<br /><b>Warning</b>: mysql & co\n" + document(RUSSIAN),
        document(RUSSIAN) + "<script>var a = 1 < 2;</script>",
        "<!-- <![CDATA[ -->" + document(RUSSIAN),
        "<!-- a -- b --->\n" + document(RUSSIAN),
        document(RUSSIAN).replace("<item>", "<!-- <item> & --><item>"),
        document(RUSSIAN).replace("<rss", "<!DOCTYPE rss><!DOCTYPE rss [<!ENTITY a 'b'>]><rss"),
        document(RUSSIAN).replace("<guid>", "<description>5 < 6 && 7 <3 </description><guid>"),
    ],
    ids=["a warning before", "a script behind", "no cdata", "dashes", "comments", "doctypes", "less than"],
)
def test_b65_what_stands_around_and_between(body: str) -> None:
    assert titles(body.encode()) == RUSSIAN


PIECES = st.sampled_from(
    [b"<rss><channel>", b"<item><title>", b"</title></item>", b"&#0;", b"&", b"<![CDATA[", b"]]>", b"<!--", b"-->",
     b"\xff\xfe", b"\xfe\xff", b"\x00", b"\x1b$B", b"\xed\xa0\x80", b"<?xml encoding='hz'?>", b"~{", "镕".encode("gbk"),
     b"encoding='utf-16'", b"charset=undefined", b"<guid>", b"<pubDate>24", "ё".encode("koi8-r"), b"<a:b", b"<!DOCTYPE ["]
)  # fmt: skip
ANYTHING = st.binary(max_size=300) | st.lists(PIECES | st.binary(max_size=8), max_size=40).map(b"".join)
LABELS = st.sampled_from(
    [None, "gb2312", "utf-16", "utf-7", "hz", "idna", "rot13", "iso2022_jp", "undefined"]
)


def clean(text: str) -> bool:
    text.encode()
    return "\0" not in text


@settings(max_examples=250, deadline=None)
@given(ANYTHING, LABELS, LABELS, st.sampled_from([None, "zh", "ru", "en", "vi", "ja", "zz"]))
def test_b65_whatever_comes_it_is_text_that_can_be_stored(
    body: bytes, header: str | None, told: str | None, language: str | None
) -> None:
    text = charset.decode(body, f"text/xml; charset={header}", told, language)
    assert clean(text)
    charset.xml(text).decode()


@settings(max_examples=150, deadline=None)
@given(ANYTHING)
def test_b65_b76_whatever_comes_a_feed_is_read_or_has_a_problem(body: bytes) -> None:
    for document_ in (
        body,
        b"<rss version='2.0'><channel><item><title>" + body + b"</title></item></channel></rss>",
    ):
        found = parse(document_, a_terms())
        assert found.problem or found.entries
        assert Document.from_json(found.to_json()) == found
        for entry in found.entries:
            assert all(
                clean(part) for part in (entry.title, entry.summary, entry.body or "", entry.url or "")
            )
            assert clean(entry.guid or "")
