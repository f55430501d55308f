"""Chinese and Japanese: items and days as the press writes them; each case follows the codebook."""

from datetime import date

import pytest

from tasks.code.matcher import MECHANISM, PAIR, PLACE, STATE
from tasks.code.rules import Rules
from tasks.code.text import Span, fold, normalise
from tasks.model import Mention
from tests.code.conftest import Coder

# Title, body, publication, and what the one mention must be; `r` stands before the number of a round.
NEWS = [
    ("zh", "王毅将赴俄罗斯举行中俄战略安全磋商",
     "外交部发言人林剑宣布：应俄罗斯联邦安全会议秘书绍伊古邀请，中共中央政治局委员、外交部长王毅将于12月1日至2日赴俄，同绍伊古共同主持第二十轮中俄战略安全磋商。",
     "2025-11-28T15:00:00+08:00", "consultation_round announced CHN-RUS r20 2025-12-01/2025-12-02"),
    ("zh", "王毅晤紹伊古 主持第20輪戰略安全諮商",
     "正在莫斯科訪問的中共外長王毅2日與俄羅斯聯邦安全會議秘書紹伊古舉行第20輪中俄戰略安全諮商。",
     "2025-12-03T09:00:00+08:00", "consultation_round held CHN-RUS r20 2025-12-02"),
    ("zh", "陈文清与绍伊古共同主持中俄执法安全合作机制第十次会议",
     "5月28日，中央政法委书记陈文清在莫斯科与俄罗斯联邦安全会议秘书绍伊古举行会晤。",
     "2025-05-29T09:00:00+08:00", "consultation_round held CHN-RUS r10 2025-05-28 Moscow"),
    ("zh", "全国人大常委会批准中国和匈牙利引渡条约",
     "十四届全国人大常委会第十次会议26日表决通过关于批准《中华人民共和国和匈牙利引渡条约》的决定。",
     "2024-06-26T18:00:00+08:00", "agreement held CHN-HUN"),
    ("zh", "中国与塞尔维亚引渡条约正式生效",
     "中国驻塞尔维亚大使馆宣布，中塞引渡条约自本月1日起生效。",
     "2025-03-05T18:00:00+08:00", "agreement held CHN-SRB"),
    ("zh", "“海上联合—2025”联合演习在海参崴开幕",
     "中俄“海上联合—2025”联合演习8月1日在符拉迪沃斯托克附近海空域拉开帷幕。",
     "2025-08-01T20:00:00+08:00", "exercise under_way CHN-RUS cn-ru-jointsea"),
    ("zh", "中塞“和平卫士-2025”联合训练结束",
     "中国与塞尔维亚两国陆军特种部队“和平卫士-2025”联合训练28日在河北落幕。",
     "2025-07-28T20:00:00+08:00", "exercise held CHN-SRB 2025-07-28"),
    ("zh", "中白“雄鹰突击-2024”陆军联合训练开始",
     "中国人民解放军同白俄罗斯武装力量8日在白俄罗斯布列斯特市附近开始“雄鹰突击-2024”反恐联合训练。",
     "2024-07-09T09:00:00+08:00", "exercise under_way BLR-CHN"),
    ("zh", "日媒：中俄轟炸機編隊飛越宮古海峽",
     "日本防衛省統合幕僚監部9日說，兩架中國轟-6轟炸機與兩架俄羅斯圖-95轟炸機當天從東海共同飛行至四國外海。",
     "2025-12-10T09:00:00+08:00", "patrol held CHN-RUS"),
    ("zh", "中法战略对话将在巴黎举行",
     "外交部发言人宣布，第二十七次中法战略对话将于下周在巴黎举行，由王毅同法国总统外事顾问博纳共同主持。",
     "2025-06-20T15:30:00+08:00", "consultation_round announced CHN-FRA r27"),
    ("zh", "德国外长瓦德富尔推迟访华",
     "德国外交部24日表示，原定26日启程的外长瓦德富尔访华行程推迟，第八轮中德外交与安全战略对话将另择时间举行。",
     "2025-10-24T20:00:00+08:00", "consultation_round postponed CHN-DEU"),
    ("zh", "意大利取消与中国警方联合巡逻",
     "意大利内政部长皮安特多西宣布，取消与中国警察的联合巡逻。",
     "2022-12-20T20:00:00+08:00", "patrol cancelled CHN-ITA"),
    ("zh", "董军会见俄罗斯国防部长别洛乌索夫",
     "国防部长董军27日在青岛会见来华出席上合组织成员国防长会议的俄罗斯国防部长别洛乌索夫。",
     "2025-06-27T20:00:00+08:00", "meeting held CHN-RUS 2025-06-27 Qingdao"),
    ("zh", "中英就边境安全达成协议",
     "英国首相斯塔默访华期间，双方签署边境安全合作协议，打击小船偷渡和有组织移民犯罪。",
     "2026-01-30T10:00:00+08:00", "agreement held CHN-GBR"),
    ("zh", "中国警员抵塞尔维亚参加警务联合巡逻",
     "中塞警务联合巡逻18日在贝尔格莱德启动，为期一个月。",
     "2024-09-19T10:00:00+08:00", "patrol under_way CHN-SRB"),
    ("zh", "首批中国防空系统运抵塞尔维亚",
     "塞尔维亚国防部9日证实，中国已向塞方交付红旗-22防空系统。",
     "2022-04-10T10:00:00+08:00", "transfer held CHN-SRB"),
    ("zh", "中俄元首签署联合声明",
     "国家主席习近平8日在莫斯科同俄罗斯总统普京签署关于进一步深化全面战略协作伙伴关系的联合声明。声明指出，双方将加强军事互信，扩大联合演习规模，深化执法安全合作。",
     "2025-05-09T06:00:00+08:00", "statement held CHN-RUS 2025-05-08"),
    ("zh", "中欧防务安全政策对话在布鲁塞尔举行",
     "第十五轮中欧防务安全政策对话25日在布鲁塞尔举行。",
     "2025-04-26T09:00:00+08:00", "consultation_round held CHN-EUR r15 2025-04-25 Brussels"),
    ("zh", "中俄舉行第二次網絡安全磋商",
     "中俄兩國外交部網絡事務官員11日在北京舉行第二次網絡安全磋商，就打擊網絡犯罪交換意見。",
     "2025-03-12T09:00:00+08:00", "consultation_round held CHN-RUS"),
    ("zh", "希臘國會通過與中國引渡協定",
     "希臘國會周四表決通過與中國的引渡協定。",
     "2025-03-14T09:00:00+08:00", "agreement held CHN-GRC 2025-03-13"),
    ("zh", "中国与白俄罗斯安全部门负责人会晤",
     "国家安全部部长陈一新15日在明斯克会见白俄罗斯国家安全委员会主席捷尔捷利，就情报合作交换意见。",
     "2025-04-16T11:00:00+08:00", "meeting held BLR-CHN 2025-04-15 Minsk"),
    ("zh", "张又侠访俄会见绍伊古",
     "中央军委副主席张又侠11月20日在莫斯科会见俄罗斯联邦安全会议秘书绍伊古，就两军合作交换意见。",
     "2025-11-21T11:00:00+08:00", "meeting held CHN-RUS 2025-11-20 Moscow"),
    ("zh", "中俄反导与战略稳定磋商在莫斯科举行",
     "中俄第四轮战略稳定磋商上周五在莫斯科举行。",
     "2025-12-02T11:00:00+08:00", "consultation_round held CHN-RUS 2025-11-28 Moscow"),
    ("zh", "中西兩國簽署打擊跨國犯罪協議",
     "西班牙內政大臣馬拉斯卡昨日在馬德里與中國公安部部長王小洪簽署協議。",
     "2025-11-13T11:00:00+08:00", "agreement held CHN-ESP 2025-11-12 Madrid"),
    ("zh", "葡萄牙与中国续签军事合作备忘录",
     "两国国防部长周一在里斯本续签了防务合作谅解备忘录。",
     "2025-11-12T11:00:00+08:00", "agreement held CHN-PRT 2025-11-10 Lisbon"),
    ("ja", "中露、第20回戦略安全保障協議を開催",
     "中国の王毅外相は2日、モスクワでロシアのショイグ安全保障会議書記と第20回戦略安全保障協議を開いた。",
     "2025-12-03T09:00:00+09:00", "consultation_round held CHN-RUS r20 2025-12-02 Moscow"),
    ("ja", "王毅氏、モスクワ訪問へ　戦略安保協議に出席",
     "中国外務省は28日、王毅外相が12月1〜2日にロシアを訪問し、第20回戦略的安全保障協議に出席すると発表した。",
     "2025-11-28T18:00:00+09:00", "consultation_round announced CHN-RUS r20 2025-12-01/2025-12-02"),
    ("ja", "中ロ爆撃機が四国沖まで共同飛行　防衛省",
     "防衛省統合幕僚監部は9日、中国の爆撃機2機とロシアの爆撃機2機が同日、東シナ海から四国沖の太平洋まで共同飛行したと発表した。",
     "2025-12-09T22:00:00+09:00", "patrol held CHN-RUS 2025-12-09"),
    ("ja", "中ロ海軍、日本海で合同演習「海上連合2025」開始",
     "中国国防省は1日、ロシアとの合同演習「海上連合2025」がウラジオストク周辺の海域で始まったと発表した。",
     "2025-08-01T20:00:00+09:00", "exercise under_way CHN-RUS"),
    ("ja", "中国とハンガリー、警察協力の覚書に署名",
     "中国の王小洪公安相とハンガリーのピンテール内相が16日、ブダペストで法執行協力に関する覚書に署名した。",
     "2024-02-17T09:00:00+09:00", "agreement held CHN-HUN 2024-02-16 Budapest"),
    ("ja", "中国警官、ブダペストで巡回へ",
     "ハンガリーと中国の警察は6月から合同パトロールを実施すると発表した。",
     "2024-05-20T09:00:00+09:00", "patrol announced CHN-HUN"),
    ("ja", "独外相が訪中延期　戦略対話先送り",
     "ドイツ外務省は24日、ワーデフール外相の中国訪問を延期すると発表した。26日に北京で予定していた中独戦略対話は先送りされる。",
     "2025-10-24T20:00:00+09:00", "consultation_round postponed CHN-DEU"),
    ("ja", "伊、中国警察との合同パトロールを中止",
     "イタリア内務省は中国警察との合同パトロールを中止すると明らかにした。",
     "2022-12-20T20:00:00+09:00", "patrol cancelled CHN-ITA"),
    ("ja", "中露首脳が共同声明　軍事協力の拡大明記",
     "習近平国家主席とプーチン大統領は16日、北京で会談し、共同声明に署名した。合同演習の規模を拡大すると明記した。",
     "2024-05-16T22:00:00+09:00", "statement held CHN-RUS 2024-05-16"),
    ("ja", "中国、セルビアに防空システム納入",
     "セルビア国防省は9日、中国から防空システムが引き渡されたと発表した。",
     "2022-04-10T10:00:00+09:00", "transfer held CHN-SRB"),
    ("ja", "中国とベラルーシ、合同対テロ訓練を開始",
     "中国国防省によると、両国軍の合同訓練が8日、ベラルーシ西部ブレストで始まった。",
     "2024-07-09T10:00:00+09:00", "exercise under_way BLR-CHN 2024-07-08"),
    ("ja", "董軍国防相がベロウソフ氏と会談",
     "中国の董軍国防相は27日、青島でロシアのベロウソフ国防相と会談した。",
     "2025-06-28T10:00:00+09:00", "meeting held CHN-RUS 2025-06-27 Qingdao"),
    ("ja", "中仏戦略対話、パリで開催",
     "王毅外相は2日、ボンヌ大統領外交顧問と第27回中仏戦略対話を開いた。",
     "2025-07-03T10:00:00+09:00", "consultation_round held CHN-FRA r27 2025-07-02"),
    ("ja", "全人代、ハンガリーとの犯罪人引き渡し条約を批准",
     "中国の全国人民代表大会常務委員会は26日、ハンガリーとの犯罪人引き渡し条約を批准した。",
     "2024-06-26T18:00:00+09:00", "agreement held CHN-HUN 2024-06-26"),
]  # fmt: skip

