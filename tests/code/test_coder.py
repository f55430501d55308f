"""What an item says, in English and Vietnamese: each case is a sentence of the codebook."""

from dataclasses import dataclass, field

import pytest

from tasks.model import Mention, item_text
from tests.code.conftest import Coder


@dataclass(frozen=True)
class Case:
    """An item and the mentions that it must give, each as `kind stage dyad` and more fields."""

    name: str
    title: str
    body: str | None
    published: str | None
    mentions: tuple[str, ...] = ()
    relevant: bool = True
    fields: dict[str, object] = field(default_factory=dict)
    language: str = "en"


NEWS = [
    Case(
        "a numbered round, held",
        "China, Russia hold 20th round of strategic security consultation in Moscow",
        "Wang Yi, director of the Office of the Central Commission for Foreign Affairs, and Russian Security "
        "Council Secretary Sergei Shoigu co-chaired the 20th round of China-Russia strategic security "
        "consultation in Moscow on Tuesday.",
        "2025-12-03T08:00:00+08:00",
        ("consultation_round held CHN-RUS",),
        fields={
            "mechanism": "cn-ru-ssc",
            "round": 20,
            "place": "Moscow",
            "date": "2025-12-02/2025-12-02",
            "officials": {"wang_yi", "sergei_shoigu"},
        },
    ),
    Case(
        "a round that is to come",
        "Wang Yi to travel to Moscow for security talks",
        "Foreign Minister Wang Yi will hold the 20th round of strategic security consultations with Sergei Shoigu "
        "in Moscow on December 1-2, the Foreign Ministry announced on Friday.",
        "2025-11-28T18:00:00+08:00",
        ("consultation_round announced CHN-RUS",),
        fields={"round": 20, "date": "2025-12-01/2025-12-02", "place": "Moscow"},
    ),
    Case(
        "a round that was put off",
        "EU and China postpone strategic dialogue",
        "The 12th round of the China-EU high-level strategic dialogue has been postponed, the EU said on Tuesday. "
        "High Representative Josep Borrell was to meet Wang Yi in Beijing.",
        "2023-07-04T18:00:00+02:00",
        ("consultation_round postponed CHN-EUR",),
        fields={"mechanism": "cn-eu-sd", "round": 12},
    ),
    Case(
        "a text signed",
        "Hungary and China sign documents on law enforcement",
        "Chinese Minister of Public Security Wang Xiaohong and Hungarian Interior Minister Sandor Pinter signed "
        "documents on law enforcement and security cooperation in Budapest on Friday.",
        "2024-02-17T09:00:00+01:00",
        ("agreement held CHN-HUN",),
        fields={
            "mechanism": "cn-hu-le",
            "date": "2024-02-16/2024-02-16",
            "place": "Budapest",
            "officials": {"wang_xiaohong", "sandor_pinter"},
            "instrument": "documents on law enforcement and security cooperation",
        },
    ),
    Case(
        "an air patrol",
        "Chinese, Russian bombers fly joint air patrol over Sea of Japan",
        "China and Russia conducted their tenth joint strategic air patrol over the East China Sea and the western "
        "Pacific on Tuesday, the Chinese defence ministry said.",
        "2025-12-09T20:00:00+08:00",
        ("patrol held CHN-RUS",),
        fields={"mechanism": "cn-ru-airpatrol", "round": 10, "date": "2025-12-09/2025-12-09"},
    ),
    Case(
        "an exercise that has begun",
        "Joint Sea 2025 kicks off off Vladivostok",
        "The Chinese and Russian navies began the joint naval exercise Joint Sea 2025 near Vladivostok on Friday.",
        "2025-08-01T12:00:00+08:00",
        ("exercise under_way CHN-RUS",),
        fields={"mechanism": "cn-ru-jointsea", "place": "Vladivostok", "round": None},
    ),
    Case(
        "an exercise with another state of Europe",
        "China and Serbia hold first joint training",
        "The armies of China and Serbia will hold the joint training Peace Guardian 2025 in Hebei in late July, "
        "spokesman Jiang Bin said.",
        "2025-07-14T12:00:00+08:00",
        ("exercise announced CHN-SRB",),
        fields={"mechanism": "cn-rs-training"},
    ),
    Case(
        "a meeting of interior ministers",
        "China's public security minister meets Belarusian interior minister",
        "Wang Xiaohong met Interior Minister of Belarus Ivan Kubrakov in Beijing on Tuesday. The two sides discussed "
        "law enforcement cooperation.",
        "2025-07-22T20:00:00+08:00",
        ("meeting held BLR-CHN",),
        fields={"officials": {"wang_xiaohong", "ivan_kubrakov"}, "place": "Beijing"},
    ),
    Case(
        "a round in Vietnamese",
        "Nga và Trung Quốc tham vấn an ninh chiến lược",
        "Ngày 19/9, Ngoại trưởng Vương Nghị và Thư ký Hội đồng An ninh Nga Nikolai Patrushev đã đồng chủ trì vòng tham "
        "vấn an ninh chiến lược lần thứ 18 tại Moscow.",
        "2023-09-20T08:00:00+07:00",
        ("consultation_round held CHN-RUS",),
        language="vi",
        fields={"round": 18, "mechanism": "cn-ru-ssc", "place": "Moscow", "date": "2023-09-19/2023-09-19"},
    ),
    Case(
        "no number and no name of the channel: its chairs and its subject tell",
        "Trung Quốc và Nga tăng cường phối hợp về an ninh chiến lược",
        "Kết quả này đạt được tại cuộc gặp giữa Ngoại trưởng Vương Nghị và Thư ký Hội đồng An ninh Nga Sergei Shoigu "
        "trong ngày 02/12.",
        "2025-12-03T08:00:00+07:00",
        ("consultation_round held CHN-RUS",),
        language="vi",
        fields={"round": None, "mechanism": "cn-ru-ssc", "date": "2025-12-02/2025-12-02"},
    ),
    Case(
        "two people who are taken up by a pronoun and a word for both",
        "Bộ trưởng Công an Trung Quốc thăm Hungary",
        "Ông Vương Tiểu Hồng hội kiến Thủ tướng Viktor Orban tại Budapest hôm 16/2.\nTrong chuyến thăm, ông làm việc với "
        "Bộ trưởng Nội vụ Hungary Sandor Pinter. Hai người ký một số văn bản về hợp tác an ninh và thực thi pháp luật.",
        "2024-02-19T08:00:00+07:00",
        ("meeting held CHN-HUN", "agreement held CHN-HUN"),
        language="vi",
    ),
]

