"""The process in which atheris looks for inputs: it counts the coder's branches, and libFuzzer never returns.

Called by `tests.trials.fuzz`, with a folder to work in, a file for what was found, and libFuzzer's limits.
"""

import base64
import json
import sys
from pathlib import Path

import atheris

# What is imported here is counted; so nothing of it may have been imported before.
with atheris.instrument_imports(include=["tasks.code"]):
    from tests.trials import fuzz
    from tests.trials.inputs import beginnings, built

# Of what is slow while branches are counted, so many are kept: most are not, where they are not.
_MOST_SLOW = 200


def main() -> None:
    """Look until libFuzzer's limits end the process."""
    folder, found = Path(sys.argv[1]), Path(sys.argv[2])
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, data in enumerate(beginnings()):
        (corpus / str(number)).write_bytes(data)
    rules = fuzz.rules_as_configured()
    told: set[str] = set()
    slow = 0

    def look(data: bytes) -> None:
        nonlocal slow
        for fault in fuzz.faults(built(data), rules, times=0):
            short = fuzz.shortened(fault)
            if short.startswith("slow"):
                slow += 1
                short = f"{short} {slow}"
            if short in told or slow > _MOST_SLOW:
                continue
            told.add(short)
            with found.open("a") as file:
                file.write(json.dumps({"fault": short, "input": base64.b64encode(data).decode()}) + "\n")

    atheris.Setup([sys.argv[0], *sys.argv[3:], str(corpus)], look)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
