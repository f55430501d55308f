"""Entries are added and days renewed in files that people edit: nothing else in them changes."""

import difflib
import shutil
import threading
from datetime import date
from pathlib import Path

import pytest

from tasks.settings import source_files, sources
from tasks.settings.environment import ROOT
from tasks.settings.located import ConfigurationError, Mistake
from tasks.settings.source_files import WriteError
from tasks.settings.sources import Source, Verified
from tests.support.sources import a_source

TODAY = date(2026, 11, 22)
FILE = """\
# Outlets of the town. Ask the desk before you change a rank.

- id: herald          # since 2019
  outlet: "The Herald"
  url: https://herald.example/feed
  language: en
  country: GBR
  rank: 3
  zone: Europe/London
  family: herald
  # verified by hand:
  verified: {on: 2026-09-06, note: "the editor's own words"}

- id: courier
  outlet: Courier
  url: https://courier.example/list
  kind: list
  language: en
  country: GBR
  rank: 3
  zone: Europe/London
  family: courier   # independent
  links:
    pattern: '/\\d{4}/'
# The end.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "town.yaml").write_text(FILE, encoding="utf-8")
    return folder


def loaded(folder: Path) -> tuple[Source, ...]:
    mistakes: list[Mistake] = []
    found = tuple(sources.load(folder, mistakes))
    assert mistakes == []
    return found


def changes(before: str, path: Path) -> list[str]:
    after = path.read_text(encoding="utf-8")
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in lines if line[:1] in "+-"]


def test_every_entry_of_the_project_s_list_is_written_so_that_it_reads_the_same(tmp_path: Path) -> None:
    listed = source_files.places(ROOT / "config" / "sources")
    for name in sorted({place.file for place in listed}):
        mine = [place.source for place in listed if place.file == name]
        source_files.append(tmp_path / "new", name.removesuffix(".yaml"), mine)
    assert loaded(tmp_path / "new") == tuple(place.source for place in listed)


@pytest.mark.parametrize(
    "outlet",
    ["Tuổi Trẻ", "外交部", "yes", "null", "12", "1.5", "a: b", "#1 News", "it's", 'the "Post"', "C:\\news\\", "- dash",
     "{brace}", "tab\there", "2026-11-22", "emoji 🗞", "[x", "*star", "&and", "!bang", "%", "trailing:", "a #b", "\u2028"],
)  # fmt: skip
def test_whatever_an_outlet_calls_itself_can_be_written(outlet: str, folder: Path) -> None:
    source = a_source("new", outlet=outlet, reason="because: it's #1\\2")
    source_files.append(folder, "town", [source])
    assert loaded(folder)[-1] == source


def test_an_entry_is_added_behind_everything_that_stands_there(folder: Path) -> None:
    path = source_files.append(folder, "town", [a_source("gazette")])
    text = path.read_text(encoding="utf-8")
    assert text.startswith(FILE.rstrip("\n"))
    assert [source.id for source in loaded(folder)] == ["herald", "courier", "gazette"]


def test_a_file_that_is_not_there_is_made(folder: Path) -> None:
    path = source_files.append(folder, "village", [a_source("gazette")])
    assert path.read_text(encoding="utf-8").startswith("- id: gazette\n")


def test_the_layout_of_the_file_is_kept_indented_or_from_another_system(folder: Path) -> None:
    indented = "\r\n".join(f"  {line}" if line else "" for line in FILE.splitlines()[2:12]) + "\r\n"
    path = folder / "town.yaml"
    path.write_bytes(indented.encode())
    source_files.append(folder, "town", [a_source("gazette")])
    text = path.read_bytes().decode()
    assert text.startswith(indented.rstrip())
    assert text.count("\n") == text.count("\r\n")
    assert [source.id for source in loaded(folder)] == ["herald", "gazette"]


@pytest.mark.parametrize("text", ["[]\n", "{}\n", "- id: open\n  'unclosed\n", "--- []\n...\n"])
def test_a_file_that_is_laid_out_otherwise_is_left_alone(text: str, folder: Path) -> None:
    path = folder / "other.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises((WriteError, ConfigurationError)):
        source_files.append(folder, "other", [a_source("gazette")])
    assert path.read_text(encoding="utf-8") == text
    assert sorted(one.name for one in folder.iterdir()) == ["other.yaml", "town.yaml"]


def test_an_id_that_is_taken_is_refused_with_its_place(folder: Path) -> None:
    with pytest.raises(WriteError, match=r"`courier` already, at sources/town\.yaml:14"):
        source_files.append(folder, "village", [a_source("courier")])
    assert not (folder / "village.yaml").exists()


@pytest.mark.parametrize("name", ["../town", "town.yaml", "", "a/b", "."])
def test_a_name_that_leads_elsewhere_is_refused(name: str, folder: Path) -> None:
    with pytest.raises(WriteError, match="no name of a file"):
        source_files.append(folder, name, [a_source("gazette")])


def test_two_who_add_at_once_lose_nothing(folder: Path) -> None:
    threads = [
        threading.Thread(target=source_files.append, args=(folder, "town", [a_source(f"gazette-{number}")]))
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(loaded(folder)) == 10


def test_a_day_is_renewed_in_its_place_and_the_note_stays(folder: Path) -> None:
    seen = Verified(on=TODAY, note="30 items")
    assert source_files.renew(folder, {"herald": seen}) == ["herald"]
    assert changes(FILE, folder / "town.yaml") == [
        '-   verified: {on: 2026-09-06, note: "the editor\'s own words"}',
        '+   verified: {on: 2026-11-22, note: "the editor\'s own words"}',
    ]


def test_an_entry_without_a_day_gets_one_with_a_note(folder: Path) -> None:
    source_files.renew(folder, {"courier": Verified(on=TODAY, note="30 items")})
    assert changes(FILE, folder / "town.yaml") == ['+   verified: {on: 2026-11-22, note: "30 items"}']
    assert loaded(folder)[-1].verified == Verified(on=TODAY, note="30 items")


def test_a_day_is_found_in_any_layout_or_the_file_is_left_alone(folder: Path) -> None:
    path = folder / "town.yaml"
    block = FILE.replace(
        'verified: {on: 2026-09-06, note: "the editor\'s own words"}',
        "verified:\n    note: >-\n      the editor's\n      own words\n    on: 2026-09-06  # a Sunday",
    )
    path.write_text(block, encoding="utf-8")
    source_files.renew(folder, {"herald": Verified(on=TODAY)})
    assert changes(block, path) == ["-     on: 2026-09-06  # a Sunday", "+     on: 2026-11-22  # a Sunday"]
    braces = "- {id: herald, outlet: A, url: 'https://a.example/', language: en, country: GBR, rank: 3, zone: UTC, family: a}\n"
    path.write_text(braces, encoding="utf-8")
    with pytest.raises(WriteError, match="in braces"):
        source_files.renew(folder, {"herald": Verified(on=TODAY)})
    assert path.read_text(encoding="utf-8") == braces


def test_the_project_s_own_files_change_by_the_days_alone(tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    shutil.copytree(ROOT / "config" / "sources", folder)
    before = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.yaml")}
    listed = loaded(folder)
    source_files.renew(folder, {source.id: Verified(on=TODAY) for source in listed})
    for name, text in before.items():
        assert all(
            "verified: " in line or "on: " in line for line in changes(text, folder / name) if line[0] != "?"
        )
    assert [source.verified.on for source in loaded(folder) if source.verified] == [TODAY] * len(listed)