OTHER_LANGUAGES = [
    Case(
        "a round in Chinese", "王毅同绍伊古共同主持中俄第二十轮战略安全磋商",
        "当地时间12月2日，中央外办主任王毅在莫斯科同俄罗斯联邦安全会议秘书绍伊古共同主持中俄第二十轮战略安全磋商。",
        "2025-12-03T06:00:00+08:00", ("consultation_round held CHN-RUS",), language="zh",
        fields={"round": 20, "mechanism": "cn-ru-ssc", "place": "Moscow", "date": "2025-12-02/2025-12-02",
                "officials": {"wang_yi", "sergei_shoigu"}},
    ),
    Case(
        "a patrol in traditional characters", "中俄兩軍組織實施第10次聯合空中戰略巡航",
        "中國國防部9日發布消息，中俄兩軍當日在東海組織實施第10次聯合空中戰略巡航。",
        "2025-12-09T20:00:00+08:00", ("patrol held CHN-RUS",), language="zh",
        fields={"round": 10, "mechanism": "cn-ru-airpatrol", "date": "2025-12-09/2025-12-09"},
    ),
    Case(
        "a text signed, in Chinese", "中国和匈牙利签署执法安全合作文件",
        "王小洪16日在布达佩斯会见匈牙利内政部长平特，双方签署了执法安全合作文件。",
        "2024-02-18T20:00:00+08:00", ("agreement held CHN-HUN",), language="zh",
        fields={"instrument": "执法安全合作文件", "place": "Budapest", "date": "2024-02-16/2024-02-16"},
    ),
    Case(
        "a round that is to come, in Chinese", "外交部宣布王毅将赴俄罗斯",
        "应俄罗斯联邦安全会议秘书绍伊古邀请，王毅将于12月1日至2日赴俄罗斯举行第二十轮中俄战略安全磋商。",
        "2025-11-28T16:00:00+08:00", ("consultation_round announced CHN-RUS",), language="zh",
        fields={"round": 20, "date": "2025-12-01/2025-12-02"},
    ),
    Case(
        "a round in Russian, with its number as a word", "Шойгу и Ван И встретились в Москве",
        "Секретарь Совета безопасности РФ Сергей Шойгу и министр иностранных дел КНР Ван И провели во вторник в Москве "
        "двадцатый раунд российско-китайских консультаций по стратегической безопасности.",
        "2025-12-02T18:00:00+03:00", ("consultation_round held CHN-RUS",), language="ru",
        fields={"round": 20, "mechanism": "cn-ru-ssc", "place": "Moscow", "date": "2025-12-02/2025-12-02"},
    ),
    Case(
        "a meeting in Russian", "Колокольцев в Пекине",
        "Глава МВД России Владимир Колокольцев встретился с министром общественной безопасности КНР Ван Сяохуном "
        "в Пекине 5 декабря.",
        "2023-12-05T15:00:00+03:00", ("meeting held CHN-RUS",), language="ru",
        fields={"officials": {"vladimir_kolokoltsev", "wang_xiaohong"}, "date": "2023-12-05/2023-12-05"},
    ),
]  # fmt: skip
NEWS += OTHER_LANGUAGES