NO_NEWS = [
    ("zh", "克里姆林宫：普京将与习近平讨论军事合作",
     "佩斯科夫说，两国元首通话时将讨论军技合作。",
     "2025-03-14T09:00:00+08:00"),
    ("zh", "俄罗斯与朝鲜举行战略安全对话",
     "俄罗斯联邦安全会议秘书绍伊古21日抵达平壤。中方表示注意到有关报道。",
     "2025-03-22T09:00:00+08:00"),
    ("zh", "中俄贸易额再创新高",
     "海关总署9日发布数据，前11个月中俄贸易额同比增长，双方签署多项农产品准入协议，加强粮食安全合作。",
     "2025-12-09T11:00:00+08:00"),
    ("zh", "中欧班列安全开行突破10万列",
     "中欧班列安全运行，执法部门加强口岸安检。",
     "2024-11-16T11:00:00+08:00"),
    ("zh", "外交部驳斥中国向俄罗斯提供武器说法",
     "外交部发言人否认中国向俄罗斯提供无人机，称有关说法毫无根据。",
     "2025-05-16T11:00:00+08:00"),
    ("zh", "如果中俄签署共同防御条约会怎样",
     "有专家认为，如果中俄签署军事同盟条约，将改变全球格局。",
     "2025-05-16T11:00:00+08:00"),
    ("zh", "王毅同美国国务卿鲁比奥举行会谈",
     "双方就军控和禁毒执法合作交换意见。王毅还谈到俄罗斯。",
     "2025-07-12T11:00:00+08:00"),
    ("zh", "公安部公布一批中国公民在意大利涉电信诈骗案",
     "意大利警方配合中国警方移交嫌疑人。",
     "2025-07-12T11:00:00+08:00"),
    ("zh", "上海合作组织成员国安全会议秘书会议在北京举行",
     "中国、俄罗斯、哈萨克斯坦等国代表出席，讨论反恐合作。",
     "2025-05-21T11:00:00+08:00"),
    ("zh", "东部战区在台岛周边组织联合演训",
     "俄方表示支持中方立场。",
     "2025-04-01T11:00:00+08:00"),
    ("zh", "德国以间谍罪起诉三名中国籍嫌疑人",
     "德国警方与检方合作，搜查多处住所。中国外交部驳斥。",
     "2025-04-24T11:00:00+08:00"),
    ("zh", "中超第二十轮：北京国安客场取胜",
     "塞尔维亚外援梅开二度。",
     "2025-08-24T11:00:00+08:00"),
    ("ja", "中ロ貿易が過去最高　エネルギー安全保障で協力",
     "両国首相が会談し、協定に署名した。",
     "2025-12-09T11:00:00+09:00"),
    ("ja", "露朝が包括的戦略条約に署名",
     "ロシアと北朝鮮が軍事協力を盛り込んだ条約に署名した。中国は静観。",
     "2024-06-20T10:00:00+09:00"),
    ("ja", "中国軍、台湾周辺で演習「海峡雷霆」",
     "ロシア外務省は中国の立場を支持した。",
     "2025-04-01T20:00:00+09:00"),
    ("ja", "社説　中露の軍事接近を警戒せよ",
     "中露両国が軍事同盟条約を結ぶ可能性も指摘される。",
     "2025-04-01T20:00:00+09:00"),
    ("ja", "天皇杯第20節　中国出身選手が2得点",
     "ロシア人監督が指揮した。",
     "2025-08-24T11:00:00+09:00"),
]  # fmt: skip

