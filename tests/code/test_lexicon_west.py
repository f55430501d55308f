"""News as German, French, Spanish and Italian papers tell it: each act in its stages, and what only
looks like one. A sentence stands for a way of speaking, not for a report that was seen.
"""

from collections.abc import Mapping
from datetime import date

import pytest

from tasks.code.rules import Rules
from tasks.code.text import Span, fold, normalise
from tasks.model import Mention
from tests.code.conftest import Coder

# Language, day of publication, title, body; the mention as `kind stage dyad`; more of its fields.
News = tuple[str, str, str, str, str, Mapping[str, object]]

NEWS: list[News] = [
    (
        "de", "2025-11-19", "Deutsch-chinesischer Sicherheitsdialog in Peking",
        "Kanzleramtschef Thorsten Frei hat am Dienstag in Peking mit Chen Wenqing den Hochrangigen "
        "Sicherheitsdialog fortgesetzt.",
        "consultation_round held CHN-DEU", {},
    ),
    (
        "de", "2025-07-30", "Manöver im Japanischen Meer",
        "Kriegsschiffe Chinas und Russlands üben ab Freitag gemeinsam vor Wladiwostok, wie das "
        "Verteidigungsministerium in Peking ankündigte.",
        "exercise announced CHN-RUS", {},
    ),
    (
        "de", "2025-08-06", "Flottenmanöver beendet",
        'Russland und China haben am Dienstag ihr Manöver "Maritime Interaktion 2025" im Japanischen Meer '
        "beendet.",
        "exercise held CHN-RUS", {"mechanism": "cn-ru-jointsea", "place": "Sea of Japan"},
    ),
    (
        "de", "2025-12-10", "Südkorea lässt Kampfjets aufsteigen",
        "Sieben russische und zwei chinesische Militärflugzeuge drangen am Dienstag in die "
        "Luftverteidigungszone ein, teilte der Generalstab in Seoul mit.",
        "patrol held CHN-RUS", {},
    ),
    (
        "de", "2025-06-12", "Ungarns Parlament stimmt Auslieferungsvertrag zu",
        "Das ungarische Parlament hat am Mittwoch den Auslieferungsvertrag mit China ratifiziert.",
        "agreement held CHN-HUN", {"mechanism": "cn-hu-extradition"},
    ),
    (
        "de", "2025-06-12", "Polizeiabkommen mit Peking",
        "Belgrad und Peking werden kommende Woche ein Abkommen über Polizeizusammenarbeit unterzeichnen, "
        "kündigte Innenminister Dačić an.",
        "agreement announced CHN-SRB", {},
    ),
    (
        "de", "2025-05-06", "Chinesische Polizisten auf Streife in Kroatien",
        "Seit Montag sind in Dubrovnik wieder gemischte Streifen kroatischer und chinesischer Beamter "
        "unterwegs.",
        "patrol under_way CHN-HRV", {},
    ),
    (
        "de", "2025-05-06", "Pistorius sagt Reise ab",
        "Verteidigungsminister Boris Pistorius hat sein für Donnerstag geplantes Treffen mit seinem "
        "chinesischen Amtskollegen Dong Jun in Peking abgesagt.",
        "meeting cancelled CHN-DEU", {},
    ),
    (
        "de", "2025-05-06", "Cyberdialog verschoben",
        "Der für Mittwoch angesetzte Cyberdialog zwischen der EU und China ist auf unbestimmte Zeit "
        "verschoben worden.",
        "consultation_round postponed CHN-EUR", {},
    ),
    (
        "de", "2025-05-06", "Kein Pakt, sagt der Kreml",
        "Der Kreml dementierte Berichte, wonach Russland und China am Freitag ein Militärabkommen "
        "unterzeichnen.",
        "agreement denied CHN-RUS", {},
    ),
    (
        "de", "2024-07-09", "China und Belarus üben an der Nato-Grenze",
        "Soldaten aus China und Belarus trainieren seit Montag gemeinsam auf einem Übungsplatz bei Brest den "
        "Kampf gegen Terroristen.",
        "exercise under_way BLR-CHN", {"place": "Brest"},
    ),
    (
        "de", "2025-09-18", "Belousov trifft Dong Jun",
        "Russlands Verteidigungsminister Beloussow hat gestern per Videoschalte mit seinem chinesischen "
        "Kollegen Dong Jun über die militärische Zusammenarbeit gesprochen.",
        "meeting held CHN-RUS", {},
    ),
    (
        "de", "2025-09-18", "China liefert Serbien Flugabwehr",
        "China hat Serbien am Montag ein Flugabwehrsystem vom Typ HQ-22 übergeben.",
        "transfer held CHN-SRB", {},
    ),
    (
        "de", "2024-05-17", "Putin und Xi unterzeichnen Erklärung",
        "In ihrer gemeinsamen Erklärung vom Donnerstag kündigten Russlands Präsident Putin und Chinas "
        "Staatschef Xi Jinping mehr gemeinsame Militärübungen an.",
        "statement held CHN-RUS", {},
    ),
    (
        "fr", "2025-08-06", "Fin des manœuvres en mer du Japon",
        "Les marines chinoise et russe ont achevé mardi l'exercice « Interaction maritime 2025 » en mer du "
        "Japon.",
        "exercise held CHN-RUS", {"mechanism": "cn-ru-jointsea", "place": "Sea of Japan"},
    ),
    (
        "fr", "2025-07-30", "Pékin et Moscou vont s'entraîner ensemble",
        "La Chine et la Russie mèneront du 1er au 5 août des exercices navals conjoints près de Vladivostok, "
        "a annoncé mercredi le ministère chinois de la Défense.",
        "exercise announced CHN-RUS", {"date": "2025-08-01"},
    ),
    (
        "fr", "2025-12-10", "Séoul fait décoller ses chasseurs",
        "Sept avions militaires russes et deux chinois ont pénétré mardi dans la zone d'identification "
        "aérienne de la Corée du Sud.",
        "patrol held CHN-RUS", {},
    ),
    (
        "fr", "2025-06-12", "Le Parlement hongrois ratifie le traité",
        "Les députés hongrois ont ratifié mercredi le traité d'extradition avec la Chine.",
        "agreement held CHN-HUN", {"mechanism": "cn-hu-extradition"},
    ),
    (
        "fr", "2025-06-12", "Budapest et Pékin signeront un accord policier",
        "La Hongrie et la Chine signeront la semaine prochaine un accord de coopération policière, a indiqué "
        "le ministère de l'Intérieur.",
        "agreement announced CHN-HUN", {},
    ),
    (
        "fr", "2025-05-06", "Des policiers chinois à Dubrovnik",
        "Depuis lundi, des policiers chinois patrouillent avec leurs collègues croates dans les rues de "
        "Dubrovnik.",
        "patrol under_way CHN-HRV", {"place": "Dubrovnik"},
    ),
    (
        "fr", "2025-05-06", "Lecornu annule son déplacement",
        "Le ministre des Armées Sébastien Lecornu a annulé sa rencontre prévue jeudi à Pékin avec son "
        "homologue chinois Dong Jun.",
        "meeting cancelled CHN-FRA", {},
    ),
    (
        "fr", "2025-05-06", "Le dialogue cyber UE-Chine repoussé",
        "Le dialogue sur la cybersécurité entre l'UE et la Chine, prévu mercredi, a été repoussé sine die.",
        "consultation_round postponed CHN-EUR", {},
    ),
    (
        "fr", "2025-05-06", "Le Kremlin dément",
        "Le Kremlin a démenti lundi que la Russie et la Chine aient signé un accord militaire.",
        "agreement denied CHN-RUS", {},
    ),
    (
        "fr", "2024-07-09", "À la frontière polonaise, des soldats chinois",
        "Les armées chinoise et biélorusse s'entraînent ensemble depuis lundi près de Brest, dans le cadre "
        "d'un exercice antiterroriste.",
        "exercise under_way BLR-CHN", {},
    ),
    (
        "fr", "2025-09-18", "Entretien Belooussov-Dong Jun",
        "Le ministre russe de la Défense Andreï Belooussov s'est entretenu hier par visioconférence avec son "
        "homologue chinois Dong Jun.",
        "meeting held CHN-RUS", {},
    ),
    (
        "fr", "2024-05-17", "Poutine et Xi signent une déclaration",
        "Vladimir Poutine et Xi Jinping ont signé jeudi à Pékin une déclaration conjointe qui prévoit "
        "davantage d'exercices militaires.",
        "statement held CHN-RUS", {},
    ),
    (
        "fr", "2025-05-06", "Pékin arme Belgrade",
        "La Chine a livré lundi à la Serbie un système de missiles sol-air HQ-22.",
        "transfer held CHN-SRB", {},
    ),
    (
        "es", "2025-08-06", "Concluyen las maniobras en el mar de Japón",
        'Las armadas rusa y china concluyeron el martes el ejercicio "Interacción Marítima 2025" en el mar '
        "de Japón.",
        "exercise held CHN-RUS", {"mechanism": "cn-ru-jointsea", "place": "Sea of Japan"},
    ),
    (
        "es", "2025-07-30", "China y Rusia harán maniobras en agosto",
        "China y Rusia realizarán del 1 al 5 de agosto maniobras navales conjuntas cerca de Vladivostok, "
        "anunció el ministerio de Defensa chino.",
        "exercise announced CHN-RUS", {"date": "2025-08-01"},
    ),
    (
        "es", "2025-12-10", "Seúl despliega cazas",
        "Siete aviones militares rusos y dos chinos entraron el martes en la zona de identificación de Corea "
        "del Sur.",
        "patrol held CHN-RUS", {},
    ),
    (
        "es", "2025-06-12", "El Parlamento húngaro ratifica el tratado",
        "El Parlamento de Hungría ratificó el miércoles el tratado de extradición con China.",
        "agreement held CHN-HUN", {"mechanism": "cn-hu-extradition"},
    ),
    (
        "es", "2025-06-12", "Acuerdo policial con Pekín",
        "España y China firmarán la próxima semana un convenio de cooperación policial contra las estafas "
        "telefónicas, informó Interior.",
        "agreement announced CHN-ESP", {},
    ),
    (
        "es", "2025-05-06", "Agentes chinos en Dubrovnik",
        "Policías chinos patrullan desde el lunes con sus colegas croatas por las calles de Dubrovnik.",
        "patrol under_way CHN-HRV", {"place": "Dubrovnik"},
    ),
    (
        "es", "2025-05-06", "Robles cancela su viaje",
        "La ministra de Defensa, Margarita Robles, canceló su reunión con su homólogo chino, Dong Jun, "
        "prevista para el jueves en Pekín.",
        "meeting cancelled CHN-ESP", {},
    ),
    (
        "es", "2025-05-06", "Aplazado el diálogo de ciberseguridad",
        "El diálogo de ciberseguridad entre la UE y China, previsto para el miércoles, ha sido aplazado sin "
        "fecha.",
        "consultation_round postponed CHN-EUR", {},
    ),
    (
        "es", "2025-05-06", "El Kremlin lo desmiente",
        "El Kremlin desmintió el lunes que Rusia y China hayan firmado un acuerdo militar.",
        "agreement denied CHN-RUS", {},
    ),
    (
        "es", "2024-07-09", "Soldados chinos junto a la OTAN",
        "Tropas de China y Bielorrusia se adiestran juntas desde el lunes cerca de Brest en un ejercicio "
        "antiterrorista.",
        "exercise under_way BLR-CHN", {"place": "Brest"},
    ),
    (
        "es", "2025-09-18", "Beloúsov conversa con Dong Jun",
        "El ministro de Defensa ruso, Andréi Beloúsov, conversó ayer por videoconferencia con su colega "
        "chino, Dong Jun.",
        "meeting held CHN-RUS", {},
    ),
    (
        "es", "2024-05-17", "Putin y Xi firman una declaración",
        "Vladímir Putin y Xi Jinping firmaron el jueves en Pekín una declaración conjunta que prevé más "
        "ejercicios militares.",
        "statement held CHN-RUS", {},
    ),
    (
        "es", "2025-05-06", "Pekín arma a Belgrado",
        "China entregó el lunes a Serbia un sistema de defensa aérea HQ-22.",
        "transfer held CHN-SRB", {},
    ),
    (
        "it", "2025-08-06", "Finite le manovre nel mar del Giappone",
        "Le marine russa e cinese hanno concluso martedì l'esercitazione \"Interazione marittima 2025\" nel "
        "mar del Giappone.",
        "exercise held CHN-RUS", {"mechanism": "cn-ru-jointsea", "place": "Sea of Japan"},
    ),
    (
        "it", "2025-07-30", "Cina e Russia si addestreranno insieme",
        "Cina e Russia svolgeranno dall'1 al 5 agosto esercitazioni navali congiunte vicino a Vladivostok, "
        "ha annunciato mercoledì il ministero della Difesa cinese.",
        "exercise announced CHN-RUS", {"date": "2025-08-01"},
    ),
    (
        "it", "2025-12-10", "Seul fa decollare i caccia",
        "Sette aerei militari russi e due cinesi sono entrati nella zona di identificazione aerea della "
        "Corea del Sud martedì.",
        "patrol held CHN-RUS", {},
    ),
    (
        "it", "2025-06-12", "Il Parlamento ungherese ratifica il trattato",
        "Il Parlamento ungherese ha ratificato mercoledì il trattato di estradizione con la Cina.",
        "agreement held CHN-HUN", {"mechanism": "cn-hu-extradition"},
    ),
    (
        "it", "2025-06-12", "Accordo di polizia con Pechino",
        "Italia e Cina firmeranno la prossima settimana un accordo di cooperazione di polizia contro le "
        "truffe online, fa sapere il Viminale.",
        "agreement announced CHN-ITA", {},
    ),
    (
        "it", "2025-05-06", "Agenti cinesi a Dubrovnik",
        "Da lunedì poliziotti cinesi pattugliano con i colleghi croati le strade di Dubrovnik.",
        "patrol under_way CHN-HRV", {},
    ),
    (
        "it", "2025-05-06", "Crosetto annulla la missione",
        "Il ministro della Difesa Guido Crosetto ha annullato l'incontro con l'omologo cinese Dong Jun "
        "previsto giovedì a Pechino.",
        "meeting cancelled CHN-ITA", {},
    ),
    (
        "it", "2025-05-06", "Rinviato il dialogo cyber",
        "Il dialogo sulla cybersicurezza tra Ue e Cina, previsto mercoledì, è stato rinviato a data da "
        "destinarsi.",
        "consultation_round postponed CHN-EUR", {},
    ),
    (
        "it", "2025-05-06", "Il Cremlino smentisce",
        "Il Cremlino ha smentito lunedì che Russia e Cina abbiano firmato un accordo militare.",
        "agreement denied CHN-RUS", {},
    ),
    (
        "it", "2024-07-09", "Soldati cinesi al confine polacco",
        "Soldati cinesi e bielorussi si addestrano insieme da lunedì vicino a Brest in un'esercitazione "
        "antiterrorismo.",
        "exercise under_way BLR-CHN", {"place": "Brest"},
    ),
    (
        "it", "2025-09-18", "Belousov parla con Dong Jun",
        "Il ministro della Difesa russo Andrej Belousov ha parlato ieri in videoconferenza con il collega "
        "cinese Dong Jun.",
        "meeting held CHN-RUS", {},
    ),
    (
        "it", "2024-05-17", "Putin e Xi firmano una dichiarazione",
        "Vladimir Putin e Xi Jinping hanno firmato giovedì a Pechino una dichiarazione congiunta che prevede "
        "più esercitazioni militari.",
        "statement held CHN-RUS", {},
    ),
    (
        "it", "2025-05-06", "Pechino arma Belgrado",
        "La Cina ha consegnato lunedì alla Serbia un sistema missilistico HQ-22.",
        "transfer held CHN-SRB", {},
    ),
    (
        "de", "2024-11-13", "Schoigu empfängt Wang Yi zur 19. Runde",
        "Zum 19. Mal haben Russland und China am Dienstag in Peking Konsultationen zu Fragen der "
        "strategischen Sicherheit abgehalten.",
        "consultation_round held CHN-RUS", {"mechanism": "cn-ru-ssc", "round": 19, "date": "2024-11-12", "place": "Beijing"},
    ),
    (
        "de", "2025-11-03", "Fünfter Verteidigungsdialog zwischen Wien und Peking",
        "Österreich und China haben vergangene Woche in Wien ihren fünften Verteidigungsdialog abgehalten.",
        "consultation_round held AUT-CHN", {"round": 5, "date": "2025-10-27"},
    ),
    (
        "de", "2025-11-03", "Rechtshilfeabkommen in Kraft",
        "Das Rechtshilfeabkommen zwischen Portugal und China ist am Samstag in Kraft getreten.",
        "agreement held CHN-PRT", {"date": "2025-11-01"},
    ),
    (
        "de", "2025-11-03", "Bundestag billigt Abkommen mit China",
        "Der Bundestag hat am Donnerstag das Abkommen mit China über die Bekämpfung der Cyberkriminalität "
        "gebilligt.",
        "agreement held CHN-DEU", {"date": "2025-10-30"},
    ),
    (
        "de", "2025-11-03", "Innenministerin reist nach Peking",
        "Auf Einladung von Polizeiminister Wang Xiaohong wird Alexander Dobrindt Ende November nach Peking "
        "reisen, um über die Zusammenarbeit der Polizei zu sprechen.",
        "meeting announced CHN-DEU", {},
    ),
    (
        "de", "2025-11-03", "Serbien: Gemeinsame Polizeiübung geht zu Ende",
        "Die gemeinsame Übung serbischer und chinesischer Spezialeinheiten ist am Sonntag bei Smederevo zu "
        "Ende gegangen.",
        "exercise held CHN-SRB", {"place": "Smederevo"},
    ),
    (
        "de", "2025-11-03", "Erste Patrouillenfahrt im Nordpazifik",
        "Ein Verband aus russischen und chinesischen Zerstörern durchquerte Anfang der Woche die "
        "Beringstraße.",
        "patrol held CHN-RUS", {},
    ),
    (
        "de", "2025-11-03", "Minsk und Peking: Sicherheitsrat berät",
        "Der Sekretär des belarussischen Sicherheitsrates, Wolfowitsch, traf am 30. Oktober in Peking "
        "Minister Wang Xiaohong.",
        "meeting held BLR-CHN", {},
    ),
    (
        "fr", "2024-11-13", "Choïgou à Pékin",
        "La Russie et la Chine ont tenu mardi à Pékin leur dix-neuvième cycle de consultations stratégiques "
        "de sécurité, coprésidé par Sergueï Choïgou et Wang Yi.",
        "consultation_round held CHN-RUS", {"mechanism": "cn-ru-ssc", "round": 19, "date": "2024-11-12", "place": "Beijing"},
    ),
    (
        "fr", "2025-11-03", "Cinquième dialogue de défense à Vienne",
        "L'Autriche et la Chine ont tenu la semaine dernière à Vienne leur cinquième dialogue de défense.",
        "consultation_round held AUT-CHN", {"round": 5},
    ),
    (
        "fr", "2025-11-03", "Entraide judiciaire : l'accord entre en vigueur",
        "La convention d'entraide judiciaire entre le Portugal et la Chine est entrée en vigueur samedi.",
        "agreement held CHN-PRT", {"date": "2025-11-01"},
    ),
    (
        "fr", "2025-11-03", "L'Assemblée approuve l'accord avec Pékin",
        "Les députés français ont approuvé jeudi l'accord avec la Chine sur la lutte contre la "
        "cybercriminalité.",
        "agreement held CHN-FRA", {"date": "2025-10-30"},
    ),
    (
        "fr", "2025-11-03", "Exercice commun des garde-côtes",
        "Les garde-côtes russes et chinois ont mené dimanche un exercice de sauvetage en mer de Béring.",
        "exercise held CHN-RUS", {"place": "Bering Sea"},
    ),
    (
        "fr", "2025-11-03", "Nuñez attendu à Pékin",
        "À l'invitation de Wang Xiaohong, le ministre de l'Intérieur Laurent Nuñez se rendra fin novembre à "
        "Pékin pour parler de coopération policière.",
        "meeting announced CHN-FRA", {},
    ),
    (
        "fr", "2025-11-03", "Serbie : fin d'un exercice de police avec la Chine",
        "L'exercice conjoint des forces spéciales serbes et chinoises a pris fin dimanche près de Smederevo.",
        "exercise held CHN-SRB", {},
    ),
    (
        "fr", "2025-11-03", "Navires russes et chinois dans le détroit de Béring",
        "Des destroyers russes et chinois ont traversé en début de semaine le détroit de Béring.",
        "patrol held CHN-RUS", {},
    ),
    (
        "fr", "2025-11-03", "Minsk et Pékin",
        "Le secrétaire du Conseil de sécurité du Bélarus, Alexandre Volfovitch, a rencontré le 30 octobre à "
        "Pékin le ministre Wang Xiaohong.",
        "meeting held BLR-CHN", {"date": "2025-10-30"},
    ),
    (
        "fr", "2025-11-03", "Volte-face à Lisbonne",
        "Le Portugal renonce à signer l'accord de coopération policière avec la Chine, prévu demain.",
        "agreement cancelled CHN-PRT", {},
    ),
    (
        "es", "2024-11-13", "Shoigú en Pekín",
        "Rusia y China celebraron el martes en Pekín la decimonovena ronda de consultas sobre seguridad "
        "estratégica, copresidida por Serguéi Shoigú y Wang Yi.",
        "consultation_round held CHN-RUS", {"mechanism": "cn-ru-ssc", "round": 19, "date": "2024-11-12", "place": "Beijing"},
    ),
    (
        "es", "2025-11-03", "Quinto diálogo de defensa en Viena",
        "Austria y China celebraron la semana pasada en Viena su quinto diálogo de defensa.",
        "consultation_round held AUT-CHN", {"round": 5},
    ),
    (
        "es", "2025-11-03", "Entra en vigor el convenio",
        "El convenio de asistencia judicial entre Portugal y China entró en vigor el sábado.",
        "agreement held CHN-PRT", {"date": "2025-11-01"},
    ),
    (
        "es", "2025-11-03", "El Congreso aprueba el acuerdo con Pekín",
        "El Congreso español aprobó el jueves el acuerdo con China contra la ciberdelincuencia.",
        "agreement held CHN-ESP", {"date": "2025-10-30"},
    ),
    (
        "es", "2025-11-03", "Ejercicio de guardacostas",
        "Las guardias costeras de Rusia y China realizaron el domingo un ejercicio de salvamento en el mar "
        "de Bering.",
        "exercise held CHN-RUS", {"place": "Bering Sea"},
    ),
    (
        "es", "2025-11-03", "Marlaska viajará a Pekín",
        "Por invitación de Wang Xiaohong, el ministro del Interior, Fernando Grande-Marlaska, viajará a "
        "Pekín a finales de noviembre para hablar de cooperación policial.",
        "meeting announced CHN-ESP", {},
    ),
    (
        "es", "2025-11-03", "Serbia: terminan las maniobras con China",
        "El ejercicio conjunto de las fuerzas especiales serbias y chinas terminó el domingo cerca de "
        "Smederevo.",
        "exercise held CHN-SRB", {},
    ),
    (
        "es", "2025-11-03", "Buques rusos y chinos en el estrecho de Bering",
        "Destructores rusos y chinos cruzaron a principios de semana el estrecho de Bering.",
        "patrol held CHN-RUS", {},
    ),
    (
        "es", "2025-11-03", "Minsk y Pekín",
        "El secretario del Consejo de Seguridad de Bielorrusia, Aleksandr Volfóvich, se reunió el 30 de "
        "octubre en Pekín con el ministro Wang Xiaohong.",
        "meeting held BLR-CHN", {"date": "2025-10-30"},
    ),
    (
        "es", "2025-11-03", "Marcha atrás en Lisboa",
        "Portugal renuncia a firmar el acuerdo de cooperación policial con China, previsto para mañana.",
        "agreement cancelled CHN-PRT", {},
    ),
    (
        "it", "2024-11-13", "Shoigu a Pechino",
        "Russia e Cina hanno tenuto martedì a Pechino il diciannovesimo ciclo di consultazioni sulla "
        "sicurezza strategica, presieduto da Sergej Shoigu e Wang Yi.",
        "consultation_round held CHN-RUS", {"mechanism": "cn-ru-ssc", "round": 19, "date": "2024-11-12", "place": "Beijing"},
    ),
    (
        "it", "2025-11-03", "Quinto dialogo sulla difesa a Vienna",
        "Austria e Cina hanno tenuto la scorsa settimana a Vienna il loro quinto dialogo sulla difesa.",
        "consultation_round held AUT-CHN", {"round": 5},
    ),
    (
        "it", "2025-11-03", "Estradizione: in vigore l'accordo",
        "L'accordo di assistenza giudiziaria tra Portogallo e Cina è entrato in vigore sabato.",
        "agreement held CHN-PRT", {"date": "2025-11-01"},
    ),
    (
        "it", "2025-11-03", "Via libera della Camera",
        "La Camera italiana ha approvato giovedì l'accordo con la Cina contro la criminalità informatica.",
        "agreement held CHN-ITA", {"date": "2025-10-30"},
    ),
    (
        "it", "2025-11-03", "Guardie costiere",
        "Le guardie costiere russa e cinese hanno svolto domenica un'esercitazione di soccorso nel mare di "
        "Bering.",
        "exercise held CHN-RUS", {"place": "Bering Sea"},
    ),
    (
        "it", "2025-11-03", "Piantedosi andrà a Pechino",
        "Su invito di Wang Xiaohong, il ministro dell'Interno Matteo Piantedosi andrà a Pechino a fine "
        "novembre per parlare di cooperazione di polizia.",
        "meeting announced CHN-ITA", {},
    ),
    (
        "it", "2025-11-03", "Serbia, finita l'esercitazione con la Cina",
        "L'esercitazione congiunta delle forze speciali serbe e cinesi è terminata domenica vicino a "
        "Smederevo.",
        "exercise held CHN-SRB", {},
    ),
    (
        "it", "2025-11-03", "Navi russe e cinesi nello stretto di Bering",
        "Cacciatorpediniere russi e cinesi hanno attraversato a inizio settimana lo stretto di Bering.",
        "patrol held CHN-RUS", {},
    ),
    (
        "it", "2025-11-03", "Minsk e Pechino",
        "Il segretario del Consiglio di sicurezza bielorusso Aleksandr Volfovich ha incontrato il 30 ottobre "
        "a Pechino il ministro Wang Xiaohong.",
        "meeting held BLR-CHN", {"date": "2025-10-30"},
    ),
    (
        "it", "2025-11-03", "Dietrofront a Lisbona",
        "Il Portogallo rinuncia a firmare l'accordo di cooperazione di polizia con la Cina, previsto domani.",
        "agreement cancelled CHN-PRT", {},
    ),
]  # fmt: skip

