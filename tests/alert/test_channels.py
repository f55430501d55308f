import base64
import hashlib
import hmac
import json
import logging
import socket
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tasks.alert.channels import check, send, send_test, tell_operator
from tasks.alert.layout import POSSIBLE_REPEAT
from tasks.alert.message import Message
from tasks.alert.parcel import Parcel, masked
from tasks.settings.channels import Channel, Channels
from tests.alert.makers import NOW
from tests.alert.receivers import Mailbox, Web, free_port
from tests.alert.test_message import hostile

MESSAGE = Message(
    headline="China and Russia held round 18", event=12, stage="held", dyad="CHN-RUS", kind="patrol"
)


def channel(kind: str, **fields: Any) -> Channel:
    return Channel.model_validate({"id": "desk", "kind": kind, **fields})


def parcel(message: Message = MESSAGE, *, repeat: bool = False) -> Parcel:
    return Parcel("alert-7-desk", message, NOW, NOW + timedelta(minutes=1), repeat)


# Webhook


def test_a_webhook_gets_the_message_in_parts_and_as_text(web: Web) -> None:
    assert send(channel("webhook", url=web.url), parcel(), {}).sent
    (request,) = web.requests
    assert request.path == "/hook"
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["Idempotency-Key"] == "alert-7-desk@dragoman"
    assert request.headers["webhook-id"] == "alert-7-desk@dragoman"
    assert "Dragoman-Possible-Repeat" not in request.headers
    assert "webhook-signature" not in request.headers
    body = request.json
    assert body["id"] == "alert-7-desk@dragoman"
    assert body["created_at"] == "2023-09-20T08:00:00+00:00"
    assert body["possible_repeat"] is False
    assert body["headline"] == "China and Russia held round 18"
    assert body["text"].startswith("China and Russia held round 18\n\nEvent 12")
    assert (body["event"], body["stage"], body["dyad"], body["kind"]) == (12, "held", "CHN-RUS", "patrol")


def test_a_possible_repeat_says_so(web: Web) -> None:
    assert send(channel("webhook", url=web.url), parcel(repeat=True), {}).sent
    (request,) = web.requests
    assert request.headers["Dragoman-Possible-Repeat"] == "true"
    assert request.headers["Idempotency-Key"] == "alert-7-desk@dragoman"
    assert request.json["possible_repeat"] is True
    assert request.json["text"].startswith(POSSIBLE_REPEAT)


@pytest.mark.parametrize("secret", ["correct horse", "whsec_" + base64.b64encode(b"correct horse").decode()])
def test_a_webhook_is_signed_as_standard_webhooks_has_it(web: Web, secret: str) -> None:
    signed = channel("webhook", url=web.url, secret_env="KEY")
    assert send(signed, parcel(), {"KEY": secret}).sent
    (request,) = web.requests
    stamp = str(int((NOW + timedelta(minutes=1)).timestamp()))
    assert request.headers["webhook-timestamp"] == stamp
    content = f"alert-7-desk@dragoman.{stamp}.".encode() + request.body
    expected = hmac.new(b"correct horse", content, hashlib.sha256).digest()
    assert request.headers["webhook-signature"] == "v1," + base64.b64encode(expected).decode()


@pytest.mark.parametrize(
    ("answer", "wait"),
    [
        (500, None),
        (404, None),
        ((302, {"Location": "http://127.0.0.1:1/"}), None),
        ((429, {"Retry-After": "120"}), timedelta(seconds=120)),
        ((503, {"Retry-After": "Wed, 20 Sep 2023 09:01:00 GMT"}), timedelta(hours=1)),
        ((503, {"Retry-After": "Wed, 20 Sep 2000 09:01:00 GMT"}), timedelta(0)),
        ((429, {"Retry-After": "soon"}), None),
        ((429, {"Retry-After": "9" * 400}), timedelta(seconds=10**8)),
    ],
)
def test_any_other_answer_is_a_failure_and_may_ask_for_a_wait(web: Web, answer: Any, wait: Any) -> None:
    web.answers.append(answer)
    outcome = send(channel("webhook", url=web.url), parcel(), {})
    status = answer[0] if isinstance(answer, tuple) else answer
    assert not outcome.sent
    assert outcome.error == f"the receiver answered {status}"
    assert not outcome.uncertain
    assert outcome.wait == wait
    assert len(web.requests) == 1


