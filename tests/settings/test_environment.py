"""The environment: a secret comes from a variable or a file, and no complaint shows it."""

import traceback
from pathlib import Path

import pytest

from tasks.settings.environment import SettingError, from_environment, secret


@pytest.mark.parametrize(
    "dsn",
    [
        "postgresql://u:word@h/db",
        "postgres://u:w%40rd@h:5433/db?connect_timeout=3",
        "postgresql://u:w#rd@h1:1,h2:2/db",
        "postgresql:///db?host=/run/postgresql",
        "host=h user=u password='w rd@x' dbname=db",
    ],
)
def test_an_address_of_a_database_is_taken_as_it_stands(dsn: str) -> None:
    assert from_environment({"DATABASE_URL": dsn}).database == dsn


@pytest.mark.parametrize(
    "dsn",
    [
        "postgres//u:SECRET@h/db",
        "postgresql://u:SEC%RET@h/db",
        "postgresql://u:SEC@RET@h/db",
        "postgresql://u:SEC/RET@h/db",
        "postgresql://u:12/RET@h/db",
        "postgresql://u:SEC\0RET@h/db",
        "postgresql://u:SEC\udcffRET@h/db",
        "host=h password=SEC RET",
        "host=h pasword=SECRET",
        "postgresql://u:SECRET@h/db?bogus=1",
    ],
)
def test_one_that_would_be_misread_is_refused_by_name_without_its_value(dsn: str) -> None:
    with pytest.raises(SettingError, match="DATABASE_URL") as caught:
        from_environment({"DATABASE_URL": dsn})
    # Not of the lines of code that pytest shows, but of what a trace would print.
    printed = "".join(traceback.format_exception(caught.value))
    assert "SEC" not in printed
    assert "RET" not in printed


def test_a_secret_stands_in_a_variable_or_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "word").write_text("hush\n", encoding="utf-8")
    assert secret("WORD", {"WORD": "hush"}) == "hush"
    assert secret("WORD", {"WORD_FILE": str(tmp_path / "word")}) == "hush"
    assert secret("WORD", {}) is None


def test_a_file_that_is_no_text_is_named_by_its_variable(tmp_path: Path) -> None:
    (tmp_path / "word").write_bytes(b"hu\xffsh")
    with pytest.raises(SettingError, match="WORD_FILE"):
        secret("WORD", {"WORD_FILE": str(tmp_path / "word")})


def test_the_settings_of_a_process_do_not_show_the_database() -> None:
    assert "hush" not in repr(from_environment({"DATABASE_URL": "postgresql://u:hush@h/db"}))
