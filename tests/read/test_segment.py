"""Pages taken apart: the lead story stays, everything else gets its own name."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.model import Segment, SegmentRole
from tasks.read.segment import segment

MAIN, STACKED, CAPTION = SegmentRole.MAIN, SegmentRole.STACKED, SegmentRole.CAPTION
TEASER, BOILERPLATE = SegmentRole.TEASER, SegmentRole.BOILERPLATE


def words(found: tuple[Segment, ...], role: SegmentRole) -> str:
    return "\n".join(part.text for part in found if part.role is role)


def check(title: str, body: str, found: tuple[Segment, ...]) -> None:
    """What holds of every answer: exact slices, in order, apart, and no line lost."""
    text = f"{title}\n\n{body}" if title else body
    end = 0
    for part in found:
        assert text[part.start : part.end] == part.text
        assert part.start >= end
        assert not text[end : part.start].strip()
        end = part.end
    assert not text[end:].strip()


def taken(title: str, body: str, language: str | None = None) -> tuple[Segment, ...]:
    found = segment(title, body, language)
    check(title, body, found)
    return found


ENGLISH = """Interior Minister Jana Novotna arrives for talks at the police academy in Dunafalva, Friday, May 3, 2024. Erik Lund/Pool via REUTERS
Interior Minister Jana Novotna arrives for talks at the police academy in Dunafalva, Friday, May 3, 2024. Erik Lund/Pool via REUTERS

Neighbours agree on joint river patrols

Two neighbouring countries agreed on Friday to send joint patrols along the river that divides them, a first since the border was drawn.

The agreement follows two years of talks, said Interior Minister Jana Novotna, who signed it in the old police academy.

“It is more than paper,” she told reporters...

Officers of both sides will share boats, radios and a command post, according to the text, which takes effect in July.

Read Full Article:

Share This Article

Related Articles

Storms hold up the harvest in the north, growers say

Growers in the north of the country have been waiting for a dry week since the middle of June. Their union puts the loss at a fifth of the crop. It calls on the government to bring forward the payments of next year.

Why the bridge at Kisfalu matters to everybody

The bridge at Kisfalu was closed for the third time this year. Lorries take the long way round. The mayor says that the ministry of transport has not answered any of his letters since the spring.
"""


def test_captions_at_the_top_and_strange_abstracts_at_the_end() -> None:
    found = taken("Neighbours agree on joint river patrols", ENGLISH, "en")
    main = words(found, MAIN)
    assert found[0].role is MAIN
    assert "joint patrols along the river" in main
    assert "takes effect in July" in main
    assert "Erik Lund" not in main
    assert words(found, CAPTION).count("Erik Lund") == 2
    for strange in ("Share This Article", "harvest", "Growers", "bridge", "Lorries"):
        assert strange not in main
        assert strange not in words(found, STACKED)


VIETNAMESE = """Bộ trưởng kêu gọi tăng cường tuần tra chung trên sông
Bộ trưởng Nội vụ nhấn mạnh hai nước cần tăng cường tuần tra chung trên sông, đồng thời chia sẻ thông tin về tội phạm.
Bộ trưởng Nội vụ tại cuộc họp báo. Ảnh: Đài truyền hình
“Chúng tôi sẽ cùng nhau bảo vệ dòng sông này, không chỉ trong mùa lũ mà quanh năm”, bộ trưởng cho biết trong cuộc họp báo hôm nay (14/6).
Video đang HOT
Ông cũng cho biết hai bên sẽ lập một đường dây liên lạc trực tiếp giữa các đồn biên phòng của hai nước.
Thứ trưởng Quốc phòng thăm cảng phía Nam
Ngày 9/6, Thứ trưởng Quốc phòng đã kết thúc chuyến thăm ba ngày tới cảng phía Nam, nơi ông gặp gỡ các sĩ quan hải quân.
Thứ trưởng Quốc phòng và các sĩ quan tại cảng ngày 8/6. Ảnh: Bộ Quốc phòng
Trong chuyến thăm, ông đã tham dự vòng tham vấn thứ 7 về an ninh cảng biển cùng các quan chức của hai nước.
Cuộc diễn tập chung của lực lượng cứu hộ Hôm qua, hai nước đồng loạt thông báo về cuộc diễn tập chung của lực lượng cứu hộ trên vùng biển phía Bắc, trong đó chỉ huy của...



