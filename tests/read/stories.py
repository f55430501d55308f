"""A made-up story in each language that is watched, and what a page there may put around it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Story:
    """A story: headline, paragraphs and a caption; and of its page: another story with a long and a
    short headline, the words above links, links, a box, the name of an author, a comment, a notice.
    """

    title: str
    paragraphs: tuple[str, ...]
    caption: str
    other: str
    brief: str
    others: tuple[str, ...]
    stop: str
    links: tuple[str, ...]
    aside: str
    author: str
    comment: str
    notice: str


STORIES = {
    "en": Story(
        "Ministers sign protocol on joint river patrols in the capital",
        (
            "The ministers of the interior of the two neighbouring countries signed a protocol on joint river patrols in the capital on Tuesday.",
            "It follows eleven rounds of talks, which began two years ago and were held in turn in both countries, officials said.",
            "The protocol takes effect in July and will be reviewed after two years, according to the text that was published.",
            "The first patrols go out in August. Sixty officers of both sides will take part in them.",
        ),
        "The two ministers shake hands after the signing. Photo: Anna Berg",
        "Harbour of the south reopens after nine months of repairs",
        "Harbour reopens",
        (
            "The harbour of the south was reopened on Monday after nine months of repairs, the mayor of the town told reporters there.",
            "Fishermen had waited for the day since the storms of last winter, which had broken the old pier in two places.",
        ),
        "Related articles",
        ("Growers fear for the harvest in the north", "A museum for the old railway opens", "Prices of milk fall again"),
        "Read also",
        "Anna Berg",
        "I do not believe a word of it, they have promised us the same thing for ten years and nothing has happened.",
        "We and our partners use cookies to improve this site and to show you advertising. You may object at any time.",
    ),
    "de": Story(
        "Minister unterzeichnen Protokoll über gemeinsame Streifen auf dem Fluss",
        (
            "Die Innenminister der beiden Nachbarländer haben am Dienstag in der Hauptstadt ein Protokoll über gemeinsame Streifen auf dem Fluss unterzeichnet.",
            "Dem gingen elf Verhandlungsrunden voraus, die vor zwei Jahren begonnen hatten und abwechselnd in beiden Ländern stattfanden, hieß es.",
            "Das Protokoll tritt im Juli in Kraft und soll nach zwei Jahren überprüft werden, wie aus dem veröffentlichten Text hervorgeht.",
            "Die ersten Streifen fahren im August. Sechzig Beamte beider Seiten sollen daran teilnehmen.",
        ),
        "Die beiden Minister nach der Unterzeichnung. Foto: Anna Berg",
        "Hafen im Süden öffnet nach neun Monaten Bauzeit wieder seine Tore",
        "Hafen offen",
        (
            "Der Hafen im Süden ist am Montag nach neun Monaten Bauzeit wieder eröffnet worden, sagte der Bürgermeister der Stadt vor der Presse.",
            "Die Fischer hatten seit den Stürmen des vergangenen Winters auf diesen Tag gewartet, die den alten Steg zerbrochen hatten.",
        ),
        "Mehr zum Thema",
        ("Bauern bangen um die Ernte im Norden", "Museum für die alte Bahn öffnet bald", "Milch wird wieder etwas billiger"),
        "Lesen Sie auch",
        "Anna Berg",
        "Ich glaube davon kein Wort, das versprechen sie uns seit zehn Jahren und geschehen ist bisher gar nichts.",
        "Wir und unsere Partner verwenden Cookies, um diese Seite zu verbessern und Werbung zu zeigen. Sie können widersprechen.",
    ),
    "fr": Story(
        "Les ministres signent un protocole sur les patrouilles communes du fleuve",
        (
            "Les ministres de l’Intérieur des deux pays voisins ont signé mardi dans la capitale un protocole sur des patrouilles communes du fleuve.",
            "Il fait suite à onze sessions de pourparlers, commencés il y a deux ans et tenus tour à tour dans les deux pays, selon des responsables.",
            "Le protocole entre en vigueur en juillet et sera réexaminé au bout de deux ans, d’après le texte qui a été publié.",
            "Les premières patrouilles partiront en août. Soixante policiers des deux pays y participeront.",
        ),
        "Les deux ministres après la signature. Photo : Anna Berg",
        "Le port du sud rouvre ses quais après neuf mois de travaux",
        "Port rouvert",
        (
            "Le port du sud a rouvert lundi après neuf mois de travaux, a déclaré le maire de la ville devant la presse réunie sur place.",
            "Les pêcheurs attendaient ce jour depuis les tempêtes de l’hiver dernier, qui avaient brisé la vieille jetée en deux endroits.",
        ),
        "Sur le même sujet",
        ("Les agriculteurs craignent pour la récolte du nord", "Un musée pour la vieille ligne de chemin de fer", "Le prix du lait baisse encore un peu"),
        "Lire aussi",
        "Anna Berg",
        "Je n’en crois pas un mot, on nous promet la même chose depuis dix ans et il ne s’est jamais rien passé.",
        "Nous et nos partenaires utilisons des cookies pour améliorer ce site et afficher de la publicité. Vous pouvez refuser.",
    ),
    "es": Story(
        "Los ministros firman un protocolo sobre patrullas conjuntas en el río",
        (
            "Los ministros del Interior de los dos países vecinos firmaron el martes en la capital un protocolo sobre patrullas conjuntas en el río.",
            "El documento llega tras once rondas de conversaciones, que empezaron hace dos años y se celebraron por turno en ambos países.",
            "El protocolo entra en vigor en julio y será revisado al cabo de dos años, según el texto que fue publicado por los ministerios.",
            "Las primeras patrullas saldrán en agosto. En ellas participarán sesenta agentes de ambas partes.",
        ),
        "Los dos ministros después de la firma. Foto: Ana Berg",
        "El puerto del sur reabre sus muelles tras nueve meses de obras",
        "Puerto abierto",
        (
            "El puerto del sur fue reabierto el lunes tras nueve meses de obras, dijo el alcalde de la ciudad a los periodistas allí reunidos.",
            "Los pescadores esperaban este día desde los temporales del invierno pasado, que rompieron el viejo muelle en dos lugares.",
        ),
        "Noticias relacionadas",
        ("Los agricultores temen por la cosecha del norte", "Un museo para el viejo ferrocarril abre pronto", "El precio de la leche baja otra vez"),
        "Lea también",
        "Ana Berg",
        "No me creo ni una palabra, nos prometen lo mismo desde hace diez años y nunca ha pasado absolutamente nada.",
        "Nosotros y nuestros socios usamos cookies para mejorar este sitio y mostrar publicidad. Puede oponerse en todo momento.",
    ),
    "it": Story(
        "I ministri firmano un protocollo sulle pattuglie congiunte sul fiume",
        (
            "I ministri dell’Interno dei due paesi vicini hanno firmato martedì nella capitale un protocollo sulle pattuglie congiunte sul fiume.",
            "Il documento arriva dopo undici sessioni di colloqui, cominciati due anni fa e tenuti a turno nei due paesi, hanno detto i funzionari.",
            "Il protocollo entra in vigore a luglio e sarà riesaminato dopo due anni, secondo il testo che è stato pubblicato dai ministeri.",
            "Le prime pattuglie partiranno ad agosto. Vi parteciperanno sessanta agenti delle due parti.",
        ),
        "I due ministri dopo la firma. Foto: Anna Berg",
        "Il porto del sud riapre le banchine dopo nove mesi di lavori",
        "Porto riaperto",
        (
            "Il porto del sud è stato riaperto lunedì dopo nove mesi di lavori, ha detto il sindaco della città ai giornalisti riuniti sul posto.",
            "I pescatori aspettavano questo giorno dalle tempeste dello scorso inverno, che avevano spezzato il vecchio molo in due punti.",
        ),
        "Articoli correlati",
        ("Gli agricoltori temono per il raccolto del nord", "Un museo per la vecchia ferrovia apre presto", "Il prezzo del latte scende ancora"),
        "Leggi anche",
        "Anna Berg",
        "Non credo a una sola parola, ce lo promettono da dieci anni e non è mai successo assolutamente niente.",
        "Noi e i nostri partner usiamo cookie per migliorare questo sito e mostrare pubblicità. Potete opporvi in ogni momento.",
    ),
    "pl": Story(
        "Ministrowie podpisali protokół o wspólnych patrolach na rzece",
        (
            "Ministrowie spraw wewnętrznych obu sąsiednich krajów podpisali we wtorek w stolicy protokół o wspólnych patrolach na rzece.",
            "Poprzedziło go jedenaście rund rozmów, które rozpoczęły się dwa lata temu i odbywały się na przemian w obu krajach, podali urzędnicy.",
            "Protokół wchodzi w życie w lipcu i zostanie poddany przeglądowi po dwóch latach, jak wynika z opublikowanego tekstu.",
            "Pierwsze patrole wyruszą w sierpniu. Weźmie w nich udział sześćdziesięciu funkcjonariuszy obu stron.",
        ),
        "Obaj ministrowie po podpisaniu dokumentu. Fot. Anna Berg",
        "Port na południu otwarty po dziewięciu miesiącach remontu nabrzeży",
        "Port otwarty",
        (
            "Port na południu otwarto w poniedziałek po dziewięciu miesiącach remontu, powiedział dziennikarzom burmistrz tego miasta.",
            "Rybacy czekali na ten dzień od sztormów ostatniej zimy, które w dwóch miejscach przełamały stare molo, pamiątkę po dziadkach.",
        ),
        "Podobne artykuły",
        ("Rolnicy boją się o zbiory na północy kraju", "Muzeum starej kolei zostanie wkrótce otwarte", "Ceny mleka znowu trochę spadły"),
        "Czytaj także",
        "Anna Berg",
        "Nie wierzę w ani jedno słowo, obiecują nam to samo od dziesięciu lat i nigdy nic się z tego nie stało.",
        "My i nasi partnerzy używamy plików cookie, aby ulepszać tę stronę i pokazywać reklamy. Możesz się sprzeciwić w każdej chwili.",
    ),
    "hu": Story(
        "Aláírták a miniszterek a közös folyami járőrözésről szóló jegyzőkönyvet",
        (
            "A két szomszédos ország belügyminisztere kedden a fővárosban aláírta a közös folyami járőrözésről szóló jegyzőkönyvet.",
            "Ezt tizenegy tárgyalási forduló előzte meg, amelyek két éve kezdődtek, és felváltva tartották őket a két országban, közölték.",
            "A jegyzőkönyv júliusban lép hatályba, és két év múlva felülvizsgálják, derül ki a nyilvánosságra hozott szövegből.",
            "Az első járőrök augusztusban indulnak. Hatvan rendőr vesz részt bennük a két oldalról.",
        ),
        "A két miniszter az aláírás után. Fotó: Berg Anna",
        "Kilenc hónap felújítás után újra megnyílt a déli kikötő a hajók előtt",
        "Megnyílt kikötő",
        (
            "Kilenc hónap felújítás után hétfőn újra megnyitották a déli kikötőt, mondta a város polgármestere az ott összegyűlt újságíróknak.",
            "A halászok a múlt téli viharok óta várták ezt a napot, amelyek két helyen is eltörték a régi mólót, nagyapáik örökségét.",
        ),
        "Kapcsolódó cikkek",
        ("Féltik a gazdák az északi termést idén", "Múzeum nyílik a régi vasútnak hamarosan", "Megint olcsóbb lett kicsit a tej"),
        "Olvassa el ezt is",
        "Berg Anna",
        "Egy szavát sem hiszem el ennek, tíz éve ugyanezt ígérik nekünk, és azóta sem történt semmi az égvilágon.",
        "Mi és partnereink sütiket használunk az oldal javítására és hirdetések megjelenítésére. Ön ezt bármikor visszautasíthatja.",
    ),
    "sr": Story(
        "Ministri potpisali protokol o zajedničkim patrolama na reci",
        (
            "Ministri unutrašnjih poslova dve susedne zemlje potpisali su u utorak u glavnom gradu protokol o zajedničkim patrolama na reci.",
            "Prethodilo mu je jedanaest rundi razgovora, koji su počeli pre dve godine i vođeni su naizmenično u obe zemlje, saopšteno je.",
            "Protokol stupa na snagu u julu, a posle dve godine biće preispitan, kako se navodi u tekstu koji je objavljen na sajtu.",
            "Prve patrole kreću u avgustu. U njima će učestvovati šezdeset policajaca sa obe strane.",
        ),
        "Dvojica ministara posle potpisivanja. Foto: Ana Berg",
        "Luka na jugu ponovo radi posle devet meseci obnove pristaništa",
        "Otvorena luka",
        (
            "Luka na jugu ponovo je otvorena u ponedeljak posle devet meseci obnove, rekao je gradonačelnik okupljenim novinarima.",
            "Ribari su čekali taj dan od oluja prošle zime, koje su na dva mesta prelomile stari mol, ponos njihovih dedova.",
        ),
        "Povezane vesti",
        ("Ratari strahuju za letinu na severu zemlje", "Muzej stare železnice uskoro otvara vrata", "Cena mleka ponovo malo niža"),
        "Pročitajte još",
        "Ana Berg",
        "Ne verujem u to ni jednu reč, deset godina nam obećavaju isto i nikada se od toga nije desilo baš ništa.",
        "Mi i naši partneri koristimo kolačiće da bismo poboljšali sajt i prikazali oglase. Možete se usprotiviti u svakom trenutku.",
    ),
    "ru": Story(
        "Министры подписали протокол о совместном патрулировании реки",
        (
            "Министры внутренних дел двух соседних стран подписали во вторник в столице протокол о совместном патрулировании реки.",
            "Этому предшествовали одиннадцать раундов переговоров, начавшихся два года назад и проходивших поочерёдно в обеих странах.",
            "Протокол вступает в силу в июле и будет пересмотрен через два года, следует из опубликованного министерствами текста.",
            "Первые патрули выйдут на реку в августе. В них примут участие шестьдесят сотрудников с обеих сторон.",
        ),
        "Министры после церемонии подписания. Фото: Анна Берг",
        "Южный порт вновь открылся после девяти месяцев ремонта причалов",
        "Порт открыт",
        (
            "Южный порт вновь открыли в понедельник после девяти месяцев ремонта, сообщил мэр города собравшимся там журналистам.",
            "Рыбаки ждали этого дня со времён штормов прошлой зимы, которые в двух местах сломали старый мол, гордость их дедов.",
        ),
        "Материалы по теме",
        ("Аграрии опасаются за урожай на севере страны", "Музей старой железной дороги скоро откроется", "Молоко снова немного подешевело"),
        "Читайте также",
        "Анна Берг",
        "Не верю ни единому слову, нам обещают одно и то же десять лет подряд, и до сих пор ничего не случилось.",
        "Мы и наши партнёры используем файлы cookie, чтобы улучшать сайт и показывать рекламу. Вы можете отказаться в любое время.",
    ),
    "uk": Story(
        "Міністри підписали протокол про спільне патрулювання річки",
        (
            "Міністри внутрішніх справ двох сусідніх країн підписали у вівторок у столиці протокол про спільне патрулювання річки.",
            "Цьому передували одинадцять раундів переговорів, що почалися два роки тому й відбувалися по черзі в обох країнах.",
            "Протокол набирає чинності в липні й буде переглянутий через два роки, випливає з оприлюдненого міністерствами тексту.",
            "Перші патрулі вийдуть на річку в серпні. У них візьмуть участь шістдесят правоохоронців з обох сторін.",
        ),
        "Міністри після церемонії підписання. Фото: Анна Берг",
        "Південний порт знову відкрився після дев’яти місяців ремонту причалів",
        "Порт відкрито",
        (
            "Південний порт знову відкрили в понеділок після дев’яти місяців ремонту, повідомив мер міста журналістам на місці.",
            "Рибалки чекали цього дня від штормів минулої зими, які у двох місцях зламали старий мол, гордість їхніх дідів.",
        ),
        "Матеріали за темою",
        ("Аграрії побоюються за врожай на півночі країни", "Музей старої залізниці незабаром відкриється", "Молоко знову трохи подешевшало"),
        "Читайте також",
        "Анна Берг",
        "Не вірю жодному слову, нам обіцяють те саме вже десять років поспіль, і досі нічого так і не сталося.",
        "Ми та наші партнери використовуємо файли cookie, щоб поліпшувати сайт і показувати рекламу. Ви можете відмовитися будь-коли.",
    ),
    "vi": Story(
        "Bộ trưởng hai nước ký nghị định thư về tuần tra chung trên sông",
        (
            "Bộ trưởng Nội vụ hai nước láng giềng hôm thứ Ba đã ký nghị định thư về tuần tra chung trên sông tại thủ đô.",
            "Văn kiện này là kết quả của mười một vòng đàm phán, bắt đầu từ hai năm trước và diễn ra luân phiên tại hai nước.",
            "Nghị định thư có hiệu lực từ tháng 7 và sẽ được xem xét lại sau hai năm, theo văn bản đã được công bố.",
            "Các đội tuần tra đầu tiên sẽ ra sông vào tháng 8. Sáu mươi cảnh sát của hai bên sẽ tham gia.",
        ),
        "Hai bộ trưởng bắt tay sau lễ ký. Ảnh: Minh Anh",
        "Cảng biển phía nam mở cửa trở lại sau chín tháng sửa chữa cầu tàu",
        "Mở cảng",
        (
            "Cảng biển phía nam đã mở cửa trở lại hôm thứ Hai sau chín tháng sửa chữa, thị trưởng thành phố cho phóng viên biết.",
            "Ngư dân đã chờ ngày này từ những trận bão mùa đông năm ngoái, khi cầu tàu cũ bị gãy ở hai chỗ khác nhau.",
        ),
        "Tin cùng chuyên mục",
        ("Nông dân lo cho vụ mùa ở miền bắc", "Bảo tàng đường sắt cũ sắp mở cửa đón khách", "Giá sữa lại giảm nhẹ trong tuần này"),
        "Đọc thêm",
        "Minh Anh",
        "Tôi không tin một lời nào cả, họ hứa với chúng tôi điều này mười năm rồi mà chẳng có gì xảy ra hết.",
        "Chúng tôi và các đối tác dùng cookie để cải thiện trang này và hiển thị quảng cáo. Bạn có thể từ chối bất cứ lúc nào.",
    ),
    "zh": Story(
        "两国内政部长在首都签署界河联合巡逻议定书",
        (
            "两个邻国的内政部长星期二在首都签署了界河联合巡逻议定书，双方将共同派出警力在河面执行巡逻任务。",
            "官员表示，此前双方举行了十一轮会谈，会谈始于两年前，轮流在两国举行，就执法权限和通信联络达成一致。",
            "根据公布的文本，议定书将于七月生效，两年后由双方共同审议，届时将决定是否把巡逻范围扩大到湖区。",
            "首批巡逻队将于八月出发，双方共有六十名警员参加，他们将在南方的警察学院接受联合培训。",
        ),
        "图为两国部长在签字仪式后握手。",
        "南方港口维修九个月后重新开放迎接渔船",
        "港口重开",
        (
            "南方港口在维修九个月之后于星期一重新开放，当地市长对在场的记者说，码头已经可以停靠大型渔船。",
            "自去年冬天的风暴在两处折断旧栈桥以来，渔民们一直在等待这一天，他们的祖辈曾亲手修建这座栈桥。",
        ),
        "相关阅读",
        ("北方农民担心今年的收成受到影响", "旧铁路博物馆不久将对公众开放", "牛奶价格本周再次小幅下降"),
        "延伸阅读",
        "王一",
        "我一个字也不相信，十年来他们一直向我们许诺同样的事情，可是到现在什么也没有发生过。",
        "我们和合作伙伴使用小型文本文件来改进本网站并展示广告，您可以随时在设置中拒绝这些文件。",
    ),
    "ja": Story(
        "両国の内相が首都で河川の共同巡視に関する議定書に署名",
        (
            "隣り合う両国の内相は火曜日、首都で河川の共同巡視に関する議定書に署名し、双方の警察官が共に川を巡視することになった。",
            "当局者によると、これに先立って十一回の協議が行われ、協議は二年前に始まり、両国で交互に開かれてきたという。",
            "公表された文書によると、議定書は七月に発効し、二年後に双方が見直しを行い、対象を湖にも広げるかどうかを決める。",
            "最初の巡視隊は八月に出発する。双方から六十人の警察官が参加し、南部の警察学校で合同の訓練を受ける。",
        ),
        "署名式の後に握手する両国の内相（共同）",
        "南部の港が九か月の改修を終えて再び開港し漁船を迎える",
        "港が再開",
        (
            "南部の港は九か月の改修を終えて月曜日に再び開港し、市長は現地に集まった記者団に大型漁船も接岸できると語った。",
            "昨年の冬の嵐で古い桟橋が二か所で折れて以来、漁師たちはこの日を待ち続けており、祖父の代の誇りが戻ったと喜んだ。",
        ),
        "関連記事",
        ("北部の農家が今年の収穫を心配している", "古い鉄道の博物館がまもなく開館する", "牛乳の価格が今週また少し下がった"),
        "あわせて読みたい",
        "山田花子",
        "一言も信じられない、十年前から同じことを約束しているのに、今まで本当に何ひとつ起きていないではないか。",
        "当社と提携先は本サイトの改善と広告の表示のためにクッキーを使用しています。いつでも拒否することができます。",
    ),
    "ar": Story(
        "وزيرا الداخلية يوقعان بروتوكولا بشأن الدوريات المشتركة في النهر",
        (
            "وقع وزيرا الداخلية في البلدين الجارين يوم الثلاثاء في العاصمة بروتوكولا بشأن الدوريات المشتركة في النهر الفاصل بينهما.",
            "وجاء ذلك بعد إحدى عشرة جولة من المحادثات التي بدأت قبل عامين وعقدت بالتناوب في البلدين، حسبما قال مسؤولون.",
            "ويدخل البروتوكول حيز التنفيذ في شهر يوليو وستجري مراجعته بعد عامين، وفقا للنص الذي نشرته الوزارتان على موقعيهما.",
            "وتنطلق أولى الدوريات في أغسطس. ويشارك فيها ستون شرطيا من الجانبين.",
        ),
        "الوزيران بعد مراسم التوقيع (رويترز)",
        "ميناء الجنوب يفتح أبوابه من جديد بعد تسعة أشهر من الإصلاحات",
        "افتتاح الميناء",
        (
            "أعيد افتتاح ميناء الجنوب يوم الاثنين بعد تسعة أشهر من الإصلاحات، كما قال رئيس بلدية المدينة للصحفيين هناك.",
            "وكان الصيادون ينتظرون هذا اليوم منذ عواصف الشتاء الماضي التي كسرت الرصيف القديم في موضعين وأوقفت العمل فيه.",
        ),
        "مواضيع ذات صلة",
        ("المزارعون يخشون على محصول الشمال هذا العام", "متحف للسكة الحديد القديمة يفتح قريبا أبوابه", "أسعار الحليب تنخفض قليلا من جديد"),
        "اقرأ أيضا",
        "هدى سالم",
        "لا أصدق كلمة واحدة من هذا، فهم يعدوننا بالشيء نفسه منذ عشر سنوات ولم يحدث أي شيء حتى الآن.",
        "نستخدم نحن وشركاؤنا ملفات تعريف الارتباط لتحسين هذا الموقع وعرض الإعلانات، ويمكنكم الاعتراض في أي وقت.",
    ),
}  # fmt: skip
