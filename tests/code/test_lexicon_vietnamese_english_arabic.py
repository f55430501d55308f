"""What Vietnamese, English and Arabic newsrooms write of an act, and what only looks like one.

Each case follows the codebook.
"""

from datetime import date

import pytest

from tasks.code.rules import Rules
from tasks.code.text import Span, fold, normalise
from tasks.model import Interval
from tests.code.conftest import Coder

# A Wednesday.
PUBLISHED = "2025-12-03T09:00:00+07:00"

# A text, what its first mention is, and its date and place where it names them.
TOLD = [
    ("vi", "Nga và Trung Quốc vừa ký hiệp định dẫn độ tại Moscow hôm 2-12.",
     "agreement held CHN-RUS", "2025-12-02", "Moscow"),
    ("vi", "Hạ viện Nga ngày 2/12 bỏ phiếu thông qua hiệp định tương trợ tư pháp hình sự với Trung Quốc.",
     "agreement held CHN-RUS", "2025-12-02", None),
    ("vi", "Bộ trưởng Công an Trung Quốc Vương Tiểu Hồng và Bộ trưởng Nội vụ Hungary Sandor Pinter hôm "
     "thứ Hai kí kết văn kiện hợp tác cảnh sát tại Budapest.",
     "agreement held CHN-HUN", "2025-12-01", "Budapest"),
    ("vi", "Hiệp định chuyển giao người bị kết án giữa Trung Quốc và Serbia chính thức có hiệu lực từ "
     "ngày 1.12.2025.",
     "agreement held CHN-SRB", "2025-12-01", None),
    ("vi", "Trung Quốc và Pháp lùi ngày ký thỏa thuận chống tiền chất ma túy.",
     "agreement postponed CHN-FRA", None, None),
    ("vi", "Bộ Nội vụ Italy thông báo hủy bản ghi nhớ về tuần tra chung với Trung Quốc.",
     "agreement cancelled CHN-ITA", None, None),
    ("vi", "Nga và Trung Quốc sẽ tổ chức vòng tham vấn thứ mười về an ninh thông tin vào ngày 16/12 "
     "tại Vũ Hán.",
     "consultation_round announced CHN-RUS", "2025-12-16", "Wuhan"),
    ("vi", "Phiên đối thoại an ninh mạng thứ ba giữa Trung Quốc và Đức khép lại tại Berlin tối qua.",
     "consultation_round held CHN-DEU", "2025-12-02", "Berlin"),
    ("vi", "Ông Vương Nghị và ông Sergei Shoigu đồng chủ trì vòng tham vấn an ninh chiến lược Nga - "
     "Trung lần thứ XX tại Moscow ngày 2-12.",
     "consultation_round held CHN-RUS", "2025-12-02", "Moscow"),
    ("vi", "Trung Quốc và Nga hoãn vòng tham vấn an ninh chiến lược dự kiến diễn ra ngày 16/12.",
     "consultation_round postponed CHN-RUS", "2025-12-16", None),
    ("vi", "Máy bay ném bom của Nga và Trung Quốc bay vào vùng trời gần biển Nhật Bản sáng 2-12.",
     "patrol held CHN-RUS", "2025-12-02", "Sea of Japan"),
    ("vi", "Tàu chiến Nga và Trung Quốc đang tuần tra chung ở Tây Thái Bình Dương.",
     "patrol under_way CHN-RUS", None, "western Pacific"),
    ("vi", "Cảnh sát Trung Quốc và cảnh sát Croatia cùng tuần tra tại Dubrovnik từ hôm thứ Hai.",
     "patrol held CHN-HRV", "2025-12-01", "Dubrovnik"),
    ("vi", "Hải cảnh Trung Quốc và lực lượng biên phòng Nga hoàn tất chuyến tuần tra chung ở Bắc Băng "
     "Dương.",
     "patrol held CHN-RUS", None, "Arctic Ocean"),
    ("vi", "Trung Quốc và Belarus sắp diễn tập chống khủng bố gần Brest từ ngày 8 đến 19-12.",
     "exercise announced BLR-CHN", "2025-12-08/2025-12-19", "Brest"),
    ("vi", "Hải quân Nga và Trung Quốc phối hợp diễn tập ngoài khơi Vladivostok hôm Chủ nhật.",
     "exercise held CHN-RUS", "2025-11-30", "Vladivostok"),
    ("vi", "Cuộc tập trận liên hợp giữa Trung Quốc và Serbia khai mạc sáng nay tại Hà Bắc.",
     "exercise under_way CHN-SRB", "2025-12-03", "Hebei"),
    ("vi", "Trung Quốc bàn giao lô tên lửa phòng không cho Serbia hôm qua.",
     "transfer held CHN-SRB", "2025-12-02", None),
    ("vi", "Bộ trưởng Quốc phòng Trung Quốc Đổng Quân hội đàm trực tuyến với người đồng nhiệm Nga "
     "Andrei Belousov hôm thứ Ba.",
     "meeting held CHN-RUS", "2025-12-02", "video link"),
    ("vi", "Ông Vương Tiểu Hồng có cuộc hội đàm với Bộ trưởng Nội vụ Nga Vladimir Kolokoltsev tại Bắc "
     "Kinh tuần trước.",
     "meeting held CHN-RUS", "2025-11-24/2025-11-30", "Beijing"),
    ("vi", "Nga và Trung Quốc ra bản tuyên bố chung về kiểm soát vũ khí ngày 2/12.",
     "statement held CHN-RUS", "2025-12-02", None),
    ("en", "China, Russia ink police protocol in Moscow on Tuesday.",
     "agreement held CHN-RUS", "2025-12-02", "Moscow"),
    ("en", "Serbian lawmakers approve extradition treaty with China.",
     "agreement held CHN-SRB", None, None),
    ("en", "An extradition agreement between China and Montenegro entered into force on December 1.",
     "agreement held CHN-MNE", "2025-12-01", None),
    ("en", "Georgia-China mutual legal assistance treaty takes effect on 1 December.",
     "agreement held CHN-GEO", "2025-12-01", None),
    ("en", "The State Duma ratified a protocol to the extradition treaty with China on Tuesday, "
     "Russian news agencies said.",
     "agreement held CHN-RUS", "2025-12-02", None),
    ("en", "Slovakia and China penned a memorandum on police cooperation in Bratislava last week.",
     "agreement held CHN-SVK", "2025-11-24/2025-11-30", "Bratislava"),
    ("en", "Rome terminates its police patrol agreement with China.",
     "agreement cancelled CHN-ITA", None, None),
    ("en", "France and China have postponed the signing of an anti-drug accord on precursor chemicals.",
     "agreement postponed CHN-FRA", None, None),
    ("en", "Hungary and China are to sign a security agreement in Budapest next Monday.",
     "agreement announced CHN-HUN", "2025-12-08", "Budapest"),
    ("en", "Russia and China held the 10th round of consultations on information security in Wuhan on "
     "Dec. 2.",
     "consultation_round held CHN-RUS", "2025-12-02", "Wuhan"),
    ("en", "Germany and China will hold their third cyber dialogue in Berlin on 16 December.",
     "consultation_round announced CHN-DEU", "2025-12-16", "Berlin"),
    ("en", "The fourteenth UK-China counter-terrorism dialogue wrapped up in London yesterday.",
     "consultation_round held CHN-GBR", "2025-12-02", "London"),
    ("en", "The twelfth China-EU security and defence consultations have been called off.",
     "consultation_round cancelled CHN-EUR", None, None),
    ("en", "Russian and Chinese nuclear-capable bombers flew near Japan on Tuesday.",
     "patrol held CHN-RUS", "2025-12-02", None),
    ("en", "Russian and Chinese warships are on a joint patrol in the western Pacific.",
     "patrol under_way CHN-RUS", None, "western Pacific"),
    ("en", "Chinese officers joined Croatian police on joint beat patrols in Dubrovnik on Monday.",
     "patrol held CHN-HRV", "2025-12-01", "Dubrovnik"),
    ("en", "China's coast guard and Russia's border guards completed a combined patrol of the Arctic "
     "Ocean.",
     "patrol held CHN-RUS", None, "Arctic Ocean"),
    ("en", "Belarus and China will stage a bilateral anti-terror exercise near Brest from December 8 "
     "to 19.",
     "exercise announced BLR-CHN", "2025-12-08/2025-12-19", "Brest"),
    ("en", "Russian and Chinese navies launched war games off Vladivostok this morning.",
     "exercise under_way CHN-RUS", "2025-12-03", "Vladivostok"),
    ("en", "Chinese and Serbian special forces wound up a two-week combined training in Hebei on Sunday.",
     "exercise held CHN-SRB", "2025-11-30", "Hebei"),
    ("en", "Serbia took delivery of Chinese air-defence missiles on Tuesday.",
     "transfer held CHN-SRB", "2025-12-02", None),
    ("en", "Chinese Defence Minister Dong Jun conferred by video link with Russia's Andrei Belousov on "
     "Monday.",
     "meeting held CHN-RUS", "2025-12-01", "video link"),
    ("en", "Wang Xiaohong sat down with Hungarian Interior Minister Sandor Pinter in Budapest the day "
     "before yesterday.",
     "meeting held CHN-HUN", "2025-12-01", "Budapest"),
    ("en", "Shoigu to visit Beijing for security talks with Wang Yi on December 16.",
     "meeting announced CHN-RUS", "2025-12-16", "Beijing"),
    ("en", "Russia and China issued a joint declaration on arms control on December 2.",
     "statement held CHN-RUS", "2025-12-02", None),
    ("ar", "وقعت الصين وصربيا اتفاقية لتسليم المجرمين في بلغراد يوم الثلاثاء.",
     "agreement held CHN-SRB", "2025-12-02", "Belgrade"),
    ("ar", "صادق مجلس الدوما الروسي أمس على معاهدة المساعدة القانونية المتبادلة في المسائل الجنائية مع "
     "الصين.",
     "agreement held CHN-RUS", "2025-12-02", None),
    ("ar", "دخلت معاهدة تسليم المجرمين بين الصين والمجر حيز التنفيذ في الأول من ديسمبر 2025.",
     "agreement held CHN-HUN", "2025-12-01/2025-12-31", None),
    ("ar", "عقدت الصين وروسيا الجولة العاشرة من مشاورات أمن المعلومات في ووهان في 2 ديسمبر.",
     "consultation_round held CHN-RUS", "2025-12-02", "Wuhan"),
    ("ar", "تعقد الصين وروسيا الجولة الحادية والعشرين من مشاورات الأمن الاستراتيجي في بكين الأسبوع "
     "المقبل.",
     "consultation_round announced CHN-RUS", "2025-12-08/2025-12-14", "Beijing"),
    ("ar", "قاذفات روسية وصينية تنفذ دورية جوية مشتركة فوق بحر اليابان.",
     "patrol held CHN-RUS", None, "Sea of Japan"),
    ("ar", "انطلقت اليوم المناورات البحرية المشتركة بين روسيا والصين قبالة فلاديفوستوك.",
     "exercise under_way CHN-RUS", "2025-12-03", "Vladivostok"),
    ("ar", "اختتمت القوات الخاصة الصينية والصربية تدريبا مشتركا في خبي يوم الأحد.",
     "exercise held CHN-SRB", "2025-11-30", "Hebei"),
    ("ar", "تسلمت صربيا منظومة دفاع جوي صينية أمس.",
     "transfer held CHN-SRB", "2025-12-02", None),
    ("ar", "أجرى وزير الدفاع الصيني دونغ جون محادثات مع نظيره الروسي أندريه بيلوسوف في موسكو أمس.",
     "meeting held CHN-RUS", "2025-12-02", "Moscow"),
    ("ar", "تأجيل توقيع اتفاق مكافحة المخدرات بين فرنسا والصين.",
     "agreement postponed CHN-FRA", None, None),
]  # fmt: skip