Tiêu điểm
Tin mới nhất

Lũ lớn trên sông khiến hàng nghìn người phải sơ tán khỏi nhà

Giá gạo tăng cao nhất trong vòng mười năm qua
Có thể bạn quan tâm

Ca sĩ trẻ bất ngờ trở lại sân khấu sau hai năm vắng bóng
Hậu trường phim
23:12:48 12/06/2024
"""


def test_a_second_story_with_its_own_heading_and_a_teaser_of_a_third() -> None:
    found = taken("Bộ trưởng kêu gọi tăng cường tuần tra chung trên sông", VIETNAMESE, "vi")
    main, stacked = words(found, MAIN), words(found, STACKED)
    assert "đường dây liên lạc trực tiếp" in main
    assert "vòng tham vấn thứ 7" not in main
    assert stacked.startswith("Thứ trưởng Quốc phòng thăm cảng phía Nam")
    assert "vòng tham vấn thứ 7" in stacked
    assert words(found, CAPTION).count("Ảnh:") == 2
    assert words(found, TEASER).startswith("Cuộc diễn tập chung")
    rest = words(found, BOILERPLATE)
    assert "Video đang HOT" in rest
    for line in ("Tiêu điểm", "Lũ lớn", "Ca sĩ trẻ", "23:12:48"):
        assert line in rest


def test_the_head_of_a_page_and_a_lead_that_stands_twice() -> None:
    lead = (
        "Hai nước đã nhất trí triển khai đầy đủ thỏa thuận về tuần tra chung trên sông, "
        "theo thông cáo được công bố ngày 14/6 sau cuộc họp của hai bộ trưởng."
    )
    body = f"""date 2024-06-14 Hotline: 0900.111.222   |

Thế giới

Hai nước nhất trí tuần tra chung trên sông

Minh Anh
(Baosong.vn) - {lead}

{lead}

Hai bộ trưởng tại lễ ký. Ảnh: Tân Hoa xã.

Thỏa thuận có hiệu lực từ tháng 7 và sẽ được xem xét lại sau hai năm, theo thông cáo chung của hai bên.

Minh Anh

Nguồn: Đài truyền hình, Báo Sông.
"""
    found = taken("Hai nước nhất trí tuần tra chung trên sông", body, "vi")
    main = words(found, MAIN)
    assert main.count("theo thông cáo được công bố") == 1
    assert "có hiệu lực từ tháng 7" in main
    for line in ("Hotline", "Thế giới", "Minh Anh", "Nguồn:", "Ảnh:"):
        assert line not in main


def test_a_reference_at_the_end_is_no_story() -> None:
    body = (
        "On a recent Tuesday the two sides sat down for the third round of their talks on river security.\n"
        "Both agreed to carry out what their leaders had settled, and to meet again next year in the south.\n"
        "Reference(s):\nTwo countries to advance coordination toward higher quality\nexample.org\n\n\n"
    )
    found = taken("", body, "en")
    assert [part.role for part in found] == [MAIN, BOILERPLATE]
    assert found[1].text.startswith("Reference(s):")


def test_subheadings_do_not_end_a_story() -> None:
    body = """The ministers of the interior signed a protocol on joint patrols in the capital on Tuesday.

A long way

It took two years and eleven rounds of talks to get there, officials of both ministries said after the signing.

What happens next

The first patrols will begin in summer, when the two ministries have trained the officers who take part in them.

What the ministers told each other

The ministers praised their officers and told reporters that they would meet again before the end of the year.
"""
    found = taken("Ministers sign protocol on joint patrols", body, "en")
    assert words(found, STACKED) == ""
    assert "meet again before the end" in words(found, MAIN)


def test_a_story_below_that_begins_with_a_dateline() -> None:
    body = """BEOGRAD - Ministri unutrašnjih poslova dve zemlje potpisali su danas protokol o zajedničkim patrolama na reci.