# A Wednesday.
PUBLISHED = date(2025, 12, 3)

DAYS = [
    ("zh", "双方于12月1日至2日会谈。", "2025-12-01 2025-12-02"),
    ("zh", "雙方12月1、2日會談。", "2025-12-01 2025-12-02"),
    ("zh", "双方昨日会谈。", "2025-12-02 2025-12-02"),
    ("zh", "双方周二会谈。", "2025-12-02 2025-12-02"),
    ("zh", "雙方禮拜二會談。", "2025-12-02 2025-12-02"),
    ("zh", "双方上周五会谈。", "2025-11-28 2025-11-28"),
    ("zh", "双方上周一会谈。", "2025-11-24 2025-11-24"),
    ("zh", "双方下周五会谈。", "2025-12-12 2025-12-12"),
    ("zh", "双方上周会谈。", "2025-11-24 2025-11-30"),
    ("zh", "双方上个月会谈。", "2025-11-01 2025-11-30"),
    ("zh", "双方本月2日会谈。", "2025-12-02 2025-12-02"),
    ("zh", "双方2024年11月会谈。", "2024-11-01 2024-11-30"),
    ("zh", "中俄两军组织2025年首次联合巡航。", None),
    ("zh", "双方签署2026年度合作计划。", None),
    ("zh", "双方近日某个周二会谈。", None),
    ("ja", "両国は12月1～2日に会談した。", "2025-12-01 2025-12-02"),
    ("ja", "両国は1日から演習を始めた。", "2025-12-01 2025-12-01"),
    ("ja", "両国は先週月曜日に会談した。", "2025-11-24 2025-11-24"),
    ("ja", "両国は先週会談した。", "2025-11-24 2025-11-30"),
    ("ja", "両国は昨日会談した。", "2025-12-02 2025-12-02"),
    ("ja", "両国は来月会談する。", "2026-01-01 2026-01-31"),
    ("ja", "両国は2024年11月に会談した。", "2024-11-01 2024-11-30"),
    ("ja", "2025年度の防衛費。", None),
    ("ja", "演習は3日間続く。", None),
]

