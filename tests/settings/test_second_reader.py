from pathlib import Path

import pytest

from tasks.settings import second_reader
from tasks.settings.environment import ROOT
from tasks.settings.located import Mistake
from tasks.settings.second_reader import SecondReader

HOSTED = "enabled: true\nurl: https://api.example.org/v1\nmodel: m\nkey_env: KEY\n"


def read(tmp_path: Path, text: str) -> tuple[SecondReader | None, list[Mistake]]:
    path = tmp_path / "second_reader.yaml"
    path.write_text(text, encoding="utf-8")
    mistakes: list[Mistake] = []
    return second_reader.load(path, mistakes), mistakes


@pytest.mark.parametrize("text", ["", "enabled: false\n", HOSTED.replace("true", "false"), "model: m\n"])
def test_it_is_off_unless_it_is_switched_on(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == (None, [])


def test_without_the_file_and_as_it_is_shipped_it_is_off(tmp_path: Path) -> None:
    mistakes: list[Mistake] = []
    assert second_reader.load(tmp_path / "second_reader.yaml", mistakes) is None
    assert second_reader.load(ROOT / "config" / "second_reader.yaml", mistakes) is None
    assert mistakes == []


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080/v1", "http://localhost/v1", "https://10.0.0.3/v1", "http://model:8080/v1/"]
)
def test_a_model_of_ones_own_needs_no_key(tmp_path: Path, url: str) -> None:
    found, mistakes = read(tmp_path, f"enabled: true\nlocal: true\nurl: {url}\nmodel: m\n")
    assert mistakes == []
    assert found is not None
    assert found.url == url.rstrip("/")
    assert found.key({}) is None


@pytest.mark.parametrize(
    ("text", "line", "field"),
    [
        (HOSTED.replace("https://api.example.org", "http://api.example.org"), 2, "url"),
        (HOSTED.replace("api.example.org", "127.0.0.1:8080"), 2, "url"),
        (HOSTED.replace("api.example.org", "localhost"), 2, "url"),
        (HOSTED.replace("api.example.org", "[::1]"), 2, "url"),
        (HOSTED.replace("api.example.org", "192.168.1.9"), 2, "url"),
        (HOSTED.replace("api.", "user:hunter2@api."), 2, "url"),
        (HOSTED.replace("/v1", "/v1?key=hunter2"), 2, "url"),
        (HOSTED.replace("https://api.example.org/v1", "file:///etc/passwd"), 2, "url"),
        (HOSTED.replace("api.example.org", "8.8.8.8") + "local: true\n", 2, "url"),
        (HOSTED.replace("KEY", "sk-hunter2"), 4, "key_env"),
        (HOSTED.replace("model: m", "model: 'm m'"), 3, "model"),
        (HOSTED + "calls_per_day: 0\n", 5, "calls_per_day"),
        (HOSTED + "seconds_per_cycle: 600\n", 5, "seconds_per_cycle"),
        (HOSTED + "temperature: 1\n", 5, "temperature"),
        ("enabled: true\n", 1, ""),
        (HOSTED.replace("key_env: KEY\n", ""), 1, ""),
        ("- 1\n", 1, ""),
    ],
)
def test_a_mistake_is_told_with_its_line_and_without_a_secret(
    tmp_path: Path, text: str, line: int, field: str
) -> None:
    found, mistakes = read(tmp_path, text)
    assert found is None
    assert (mistakes[0].line, mistakes[0].field) == (line, field)
    assert "hunter2" not in str(mistakes)