Protokol stupa na snagu u julu, a prve patrole biće na reci već u avgustu, saopšteno je posle potpisivanja.

Otvoren novi most na jugu zemlje

NIŠ - Novi most na jugu zemlje otvoren je juče u prisustvu ministra saobraćaja i predstavnika izvođača radova.

Radovi su trajali tri godine, a most će rasteretiti saobraćaj kroz grad, rekao je ministar na otvaranju.
"""
    found = taken("Potpisan protokol o zajedničkim patrolama", body, "sr")
    assert "Novi most" in words(found, STACKED)
    assert "most" not in words(found, MAIN)


SHORT = """The ministers of the interior signed a protocol on joint patrols on the river in the capital on Tuesday.

It takes effect in July, and the first officers will go on patrol in August, both of the ministries said.

Harbour reopens

{lead}The harbour was reopened after nine months of repairs in the presence of the mayor and of all fishermen.

They had waited for the day since the storms of last winter, which had broken the old pier in two places.
"""


def test_a_short_heading_begins_a_story_if_a_dateline_follows() -> None:
    found = taken("Ministers sign protocol", SHORT.format(lead="SOUTHPORT, June 9 (Agency) -- "), "en")
    assert "nine months" in words(found, STACKED)
    assert "go on patrol" in words(found, MAIN)


def test_a_short_heading_begins_a_story_if_the_page_says_that_it_is_a_headline() -> None:
    body = SHORT.format(lead="On Monday ")
    found = segment("Ministers sign protocol", body, "en", frozenset({"Harbour  reopens"}))
    check("Ministers sign protocol", body, found)
    assert "old pier" in words(found, STACKED)
    assert "old pier" in words(taken("Ministers sign protocol", body, "en"), MAIN)


def test_a_label_and_a_link_on_one_line_are_a_box() -> None:
    body = """两国内政部长14日在柳河签署联合巡逻议定书，双方将在界河开展联合巡逻行动，首批警员八月出发。
相关阅读：两国海军举行第七次联合演习
议定书将于7月生效，双方共派出六十名警员参加，他们将在南方的警察学院接受联合培训。
"""
    found = taken("两国签署联合巡逻议定书", body, "zh")
    assert "第七次" in words(found, BOILERPLATE)
    assert "议定书将于7月生效" in words(found, MAIN)


def test_a_box_within_the_story_does_not_end_it() -> None:
    body = """A két belügyminiszter kedden aláírta a közös folyami járőrözésről szóló jegyzőkönyvet a fővárosban.

Kapcsolódó

Elkezdődött a közös hadgyakorlat a keleti határon
Megemelik a rendőrök fizetését jövőre

A jegyzőkönyv júliusban lép hatályba, és az első közös járőrök augusztusban indulnak a folyón, közölték.

Fotó: Kovács Béla / MTI

A két ország tizenegy tárgyalási forduló után jutott idáig, mondta a miniszter a sajtótájékoztatón.
"""
    found = taken("Aláírták a közös járőrözésről szóló jegyzőkönyvet", body, "hu")
    main = words(found, MAIN)
    assert "júliusban lép hatályba" in main
    assert "tizenegy tárgyalási forduló" in main
    assert "hadgyakorlat" not in main
    assert "fizetését" not in main
    assert "Kovács" not in main
    assert words(found, STACKED) == ""


def test_a_line_that_leads_elsewhere_is_no_part_of_the_story() -> None:
    body = """МОСКВА, 14 июня. /ТАСС/. Министры внутренних дел подписали протокол о совместном патрулировании реки.

Читайте также: На востоке начались совместные учения

Протокол вступает в силу в июле, а первые патрули выйдут на реку в августе, сообщили в ведомстве.

Министры на церемонии подписания. Фото: Иван Петров/ТАСС