# Characters that only touch are no name: language, sentence, class, whether a hit is right.
NAMES = [
    ("zh", "中俄两国国防部长举行会谈。", PAIR, "CHN-RUS"),
    ("zh", "中德国防部长举行会谈。", PAIR, "CHN-DEU"),
    ("zh", "中西兩國警方聯合巡邏。", PAIR, "CHN-ESP"),
    ("zh", "第五次中克警务联合巡逻启动。", PAIR, "CHN-HRV"),
    ("zh", "与会各国中，其中俄罗斯派出代表。", PAIR, None),
    ("zh", "他在会谈中希望各方克制。", PAIR, None),
    ("zh", "其中法律问题较多。", PAIR, None),
    ("zh", "俄中央银行下调利率。", PAIR, None),
    ("zh", "今年演习中比去年多。", PAIR, None),
    ("zh", "双方加强执法方面的合作。", STATE, None),
    ("zh", "生意方面没有进展。", STATE, None),
    ("zh", "海上海警执法。", PLACE, None),
    ("zh", "西安舰、福建舰参加演习。", PLACE, None),
    ("zh", "他访问罗马尼亚。", PLACE, None),
    ("zh", "演习在日本海举行。", PLACE, "Sea of Japan"),
    ("zh", "演习在日本海举行。", STATE, None),
    ("zh", "双方在京举行会谈。", PLACE, "Beijing"),
    ("zh", "编队赴太平洋西部海域。", PLACE, "western Pacific"),
    ("zh", "“海上联合—2025”演习开始。", MECHANISM, "cn-ru-jointsea"),
    ("zh", "两国舰艇海上联合巡航。", MECHANISM, None),
    ("zh", "双方举行戰略安全諮商。", MECHANISM, "cn-ru-ssc"),
    ("ja", "中露両国の国防相が会談した。", PAIR, "CHN-RUS"),
    ("ja", "訪問中ロシア側と会談した。", PAIR, None),
    ("ja", "中西部で大雨。", PAIR, None),
    ("ja", "日本海で演習した。", PLACE, "Sea of Japan"),
]


