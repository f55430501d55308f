"""How newsrooms tell of an act without its name, and what only looks like one: a rule a case."""

from dataclasses import dataclass, field

import pytest

from tasks.model import Mention
from tests.code.conftest import Coder


@dataclass(frozen=True)
class Case:
    """An item and what must be coded of it: `kind stage dyad`, and more fields of the first mention."""

    name: str
    title: str
    body: str | None
    published: str
    mention: str | None
    language: str = "en"
    fields: dict[str, object] = field(default_factory=dict)


TOLD = [
    Case(
        "a channel that is in no list, with its number",
        "Norway and China hold cyber dialogue",
        "Diplomats of the two countries met in Oslo on Monday for the fourth round of the Norway-China cyber "
        "dialogue.",
        "2024-03-05T10:00:00+01:00",
        "consultation_round held CHN-NOR",
        fields={"round": 4, "mechanism": None, "date": "2024-03-04/2024-03-04", "place": "Oslo"},
    ),
    Case(
        "a numbered session of the channel that the sentence before named",
        "Norway and China agree to resume counter-terrorism consultations",
        "The consultations on counter-terrorism between Norway and China had rested since 2019. "
        "The third round is scheduled for 12 June in Oslo.",
        "2024-05-20T10:00:00+02:00",
        "consultation_round announced CHN-NOR",
        fields={"round": 3, "date": "2024-06-12/2024-06-12"},
    ),
    Case(
        "a channel's noun in Russian",
        "Китай и Норвегия провели консультации по кибербезопасности",
        "Второй раунд китайско-норвежских консультаций по кибербезопасности прошёл 4 марта в Осло.",
        "2024-03-05T10:00:00+03:00",
        "consultation_round held CHN-NOR",
        "ru",
        fields={"round": 2, "date": "2024-03-04/2024-03-04"},
    ),
    Case(
        "bombers of two states are a patrol, whatever it is called",
        "Russian and Chinese bombers flew together over the Sea of Japan",
        "Japan said that it had scrambled fighters on Thursday.",
        "2024-11-29T18:00:00+09:00",
        "patrol held CHN-RUS",
        fields={"mechanism": "cn-ru-airpatrol", "place": "Sea of Japan"},
    ),
    Case(
        "a second sentence names the act, the title those who did it",
        "Russian and Chinese warships near Hokkaido",
        "It was the third joint patrol this year, Tokyo said.",
        "2024-11-29T18:00:00+09:00",
        "patrol held CHN-RUS",
    ),
    Case(
        "a joint statement is told by what it holds",
        "Xi and Vucic sign joint statement",
        "Presidents Xi Jinping and Aleksandar Vucic signed a joint statement in Belgrade on Wednesday. "
        "One chapter of the document is on police cooperation and joint exercises.",
        "2024-05-08T20:00:00+02:00",
        "statement held CHN-SRB",
        fields={"place": "Belgrade", "officials": {"xi_jinping", "aleksandar_vucic"}},
    ),
    Case(
        "a text that is dropped",
        "Athens scraps security pact with Beijing",
        "Greece has scrapped a police cooperation agreement with China, the interior ministry said on Monday.",
        "2024-05-08T20:00:00+02:00",
        "agreement cancelled CHN-GRC",
    ),
    Case(
        "an undoing word governs the plan in the same sentence",
        "China-EU strategic dialogue put off",
        "The China-EU strategic dialogue, which was due to be held in Brussels on 20 June, has been postponed.",
        "2025-06-10T20:00:00+02:00",
        "consultation_round postponed CHN-EUR",
        fields={"date": "2025-06-20/2025-06-20", "place": "Brussels"},
    ),
    Case(
        "what was put off and then done was done",
        "Greece and China sign coast guard memorandum",
        "Postponed in March, the memorandum on coast guard cooperation was signed by Greece and China in "
        "Athens on Tuesday.",
        "2023-06-14T20:00:00+02:00",
        "agreement held CHN-GRC",
        fields={"place": "Athens", "date": "2023-06-13/2023-06-13"},
    ),
    Case(
        "a beginning and an end are a stretch",
        "Joint drills of Belarus and China begin",
        "Joint anti-terrorist exercises of Belarus and China began near Brest on Monday. "
        "They will last until 19 July.",
        "2024-07-08T20:00:00+02:00",
        "exercise under_way BLR-CHN",
        fields={"date": "2024-07-08/2024-07-19", "place": "Brest"},
    ),
    Case(
        "this week, and then the day",
        "German-Chinese high-level security dialogue met this week",
        "The fourth round of the German-Chinese high-level security dialogue took place in Berlin on Tuesday.",
        "2023-09-28T10:00:00+01:00",
        "consultation_round held CHN-DEU",
        fields={"date": "2023-09-26/2023-09-26"},
    ),
    Case(
        "the day of a plan is the one beside its verb, not that of the report",
        "France and China to hold strategic dialogue",
        "The Elysee announced on Tuesday that the 23rd China-France Strategic Dialogue will be held on Thursday "
        "in Paris.",
        "2023-02-14T12:00:00+01:00",
        "consultation_round announced CHN-FRA",
        fields={"date": "2023-02-16/2023-02-16", "place": "Paris"},
    ),
    Case(
        "the counterpart holds the same office, and is named elsewhere",
        "Shoigu and Li Shangfu meet near Moscow",
        "The Russian defence minister Sergei Shoigu met his Chinese counterpart on Tuesday.",
        "2023-08-16T12:00:00+03:00",
        "meeting held CHN-RUS",
        fields={"officials": {"sergei_shoigu", "li_shangfu"}},
    ),
    Case(
        "the chairs are named in the next sentence",
        "Russia and China start strategic security consultation in Moscow",
        "The 18th round of China-Russia strategic security consultation began in Moscow on Tuesday. "
        "The delegations are led by Nikolai Patrushev and Wang Yi.",
        "2023-09-19T12:00:00+03:00",
        "consultation_round under_way CHN-RUS",
        fields={"officials": {"nikolai_patrushev", "wang_yi"}, "place": "Moscow"},
    ),
    Case(
        "a weekday of the calendar week before",
        "中俄举行战略安全磋商",
        "第二十轮中俄战略安全磋商上周二在莫斯科举行。",
        "2025-12-12T10:00:00+08:00",
        "consultation_round held CHN-RUS",
        "zh",
        fields={"date": "2025-12-02/2025-12-02", "place": "Moscow"},
    ),
    Case(
        "the verb behind a word of plan is planned, wherever it stands",
        "王毅将同绍伊古在莫斯科共同主持中俄战略安全磋商",
        None,
        "2025-11-28T10:00:00+08:00",
        "consultation_round announced CHN-RUS",
        "zh",
    ),
    Case(
        "a day later counts from the day named last",
        "Xi visits Greece and Serbia",
        "Xi Jinping arrived in Athens on 7 May. A day later Xi Jinping and Aleksandar Vucic signed a joint "
        "statement in Belgrade that has a chapter on police cooperation.",
        "2024-05-10T20:00:00+02:00",
        "statement held CHN-SRB",
        fields={"date": "2024-05-08/2024-05-08"},
    ),
    Case(
        "the day before, counted from a day of the report",
        "中国与挪威签署引渡条约",
        "中国驻挪威大使馆12日发布消息说，双方前一天在奥斯陆签署引渡条约。",
        "2024-03-13T10:00:00+08:00",
        "agreement held CHN-NOR",
        "zh",
        fields={"date": "2024-03-11/2024-03-11"},
    ),
    Case(
        "what began as two days of talks ends on the second",
        "Norway and China open two-day cyber dialogue",
        "The third round of the Norway-China cyber dialogue opened in Oslo on Monday.",
        "2024-03-04T18:00:00+01:00",
        "consultation_round under_way CHN-NOR",
        fields={"date": "2024-03-04/2024-03-05"},
    ),
    Case(
        "one day of a drill that lasted three is not its day",
        "Greece and China complete three-day joint exercise",
        "Frogmen trained off Crete on Thursday.",
        "2024-03-08T18:00:00+02:00",
        "exercise held CHN-GRC",
        fields={"date": None},
    ),
    Case(
        "began and ended in one sentence",
        "Joint naval exercises of Russia and China over",
        "The joint exercises of Russia and China, which began on 3 September in the Sea of Japan, ended on Friday.",
        "2024-09-14T10:00:00+10:00",
        "exercise held CHN-RUS",
        fields={"date": "2024-09-03/2024-09-13"},
    ),
    Case(
        "until when a thing goes on is not when it was",
        "Russia and China hold joint naval exercises",
        "The joint exercises last until 20 September.",
        "2024-09-14T10:00:00+10:00",
        "exercise held CHN-RUS",
        fields={"date": None},
    ),
    Case(
        "the sentence beside gives the day of the month",
        "Greece and China to hold joint exercise in June",
        "Greece and China will hold a joint exercise in June. Landings run from 10 to 14 June.",
        "2024-05-20T10:00:00+03:00",
        "exercise announced CHN-GRC",
        fields={"date": "2024-06-10/2024-06-14"},
    ),
    Case(
        "a stretch behind a word that elsewhere means until",
        "Kína és Magyarország őszi gyakorlata",
        "A közös rendőri gyakorlatot szeptemberben rendezik meg. Magyarország és Kína közös terrorelhárítási "
        "gyakorlatot tart majd szeptember 9. és 13. között.",
        "2024-06-04T10:00:00+02:00",
        "exercise announced CHN-HUN",
        "hu",
        fields={"date": "2024-09-09/2024-09-13"},
    ),
    Case(
        "who says so between two commas parts nothing",
        "Madrid y Pekín aplazan un convenio",
        "Ha sido aplazada, según fuentes del ministerio, la firma de un convenio policial entre España y China "
        "contra el narcotráfico.",
        "2024-09-09T12:00:00+02:00",
        "agreement postponed CHN-ESP",
        "es",
    ),
    Case(
        "what its chairs have held had been put off before",
        "Wang Yi, Borrell hold China-EU strategic dialogue",
        "The round had been put off in July. Wang Yi and Josep Borrell co-chaired the 12th China-EU strategic "
        "dialogue in Beijing on Friday.",
        "2023-10-13T21:00:00+08:00",
        "consultation_round held CHN-EUR",
        fields={"date": "2023-10-13/2023-10-13"},
    ),
    Case(
        "a headline credits the leader with what a minister signs",
        "Orban signs security pact with China",
        "Hungary and China have drawn closer. The security agreement was signed by Wang Xiaohong and Interior "
        "Minister Sandor Pinter.",
        "2024-02-18T10:00:00+01:00",
        "agreement held CHN-HUN",
        fields={"officials": {"wang_xiaohong", "sandor_pinter"}},
    ),
    Case(
        "arms that come are sent by states, not by who tells of them",
        "Chinese drones delivered to Serbia",
        "Defence minister Milos Vucevic said that China had delivered six combat drones to Serbia on Tuesday.",
        "2024-04-18T10:00:00+02:00",
        "transfer held CHN-SRB",
        fields={"mechanism": "cn-rs-arms", "officials": set()},
    ),
]