NOTHING = [
    ("vi", "Trung Quốc và Nga ký bản ghi nhớ về an ninh lương thực tại Moscow ngày 2/12."),
    ("vi", "Mỹ cáo buộc Trung Quốc cung cấp vũ khí cho Nga."),
    ("vi", "Trung Quốc diễu binh, Nga gửi khí tài tham dự duyệt binh."),
    ("vi", "Sân bay Bắc Kinh siết an ninh trước chuyến bay từ Moscow của Nga."),
    ("vi", "Đội tuyển Nga gặp Trung Quốc ở vòng loại thứ ba, an ninh thắt chặt."),
    ("vi", "Nếu Nga và Trung Quốc ký hiệp ước quân sự, châu Âu sẽ lo."),
    ("vi", "Trung Quốc và Việt Nam tuần tra chung ở vịnh Bắc Bộ, Nga hoan nghênh."),
    ("vi", "Bộ Nội vụ Serbia bác tin đã ký thỏa thuận cảnh sát với Trung Quốc."),
    ("vi", "Thư kí của đại sứ Nga đăng kí dự hội chợ Trung Quốc về thiết bị cảnh sát."),
    ("vi", "Nga tiếp tục tham gia đàm phán khí đốt với Trung Quốc trong giai đoạn mới."),
    ("vi", "Diễn tập phòng cháy tại nhà máy Trung Quốc ở Hungary."),
    ("en", "China and Russia sign food security memorandum in Moscow."),
    ("en", "US accuses China of supplying drones to Russia."),
    ("en", "Chinese police arrest Russian tourist in Beijing after hotel brawl."),
    ("en", "China parades missiles as Russian guests look on."),
    ("en", "Serbia draw with China in second round of table tennis team event; security was tight."),
    ("en", "If China and Russia signed a defence treaty, Europe would worry."),
    ("en", "Shares of Chinese cybersecurity companies rally after Hungarian deal."),
    ("en", "Serbian ministry denies signing police agreement with China."),
    ("en", "Turkey and Japan hold joint naval exercise; China watches."),
    ("en", "German court jails spy who passed military secrets to China."),
    ("en", "China and Germany sign memorandum on product safety and supply chain security."),
    ("en", "China urges Russia and Ukraine to hold security talks."),
    ("ar", "وقعت الصين وروسيا مذكرة تفاهم بشأن الأمن الغذائي في موسكو."),
    ("ar", "واشنطن تتهم الصين بتزويد روسيا بطائرات مسيرة."),
    ("ar", "نفت وزارة الداخلية الصربية توقيع اتفاق مع الصين بشأن الشرطة."),
    ("ar", "عرض عسكري في بكين بحضور روسيا."),
    ("ar", "تعادل منتخب صربيا مع الصين في الجولة الثانية من الدوري."),
]  # fmt: skip