RECALLED = [
    (
        "de", "2025-11-03", "Vor zehn Jahren: Auslieferungsvertrag",
        "Vor zehn Jahren unterzeichneten Frankreich und China ihren Auslieferungsvertrag.",
    ),
    (
        "es", "2025-11-03", "Qué fue del tratado",
        "Hace diez años España y China firmaron su tratado de extradición.",
    ),
    (
        "it", "2025-11-03", "Che fine ha fatto il trattato",
        "Dieci anni fa Italia e Cina firmarono il trattato di estradizione.",
    ),
]  # fmt: skip

# Manoeuvres in traffic and budgets, teams in training, goods delivered, contracts of firms, demands.
NOT_NEWS = [
    (
        "de", "Wendemanöver in der Handelspolitik",
        "Berlin und Peking üben ein Wendemanöver im Streit um Strafzölle auf deutsche Autos.",
    ),
    (
        "de", "Chinesischer Fahrer nach Überholmanöver gestoppt",
        "Eine Polizeistreife stoppte bei München einen chinesischen Fahrer nach einem riskanten "
        "Überholmanöver auf einer deutschen Autobahn.",
    ),
    (
        "de", "Handelsabkommen unterzeichnet",
        "China und die Schweiz unterzeichneten am Montag in Bern ein Abkommen über Zollfragen und "
        "Lebensmittelsicherheit.",
    ),
    (
        "de", "Auslieferung von E-Autos verzögert sich",
        "Die Auslieferung chinesischer Autos an deutsche Händler verzögert sich, die Verträge wurden "
        "unterzeichnet.",
    ),
    (
        "de", "China hält Manöver vor Taiwan ab",
        "China hat am Montag ein Manöver vor Taiwan begonnen. Deutschland äußerte sich besorgt.",
    ),
    (
        "de", "Prozess gegen mutmaßlichen Spion",
        "In Dresden begann der Prozess gegen einen Deutschen, der für Chinas Geheimdienst gearbeitet haben "
        "soll.",
    ),
    (
        "de", "EU-Kommission warnt vor Cyberangriffen aus China",
        "Die EU-Kommission wirft China Cyberangriffe auf Behörden in Brüssel vor.",
    ),
    (
        "de", "Nato-Manöver in Litauen",
        "Die Nato begann am Montag ein Manöver mit 8000 Soldaten in Litauen; Peking und Moskau kritisierten "
        "die Übung.",
    ),
    (
        "de", "Sportschützen in Peking",
        "Die deutschen Schützen trainieren gemeinsam mit dem chinesischen Team für den Weltcup, die Polizei "
        "sichert das Stadion.",
    ),
    (
        "de", "Grünen-Politiker fordert Abkommen",
        "Deutschland solle mit China ein Auslieferungsabkommen schließen, forderte der Abgeordnete am "
        "Dienstag.",
    ),
    (
        "fr", "Marge de manœuvre",
        "Paris et Pékin gardent une marge de manœuvre dans le dossier des droits de douane, selon le "
        "ministre.",
    ),
    (
        "fr", "Ligue des nations",
        "L'équipe de France s'entraîne avec la Chine avant le match, sous la surveillance de la police.",
    ),
    (
        "fr", "Accord sanitaire",
        "La Chine et la France ont signé lundi un protocole sur la sécurité sanitaire des viandes.",
    ),
    (
        "fr", "Manœuvres autour de Taïwan",
        "La Chine a lancé lundi des manœuvres autour de Taïwan. La France appelle à la retenue.",
    ),
    (
        "fr", "Espionnage : un Français mis en examen",
        "Un Français est soupçonné d'avoir livré à la Chine des secrets militaires, selon le parquet.",
    ),
    (
        "fr", "Exercice budgétaire",
        "La filiale chinoise du groupe français de défense clôt son exercice budgétaire sur une perte.",
    ),
    (
        "fr", "Un député réclame un traité",
        "Un député réclame que la France signe avec la Chine un traité d'extradition.",
    ),
    (
        "es", "Margen de maniobra",
        "Madrid y Pekín tienen margen de maniobra en la disputa por los aranceles al cerdo español, según el "
        "ministro.",
    ),
    (
        "es", "El delantero chino entrena con el Espanyol",
        "El delantero chino entrena con sus compañeros del club español antes de la jornada 20, con "
        "vigilancia policial.",
    ),
    (
        "es", "Acuerdo sanitario",
        "China y España firmaron el lunes un protocolo de seguridad sanitaria para exportar cerezas.",
    ),
    (
        "es", "Maniobras en torno a Taiwán",
        "China inició el lunes maniobras en torno a Taiwán. España llamó a la calma.",
    ),
    (
        "es", "Detenidos por estafar",
        "La policía española detuvo a doce ciudadanos chinos por estafas telefónicas en Barcelona.",
    ),
    (
        "es", "La oposición exige un tratado",
        "España debería firmar con China un tratado de extradición, exigió el diputado.",
    ),
    (
        "es", "Buques mercantes en el Ártico",
        "Buques mercantes chinos y rusos cruzaron por primera vez en invierno la ruta del Ártico, vigilados "
        "por la armada.",
    ),
    (
        "it", "La manovra di bilancio",
        "Roma e Pechino discutono di dazi mentre il governo italiano approva la manovra di bilancio per la "
        "difesa.",
    ),
    (
        "it", "L'Inter in Cina",
        "I nerazzurri si allenano a Pechino, la polizia cinese vigila sull'albergo della squadra italiana.",
    ),
    (
        "it", "Intesa sanitaria",
        "Cina e Italia hanno firmato lunedì un protocollo sulla sicurezza sanitaria del riso.",
    ),
    (
        "it", "Manovre attorno a Taiwan",
        "La Cina ha avviato lunedì manovre attorno a Taiwan. L'Italia invita alla calma.",
    ),
    (
        "it", "Arrestato a Prato",
        "La polizia italiana ha arrestato un cittadino cinese ricercato per traffico di droga.",
    ),
    (
        "it", "L'appello del deputato",
        "Un deputato chiede di firmare tra Italia e Cina un trattato di estradizione.",
    ),
    (
        "it", "Le navi mercantili",
        "Navi mercantili cinesi e russe hanno attraversato la rotta artica, seguite dalla guardia costiera.",
    ),
    (
        "de", "Kein Termin für Sicherheitsdialog",
        "Einen Termin für den nächsten deutsch-chinesischen Sicherheitsdialog gibt es nach Angaben des "
        "Kanzleramts nicht.",
    ),
    (
        "de", "Chinas Militärparade",
        "An der Militärparade in Peking nahm auch der slowakische Regierungschef Fico teil.",
    ),
    (
        "de", "Rüstungskonzern klagt",
        "Ein deutscher Rüstungskonzern hat mit einem chinesischen Zulieferer einen Vertrag über Bauteile "
        "unterzeichnet.",
    ),
    (
        "fr", "Pas de patrouilles",
        "Il ne s'agit pas de patrouilles communes avec la police chinoise, précise la préfecture de Paris.",
    ),
    (
        "fr", "Défilé militaire",
        "Le premier ministre slovaque a assisté au défilé militaire de Pékin.",
    ),
    (
        "fr", "Défense : contrat",
        "Un groupe français de défense a signé un contrat avec un fournisseur chinois.",
    ),
    (
        "fr", "Gardien de la paix blessé",
        "Un gardien de la paix a été blessé devant un restaurant chinois à Paris, l'enquête est confiée à la "
        "police judiciaire.",
    ),
    (
        "es", "No habrá patrullas",
        "No se trata de patrullas conjuntas con la policía china, precisa el Ayuntamiento de Madrid.",
    ),
    (
        "es", "Desfile",
        "El primer ministro eslovaco asistió al desfile militar de Pekín.",
    ),
    (
        "es", "Contrato de defensa",
        "Una empresa española de defensa firmó un contrato con un proveedor chino.",
    ),
    (
        "it", "Nessuna pattuglia",
        "Non si tratta di pattuglie miste con la polizia cinese, precisa il Comune di Roma.",
    ),
    (
        "it", "La parata",
        "Il primo ministro slovacco ha assistito alla parata militare di Pechino.",
    ),
    (
        "it", "Contratto nella difesa",
        "Un gruppo italiano della difesa ha firmato un contratto con un fornitore cinese.",
    ),
]  # fmt: skip