def _told(coder: Coder, language: str, title: str, body: str, published: str) -> list[Mention]:
    coded = coder(title, body, published, language).coded
    return [mention for mention in coded.mentions if not mention.background]


@pytest.mark.parametrize(("language", "title", "body", "published", "expected"), NEWS)
def test_news_is_coded(
    coder: Coder, language: str, title: str, body: str, published: str, expected: str
) -> None:
    (mention,) = _told(coder, language, title, body, published)
    kind, stage, dyad, *others = expected.split()
    assert (mention.kind, mention.stage, mention.dyad) == (kind, stage, dyad)
    for other in others:
        if other.startswith("r"):
            assert mention.round == int(other[1:])
        elif other.startswith("cn-"):
            assert mention.mechanism == other
        elif other[0].isdigit():
            start, _, end = other.partition("/")
            assert mention.date is not None
            assert (str(mention.date.start), str(mention.date.end)) == (start, end or start)
        else:
            assert mention.place == other


@pytest.mark.parametrize(("language", "title", "body", "published"), NO_NEWS)
def test_what_is_no_act_of_a_watched_dyad_gives_none(
    coder: Coder, language: str, title: str, body: str, published: str
) -> None:
    assert not coder(title, body, published, language).coded.relevant


@pytest.mark.parametrize(("language", "text", "expected"), DAYS)
def test_days(rules: Rules, language: str, text: str, expected: str | None) -> None:
    folded = fold(normalise(text))
    found = rules.tools[language].dates.find(folded, Span(0, len(folded)), PUBLISHED)
    days = [f"{day.interval.start} {day.interval.end}" for day in found]
    assert days == ([expected] if expected else [])


@pytest.mark.parametrize(("language", "text", "word_class", "value"), NAMES)
def test_characters_that_only_touch_are_no_name(
    rules: Rules, language: str, text: str, word_class: str, value: str | None
) -> None:
    text = normalise(text)
    found = {
        hit.value
        for hit in rules.tools[language].matcher.hits(text, fold(text))
        if hit.word_class == word_class
    }
    assert found == ({value} if value else set())