DAYS = [
    ("vi", "Hai bên gặp nhau hôm 2-12.", "2025-12-02"),
    ("vi", "Hai bên gặp nhau sáng 2.12.", "2025-12-02"),
    ("vi", "Hai bên gặp nhau từ ngày 29-11 đến 2-12.", "2025-11-29/2025-12-02"),
    ("vi", "Hai bên gặp nhau từ 1 đến 2-12.", "2025-12-01/2025-12-02"),
    ("vi", "Hai bên gặp nhau ngày 2 tháng 12/2025.", "2025-12-02"),
    ("vi", "Hai bên gặp nhau hôm thứ 3.", "2025-12-02"),
    ("vi", "Hai bên gặp nhau thứ Hai tuần trước.", "2025-11-24"),
    ("vi", "Hai bên gặp nhau thứ Hai tuần sau.", "2025-12-08"),
    ("vi", "Hai bên gặp nhau rạng sáng 2/12.", "2025-12-02"),
    ("vi", "Hai bên gặp nhau vào tháng Mười Một năm 2025.", "2025-11-01/2025-11-30"),
    ("vi", "Hai bên gặp nhau tháng 12 năm ngoái.", "2024-12-01/2024-12-31"),
    ("vi", "Hai bên gặp nhau đêm qua.", "2025-12-02"),
    ("vi", "Đây là vòng thứ ba.", None),
    ("vi", "Ngày thứ hai của chuyến thăm dành cho kinh tế.", None),
    ("vi", "Không nhằm vào bên thứ ba.", None),
    ("vi", "Đường dây nóng hoạt động 24/7.", None),
    ("en", "They met on Tues., Dec 2.", "2025-12-02"),
    ("en", "They met on 2 December.", "2025-12-02"),
    ("en", "They met late on Tuesday.", "2025-12-02"),
    ("en", "They met on Tuesday last week.", "2025-11-25"),
    ("en", "They meet on Tuesday next week.", "2025-12-09"),
    ("en", "They met from Nov 29 to Dec 2.", "2025-11-29/2025-12-02"),
    ("en", "They met from 29 November to 2 December 2025.", "2025-11-29/2025-12-02"),
    ("en", "They met between December 1 and 2.", "2025-12-01/2025-12-02"),
    ("en", "They met the day before yesterday.", "2025-12-01"),
    ("en", "They met this morning.", "2025-12-03"),
    ("en", "They met last night.", "2025-12-02"),
    ("en", "They met on the 2nd of December.", "2025-12-02"),
    ("en", "They met in early November.", "2025-11-01/2025-11-30"),
    ("en", "They met in November last year.", "2024-11-01/2024-11-30"),
    ("en", "They met two days ago.", "2025-12-01"),
    ("en", "Ministers may march on.", None),
    ("ar", "عقد الاجتماع مساء أمس.", "2025-12-02"),
    ("ar", "عقد الاجتماع يوم الاثنين الماضي.", "2025-12-01"),
    ("ar", "عقد الاجتماع في الثاني من ديسمبر 2025.", "2025-12-01/2025-12-31"),
    ("ar", "زار بغداد.", None),
    ("ar", "تناول الأحداث.", None),
    ("ar", "عقد الاجتماع من 1 إلى 2 ديسمبر.", "2025-12-01/2025-12-02"),
    ("ar", "يعقد الاجتماع بعد غد.", "2025-12-05"),
    ("ar", "عقد الاجتماع صباح اليوم.", "2025-12-03"),
]  # fmt: skip


