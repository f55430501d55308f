"""Bytes to text: the right one, whatever the labels say."""

import pytest

from tasks.read.charset import decode, xml

CHINESE = "中俄举行第二十轮战略安全磋商，镕基"
RUSSIAN = "Состоялся двадцатый раунд консультаций по безопасности"
VIETNAMESE = "Tham vấn an ninh chiến lược lần thứ 20"


def declared(text: str, encoding: str) -> str:
    return f'<?xml version="1.0" encoding="{encoding}"?><rss><title>{text}</title></rss>'


@pytest.mark.parametrize("label", ["gb2312", "gbk", "GB18030"])
def test_b60_a_label_of_gb2312_means_all_of_it(label: str) -> None:
    assert CHINESE in decode(declared(CHINESE, label).encode("gb18030"))


@pytest.mark.parametrize(
    ("text", "label"), [(CHINESE, "gb2312"), (RUSSIAN, "windows-1251"), (VIETNAMESE, "latin1")]
)
def test_b61_utf_8_wins_over_its_label(text: str, label: str) -> None:
    assert text in decode(declared(text, label).encode(), f"text/xml; charset={label}")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (CHINESE * 5, "gb18030"),
        (RUSSIAN * 5, "cp1251"),
        (RUSSIAN * 5, "koi8-r"),
        (f"Köszönöm szépen, őszintén űr {1}" * 5, "cp1250"),
    ],
)
def test_b62_without_a_label_it_is_guessed(text: str, encoding: str) -> None:
    assert text in decode(f"<rss><title>{text}</title></rss>".encode(encoding))


@pytest.mark.parametrize("text", [CHINESE, RUSSIAN])
def test_b63_one_bad_byte_costs_one_character(text: str) -> None:
    whole = text * 3
    body = declared(whole, "utf-8").encode()
    body = body.replace(b"</title>", b"\xff</title>")
    found = decode(body)
    assert whole in found
    assert found.count("\ufffd") == 1


def test_b63_even_under_a_wrong_label() -> None:
    body = declared(RUSSIAN, "windows-1251").encode().replace(b"</title>", b"\xff</title>")
    assert RUSSIAN in decode(body)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_b64_marks_and_wide_characters(encoding: str) -> None:
    found = decode(declared(CHINESE, "utf-8").encode(encoding))
    assert found.startswith("<?xml")
    assert CHINESE in found


def test_b64_the_document_is_believed_before_the_header() -> None:
    assert RUSSIAN in decode(declared(RUSSIAN, "windows-1251").encode("cp1251"), "text/xml; charset=koi8-r")


def test_b64_the_header_alone() -> None:
    assert RUSSIAN in decode(RUSSIAN.encode("koi8-r"), "text/html; charset=KOI8-R")


def test_b64_a_page_that_says_so_in_its_head() -> None:
    page = f'<html><head><meta charset="windows-1251"></head><body>{RUSSIAN}</body></html>'
    assert RUSSIAN in decode(page.encode("cp1251"), "text/html")


@pytest.mark.parametrize("label", ["base64", "idna", "unicode_escape", "no-such-thing", "utf-16", "utf-7"])
def test_labels_that_make_no_sense_are_ignored(label: str) -> None:
    assert RUSSIAN in decode(declared(RUSSIAN * 3, label).encode("cp1251"))


def test_the_source_may_know_better() -> None:
    assert decode("тест".encode("koi8-r"), "text/xml; charset=utf-8", "koi8-r") == "тест"


def test_b65_illegal_characters_go() -> None:
    assert decode("a\x00b\x0bc\x1fd\ufffee".encode()) == "abcde"
    assert decode("\ufeff\ufeffx".encode()) in ("x", "\ufeffx")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("a & b", "a &amp; b"),
        ("a&nbsp;b", "a\xa0b"),
        ("&eacute;&lt;&amp;", "é&lt;&amp;"),
        ("&#60;&#x26;", "&lt;&amp;"),
        ("&#0;&#x1F;&#xD800;x", "x"),
        ("&unknown; &", "&amp;unknown; &amp;"),
        ("AT&T", "AT&amp;T"),
        ("<![CDATA[a & b &nbsp;]]>", "<![CDATA[a & b &nbsp;]]>"),
        ("&#150;", "–"),
    ],
)
def test_b65_xml_that_a_parser_cannot_trip_over(given: str, expected: str) -> None:
    out = xml(f"<t>{given}</t>").decode()
    inside = out[out.index("<t>") + 3 : out.rindex("</t>")].replace("\ufffd", "")
    assert inside == expected


def test_b52_no_doctype_no_entities() -> None:
    hostile = """\n <?xml version="1.0" encoding="gb2312"?>
<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY x SYSTEM "file:///etc/passwd">]>
<rss>&a;&x;</rss>"""
    out = xml(hostile).decode()
    assert "DOCTYPE" not in out
    assert "&amp;a;&amp;x;" in out
    assert out.startswith('<?xml version="1.0" encoding="utf-8"?>')