def test_nobody_there_is_a_failure_of_which_the_fate_is_known() -> None:
    outcome = send(channel("webhook", url=f"http://127.0.0.1:{free_port()}/"), parcel(), {})
    assert not outcome.sent
    assert not outcome.uncertain
    assert outcome.error is not None
    assert "no connection" in outcome.error


def test_a_connection_that_breaks_after_the_request_leaves_it_uncertain() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            connection, _ = server.accept()
            connection.recv(65536)
            connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        outcome = send(channel("webhook", url=f"http://127.0.0.1:{server.getsockname()[1]}/"), parcel(), {})
        thread.join()
    assert not outcome.sent
    assert outcome.uncertain


def test_a_slow_receiver_is_left_after_a_time_that_is_sure_to_end(web: Web) -> None:
    web.gate.clear()
    outcome = send(channel("webhook", url=web.url), parcel(), {}, patience=timedelta(seconds=0.3))
    assert outcome.error == "no end after 0 seconds"
    assert outcome.uncertain


# Mail


def desk(mailbox: Mailbox, **fields: Any) -> Channel:
    values = {"url": mailbox.url, "from": "dragoman@example.org", "to": ["a@example.org", "b@example.org"]}
    return channel("mail", **(values | fields))


def test_a_mail_has_a_plain_and_an_html_part_and_a_name_that_stays(mailbox: Mailbox) -> None:
    for _ in range(2):
        assert send(desk(mailbox), parcel(), {}).sent
    for mail in mailbox.mails:
        assert mail["Message-ID"] == "<alert-7-desk@dragoman>"
        assert mail["References"] == "<event-12@dragoman>"
        assert mail["Subject"] == "China and Russia held round 18"
        assert mail["From"] == "dragoman@example.org"
        assert mail["To"] == "a@example.org, b@example.org"
        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail["Date"] == "Wed, 20 Sep 2023 08:00:00 +0000"
        assert "Dragoman-Possible-Repeat" not in mail
        plain, html = mail.iter_parts()
        assert plain.get_content_type() == "text/plain"
        assert plain.get_content().splitlines() == [
            "China and Russia held round 18",
            "",
            "Event 12, stage held",
        ]
        assert html.get_content_type() == "text/html"
        assert html.get_content().startswith("<p><b>China and Russia held round 18</b></p>")
    assert mailbox.recipients == [["a@example.org", "b@example.org"]] * 2


def test_a_mail_that_may_be_a_repeat_says_so(mailbox: Mailbox) -> None:
    assert send(desk(mailbox), parcel(repeat=True), {}).sent
    (mail,) = mailbox.mails
    assert mail["Dragoman-Possible-Repeat"] == "true"
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().startswith(POSSIBLE_REPEAT)


def test_hostile_text_makes_no_header(mailbox: Mailbox) -> None:
    bad = Message(headline="x" * 300 + " двадцатый 第二十轮", notes=hostile().notes)
    assert send(desk(mailbox), parcel(bad), {}).sent
    assert send(desk(mailbox), parcel(hostile()), {}).sent
    for mail in mailbox.mails:
        assert set(mail.keys()) <= {
            "From", "To", "Subject", "Date", "Message-ID", "References", "Auto-Submitted", "MIME-Version",
            "Content-Type", "X-Peer", "X-MailFrom", "X-RcptTo",
        }  # fmt: skip


def test_a_recipient_who_is_refused_is_told_and_the_others_have_it(mailbox: Mailbox) -> None:
    mailbox.refuse = {"b@example.org"}
    outcome = send(desk(mailbox), parcel(), {})
    assert outcome.sent
    assert outcome.error == "refused for b@example.org (550 nobody of that name)"
    mailbox.refuse = {"a@example.org", "b@example.org"}
    outcome = send(desk(mailbox), parcel(), {})
    assert not outcome.sent
    assert not outcome.uncertain


def test_a_mail_server_that_is_busy_is_tried_later(mailbox: Mailbox) -> None:
    mailbox.answer = "451 come again"
    outcome = send(desk(mailbox), parcel(), {})
    assert not outcome.sent
    assert outcome.error == "the server answered 451: come again"
    assert not outcome.uncertain


