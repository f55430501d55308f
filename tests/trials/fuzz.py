"""The coder on inputs that nobody would publish: no exception, no slowness, every quote where it says it stands.

    python -m tests.trials.fuzz --minutes 60

With the extra `fuzzing`, atheris chooses the inputs by which of the coder's lines they reach; where
it cannot be installed, hypothesis chooses them, blind to that. Whatever is found can be seen again
with `--again`, which takes the input as it was printed.
"""

import argparse
import base64
import importlib.util
import json
import re
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from hypothesis.database import DirectoryBasedExampleDatabase

from tasks.code.coder import Coding, code
from tasks.code.rules import Rules, compile_rules
from tasks.model import Evidence, item_text
from tasks.settings import configuration
from tasks.settings.environment import ROOT
from tests.trials.inputs import Case, built

LIMIT = 0.05
"""Seconds of processor time for each kilobyte (UTF-8) of an item; what is smaller counts as one."""
LONGEST_INPUT = 1024
EXAMPLES = 100
# So often what seemed slow is measured again: nothing but the best time counts.
_AGAIN = 3
# What has so long not come to an end is hung.
_HUNG = 300
_SLOW = "slow"
Found = dict[str, bytes | None]
"""By what is wrong, an input that shows it; None where there is none."""
_STATS = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
_COVERED = re.compile(r"cov: (\d+) ft: (\d+)")


def rules_as_configured() -> Rules:
    """The project's own rules, with every language compiled, so that no input pays for that."""
    rules = compile_rules(configuration.load(ROOT / "config"))
    for language in rules.tools:
        _ = rules.tools[language]
    return rules


def faults(case: Case, rules: Rules, times: int = _AGAIN) -> Iterator[str]:
    """What is not as it must be with the coding of an input; `times` is how often its time is measured."""
    text = item_text(case.item)
    try:
        coding, took = _timed(case, rules)
        again, took_again = _timed(case, rules)
    except Exception as error:  # noqa: BLE001 - told to whoever asked
        yield f"{type(error).__name__}: {error} in {_place(error)}"
        return
    if coding.coded != again.coded:
        yield "coded twice, it is not the same"
    yield from _misplaced(coding, text)
    kilobytes = max(len(text.encode()) / 1024, 1.0)
    best = min(took, took_again)
    for _ in range(times):
        if best <= LIMIT * kilobytes:
            return
        best = min(best, _timed(case, rules)[1])
    yield f"{_SLOW}: {best * 1000 / kilobytes:.0f} ms per kilobyte, {kilobytes:.1f} kB, {case.item.language}"


def _timed(case: Case, rules: Rules) -> tuple[Coding, float]:
    began = time.process_time()
    coding = code(case.item, rules, case.zone)
    return coding, time.process_time() - began


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno} ({frames[-1].name})"


def _misplaced(coding: Coding, text: str) -> Iterator[str]:
    """Offsets outside the text, and quotes that are not what stands there."""
    coded = coding.coded
    if not 0 <= coded.score <= 1:
        yield f"the score is {coded.score}"
    for mention in coded.mentions:
        for name, evidence in mention.evidence.items():
            if wrong := _wrong(evidence, text):
                yield f"{mention.kind}.{name} ({evidence.rule}): {wrong}"
        if mention.date and mention.date.start > mention.date.end:
            yield f"a date ends before it begins: {mention.date}"
        if mention.round is not None and mention.round < 1:
            yield f"the round is {mention.round}"
    for hit in coding.scanned.hits if coding.scanned else ():
        if not 0 <= hit.start < hit.end <= len(text):
            yield f"a hit stands outside the text: {hit}"
    if coding.reading is None:
        return
    for one in coding.reading.segments:
        if not 0 <= one.start <= one.end <= len(text) or text[one.start : one.end] != one.text:
            yield f"a segment is not what stands at {one.start}: {one.role}"
    for sentence in coding.reading.sentences:
        if not 0 <= sentence.span.start < sentence.span.end <= len(text):
            yield f"a sentence stands outside the text: {sentence.span}"
        for day in sentence.days:
            if not sentence.span.start <= day.start < day.end <= sentence.span.end:
                yield f"a day stands outside its sentence: {day}"


def _wrong(evidence: Evidence, text: str) -> str | None:
    start, end = evidence.start, evidence.start + len(evidence.quote)
    if not 0 <= evidence.confidence <= 1:
        return f"its confidence is {evidence.confidence}"
    if start < 0:
        return None if start == -1 else f"it stands at {start}"
    if end > len(text):
        return f"it ends at {end} of {len(text)}"
    return None if text[start:end] == evidence.quote else f"{evidence.quote!r} is {text[start:end]!r} there"


