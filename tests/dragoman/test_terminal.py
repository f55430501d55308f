"""What is printed: words of strangers stand in it, and they are words and nothing else."""

import io

from rich.console import Console

from dragoman import show
from dragoman.terminal import say


def test_words_of_strangers_command_no_terminal_and_are_no_markup() -> None:
    written = io.StringIO()
    say(
        Console(file=written, force_terminal=True, width=20),
        "a [bold]b[/bold]\x1b]0;c\x07 d\x9b31m e\u202ef \u4e2d\u6587 \u1ed9i \u0645\u06cc\u200c\u062e\n\U0001f600 g",
    )
    assert written.getvalue() == (
        "a [bold]b[/bold]\ufffd]0;c\ufffd d\ufffd31m e\ufffdf \u4e2d\u6587 \u1ed9i \u0645\u06cc\u200c\u062e\n\U0001f600 g\n"
    )


def test_nor_do_they_in_a_table() -> None:
    written = io.StringIO()
    show.rows(Console(file=written, width=80), "", {"said": "said"}, [{"said": "a [red]b\x1b[31mc\x9bd"}])
    assert "a [red]b\ufffd[31mc\ufffdd" in written.getvalue()
    assert not {"\x1b", "\x9b"} & set(written.getvalue())
