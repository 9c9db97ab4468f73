"""What a request says of itself: where it comes from, for whom, and how much it sends."""

import ipaddress
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from dashboard.settings import Settings

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def session_cookie(settings: Settings) -> str:
    """The session cookie's name: bound to this host and to TLS, where there is TLS."""
    return "__Host-muster" if settings.secure else "muster"


def navigates(scope: Scope) -> bool:
    """Whether a person goes to a page, so that the answer is looked at and not read by a script."""
    headers = Headers(scope=scope)
    mode = headers.get("sec-fetch-mode")
    page = mode == "navigate" or (mode is None and "text/html" in headers.get("accept", ""))
    return page and not scope["path"].startswith("/_")


def network(scope: Scope) -> str:
    """Where a connection comes from: its address, or the network of 64 bits that one household of IPv6 has."""
    source = scope["client"][0] if scope.get("client") else ""
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return str(source)
    if address.version == 4:
        return str(address)
    return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False))


def place(host: str, origin: str = "") -> tuple[str, int]:
    """Name and port of a Host header, or of an origin; the port is that of the origin's scheme where none is said."""
    parts = urlsplit(host if "://" in host else f"//{host}")
    try:
        port = parts.port
    except ValueError:
        port = -1
    scheme = urlsplit(origin or host).scheme
    return (parts.hostname or "").rstrip("."), port or (443 if scheme == "https" else 80)


def declared(headers: Headers, limit: int) -> bool:
    """Whether the size that the request states is one that is taken."""
    declared = headers.get("content-length", "0")
    return declared.isdigit() and int(declared) <= limit


def counted(receive: Receive, limit: int) -> Receive:
    """The body as it comes; whoever sends more than the limit, whatever the header said, is taken for gone."""
    size = [0]

    async def counted() -> Message:
        message = await receive()
        size[0] += len(message.get("body", b""))
        return message if size[0] <= limit else {"type": "http.disconnect"}

    return counted


def replayed(body: bytes, receive: Receive) -> Receive:
    """A body that was gathered before, for whoever asks for it now."""
    first = [True]

    async def replay() -> Message:
        if first[0]:
            first[0] = False
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return replay