def test_a_mail_server_that_hangs_up_leaves_it_uncertain(mailbox: Mailbox) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            connection, _ = server.accept()
            connection.sendall(b"220 hello\r\n")
            connection.recv(1000)
            connection.sendall(b"250 hello\r\n")
            connection.recv(1000)
            connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        outcome = send(desk(mailbox, url=f"smtp://127.0.0.1:{server.getsockname()[1]}"), parcel(), {})
        thread.join()
    assert not outcome.sent
    assert outcome.uncertain


def test_no_mail_server_is_a_failure_of_which_the_fate_is_known(mailbox: Mailbox) -> None:
    outcome = send(desk(mailbox, url=f"smtp://127.0.0.1:{free_port()}"), parcel(), {})
    assert not outcome.sent
    assert not outcome.uncertain


def test_a_mail_server_is_told_the_password_and_nobody_else(mailbox: Mailbox) -> None:
    secret = desk(mailbox, url=None, url_env="SERVER")
    good = mailbox.url.replace("://", "://me:correct%20horse@")
    assert send(secret, parcel(), {"SERVER": good}).sent
    assert mailbox.logins == [(b"me", b"correct horse")]
    outcome = send(secret, parcel(), {"SERVER": mailbox.url.replace("://", "://me:battery-staple@")})
    assert not outcome.sent
    assert outcome.error is not None
    assert "535" in outcome.error
    assert "battery" not in outcome.error


# File


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_file_gets_a_line_for_each_message(tmp_path: Path) -> None:
    path = tmp_path / "all alerts.jsonl"
    for url in (str(path), path.as_uri()):
        assert send(channel("file", url=url), parcel(hostile()), {}).sent
    assert [line["id"] for line in lines(path)] == ["alert-7-desk@dragoman"] * 2
    assert lines(path)[0]["event"] == 12


def test_a_file_knows_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    for _ in range(3):
        assert send(channel("file", url=str(path)), parcel(repeat=True), {}).sent
    (line,) = lines(path)
    assert line["possible_repeat"] is True


def test_half_a_line_of_an_interrupted_try_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    path.write_text('{"id": "alert-7-desk@dragoman", "te')
    assert send(channel("file", url=str(path)), parcel(repeat=True), {}).sent
    half, whole = path.read_text().splitlines()
    assert half == '{"id": "alert-7-desk@dragoman", "te'
    assert json.loads(whole)["id"] == "alert-7-desk@dragoman"


def test_a_file_that_cannot_be_written_is_a_failure(tmp_path: Path) -> None:
    outcome = send(channel("file", url=str(tmp_path / "no" / "alerts.jsonl")), parcel(), {})
    assert outcome.error == "cannot be written: No such file or directory"


# Apprise


def test_apprise_gets_title_and_text(web: Web) -> None:
    address = f"json://127.0.0.1:{web.port}/hook"
    assert send(channel("apprise", url_env="DESK"), parcel(repeat=True), {"DESK": address}).sent
    body = web.requests[0].json
    assert body["title"] == "China and Russia held round 18"
    assert body["message"] == f"{POSSIBLE_REPEAT}\n\nEvent 12, stage held"


@pytest.mark.parametrize("set_by", ["channel", "service"])
@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("html", "<p>Event 12, stage held</p>"),
        ("markdown", "Event 12, stage held"),
        ("text", "Event 12, stage held"),
    ],
)
def test_apprise_sends_what_the_channel_says_or_the_service_writes(
    web: Web, set_by: str, form: str, text: str
) -> None:
    address = f"json://127.0.0.1:{web.port}/hook?format={form}"
    ours = {"format": form.replace("text", "plain")} if set_by == "channel" else {}
    assert send(channel("apprise", url_env="DESK", **ours), parcel(), {"DESK": address}).sent
    assert web.requests[0].json["message"] == text


