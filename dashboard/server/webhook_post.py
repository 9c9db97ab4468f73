"""Requests of Muster to others over TLS: webhooks of countries, and reports for a centre.

A webhook is a POST of JSON, signed as Standard Webhooks says (https://www.standardwebhooks.com).

An address is looked up and checked before each connection, and the connection goes to what was checked: a name that
leads inside this network is refused whenever it does, unless the settings name that network.
"""

import base64
import hashlib
import hmac
import http.client
import ipaddress
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from dashboard.settings import Settings
from operations.core import clock
from operations.core.store import Store
from operations.exchange import centre_delivery, webhooks
from operations.exchange.centre_delivery import CentreAnswer, CentreCall
from operations.exchange.webhooks import EventPost, Undelivered

LONGEST = 4 * 1024 * 1024
"""Bytes of the answer of a centre that are read at most."""
PATIENCE = 10
"""Seconds that a receiver has to take the connection, and then for all of its answer, however slowly it drips."""
_AT_ONCE = 8


def sender(settings: Settings) -> Callable[[Store], int]:
    """Return a function that sends what is due, each address in a thread of its own, and returns how many left."""
    post, call = poster(settings), caller(settings, LONGEST)

    def send(store: Store) -> int:
        moment = clock.now()
        told = [partial(webhooks.send_due, store, each, post, moment) for each in webhooks.due(store, moment)]
        asked = [
            partial(centre_delivery.deliver, store, each, call, moment) for each in centre_delivery.due(store, moment)
        ]
        if not (work := [*told, *asked]):
            return 0
        with ThreadPoolExecutor(min(_AT_ONCE, len(work))) as threads:
            return sum(threads.map(lambda each: each(), work))

    return send


def poster(settings: Settings) -> EventPost:
    """Return the function that posts an event."""
    call = caller(settings)

    def post(address: str, secret: str, event: UUID, body: Mapping[str, Any]) -> None:
        said = json.dumps(body, sort_keys=True).encode()
        answer = call("POST", address, {"Content-Type": "application/json", **signed(secret, event, said)}, said)
        if not 200 <= answer.status < 300:
            raise Undelivered(str(answer.status))

    return post


def caller(settings: Settings, most: int = 0) -> CentreCall:
    """Return the function that sends a request over TLS to an address that was checked, and returns the answer.

    No redirect is followed; of the answer `most` bytes are read.
    """
    trusted = ssl.create_default_context(cafile=settings.webhook_ca or None)
    inside = settings.inside

    def allowed(found: str) -> bool:
        address = ipaddress.ip_address(found)
        address = getattr(address, "ipv4_mapped", None) or address
        return (address.is_global and not address.is_multicast) or any(address in network for network in inside)

    def call(method: str, address: str, headers: Mapping[str, str], body: bytes = b"") -> CentreAnswer:
        place = urlsplit(address)
        host, port = place.hostname or "", place.port or 443
        path = (place.path or "/") + (f"?{place.query}" if place.query else "")
        connection = http.client.HTTPSConnection(host, port, timeout=PATIENCE, context=trusted)
        ends = threading.Timer(PATIENCE, lambda: _cut(connection.sock))
        try:
            plain = _connected(host, port, allowed)
            connection.sock = trusted.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
            ends.start()
            connection.sock.do_handshake()
            connection.request(method, path, body or None, dict(headers))
            answer = connection.getresponse()
            media_type = (answer.getheader("content-type") or "").partition(";")[0].strip().lower()
            return CentreAnswer(answer.status, media_type, answer.read(most) if most else b"")
        except (OSError, http.client.HTTPException, ValueError) as broken:
            raise Undelivered(type(broken).__name__) from None
        finally:
            ends.cancel()
            connection.close()

    return call


def signed(secret: str, event: UUID, body: bytes) -> dict[str, str]:
    """Return the headers that prove who sent a body, and when."""
    moment = str(int(time.time()))
    key = base64.b64decode(secret.partition("_")[2])
    mark = hmac.new(key, f"{event}.{moment}.".encode() + body, hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(mark).decode()}"
    return {"webhook-id": str(event), "webhook-timestamp": moment, "webhook-signature": signature}


def _cut(line: socket.socket | None) -> None:
    with suppress(OSError):
        if line is not None:
            line.shutdown(socket.SHUT_RDWR)


def _connected(host: str, port: int, allowed: Callable[[str], bool]) -> socket.socket:
    """Connect to the first address of a name. Raises Undelivered where one of them lies inside, and OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if not all(allowed(str(place[4][0])) for place in found):
        raise Undelivered("inside")
    return socket.create_connection(found[0][4][:2], timeout=PATIENCE)