PLANS = [
    ("en", "They will sign a law enforcement cooperation agreement: China's Wang Xiaohong and Hungary's Sandor Pinter "
     "will sign a law enforcement agreement in Budapest on Friday, the ministry said.", "2024-02-13T12:00:00+01:00", "2024-02-16"),
    ("ru", "Ван Сяохун и министр внутренних дел Венгрии Шандор Пинтер в пятницу подпишут в Будапеште соглашение о "
     "сотрудничестве правоохранительных органов.", "2024-02-13T12:00:00+03:00", "2024-02-16"),
    ("zh", "王小洪将于周五在布达佩斯同匈牙利内政部长平特签署执法合作协议。", "2024-02-13T12:00:00+08:00", "2024-02-16"),
    ("vi", "Ông Vương Tiểu Hồng và Bộ trưởng Nội vụ Hungary Sandor Pinter sẽ ký thỏa thuận hợp tác thực thi pháp luật tại "
     "Budapest vào thứ sáu.", "2024-02-13T12:00:00+07:00", "2024-02-16"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "published", "day"), PLANS, ids=[plan[0] for plan in PLANS])
def test_a_plan_lies_ahead(language: str, text: str, published: str, day: str, coder: Coder) -> None:
    (mention,) = coder(text, None, published, language).coded.mentions
    assert (mention.stage, mention.date and mention.date.start.isoformat()) == ("announced", day)


def test_the_chairs_of_a_channel_who_meet_at_a_forum_hold_no_round_of_it(coder: Coder) -> None:
    (mention,) = coder(
        "Wang Yi meets Shoigu on the sidelines of a BRICS meeting",
        "Wang Yi met Security Council Secretary Sergei Shoigu in Brasilia on Wednesday. They spoke of strategic security.",
        "2025-05-01T10:00:00+00:00", "en",
    ).coded.mentions  # fmt: skip
    assert (mention.kind, mention.mechanism, mention.round) == ("meeting", "cn-ru-ssd", None)


