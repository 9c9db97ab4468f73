"""The webhook of alerts, taken by a real server on loopback: signed, without content, and never led elsewhere."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import ValidationError

from dashboard.server import alert_webhook, mail, timetable
from dashboard.settings import Settings
from operations.core.errors import MusterError
from operations.timetable import signals
from operations.timetable.signals import AlertNotice
from tests.makers import START
from tests.servers import free_port

NOTICE = AlertNotice("5f1c", "installation", "silent", START)


@pytest.fixture
def receiver() -> Iterator[Any]:
    """Who receives: what came, and with what it is answered."""
    told = SimpleNamespace(came=[], status=204, to="")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.came.append((self.path, self.headers, self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(told.status)
            if told.to:
                self.send_header("location", told.to)
            self.end_headers()

        def log_message(self, *_given: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told.settings = Settings(
        alert_webhook=f"http://127.0.0.1:{server.server_port}/hook?of=muster",
        alert_secret="lanterns",
        public_origin="https://muster.example",
    )
    yield told
    server.shutdown()
    server.server_close()


def post(settings: Settings) -> None:
    made = alert_webhook.poster(settings)
    assert made is not None
    made(NOTICE)


def test_an_alert_arrives_signed_with_its_name_and_where_to_look(receiver: Any) -> None:
    post(receiver.settings)
    [(path, headers, body)] = receiver.came
    assert path == "/hook?of=muster"
    assert json.loads(body) == {
        "id": "5f1c",
        "kind": "installation",
        "alert": "silent",
        "at": START.isoformat(),
        "address": "https://muster.example/installation",
    }
    assert headers["Idempotency-Key"] == "5f1c"
    assert headers[alert_webhook.SIGNATURE] == "sha256=" + hmac.new(b"lanterns", body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("status", [302, 307, 404, 500])
@pytest.mark.requirement("ASVS 15.3.2")
def test_what_is_not_taken_is_refused_and_led_nowhere_else(receiver: Any, status: int) -> None:
    receiver.status, receiver.to = status, receiver.settings.alert_webhook.replace("/hook", "/elsewhere")
    with pytest.raises(MusterError, match=f"The webhook of alerts answered {status}"):
        post(receiver.settings)
    assert [path for path, _headers, _body in receiver.came] == ["/hook?of=muster"]


def test_a_receiver_that_is_not_there_is_said_without_its_address() -> None:
    with pytest.raises(MusterError, match=r"cannot be reached \(ConnectionRefusedError\)"):
        post(Settings(alert_webhook=f"http://127.0.0.1:{free_port()}/secret-path"))


def test_a_signed_head_leaves_by_folder_webhook_and_mail(receiver: Any, tmp_path: Path, monkeypatch: Any) -> None:
    mails: list[Any] = []
    monkeypatch.setattr(mail, "deliver", lambda _settings, written: mails.append(written))
    settings = receiver.settings.model_copy(
        update={
            "evidence_dir": tmp_path,
            "evidence_webhook": receiver.settings.alert_webhook,
            "evidence_mail": "auditor@police.example",
            "smtp_host": "mail.example",
        }
    )
    text = b'{"statement": {}}\n'
    for way in timetable.evidence_ways(settings):
        way(text, START)
    [(_path, headers, body)] = receiver.came
    [letter] = mails
    [attached] = letter.iter_attachments()
    [file] = tmp_path.iterdir()
    assert {body, attached.get_content(), file.read_bytes()} == {text}
    assert (letter["To"], attached.get_filename()) == ("auditor@police.example", file.name)
    assert headers["Idempotency-Key"] == "heads-20260302T060000Z"
    assert timetable.evidence_ways(Settings(evidence_mail="auditor@police.example")) == [], "without a mail server"
    assert [job.name for job in timetable.outside(settings)][-1] == "journal.signed_head"


def test_alerts_are_handed_over_only_where_a_webhook_is_set() -> None:
    assert alert_webhook.poster(Settings()) is None
    names = {
        bool(address): [job.name for job in timetable.outside(Settings(alert_webhook=address))]
        for address in ("", "https://alerts.example")
    }
    assert names == {False: [signals.CHECK], True: [signals.CHECK, "alert.post"]}
    with pytest.raises(ValidationError, match="MUSTER_ALERT_WEBHOOK is an address"):
        Settings(alert_webhook="file:///etc/passwd")
