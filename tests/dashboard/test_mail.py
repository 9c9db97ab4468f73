"""Mail, taken by a real server on loopback: TLS and sign-in, refusals, and no word of content in four languages."""

import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from sqlmodel import select

from dashboard.server import mail
from dashboard.settings import Settings
from operations.core.errors import Flaw
from operations.core.people import Account, System
from operations.core.store import Store
from operations.core.stored_sentences import sentence_json
from operations.core.vocabulary import MessageKind
from operations.notices import outbox
from operations.notices.messages import Delivery, To, tell
from operations.notices.outbox import Unsent
from operations.notices.preferences import MessageHabits
from operations.policing.operation.plan import Operation
from tests.makers import START, Running, put_cast
from tests.people import actor
from tests.prepared_databases import empty_store
from tests.servers import free_port

SECRETS = ("Operation Blue", "Niamey", "report", "rapport", "/operations/")


class Server:
    """What a mail server received; it refuses the addresses of nobody and is busy for one of busy."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if address.startswith("nobody@"):
            return "550 no such user"
        if address.startswith("busy@"):
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"


@contextmanager
def serving(**options: Any) -> Iterator[tuple[Server, int]]:
    handler, port = Server(), free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield handler, port
    finally:
        controller.stop()


def settings(port: int, **changes: Any) -> Settings:
    where = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"}
    who = {"mail_from": "muster@police.example", "public_origin": "https://muster.example"}
    return Settings(**where | who | changes)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = empty_store(tmp_path)
    put_cast(made)
    yield made
    made.dispose()


def waits(store: Store, address: str, language: str = "en", **changes: Any) -> None:
    """A message for Bruno, who is told by mail."""
    bruno = actor("bruno")
    with store.unit_of_work(System()) as session:
        session.get_one(Account, bruno.account_id).language = language
        session.add(
            MessageHabits(account_id=bruno.account_id, way="mail", address=address, changed_at=START, **changes)
        )
    with store.unit_of_work(System()) as session:
        key = f"Operation Blue Niamey {uuid4()}"
        tell(
            session,
            To.those(bruno.account_id),
            MessageKind.REPORT_MISSING,
            "/operations/x/reports",
            3,
            key=key,
            by=System(),
        )


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
@pytest.mark.requirement("R79")
def test_a_mail_has_a_number_and_a_link_in_the_reader_s_language_and_no_content(store: Store, language: str) -> None:
    waits(store, "bruno@police.example", language)
    with serving() as (server, port):
        post = mail.poster(settings(port))
        assert post is not None
        assert outbox.send_due(store, post, START.replace(year=2100)) == 1
    [got] = server.mails
    text = got.get_content()
    assert (got["To"], got["From"], got["Content-Language"]) == (
        "bruno@police.example",
        "muster@police.example",
        language,
    )
    with store.reading(System()) as session:
        delivery = session.exec(select(Delivery)).one()
    assert f"https://muster.example/message/{delivery.message_id}" in text
    reference = f"{delivery.message_id.int % 1_000_000:06d}"
    assert reference in got["Subject"]
    assert reference in text
    assert not [word for word in SECRETS if word in got["Subject"] + text]
    assert delivery.sent_at is not None


@pytest.mark.parametrize(
    ("classification", "subject"),
    [
        ("for_official_use", "Muster: Operation Blue: Report of Niamey, 2 Mar 2026: verify it locally. ("),
        ("restricted", "Muster: message "),
        ("confidential", "Muster: message "),
    ],
)
@pytest.mark.requirement("R79")
def test_a_subject_names_operation_and_act_where_the_classification_lets_it(
    scene: Running, classification: str, subject: str
) -> None:
    about = Flaw("", "Report of {site}, {day}: verify it locally.", {"site": "Niamey", "day": "2026-03-02"})
    bruno = scene["bruno"].account_id
    with scene.store.unit_of_work(System()) as session:
        owner = session.get_one(Operation, scene.operation)
        owner.code_name, owner.classification = "Operation Blue", classification
        session.add(MessageHabits(account_id=bruno, way="mail", address="b@police.example", changed_at=START))
    with scene.store.unit_of_work(System()) as session:
        more = {"key": "one", "by": System(), "operation": scene.operation, "about": about}
        tell(session, To.those(bruno), MessageKind.WAITS, "/operations/x/verify", **more)
        [letter] = outbox.take(session, START.replace(year=2100))
    written = mail.written(letter, settings(1))
    assert written["Subject"].startswith(subject)
    secret = Flaw("", "A task is yours: {title}", {"title": "Look for El Zorro"})
    [message] = letter.messages
    message.about = sentence_json(secret)
    assert "Zorro" not in mail.written(letter, settings(1))["Subject"]  # words that somebody wrote stay inside


def test_a_refused_address_is_given_up_and_a_busy_or_absent_server_is_tried_again(store: Store) -> None:
    with serving() as (server, port):
        for address, for_good in (("nobody@police.example", True), ("busy@police.example", False)):
            with pytest.raises(Unsent) as refused:
                mail.deliver(settings(port), _mail(address))
            assert refused.value.for_good is for_good
        assert server.mails == []
    with pytest.raises(Unsent, match="unreachable") as absent:
        mail.deliver(settings(free_port()), _mail("bruno@police.example"))
    assert not absent.value.for_good


def _mail(address: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "muster@police.example", address, "Muster"
    made.set_content("Muster")
    return made


@pytest.mark.requirement("ASVS 12.3.1")
def test_mail_travels_by_tls_with_a_password_and_never_without_where_tls_is_asked_for(
    certificate: tuple[Path, Path],
) -> None:
    pem, key = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)

    def known(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"muster", b"quiet harbour")
        return AuthResult(success=right, handled=right)

    secure = {"smtp_host": "localhost", "smtp_security": "starttls", "smtp_ca": str(pem)}
    with serving(tls_context=context, authenticator=known, auth_required=True, require_starttls=True) as (server, port):
        mail.deliver(
            settings(port, **secure, smtp_user="muster", smtp_password="quiet harbour"), _mail("b@police.example")
        )
        with pytest.raises(Unsent):
            mail.deliver(settings(port, **secure, smtp_user="muster", smtp_password="wrong"), _mail("b@police.example"))
        with pytest.raises(Unsent, match="unreachable SSLCert"):  # a stranger's certificate
            mail.deliver(settings(port, **secure | {"smtp_ca": ""}), _mail("b@police.example"))
        assert len(server.mails) == 1
    with serving() as (server, port), pytest.raises(Unsent):  # a server without TLS gets nothing
        mail.deliver(settings(port, **secure), _mail("b@police.example"))
    assert server.mails == []


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate of localhost, made for this test."""
    pem, key = tmp_path / "localhost.pem", tmp_path / "localhost.key"
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
            "-keyout",
            str(key),
            "-out",
            str(pem),
        ],
        check=True,
        capture_output=True,
    )
    return pem, key


def test_nothing_is_sent_where_no_server_is_named() -> None:
    assert mail.poster(Settings()) is None
