"""The post of webhooks, taken by a real server with TLS on loopback: signed, to an address that was checked, once."""

import base64
import contextlib
import hashlib
import hmac
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import ValidationError

from dashboard.server import webhook_post
from dashboard.settings import Settings
from operations.core.ids import new_id
from operations.exchange.webhooks import Undelivered

SECRET = "whsec_" + base64.b64encode(b"lanterns by the river...").decode()
LOOPBACK = "127.0.0.0/8"


def certificate(folder: Path) -> tuple[str, str]:
    """A certificate of 127.0.0.1, which it signed itself, and its key, as files."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "border")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    whole, secret = folder / "border.pem", folder / "border.key"
    whole.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain),
    )
    return str(whole), str(secret)


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Any]:
    """Who receives: what came, and with what it is answered."""
    told = SimpleNamespace(came=[], status=204, ca="", drips=False)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            if told.drips:
                with contextlib.suppress(OSError):
                    while True:
                        self.wfile.write(b"H")
                        time.sleep(0.05)
            told.came.append((self.path, self.headers, self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(told.status)
            self.send_header("location", "https://127.0.0.1/elsewhere")
            self.end_headers()

        def log_message(self, *_given: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    told.ca, key = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(told.ca, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told.address = f"https://127.0.0.1:{server.server_port}/muster?from=1"
    yield told
    server.shutdown()
    server.server_close()


def post(receiver: Any, address: str = "", **settings: Any) -> Any:
    chosen = {"webhook_networks": LOOPBACK, "webhook_ca": receiver.ca} | settings
    event = new_id()
    webhook_post.poster(Settings(**chosen))(address or receiver.address, SECRET, event, {"type": "report.verify"})
    return event


def test_what_is_posted_bears_a_mark_that_only_who_has_the_secret_could_make(receiver: Any) -> None:
    event = post(receiver)
    [(path, headers, body)] = receiver.came
    assert (path, json.loads(body), headers["webhook-id"]) == ("/muster?from=1", {"type": "report.verify"}, str(event))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mark = hmac.new(b"lanterns by the river...", signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(mark).decode()}"


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1:{port}/",
        "https://localhost:{port}/",
        "https://[::1]:{port}/",
        "https://[::ffff:127.0.0.1]:{port}/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[fd00::1]/",
        "https://0.0.0.0:{port}/",
        "https://2130706433:{port}/",
    ],
)
@pytest.mark.requirement("ASVS 1.3.6", "ASVS 13.2.4", "ASVS 13.2.5")
def test_nothing_is_posted_inside_unless_the_settings_name_the_network(receiver: Any, address: str) -> None:
    port = receiver.address.rpartition(":")[2].partition("/")[0]
    with pytest.raises(Undelivered, match="inside"):
        post(receiver, address.format(port=port), webhook_networks="192.0.2.0/24")
    assert receiver.came == []


@pytest.mark.requirement("ASVS 1.3.6")
def test_a_name_of_which_one_address_lies_inside_is_refused(receiver: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in ("203.0.114.5", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_more: found)
    with pytest.raises(Undelivered, match="inside"):
        post(receiver, "https://border.example/", webhook_networks="")


@pytest.mark.parametrize("status", [302, 404, 500])
@pytest.mark.requirement("ASVS 15.3.2")
def test_an_answer_other_than_thanks_is_no_delivery_and_leads_nowhere(receiver: Any, status: int) -> None:
    receiver.status = status
    with pytest.raises(Undelivered, match=str(status)):
        post(receiver)
    assert len(receiver.came) == 1


@pytest.mark.requirement("ASVS 12.3.2")
def test_a_certificate_that_nobody_knows_and_a_port_that_is_closed_are_no_delivery(receiver: Any) -> None:
    with pytest.raises(Undelivered, match="SSLCertVerificationError"):
        post(receiver, webhook_ca="")
    with pytest.raises(Undelivered, match="ConnectionRefusedError"):
        post(receiver, "https://127.0.0.1:9/")
    assert receiver.came == []


def test_an_answer_that_drips_is_cut(receiver: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook_post, "PATIENCE", 0.5)
    receiver.drips, began = True, time.monotonic()
    with pytest.raises(Undelivered):
        post(receiver)
    assert time.monotonic() - began < 5


def test_a_system_that_never_answers_is_left(receiver: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook_post, "PATIENCE", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # it takes the connection, and says nothing
        began = time.monotonic()
        with pytest.raises(Undelivered):
            post(receiver, f"https://127.0.0.1:{silent.getsockname()[1]}/")
    assert 0.4 < time.monotonic() - began < 5


@pytest.mark.requirement("ASVS 13.2.4")
def test_networks_are_checked_when_the_settings_are_read() -> None:
    with pytest.raises(ValidationError, match="MUSTER_WEBHOOK_NETWORKS"):
        Settings(webhook_networks="everywhere")