Источник: ТАСС
"""
    found = taken("Подписан протокол о совместном патрулировании", body, "ru")
    main = words(found, MAIN)
    assert "МОСКВА, 14 июня" in main
    assert "первые патрули" in main
    assert "учения" not in main
    assert "Иван Петров" in words(found, CAPTION)
    assert "Источник" in words(found, BOILERPLATE)


def test_a_flash_of_one_line_is_the_story_whatever_it_looks_like() -> None:
    for title, body in (
        ("", "МОСКВА, 14 июня. /ТАСС/. Министр прибыл в Пекин."),
        ("", "Two countries sign protocol"),
        ("Two countries sign protocol", "Two countries sign protocol"),
        ("", "Related Articles"),
        ("", "Photo: Reuters"),
        ("", "Hai nước ký thỏa thuận [...]"),
    ):
        found = taken(title, body)
        assert found
        assert found[0].role in (MAIN, CAPTION)


def test_chinese_without_spaces() -> None:
    body = """新华社柳河6月14日电（记者 王一）两国内政部长14日在柳河签署联合巡逻议定书，双方将在界河开展联合巡逻。
双方企图为今后合作建立长期机制，部长在签字仪式后对记者说，议定书将于7月生效。
图为两国内政部长在签字仪式上握手。
李四 摄（资料图）
责任编辑：张三
相关阅读
两国海军举行第七次联合演习
南方港口扩建工程开工
"""
    found = taken("两国签署联合巡逻议定书", body, "zh")
    main = words(found, MAIN)
    assert "议定书将于7月生效" in main
    for line in ("握手", "李四", "责任编辑", "第七次", "扩建"):
        assert line not in main
    assert "握手" in words(found, CAPTION)


def test_a_stacked_story_in_chinese() -> None:
    body = """新华社柳河6月14日电 两国内政部长14日在柳河签署联合巡逻议定书，双方将在界河开展联合巡逻行动。
议定书将于7月生效，首批联合巡逻队将于8月在界河执行任务，双方共派出六十名警员参加。
副外长访问南方港口并出席安全磋商
新华社南港6月9日电 副外长9日结束对南方港口为期三天的访问，并出席第七轮港口安全磋商。
访问期间，他会见了港口方面负责人，双方就海上执法合作交换了意见并达成多项共识。
"""
    found = taken("两国签署联合巡逻议定书", body, "zh")
    assert "第七轮" in words(found, STACKED)
    assert "第七轮" not in words(found, MAIN)


STORIES = [
    (
        "en",
        "Neighbours agree on joint river patrols",
        "The ministers of the interior of two neighbouring countries agreed in the capital on joint river patrols.",
        "Harbour authority holds 19th round of safety consultation",
        "The harbour authority and its partners held the 19th round of safety consultation in the southern port.",
    ),
    (
        "vi",
        "Hai nước nhất trí tuần tra chung trên sông",
        "Bộ trưởng Nội vụ hai nước đã nhất trí về tuần tra chung trên sông sau cuộc họp tại thủ đô.",
        "Cơ quan cảng biển tổ chức vòng tham vấn an toàn lần thứ 19",
        "Cơ quan cảng biển đã tổ chức vòng tham vấn an toàn lần thứ 19 tại cảng phía Nam cùng các đối tác.",
    ),
    (
        "ru",
        "Соседи договорились о совместном патрулировании",
        "Министры внутренних дел двух соседних стран договорились в столице о совместном патрулировании реки.",
        "Портовая служба провела девятнадцатый раунд консультаций по безопасности судоходства",
        "Портовая служба провела девятнадцатый раунд консультаций по безопасности судоходства, сообщили в порту.",
    ),
    (
        "hu",
        "Közös folyami járőrözésről állapodtak meg a szomszédok",
        "A két szomszédos ország belügyminiszterei a fővárosban közös folyami járőrözésről állapodtak meg.",
        "A kikötői hatóság megtartotta a tizenkilencedik biztonsági konzultációt partnereivel",
        "A kikötői hatóság megtartotta a tizenkilencedik biztonsági konzultációt partnereivel a déli kikötőben.",
    ),
]


@pytest.mark.parametrize(
    ("language", "title", "lead", "heading", "other"), STORIES, ids=[s[0] for s in STORIES]
)
def test_a_story_below_whose_lead_says_its_heading_again(
    language: str, title: str, lead: str, heading: str, other: str
) -> None:
    found = taken(title, f"{lead}\n{lead[:-1]} - {lead}\n{heading}\n{other}\n", language)
    assert other in words(found, STACKED)
    assert other not in words(found, MAIN)
    assert lead in words(found, MAIN)


def test_lines_that_were_broken_at_a_width_belong_together() -> None:
    body = """The ministers of the interior signed a protocol on joint patrols