def test_apprise_says_why_it_failed_and_not_where_it_went(web: Web) -> None:
    web.answers.append(503)
    address = f"json://me:battery-staple@127.0.0.1:{web.port}/token-4711?retry=5&optional=yes"
    outcome = send(channel("apprise", url_env="DESK"), parcel(), {"DESK": address})
    assert not outcome.sent
    assert outcome.error is not None
    assert "503" in outcome.error
    assert "battery" not in outcome.error
    assert "4711" not in outcome.error
    assert len(web.requests) == 1


def test_an_address_that_apprise_does_not_know_is_told(web: Web) -> None:
    for address in ("nosuchthing://x/y", "json://"):
        outcome = send(channel("apprise", url_env="DESK"), parcel(), {"DESK": address})
        assert outcome.error is not None
        assert outcome.error.startswith("Apprise can do nothing with its address")
        assert check(channel("apprise", url_env="DESK"), {"DESK": address}) == outcome.error


def test_tries_at_the_same_time_keep_their_errors_apart(web: Web) -> None:
    good = f"json://127.0.0.1:{web.port}/hook"
    bad = f"json://127.0.0.1:{free_port()}/hook"
    answers: dict[str, Any] = {}

    def one(name: str, address: str) -> None:
        answers[name] = send(channel("apprise", url_env="DESK"), parcel(), {"DESK": address})

    threads = [threading.Thread(target=one, args=(f"{n}", bad if n % 2 else good)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(answers[f"{n}"].sent is (n % 2 == 0) for n in range(12))
    assert all("; " not in answers[f"{n}"].error for n in range(1, 12, 2))


# All of them


def test_a_channel_that_is_not_set_up_says_what_is_missing() -> None:
    one = channel("webhook", url_env="HOOK", secret_env="KEY")
    assert send(one, parcel(), {}).error == "the environment variable HOOK is not set"
    assert check(one, {"HOOK": "https://h.example/"}) == "the environment variable KEY is not set"
    assert check(one, {"HOOK": "https://h.example/", "KEY": "k"}) is None


def test_no_secret_reaches_the_log(web: Web, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    web.answers += [500, 500]
    send(channel("webhook", url_env="HOOK"), parcel(), {"HOOK": f"{web.url}/secret-4711?token=secret-4712"})
    address = f"json://me:secret-4713@127.0.0.1:{web.port}/secret-4714"
    send(channel("apprise", url_env="HOOK"), parcel(), {"HOOK": address})
    assert len(web.requests) == 2
    assert "secret-47" not in caplog.text


@pytest.mark.parametrize(
    ("text", "secret", "shown"),
    [
        ("POST https://h.example/T0/B0/abcdef failed", "https://h.example/T0/B0/abcdef", "POST **** failed"),
        ("url: /services/abcdef (x)", "https://h.example/services/abcdef", "url: **** (x)"),
        ("bad token abcdef\n\tat line", "slack://abcdef/B0/C0", "bad token **** at line"),
        ("login me:p%40ssword p@ssword", "smtp://me:p%40ssword@h.example", "login me:**** ****"),
        ("host h.example refused", "https://h.example/abcdef", "host h.example refused"),
        ("x abcdef", "//[bad/abcdef", "x ****"),
        ("nothing", None, "nothing"),
    ],
)
def test_errors_are_masked(text: str, secret: str | None, shown: str) -> None:
    assert masked(text, secret) == shown


def test_a_test_message_is_clearly_one(web: Web, mailbox: Mailbox) -> None:
    assert send_test(channel("webhook", url=web.url, routes=[]), NOW, {}).sent
    assert send_test(desk(mailbox), NOW, {}).sent
    body = web.requests[0].json
    assert body["test"] is True
    assert body["headline"] == "Test: this is only a test of the channel desk"
    assert "Nothing has happened." in body["text"]
    assert body["event"] is None
    assert mailbox.mails[0]["Subject"].startswith("Test: ")


def test_the_operator_is_told_on_the_operators_channel(web: Web) -> None:
    channels = Channels(operator="desk", by_id={"desk": channel("webhook", url=web.url, routes=[])})
    outcome = tell_operator(channels, "The store is full", ["3 GB of 3 GB"], NOW, {})
    assert outcome is not None
    assert outcome.sent
    assert web.requests[0].json["text"] == "The store is full\n\n3 GB of 3 GB"
    assert tell_operator(Channels(), "The store is full", [], NOW, {}) is None