def _written(interval: Interval | None) -> str | None:
    if interval is None:
        return None
    return f"{interval.start}" if interval.start == interval.end else f"{interval.start}/{interval.end}"


@pytest.mark.parametrize(("language", "text", "told", "days", "place"), TOLD, ids=[one[1] for one in TOLD])
def test_what_is_told(
    language: str, text: str, told: str, days: str | None, place: str | None, coder: Coder
) -> None:
    coding = coder(normalise(text), None, PUBLISHED, language)
    assert coding.coded.mentions, coding.rejected
    first = coding.coded.mentions[0]
    found = (f"{first.kind.value} {first.stage.value} {first.dyad}", _written(first.date), first.place)
    assert found == (told, days, place)


@pytest.mark.parametrize(("language", "text"), NOTHING, ids=[one[1] for one in NOTHING])
def test_what_only_looks_like_it(language: str, text: str, coder: Coder) -> None:
    assert not coder(normalise(text), None, PUBLISHED, language).coded.relevant


@pytest.mark.parametrize(("language", "text", "expected"), DAYS, ids=[one[1] for one in DAYS])
def test_a_day_is_read(language: str, text: str, expected: str | None, rules: Rules) -> None:
    folded = fold(normalise(text))
    days = rules.tools[language].dates.find(folded, Span(0, len(folded)), date(2025, 12, 3))
    assert [_written(day.interval) for day in days] == ([expected] if expected else [])