NOT_TOLD = [
    Case(
        "a drill of one side in a story about both",
        "Minsk speaks of police ties with China",
        "Nothing has been signed. Exercises of the Belarusian police will be held in spring.",
        "2024-02-15T12:00:00+03:00",
        None,
    ),
    Case(
        "an economic statement",
        "Xi and Putin sign joint statement on trade",
        "The joint statement sets out cooperation in farming, metals and finance. The leaders said nothing on "
        "weapons.",
        "2023-03-22T12:00:00+03:00",
        None,
    ),
    Case(
        "what a text foresees is no exercise",
        "Spain and China sign protocol on cybercrime",
        "Spain and China signed a protocol on fighting cybercrime in Madrid on Tuesday. "
        "The text foresees joint training.",
        "2023-11-22T12:00:00+01:00",
        "agreement held CHN-ESP",
    ),
    Case(
        "a text of two others beside a Chinese officer",
        "Vietnam and China hold border exchange of their defence ministers",
        "The two sides signed a memorandum on a naval hotline. Earlier Dong Jun received a Russian delegation.",
        "2024-04-25T12:00:00+07:00",
        None,
    ),
    Case(
        "an exercise of three",
        "Trilateral drill off South Africa",
        "Trilateral naval exercises of Russia, China and South Africa begin in February. "
        "The exercises are the second of their kind.",
        "2023-01-26T12:00:00+03:00",
        None,
    ),
    Case(
        "a report that was denied",
        "Kremlin denies it plans to sign missile pact with China",
        "The spokesman denied that Russia is about to sign an agreement on missiles with China.",
        "2024-01-09T12:00:00+03:00",
        "agreement denied CHN-RUS",
    ),
    Case(
        "words in lower case are no name of an exercise",
        "Russia and China plan joint sea and air patrols, analysts say",
        None,
        "2024-01-09T12:00:00+03:00",
        None,
    ),
]