def guided(minutes: float, chance: int, folder: Path) -> tuple[str, Found]:
    """Let atheris look for so long, in a process of its own; what it did, and what it found by what is wrong."""
    found = folder / "found.jsonl"
    asked = [sys.executable, "-m", "tests.trials.guided", str(folder), str(found)]
    limits = [f"-max_total_time={minutes * 60:.0f}", f"-seed={chance}", f"-max_len={LONGEST_INPUT}"]
    limits += [
        f"-timeout={_HUNG}",
        "-rss_limit_mb=6144",
        "-print_final_stats=1",
        f"-artifact_prefix={folder}/",
    ]
    done = subprocess.run([*asked, *limits], cwd=ROOT, stderr=subprocess.PIPE, text=True, errors="replace")
    rows = [json.loads(line) for line in found.read_text().splitlines()] if found.exists() else []
    told: Found = {row["fault"]: base64.b64decode(row["input"]) for row in rows}
    units, covered = _STATS.search(done.stderr), _COVERED.findall(done.stderr)
    if done.returncode or not units or not covered:
        for left in [*folder.glob("crash-*"), *folder.glob("timeout-*"), *folder.glob("oom-*")]:
            told[f"atheris stopped with {left.name.split('-')[0]}"] = left.read_bytes()
        told[f"atheris ended with {done.returncode}: {done.stderr[-500:]}"] = None
        return "atheris stopped before its time", told
    edges, features = covered[-1]
    return f"atheris: {units[1]} inputs, {edges} edges and {features} features covered", told


def unguided(
    minutes: float, chance: int, folder: Path, rules: Rules, most: int = 120_000
) -> tuple[str, Found]:
    """Let hypothesis look for so long; what it did, and what it found by what is wrong."""
    found: Found = {}
    count = 0

    def look(data: bytes) -> None:
        nonlocal count
        count += 1
        for fault in faults(built(data, most), rules):
            found.setdefault(shortened(fault), data)

    until = time.monotonic() + minutes * 60
    turn = 0
    while time.monotonic() < until:
        _turn(look, chance + turn, folder)
        turn += 1
    return f"hypothesis: {count} inputs", found


def _turn(look: Callable[[bytes], None], chance: int, folder: Path) -> None:
    kept = DirectoryBasedExampleDatabase(folder / "examples")
    checks = list(HealthCheck)
    limits = settings(max_examples=EXAMPLES, deadline=None, database=kept, suppress_health_check=checks)
    seed(chance)(limits(given(st.binary(min_size=6, max_size=120))(look)))()


def shortened(fault: str) -> str:
    """What is wrong without the numbers of one case, so that the same is told once."""
    return _SLOW if fault.startswith(_SLOW) else re.sub(r"'.*'|\d+", "…", fault.split(" in ")[-1])[:160]


def confirmed(told: Found, rules: Rules) -> Iterator[str]:
    """What is wrong with the inputs found, looked at again in this process, where nothing slows the coder."""
    for said, data in told.items():
        if data is None:
            yield said
            continue
        real = list(faults(built(data), rules))
        if not real and not said.startswith(_SLOW):
            real = [f"{said} (not seen again)"]
        for fault in real:
            yield f"{fault}\n  --again {base64.b64encode(data).decode()}"


def main() -> int:
    """Run the trial; 1 if anything was found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--again", metavar="INPUT", help="look at one input that was printed")
    asked = parser.parse_args()
    rules = rules_as_configured()
    if asked.again:
        data = base64.b64decode(asked.again)
        sys.stdout.write(f"{built(data)}\n"[:4000])
        wrong = list(faults(built(data), rules))
    else:
        with tempfile.TemporaryDirectory(prefix="dragoman-fuzz-") as folder:
            if importlib.util.find_spec("atheris"):
                did, told = guided(asked.minutes, asked.seed, Path(folder))
            else:
                sys.stdout.write("atheris is not installed: hypothesis chooses, blind to coverage\n")
                did, told = unguided(asked.minutes, asked.seed, Path(folder), rules)
            wrong = list(confirmed(told, rules))
        sys.stdout.write(f"{did}\n")
    sys.stdout.write("".join(f"FAULT: {fault}\n" for fault in wrong) or "nothing is wrong\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
