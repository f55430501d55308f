"""`dragoman demo`: exactly three alerts, and on the same store nothing more."""

import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.commands import COMMAND, environment


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="dragoman-demo-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "home"


def demo(home: Path, *words: str) -> str:
    result = subprocess.run(
        [*COMMAND, "demo", *words], env=environment(DRAGOMAN_HOME=str(home)),
        capture_output=True, text=True, timeout=115, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stderr == ""
    return result.stdout


@pytest.mark.timeout(240)
def test_three_alerts_and_on_the_same_store_none(home: Path) -> None:
    first = demo(home, "--keep")
    messages = re.split(r"^alert \d+ ─+$", first, flags=re.MULTILINE)[1:]
    late, signed, numbered = messages
    assert first.rstrip().endswith("3 alerts")
    assert (
        "Late: China and Russia held round 18 of the strategic security consultation, Moscow, 19 September 2023"
        in late
    )
    assert "Wang Yi" in late
    assert "Nikolai Patrushev" in late
    assert "China and Hungary signed an agreement" in signed
    assert "Budapest" in signed
    # The day that the reports give is that of the talk with the prime minister.
    assert "Not given: date" in signed
    assert "Wang Xiaohong" in signed
    assert "Sándor Pintér" in signed
    assert (
        "China and Russia held round 20 of the strategic security consultation, 2 December 2025" in numbered
    )
    assert "inferred from the register" in numbered
    assert "Sergei Shoigu" in numbered
    # Both reports of Hungary and both of the twentieth round are one event each.
    assert re.search(r"CHN-HUN\s+cn-hu-le.*\s2\s*$", first, flags=re.MULTILINE)
    assert re.search(r"CHN-RUS\s+cn-ru-ssc\s+20\s+held.*\s2\s*$", first, flags=re.MULTILINE)

    second = demo(home, "--keep")
    assert second.rstrip().endswith("nothing new: no alert")