in the capital on Tuesday, and said that the first officers would go
on patrol in summer, when they have been trained together at the old
police academy in the south.

It took two years and eleven rounds of talks to get there, officials
of both ministries said after the signing, which was attended by the
heads of both police forces.
"""
    found = taken("Ministers sign protocol on joint patrols", body, "en")
    assert [part.role for part in found] == [MAIN]


def test_questions_and_answers_are_one_story() -> None:
    body = """The spokesperson answered questions of the press in the blue room of the ministry on Tuesday afternoon.

AFP: The two ministers met in the south last week, can you share more about the outcome?

As we have said, the two ministers met at the invitation of the host and agreed to continue the talks.

Can you confirm that another round of the river talks will be held in the coming month?

We have no date to announce yet. Both sides are in touch, and we will tell you when there is something to tell.
"""
    found = taken("Press conference of the ministry", body, "en")
    assert words(found, STACKED) == ""
    assert "We have no date to announce" in words(found, MAIN)


def test_the_points_of_a_communique_are_the_story() -> None:
    body = """The two sides issued a joint communiqué after the third round of their talks, in which they agreed on five points.

1. To continue the joint patrols on the river, and to extend them to the lakes in the north;
2. To exchange lists of contact points between the border posts of the two countries;
3. To train officers together at the academies of both ministries of the interior;

The next round of the talks will take place in the capital of the other country in a year.
"""
    found = taken("Joint communiqué on the third round of talks", body, "en")
    assert [part.role for part in found] == [MAIN]


@pytest.mark.parametrize(
    ("language", "last"),
    [
        ("en", "No documents were signed."),
        ("hu", "Megállapodás nem született."),
        ("zh", "双方未签署文件。"),
        ("ru", "Документы не подписаны."),
    ],
)
def test_a_short_sentence_at_the_end_belongs_to_the_story(language: str, last: str) -> None:
    first = (
        "The two ministers met in the capital on Tuesday and talked about the river for more than two hours."
    )
    found = taken("Ministers meet in the capital", f"{first}\n\n{last}\n", language)
    assert last in words(found, MAIN)


def test_a_list_of_links_is_no_story() -> None:
    links = "\n".join(f"Another headline number {number} about something else" for number in "abcdef")
    story = "The ministers of the interior signed a protocol on joint patrols in the capital on Tuesday."
    found = taken("Ministers sign protocol", f"{story}\n{story[:-1]} once more and then some.\n{links}", "en")
    assert "headline" not in words(found, MAIN)


@pytest.mark.parametrize("language", [None, "en", "vi", "xx", "zh-Hant"])
def test_any_language_will_do(language: str | None) -> None:
    found = taken("Neighbours agree on joint river patrols", ENGLISH, language)
    assert "takes effect in July" in words(found, MAIN)


def test_nothing_has_no_segments() -> None:
    assert segment("", "", None) == ()
    assert segment("", " \n\n ", None) == ()
    assert [part.text for part in segment("A title", "", None)] == ["A title\n\n"]


def test_without_a_title_offsets_count_in_the_body() -> None:
    body = "Ministers signed a protocol in Riga on Monday.\nIt takes effect in July."
    assert all(body[part.start : part.end] == part.text for part in segment("", body, "en"))


LINES = st.sampled_from(
    [*ENGLISH.splitlines(), *VIETNAMESE.splitlines(), "", "\u2028", "a\x0bb", "…", "——", "\u3000"]
)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40), st.lists(LINES | st.text(max_size=80), max_size=30))
def test_whatever_comes_every_line_is_somewhere(title: str, lines: list[str]) -> None:
    taken(title, "\n".join(lines))