def test_two_people_of_one_headline_are_two_meetings(coder: Coder) -> None:
    mentions = coder(
        "Wang Yi meets Lavrov and Shoigu in Moscow",
        "Wang Yi met Sergey Lavrov in Moscow on July 7 to discuss strategic stability and arms control. Later that day "
        "Wang Yi met Security Council Secretary Sergei Shoigu and discussed law enforcement.",
        "2025-07-08T10:00:00+00:00", "en",
    ).coded.mentions  # fmt: skip
    people = [{one.id for one in mention.officials} for mention in mentions]
    assert people == [{"wang_yi", "sergey_lavrov"}, {"wang_yi", "sergei_shoigu"}]


def test_one_foreign_letter_does_not_change_the_language(coder: Coder) -> None:
    coded = coder(
        "Шойгу и Ван И провели консультации, сообщил Укрінформ",
        "Сергей Шойгу и Ван И провели в Москве 20-й раунд российско-китайских консультаций по стратегической безопасности.",
        "2025-12-02T18:00:00+03:00", "ru",
    ).coded  # fmt: skip
    assert (coded.language, [mention.round for mention in coded.mentions]) == ("ru", [20])


NOT_NEWS = [
    ("an appeal to sign", "EU lawmakers urge Beijing to sign security agreement with Ukraine", "They did so on Tuesday."),
    ("a refusal", "Budapest says no", "Hungary refused to sign a law enforcement agreement with China in Budapest on Tuesday."),
    ("a phrase that is excluded takes its words along", "China and Hungary sign food security cooperation agreement", "It was signed."),
    ("a pact against one", "UK and US sign defence pact aimed at China", "Britain and the United States signed a defence pact."),
    (
        "a subject that stands in another clause", "Arrest in Berlin",
        "German police arrested a man suspected of spying for China in Berlin on Tuesday, after China and Germany signed "
        "an agreement on climate.",
    ),
    ("goods", "Deal in Paris", "Chinese and French firms signed an agreement on cybersecurity products in Paris on Monday."),
]  # fmt: skip
NOT_NEWS += [
    (
        "food security",
        "China and Russia sign deal on food security",
        "Ministers signed an agreement on food security.",
    ),
    (
        "another dyad",
        "Wang Yi meets Sullivan in Malta",
        "Wang Yi held talks on strategic stability with Jake Sullivan.",
    ),
    (
        "a third state in the list",
        "China, Russia and Iran hold naval drill",
        "China, Russia and Iran began a joint naval exercise in the Gulf of Oman.",
    ),
    (
        "a wish",
        "Analysts urge pact",
        "China and Russia should sign a mutual defence treaty, the retired general said.",
    ),
    (
        "a league",
        "Vòng 20 V-League",
        "Vòng 20 V-League siết an ninh. Câu lạc bộ mời trọng tài Trung Quốc và Nga.",
    ),
    (
        "other countries' defence",
        "Shoigu in Pyongyang",
        "Russian Security Council Secretary Sergei Shoigu met Kim Jong Un in Pyongyang. China is watching.",
    ),
    (
        "many parties",
        "SCO security chiefs meet",
        "The SCO Security Council secretaries met in Beijing. Wang Xiaohong and Nikolai Patrushev took part.",
    ),
    (
        "a package of sanctions",
        "EU adopts 20th package of sanctions",
        "The EU adopted its 20th package of sanctions on Russia; Chinese firms that sell military goods are listed.",
    ),
    (
        "trade",
        "China, EU hold economic dialogue",
        "He Lifeng and the Commission held a dialogue on trade and supply chains in Brussels on Monday.",
    ),
    (
        "a patrol of one side",
        "China sends patrol near Taiwan",
        "Chinese bombers flew a combat patrol near Taiwan. Russia said nothing.",
    ),
]