# Read on Wednesday, 3 December 2025.
DAYS = [
    ("de", "Sie trafen sich am 2.12. in Wien.", "2025-12-02 2025-12-02 day relative"),
    ("de", "Sie trafen sich vor zwei Wochen.", "2025-11-17 2025-11-23 week relative"),
    ("de", "Sie trafen sich im vergangenen Jahr.", "2024-01-01 2024-12-31 year relative"),
    ("de", "Sie trafen sich im vergangenen Oktober.", "2025-10-01 2025-10-31 month relative"),
    ("de", "Sie trafen sich in der Nacht zum Dienstag.", "2025-12-02 2025-12-02 day relative"),
    ("de", "Das Manöver läuft vom 28. November bis zum 5. Dezember.", "2025-11-28 2025-12-05 range relative"),
    ("de", "Sie treffen sich Mitte des Monats.", "2025-12-01 2025-12-31 month relative"),
    ("fr", "Ils se sont vus l'an dernier.", "2024-01-01 2024-12-31 year relative"),
    ("fr", "Ils se sont vus il y a deux semaines.", "2025-11-17 2025-11-23 week relative"),
    ("fr", "Ils se sont vus en octobre dernier.", "2025-10-01 2025-10-31 month relative"),
    ("fr", "Ils se verront en fin de semaine.", "2025-12-01 2025-12-07 week relative"),
    ("fr", "L'exercice dure du 28 novembre au 5 décembre.", "2025-11-28 2025-12-05 range relative"),
    ("fr", "Ils se sont vus hier soir.", "2025-12-02 2025-12-02 day relative"),
    ("es", "Se reunieron el año pasado.", "2024-01-01 2024-12-31 year relative"),
    ("es", "Se reunieron hace dos semanas.", "2025-11-17 2025-11-23 week relative"),
    ("es", "Se reunieron el pasado mes de octubre.", "2025-10-01 2025-10-31 month relative"),
    ("es", "Se reunieron este martes, 2 de diciembre.", "2025-12-02 2025-12-02 day relative"),
    ("es", "El ejercicio va del 28 de noviembre al 5 de diciembre.", "2025-11-28 2025-12-05 range relative"),
    ("es", "Se reunirán a finales de mes.", "2025-12-01 2025-12-31 month relative"),
    ("es", "Se verán el lunes que viene.", "2025-12-08 2025-12-08 day relative"),
    ("it", "Si sono visti l'anno scorso.", "2024-01-01 2024-12-31 year relative"),
    ("it", "Si sono visti due settimane fa.", "2025-11-17 2025-11-23 week relative"),
    ("it", "Si sono visti lo scorso ottobre.", "2025-10-01 2025-10-31 month relative"),
    ("it", "Si sono visti ieri sera.", "2025-12-02 2025-12-02 day relative"),
    ("it", "Si vedranno a fine mese.", "2025-12-01 2025-12-31 month relative"),
    ("it", "L'esercitazione va dal 28 novembre al 5 dicembre.", "2025-11-28 2025-12-05 range relative"),
]

