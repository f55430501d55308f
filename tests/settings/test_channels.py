from pathlib import Path

import pytest

from tasks.model import Kind, Stage
from tasks.settings import channels
from tasks.settings.channels import ChannelError, Channels, Format
from tasks.settings.environment import ROOT
from tasks.settings.located import Mistake


def read(tmp_path: Path, text: str) -> tuple[Channels, list[Mistake]]:
    path = tmp_path / "channels.yaml"
    path.write_text(text, encoding="utf-8")
    mistakes: list[Mistake] = []
    return channels.load(path, mistakes), mistakes


def row(text: str) -> str:
    return f"channels:\n- {text}\n"


def test_the_shipped_file_has_no_channel_and_no_mistake() -> None:
    mistakes: list[Mistake] = []
    assert channels.load(ROOT / "config" / "channels.yaml", mistakes) == Channels()
    assert mistakes == []


def test_the_commented_examples_of_the_shipped_file_are_right(tmp_path: Path) -> None:
    text = (ROOT / "config" / "channels.yaml").read_text(encoding="utf-8").partition("channels: []")[2]
    rows = "\n".join(line.removeprefix("# ").removeprefix("#") for line in text.splitlines())
    found, mistakes = read(tmp_path, f"operator: keeper\nchannels:\n{rows}\n")
    assert mistakes == []
    assert set(found.by_id) == {"desk", "russia-mail", "archive", "newsroom", "keeper"}
    assert found.operator == "keeper"
    assert found.by_id["desk"].format is Format.MARKDOWN
    routes = found.by_id["russia-mail"].routes
    assert routes is not None
    assert routes[1].kinds == frozenset({Kind.AGREEMENT})
    assert routes[1].stages == frozenset({Stage.HELD, Stage.CANCELLED})
    assert found.by_id["keeper"].routes == ()
    assert found.by_id["newsroom"].routes is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{id: a, kind: apprise, url: 'slack://A/B/C'}", "address of an apprise channel is a secret"),
        ("{id: a, kind: webhook, url: 'https://user:word@host/x'}", "seems to hold a secret"),
        ("{id: a, kind: webhook, url: 'https://host/x?api_key=abc'}", "seems to hold a secret"),
        ("{id: a, kind: webhook, url: 'https://host/services/B0/Zq8s7d6f5g4h3j2k1l'}", "seems to hold a"),
        ("{id: a, kind: webhook, url: 'https://h/0f8fad5b-d9cb-469f-a165-70867728950e'}", "seems to hold a"),
        ("{id: a, kind: mail, url: 'smtp://u:p@h', from: a@b.org, to: [c@d.org]}", "seems to hold a secret"),
        ("{id: a, kind: webhook, url: 'ftp://host/x'}", "must begin with https:// or http://"),
        ("{id: a, kind: webhook, url: 'https:///x'}", "must begin with https:// or http://"),
        ("{id: a, kind: file, url: 'alerts.jsonl'}", "must begin with file://"),
        ("{id: a, kind: file, url: 'file://host/alerts.jsonl'}", "must begin with file://"),
        ("{id: a, kind: webhook}", "exactly one of"),
        ("{id: a, kind: webhook, url: 'http://h/', url_env: X}", "exactly one of"),
        ("{id: a, kind: apprise, url_env: 'slack://A/B/C'}", "not the name of an environment variable"),
        ("{id: a, kind: mail, url: 'smtp://h'}", "needs `from` and `to`"),
        ("{id: a, kind: mail, url: 'smtp://h', from: 'A <a@b.org>', to: [c@d.org]}", "not a mail address"),
        ("{id: a, kind: file, url: /tmp/x, to: [c@d.org]}", "belong to a mail channel"),
        ("{id: a, kind: file, url: /tmp/x, secret_env: X}", "belongs to a webhook"),
        ("{id: A, kind: file, url: /tmp/x}", "match pattern"),
        ("{id: a, kind: file, url: /tmp/x, limit: 20}", "greater than or equal to 140"),
        ("{id: a, kind: file, url: /tmp/x, routes: [{dyads: [RUS-CHN]}]}", "alphabetical order"),
        ("{id: a, kind: file, url: /tmp/x, routes: [{kind: patrol}]}", "not permitted"),
        ("{id: a, kind: pigeon, url: /tmp/x}", "'webhook', 'apprise', 'mail' or 'file'"),
    ],
)
def test_a_wrong_row_is_told_with_its_line_and_without_its_secret(
    tmp_path: Path, text: str, told: str
) -> None:
    _, mistakes = read(tmp_path, row(text))
    assert len(mistakes) == 1
    assert told in mistakes[0].message
    assert mistakes[0].line == 2
    for secret in ("slack://A/B/C", "word", "Zq8s7d6f5g4h3j2k1l", "0f8fad5b"):
        assert secret not in str(mistakes[0])


def test_an_ordinary_address_may_stand_in_the_file(tmp_path: Path) -> None:
    addresses = ["https://newsroom.example.org/hooks/dragoman-alerts", "http://127.0.0.1:8080/in?desk=russia"]
    rows = "".join(f"- {{id: c{n}, kind: webhook, url: '{url}'}}\n" for n, url in enumerate(addresses))
    found, mistakes = read(tmp_path, f"channels:\n{rows}")
    assert mistakes == []
    assert [channel.address({}) for channel in found.by_id.values()] == addresses


def test_ids_are_given_once_and_the_operator_is_one_of_them(tmp_path: Path) -> None:
    text = "operator: b\nchannels:\n- {id: a, kind: file, url: /tmp/x}\n- {id: a, kind: file, url: /tmp/y}\n"
    _, mistakes = read(tmp_path, text)
    assert [(mistake.line, mistake.message) for mistake in mistakes] == [
        (4, "`a` is given twice"),
        (1, "`b` is no channel of this file"),
    ]


def test_an_address_comes_from_the_environment_or_a_file_when_it_is_needed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("https://hooks.example.org/from-file\n")
    text = (
        "channels:\n- {id: a, kind: webhook, url_env: HOOK, secret_env: KEY}\n"
        f"- {{id: b, kind: webhook, url_file: {secret}}}\n"
    )
    found, mistakes = read(tmp_path, text)
    assert mistakes == []
    a, b = found.by_id["a"], found.by_id["b"]
    environ = {"HOOK": "https://hooks.example.org/direct", "KEY": "k"}
    assert a.address(environ) == "https://hooks.example.org/direct"
    assert a.address({"HOOK_FILE": str(secret)}) == "https://hooks.example.org/from-file"
    assert b.address({}) == "https://hooks.example.org/from-file"
    assert a.signing_secret(environ) == "k"
    assert b.signing_secret({}) is None


def test_what_makes_a_channel_unusable_is_told_without_the_address(tmp_path: Path) -> None:
    found, _ = read(
        tmp_path,
        "channels:\n- {id: a, kind: webhook, url_env: HOOK, secret_env: KEY}\n"
        "- {id: b, kind: webhook, url_file: /nowhere/at/all}\n",
    )
    a, b = found.by_id["a"], found.by_id["b"]
    with pytest.raises(ChannelError, match="HOOK is not set"):
        a.address({})
    with pytest.raises(ChannelError, match="must begin with https") as raised:
        a.address({"HOOK": "slack://secret"})
    assert "secret" not in str(raised.value)
    with pytest.raises(ChannelError, match="HOOK_FILE names cannot be read: No such file"):
        a.address({"HOOK_FILE": "/nowhere"})
    with pytest.raises(ChannelError, match="cannot be read: No such file"):
        b.address({})
    with pytest.raises(ChannelError, match="KEY is not set"):
        a.signing_secret({})