RECALLED = [
    (
        "an earlier round in the read-out of a meeting",
        "Wang Yi meets Shoigu in Beijing",
        "Wang Yi met Sergei Shoigu in Beijing on Sunday. The previous round of the strategic security consultation, "
        "the 20th, was held in Moscow on December 2, 2025.",
        "2026-02-01T20:00:00+08:00",
    ),
    (
        "an anniversary",
        "Opinion: what the strategic security consultation means",
        "The 20th round of the China-Russia strategic security consultation was held in Moscow on December 2, 2025.",
        "2025-12-05T20:00:00+08:00",
    ),
]


def _short(mention: Mention) -> str:
    return f"{mention.kind} {mention.stage} {mention.dyad}"


def _value(mention: Mention, name: str) -> object:
    if name == "officials":
        return {official.id for official in mention.officials}
    if name == "date":
        return f"{mention.date.start}/{mention.date.end}" if mention.date else None
    return getattr(mention, name)


@pytest.mark.parametrize("case", NEWS, ids=[case.name for case in NEWS])
def test_news_is_coded(case: Case, coder: Coder) -> None:
    coding = coder(case.title, case.body, case.published, case.language)
    assert coding.coded.relevant is case.relevant
    assert tuple(map(_short, coding.coded.mentions)) == case.mentions
    found = {name: _value(coding.coded.mentions[0], name) for name in case.fields}
    assert found == case.fields


@pytest.mark.parametrize(("name", "title", "body"), NOT_NEWS, ids=[case[0] for case in NOT_NEWS])
def test_what_only_looks_alike_is_passed_over(name: str, title: str, body: str, coder: Coder) -> None:
    coding = coder(title, body, "2025-06-10T12:00:00+00:00", "en")
    assert not coding.coded.relevant
    assert coding.coded.mentions == ()


@pytest.mark.parametrize(("name", "title", "body", "published"), RECALLED, ids=[case[0] for case in RECALLED])
def test_what_is_recalled_is_background(
    name: str, title: str, body: str, published: str, coder: Coder
) -> None:
    mentions = coder(title, body, published, "en").coded.mentions
    rounds = [mention for mention in mentions if mention.round == 20]
    assert len(rounds) == 1
    assert rounds[0].background


@pytest.mark.parametrize("case", NEWS, ids=[case.name for case in NEWS])
def test_every_quote_stands_in_the_text_where_it_says(case: Case, coder: Coder) -> None:
    coding = coder(case.title, case.body, case.published, case.language)
    assert coding.reading is not None
    for mention in coding.coded.mentions:
        for evidence in mention.evidence.values():
            end = evidence.start + len(evidence.quote)
            assert coding.reading.text[evidence.start : end] == evidence.quote
            assert evidence.rule


def test_the_text_that_offsets_count_in_is_the_title_and_the_body() -> None:
    from tasks.model import Item

    assert item_text(Item("1", "s", "Title", summary="Summary", body="Body")) == "Title\n\nBody\n\nSummary"
    assert item_text(Item("1", "s", "Title", summary="The bo…", body="The body")) == "Title\n\nThe body"
    assert item_text(Item("1", "s", "Title", summary="Summary")) == "Title\n\nSummary"


@pytest.mark.parametrize(
    ("language", "text", "published", "day"),
    [
        ("en", "BELGRADE, Nov. 20 (Xinhua) -- China and Serbia signed an agreement on law enforcement on Thursday.", "2026-11-20T10:00:00+00:00", "2026-11-19"),
        ("en", "MOSCOW, December 2. /TASS/. China and Russia held joint naval exercises on Monday.", "2025-12-02T10:00:00+00:00", "2025-12-01"),
        ("zh", "新华社北京12月9日电 中俄两军8日组织实施第10次联合空中战略巡航。", "2025-12-09T10:00:00+08:00", "2025-12-08"),
    ],
    ids=["xinhua", "tass", "xinhua in Chinese"],
)  # fmt: skip
def test_the_day_of_a_dateline_is_the_report_s(
    language: str, text: str, published: str, day: str, coder: Coder
) -> None:
    (mention,) = coder("News", text, published, language).coded.mentions
    assert mention.date is not None
    assert mention.date.start.isoformat() == day