def described(mention: Mention) -> str:
    return f"{mention.kind.value} {mention.stage.value} {mention.dyad}"


def given(mention: Mention) -> dict[str, object]:
    day = mention.date
    return {
        "round": mention.round,
        "mechanism": mention.mechanism,
        "place": mention.place,
        "date": f"{day.start}/{day.end}" if day else None,
        "officials": {official.id for official in mention.officials},
    }


@pytest.mark.parametrize("case", TOLD, ids=lambda case: case.name)
def test_an_act_is_found_as_it_is_told(case: Case, coder: Coder) -> None:
    coding = coder(case.title, case.body, case.published, case.language)
    mentions = [one for one in coding.coded.mentions if not one.background]
    assert [described(one) for one in mentions] == [case.mention], coding.rejected
    fields = given(mentions[0])
    assert {name: fields[name] for name in case.fields} == case.fields


@pytest.mark.parametrize("case", NOT_TOLD, ids=lambda case: case.name)
def test_what_only_looks_like_an_act_is_none(case: Case, coder: Coder) -> None:
    coding = coder(case.title, case.body, case.published, case.language)
    found = [described(one) for one in coding.coded.mentions if not one.background]
    assert found == ([case.mention] if case.mention else [])


def test_an_old_day_makes_background_where_the_publication_is_not_known(coder: Coder) -> None:
    """An old page that was found again has no date of its own, but it was first seen on some day."""
    coding = coder(
        "Patrushev and Guo Shengkun met",
        "The sixth meeting of the China-Russia law-enforcement and security cooperation mechanism was held in "
        "Beijing on 2 December 2019.",
        seen="2024-10-15T10:00:00+00:00",
    )
    assert [one.background for one in coding.coded.mentions] == [True]


def test_the_day_of_one_minister_is_not_carried_to_what_another_signs(coder: Coder) -> None:
    coding = coder(
        "Wang Xiaohong meets Orban",
        "Viktor Orban received Wang Xiaohong on 16 February. During the visit Wang Xiaohong and Sandor Pinter "
        "signed an agreement on law enforcement cooperation.",
        "2024-02-18T10:00:00+01:00",
    )
    days = {one.kind.value: given(one)["date"] for one in coding.coded.mentions}
    assert days == {"meeting": "2024-02-16/2024-02-16", "agreement": None}


def test_every_quote_stands_where_it_says(coder: Coder) -> None:
    for case in (*TOLD, *NOT_TOLD):
        coding = coder(case.title, case.body, case.published, case.language)
        text = f"{case.title}\n\n{case.body}" if case.body else case.title
        for mention in coding.coded.mentions:
            for evidence in mention.evidence.values():
                assert text[evidence.start : evidence.start + len(evidence.quote)] == evidence.quote
