"""The language of a source that writes in Latin letters, by the words that every text has."""

import json
from collections import defaultdict

import pytest

from tasks.code.latin import written_in
from tasks.settings.environment import ROOT

TEXTS = {
    "cs": "Ministr zahraničí řekl, že jednání bude pokračovat ve čtvrtek a že se na něm podílejí také zástupci dalších zemí. "
    "Podle něj je to pro Evropu důležité, ale o podrobnostech nechtěl mluvit. Premiér je v Pekingu na třídenní návštěvě.",
    "de": "Der Außenminister sagte, dass die Gespräche am Donnerstag fortgesetzt werden und dass auch Vertreter anderer Länder "
    "teilnehmen. Nach seinen Worten ist das für Europa wichtig, aber über die Einzelheiten wollte er nicht sprechen.",
    "en": "The foreign minister said that the talks will go on at the end of the week, and that envoys of other countries are to "
    "take part in them as well. It is of weight for Europe, he said, but he did not want to speak of it in detail.",
    "es": "El ministro de Exteriores dijo que las conversaciones seguirán el jueves y que en ellas participan también los "
    "representantes de otros países. Según él, es importante para Europa, pero no quiso hablar de los detalles por ahora.",
    "fr": "Le ministre des Affaires étrangères a dit que les entretiens se poursuivront jeudi et que des représentants d'autres "
    "pays y prendront part aussi. C'est important pour l'Europe, mais il n'a pas voulu parler des détails dans ce cadre.",
    "it": "Il ministro degli Esteri ha detto che i colloqui continueranno giovedì e che vi partecipano anche i rappresentanti di "
    "altri Paesi. È importante per l'Europa, ma non ha voluto parlare dei dettagli con la stampa, che era in sala con lui.",
    "pl": "Minister spraw zagranicznych powiedział, że rozmowy będą trwały w czwartek i że biorą w nich udział także "
    "przedstawiciele innych krajów. Jak dodał, jest to ważne dla Europy, ale o szczegółach nie chciał mówić, bo nie czas na to.",
    "ro": "Ministrul de externe a spus că discuțiile vor continua joi și că la ele participă și reprezentanți ai altor țări. "
    "Este important pentru Europa, dar nu a vrut să vorbească despre detalii. Premierul este la Beijing într-o vizită de trei zile.",
    "sr": "Ministar spoljnih poslova rekao je da će se razgovori nastaviti u četvrtak i da u njima učestvuju i predstavnici "
    "drugih zemalja. To je važno za Evropu, ali o detaljima nije hteo da govori, jer su razgovori još u toku i nije vreme za to.",
    "tr": "Dışişleri Bakanı, görüşmelerin perşembe günü devam edeceğini ve bu toplantıya diğer ülkelerin temsilcilerinin de "
    "katılacağını söyledi. Bunun Avrupa için çok önemli bir adım olduğunu, ancak ayrıntılar hakkında daha sonra konuşacağını belirtti. "
    "Başbakan, üç günlük bir ziyaret için Pekin'de. Bu ziyaret bir ilk olarak görülüyor ve daha çok ticaret ile ilgili.",
    "hu": "A külügyminiszter azt mondta, hogy a tárgyalások csütörtökön folytatódnak, és hogy azokon más országok képviselői is "
    "részt vesznek. Szerinte ez Európa számára fontos, de a részletekről nem akart beszélni, mert ennek még nincs itt az ideje.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_text_is_known_by_its_words(language: str) -> None:
    assert written_in(TEXTS[language]) == language


def test_other_letters_decide_by_themselves() -> None:
    assert written_in("中俄举行战略安全磋商，双方就共同关心的问题深入交换意见。") == "zh"
    assert written_in("Министр иностранных дел заявил о продолжении переговоров.") == "ru"
    assert written_in("Bộ trưởng Ngoại giao cho biết cuộc đàm phán sẽ tiếp tục vào thứ Năm.") == "vi"


@pytest.mark.parametrize(
    "text", ["", "Xi Jinping Sergei Lavrov Viktor Orbán", "12 34 " * 100, "zxq wvk " * 50]
)
def test_what_does_not_tell_is_not_guessed(text: str) -> None:
    assert written_in(text) is None


def test_news_as_it_is_written_is_known_or_left_open() -> None:
    """The labelled items, ten of a language together as a feed has them: none is taken for another one."""
    texts: dict[str, list[str]] = defaultdict(list)
    for line in (ROOT / "tests/gold/dev/items.jsonl").read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        texts[item["lang"]].append(
            f"{item['title']} {item.get('summary') or ''} {(item.get('body') or '')[:300]}"
        )
    right = total = 0
    for language, each in texts.items():
        for start in range(0, len(each) - 4, 10):
            found = written_in(" ".join(each[start : start + 10]))
            assert found in (language, None), (language, found, each[start][:80])
            right += found == language
            total += 1
    assert total > 20
    assert right >= 0.9 * total
