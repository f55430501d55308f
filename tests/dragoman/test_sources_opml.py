"""`dragoman sources import` and `export`: nothing is lost on the way out and back, and nothing let in."""

import subprocess
from pathlib import Path

import pytest

from tasks.settings import source_files
from tasks.settings.environment import ROOT
from tasks.settings.sources import Source
from tests.support.commands import COMMAND, environment
from tests.support.sources import a_source


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    return tmp_path / "config"


def call(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, "sources", *words],
        env=environment(DRAGOMAN_CONFIG=str(folder)), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def listed(folder: Path) -> dict[str, list[Source]]:
    found: dict[str, list[Source]] = {}
    for place in source_files.places(folder / "sources"):
        found.setdefault(place.file, []).append(place.source)
    return found


def opml(path: Path, body: str, head: str = "") -> str:
    path.write_text(f'{head}<opml version="1.1"><head/><body>{body}</body></opml>', encoding="utf-8")
    return str(path)


def test_the_project_s_list_goes_out_and_comes_back_entry_by_entry_and_file_by_file(
    folder: Path, tmp_path: Path
) -> None:
    out = call(ROOT / "config", "export", str(tmp_path / "all.opml"))
    assert out.returncode == 0, out.stderr
    back = call(folder, "import", str(tmp_path / "all.opml"))
    assert (back.returncode, back.stderr) == (0, "")
    assert listed(folder) == listed(ROOT / "config")
    before = {path.name: path.read_bytes() for path in (folder / "sources").iterdir()}
    again = call(folder, "import", str(tmp_path / "all.opml"))
    assert again.returncode == 0
    assert again.stdout.count("left as it is") == sum(map(len, listed(folder).values()))
    assert {path.name: path.read_bytes() for path in (folder / "sources").iterdir()} == before


def test_it_is_printed_for_a_pipe(folder: Path) -> None:
    source_files.append(folder / "sources", "town", [a_source("herald", outlet="Herald & Sons")])
    printed = call(folder, "export").stdout
    assert printed.startswith("<?xml")
    assert 'text="Herald &amp; Sons"' in printed
    assert printed.rstrip().endswith("</opml>")


def test_a_list_of_another_program_becomes_entries_by_folder(folder: Path, tmp_path: Path) -> None:
    path = opml(tmp_path / "feeds.opml", """
        <outline text="Közép-Európa">
          <outline text="Hírlap" title="Hírlap" type="rss" xmlUrl="https://www.hirlap.hu/rss" htmlUrl="https://www.hirlap.hu/"/>
          <outline text="World"><outline text="Herald" type="rss" xmlUrl="https://herald.com/feed" language="en-us"/></outline>
        </outline>
        <outline text="新闻"><outline text="日报" type="rss" xmlUrl="https://ribao.com.cn/rss.xml"/></outline>""")  # fmt: skip
    result = call(folder, "import", path, "--country", "USA", "--rank", "2")
    assert (result.returncode, result.stderr) == (0, "")
    assert "3 sources added, 3 of them on" in result.stdout
    found = listed(folder)
    assert {name: [source.id for source in sources] for name, sources in found.items()} == {
        "kozep-europa.yaml": ["hirlap", "herald"], "imported.yaml": ["ribao"],
    }  # fmt: skip
    hirlap, herald = found["kozep-europa.yaml"]
    assert (hirlap.outlet, hirlap.language, hirlap.country, hirlap.zone) == (
        "Hírlap",
        "hu",
        "HUN",
        "Europe/Budapest",
    )
    assert (herald.language, herald.country, herald.rank, herald.family) == ("en", "USA", 2, "herald")
    assert herald.believed
    assert herald.believed.startswith("the list feeds.opml, imported on 20")
    assert herald.verified is None
    assert call(folder, "import", path, "--file", "more").stdout.count("left as it is") == 3


def test_what_cannot_be_an_entry_is_told_and_the_others_are_added(folder: Path, tmp_path: Path) -> None:
    path = opml(tmp_path / "feeds.opml", """
        <outline text="nowhere" xmlUrl="https://nowhere.com/feed"/>
        <outline text="a" xmlUrl="https://a.hu/feed"/><outline text="a again" xmlUrl="http://www.a.hu/feed/"/>""")  # fmt: skip
    result = call(folder, "import", path)
    assert result.returncode == 1
    assert result.stderr.startswith("not added: nothing tells the language of https://nowhere.com/feed")
    assert "left as it is: http://www.a.hu/feed/ is in the list as `a`: earlier in this file" in result.stdout
    assert [source.id for source in listed(folder)["imported.yaml"]] == ["a"]


def test_b55_a_list_from_elsewhere_weakens_no_guard(folder: Path, tmp_path: Path) -> None:
    inner = a_source("inner", "http://127.0.0.1:8080/feed", loopback=True, downgrade=True)
    plain = a_source("plain", "https://plain.example/feed")
    source_files.append(tmp_path / "other" / "sources", "town", [inner, plain])
    call(tmp_path / "other", "export", str(tmp_path / "other.opml"))
    result = call(folder, "import", str(tmp_path / "other.opml"))
    assert result.returncode == 1
    assert "http://127.0.0.1:8080/feed asks for downgrade and loopback: --trusted" in result.stderr
    assert listed(folder) == {"town.yaml": [plain]}
    assert call(folder, "import", str(tmp_path / "other.opml"), "--trusted").returncode == 0
    assert listed(folder) == {"town.yaml": [plain, inner]}


def test_entries_that_somebody_made_up_are_told_and_left(folder: Path, tmp_path: Path) -> None:
    source_files.append(folder / "sources", "town", [a_source("taken")])
    made_up = (
        "[]",
        "null",
        "{",
        '{"id": "../x"}',
        '{"id": "taken"}',
        '{"id": "x", "rank": 9}',
        '{"id": "y", "colour": "red"}',
    )
    outlines = "".join(
        f"""<outline text="x" xmlUrl="https://x.hu/{number}" language="hu" d:entry='{entry}'/>"""
        for number, entry in enumerate(made_up)
    )
    path = opml(
        tmp_path / "x.opml", f'<outline xmlns:d="urn:dragoman:sources" text="town">{outlines}</outline>'
    )
    result = call(folder, "import", path)
    assert result.returncode == 1
    assert [line.partition(":")[0] for line in result.stderr.splitlines()] == ["not added"] * len(made_up)
    assert [source.id for source in listed(folder)["town.yaml"]] == ["taken"]


@pytest.mark.parametrize("text", ["", "<!DOCTYPE x [<!ENTITY a 'b'>]><opml/>"])
def test_b52_what_is_no_list_is_told_in_a_sentence(text: str, folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.opml"
    path.write_text(text, encoding="utf-8")
    result = call(folder, "import", str(path))
    assert result.returncode == 1
    assert result.stderr.startswith("dragoman: ")
    assert not (folder / "sources").exists()


def test_what_is_too_long_or_not_there_is_told(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "long.opml"
    with path.open("wb") as file:
        file.truncate(11 * 1024 * 1024)
    assert "is longer than 10 MiB" in call(folder, "import", str(path)).stderr
    assert call(folder, "import", str(tmp_path / "none.opml")).returncode == 2