# German compounds keep their own weight: the stem alone is lighter.
HEAVY = [
    "sicherheitspolitisch",
    "Polizeiabkommen",
    "Verteidigungsdialog",
    "Militärkonsultationen",
    "Cyberdialog",
]


def _value(mention: Mention, name: str) -> object:
    if name == "date":
        return str(mention.date.start) if mention.date else None
    return getattr(mention, name)


@pytest.mark.parametrize(
    ("language", "published", "title", "body", "expected", "fields"),
    NEWS,
    ids=[f"{case[0]}: {case[2]}" for case in NEWS],
)
def test_news_is_coded(
    language: str,
    published: str,
    title: str,
    body: str,
    expected: str,
    fields: Mapping[str, object],
    coder: Coder,
) -> None:
    coded = coder(normalise(title), normalise(body), f"{published}T12:00:00+00:00", language).coded
    assert [f"{one.kind} {one.stage} {one.dyad}" for one in coded.mentions] == [expected]
    assert not coded.mentions[0].background
    assert {name: _value(coded.mentions[0], name) for name in fields} == dict(fields)


@pytest.mark.parametrize(
    ("language", "published", "title", "body"), RECALLED, ids=[f"{case[0]}: {case[2]}" for case in RECALLED]
)
def test_what_is_recalled_is_background(
    language: str, published: str, title: str, body: str, coder: Coder
) -> None:
    coded = coder(normalise(title), normalise(body), f"{published}T12:00:00+00:00", language).coded
    assert [one.background for one in coded.mentions] == [True]
    assert not coded.relevant


@pytest.mark.parametrize(
    ("language", "title", "body"), NOT_NEWS, ids=[f"{case[0]}: {case[1]}" for case in NOT_NEWS]
)
def test_what_only_looks_alike_is_passed_over(language: str, title: str, body: str, coder: Coder) -> None:
    coding = coder(normalise(title), normalise(body), "2025-05-06T12:00:00+00:00", language)
    assert coding.coded.mentions == ()


@pytest.mark.parametrize(("language", "text", "expected"), DAYS, ids=[case[1] for case in DAYS])
def test_a_day_is_read(language: str, text: str, expected: str, rules: Rules) -> None:
    folded = fold(normalise(text))
    days = rules.tools[language].dates.find(folded, Span(0, len(folded)), date(2025, 12, 3))
    found = [one.interval for one in days]
    assert [f"{one.start} {one.end} {one.precision} {one.basis}" for one in found] == [expected]


@pytest.mark.parametrize("word", HEAVY)
def test_a_german_compound_is_a_subject_of_full_weight(word: str, rules: Rules) -> None:
    hits = rules.tools["de"].matcher.hits(word, fold(word))
    assert [hit.weight for hit in hits if hit.word_class == "topic"] == [3]
