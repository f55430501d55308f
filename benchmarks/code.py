"""What the gate and the coder cost, by length and language, beside spaCy's PhraseMatcher with the same list.

    python -m benchmarks.code [--seconds 1.0]

Texts are put together from the sentences below: of other things, which is what nearly all news is,
and with one sentence of security cooperation. Figures are items per second of one core's time
(`time.process_time`), so that other work on the machine hardly moves them. spaCy comes with the
extra `benchmarks`, runs as a blank pipeline and needs no model. It looks for the same forms in the
same small letters; words that go on behind a form, which the lists mark with `*`, it cannot find.
"""

import argparse
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle

from tasks.code.coder import _read_stories, code
from tasks.code.gate import weigh
from tasks.code.language import language_of
from tasks.code.matcher import _entries
from tasks.code.reading import read, scan
from tasks.code.rules import Rules, compile_rules
from tasks.code.text import fold
from tasks.model import Item
from tasks.settings import configuration
from tasks.settings.configuration import Configuration
from tasks.settings.environment import ROOT

LENGTHS = (200, 500, 2000, 10_000)
VARIANTS = 20
GOAL = 10_000
"""Items of 500 characters that the gate must weigh in a second of one core."""

# Sentences of other things, and one of what is looked for.
TEXTS = {
    "en": (
        "The city opened a new tram line on Sunday, and an orchestra played while the mayor spoke of "
        "the budget. "
        "Analysts expect prices of wheat to fall after a good harvest in the south. The home side "
        "won by two goals to one.",
        "China and Hungary signed an agreement on law enforcement and security cooperation in "
        "Budapest on Friday.",
    ),
    "zh": (
        "本市新开通的有轨电车线路今天正式运营，市民代表出席仪式并发表讲话。分析人士预计，今年小麦丰收后价格将会回落。主队以二比一获胜，观众十分高兴。",
        "中俄第二十轮战略安全磋商2日在莫斯科举行，王毅与绍伊古共同主持。",
    ),
    "ru": (
        "В воскресенье город открыл новую трамвайную линию, играл оркестр, а мэр говорил о бюджете. "
        "Аналитики ждут, что цены "
        "на пшеницу упадут после хорошего урожая на юге. Хозяева поля победили со счётом два один.",
        "Китай и Россия провели двадцатый раунд консультаций по стратегической безопасности в Москве.",
    ),
    "vi": (
        "Thành phố khai trương tuyến xe điện mới hôm chủ nhật, dàn nhạc biểu diễn còn thị trưởng nói "
        "về ngân sách. Giới phân "
        "tích cho rằng giá lúa mì sẽ giảm sau vụ mùa bội thu. Đội chủ nhà thắng hai một trước đông "
        "đảo khán giả.",
        "Trung Quốc và Nga tổ chức vòng tham vấn an ninh chiến lược lần thứ 20 tại Moskva.",
    ),
    "hu": (
        "Vasárnap új villamosvonalat nyitott a város, zenekar játszott, a polgármester pedig a "
        "költségvetésről beszélt. Az "
        "elemzők szerint a jó termés után esik a búza ára. A hazai csapat két egyre nyert a nézők örömére.",
        "Kína és Magyarország rendvédelmi együttműködési megállapodást írt alá Budapesten pénteken.",
    ),
    "sr": (
        "Град је у недељу отворио нову трамвајску линију, свирао је оркестар, а градоначелник је "
        "говорио о буџету. "
        "Аналитичари очекују пад цене пшенице после добре жетве на југу. Домаћи су победили са два "
        "према један.",
        "Кина и Србија потписале су споразум о сарадњи полиција у Београду у петак.",
    ),
    "de": (
        "Am Sonntag hat die Stadt eine neue Tramlinie eröffnet, ein Orchester spielte, und der "
        "Bürgermeister sprach über den "
        "Haushalt. Nach der guten Ernte dürfte der Preis für Weizen fallen. Die Gastgeber gewannen "
        "mit zwei zu eins.",
        "China und Ungarn unterzeichneten am Freitag in Budapest ein Abkommen über polizeiliche "
        "Zusammenarbeit.",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rate:
    """Items per second of one core."""

    each: float

    @property
    def per_second(self) -> float:
        """How many fit into a second."""
        return 1 / self.each if self.each else float("inf")


def texts(language: str, length: int, *, relevant: bool) -> list[str]:
    """Different texts of one length; the one sentence that counts stands first in those that have it."""
    other, wanted = TEXTS[language]
    made = []
    for number in range(VARIANTS):
        at = (number * 37) % len(other)
        filler = (other[at:] + " " + other) * (length // len(other) + 2)
        made.append(((wanted + " " if relevant else "") + filler)[:length])
    return made


def measured(work: Callable[[str], object], of: list[str], seconds: float) -> Rate:
    """The mean time of `work` over the texts, repeated for so long; the best of three."""
    for text in of:
        work(text)
    best = float("inf")
    for _ in range(3):
        done, began = 0, time.process_time()
        for text in cycle(of):
            work(text)
            done += 1
            if done % VARIANTS == 0 and (spent := time.process_time() - began) > seconds / 3:
                break
        best = min(best, spent / done)
    return Rate(best)


def gated(rules: Rules, language: str) -> Callable[[str], object]:
    """All that an item costs at the gate, the telling of its language included."""

    def work(text: str) -> object:
        told = language_of(text, language)
        return weigh(rules.tools[told].matcher.weighed(text, fold(text)), rules)

    return work


def coded(rules: Rules, language: str) -> Callable[[str], object]:
    """All that an item costs at the coder, the gate's second look included."""

    def work(text: str) -> object:
        title, _, body = text.partition(". ")
        return code(Item("1", "b", title, body=body, language=language, published=_PUBLISHED), rules)

    return work


_PUBLISHED = datetime(2026, 11, 22, 12, tzinfo=UTC)


def shares(rules: Rules, language: str, text: str, seconds: float) -> dict[str, float]:
    """How the time of a text that is coded falls on its steps."""
    tools = rules.tools[language]
    folded = fold(text)
    scanned = scan(text, folded, tools)
    item = Item("1", "b", text, language=language, published=_PUBLISHED)
    reading = read(item, scanned, tools, UTC)
    steps: dict[str, Callable[[str], object]] = {
        "language": lambda one: language_of(one, language),
        "fold": fold,
        "find": lambda one: scan(one, folded, tools),
        "weigh": lambda one: weigh(scanned.hits, rules),
        "sentences, days, ordinals": lambda one: read(item, scanned, tools, UTC),
        "clauses and fields": lambda one: _read_stories(reading, rules, tools),
    }
    spent = {name: measured(step, [text], seconds).each for name, step in steps.items()}
    whole = sum(spent.values())
    return {name: each / whole for name, each in spent.items()}


def phrase_matcher(settings: Configuration, rules: Rules, language: str) -> Callable[[str], object] | None:
    """SpaCy's own way to find a list of forms, with the forms that our matcher has; None without spaCy."""
    try:
        import spacy
        from spacy.matcher import PhraseMatcher
    except ImportError:
        return None
    # Those without a tokenizer that runs by itself are cut at spaces, Chinese into characters.
    names = {"zh": "zh", "vi": "xx", "en": "en", "ru": "xx", "hu": "hu", "sr": "sr", "de": "de"}
    pipeline = spacy.blank(names[language])
    found = PhraseMatcher(pipeline.vocab)
    watched = tuple(sorted(rules.watched))
    forms = _entries(settings.lexicon[language], settings.actors, settings.mechanisms, watched)
    found.add("all", list(pipeline.tokenizer.pipe({form for form, _ in forms})))
    return lambda text: found(pipeline.make_doc(fold(text)))


def memory() -> float:
    """The most that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def compiled() -> tuple[Configuration, Rules]:
    """The project's configuration, compiled, with what that costs."""
    before, began = memory(), time.process_time()
    settings = configuration.load(ROOT / "config")
    read_in = time.process_time() - began
    rules = compile_rules(settings)
    slowest, longest = "", 0.0
    for language in rules.tools:
        start = time.process_time()
        rules.tools[language]
        if (took := time.process_time() - start) > longest:
            slowest, longest = language, took
    whole = time.process_time() - began - read_in
    print(
        f"configuration read in {read_in:.2f} s; {len(rules.tools)} languages compiled in {whole:.2f} s",
        end="",
    )
    print(f", the slowest ({slowest}) in {longest:.2f} s; memory {before:.0f} to {memory():.0f} MB")
    return settings, rules


def by_length(
    name: str, make: Callable[[str], Callable[[str], object] | None], seconds: float, *, relevant: bool
) -> dict[str, dict[int, Rate]]:
    """Measure and print a table: a language a row, a length a column."""
    print(f"\n{name}, items per second and core")
    print("      " + "".join(f"{length:>9}" for length in LENGTHS))
    table: dict[str, dict[int, Rate]] = {}
    for language in TEXTS:
        work = make(language)
        if work is None:
            continue
        table[language] = {
            length: measured(work, texts(language, length, relevant=relevant), seconds) for length in LENGTHS
        }
        print(f"  {language}  " + "".join(f"{rate.per_second:9,.0f}" for rate in table[language].values()))
    return table


def compared(ours: dict[str, dict[int, Rate]], theirs: dict[str, dict[int, Rate]]) -> Iterator[str]:
    """How many times as long theirs takes, in lines."""
    for language, rates in theirs.items():
        ratios = (rates[length].each / ours[language][length].each for length in LENGTHS)
        yield f"  {language}  " + "".join(f"{ratio:8.1f}x" for ratio in ratios)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=0.6, help="for each figure")
    seconds = parser.parse_args().seconds
    settings, rules = compiled()
    gate = by_length("gate, other things", lambda one: gated(rules, one), seconds, relevant=False)
    by_length("gate, with a sentence that counts", lambda one: gated(rules, one), seconds, relevant=True)
    by_length("coder, other things", lambda one: coded(rules, one), seconds, relevant=False)
    by_length("coder, with a sentence that counts", lambda one: coded(rules, one), seconds, relevant=True)
    print("\nshare of a coded text's time by step, 2000 characters")
    for language in TEXTS:
        text = texts(language, 2000, relevant=True)[0]
        told = ", ".join(
            f"{name} {share:.0%}" for name, share in shares(rules, language, text, seconds).items()
        )
        print(f"  {language}  {told}")
    ours = memory()
    theirs = by_length(
        "spaCy PhraseMatcher, other things", lambda one: phrase_matcher(settings, rules, one), seconds,
        relevant=False,
    )  # fmt: skip
    if theirs:
        print("\nthe gate beside it")
        print("\n".join(compared(gate, theirs)))
        print(f"memory: {ours:.0f} MB, with spaCy's lists {memory():.0f} MB")
    else:
        print("spaCy is not installed: `pip install -e '.[benchmarks]'` brings it")
    slow = [language for language, rates in gate.items() if rates[500].per_second < GOAL]
    verdict = f"not reached in {', '.join(slow)}" if slow else "reached in every language"
    print(f"\ngoal, {GOAL:,} items of 500 characters a second and core at the gate: {verdict}")


if __name__ == "__main__":
    main()
