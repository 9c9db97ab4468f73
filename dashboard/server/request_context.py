"""Properties of a request: its origin, its network, its host, and the size of its body."""

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
    """Return the name of the session cookie: with TLS its `__Host-` prefix binds it to this host."""
    return "__Host-muster" if settings.secure else "muster"


def navigates(scope: Scope) -> bool:
    """Return whether a browser navigates to a page, so that a person reads the response and not a script."""
    headers = Headers(scope=scope)
    mode = headers.get("sec-fetch-mode")
    page = mode == "navigate" or (mode is None and "text/html" in headers.get("accept", ""))
    return page and not scope["path"].startswith("/_")


def network(scope: Scope) -> str:
    """Return the client's IPv4 address, or its IPv6 /64 network, which one household has."""
    source = scope["client"][0] if scope.get("client") else ""
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return str(source)
    if address.version == 4:
        return str(address)
    return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False))


def place(host: str, origin: str = "") -> tuple[str, int]:
    """Return name and port of a Host header or an origin; the default port is that of the origin's scheme."""
    parts = urlsplit(host if "://" in host else f"//{host}")
    try:
        port = parts.port
    except ValueError:
        port = -1
    scheme = urlsplit(origin or host).scheme
    return (parts.hostname or "").rstrip("."), port or (443 if scheme == "https" else 80)


def declared(headers: Headers, limit: int) -> bool:
    """Return whether the Content-Length of the request is valid and within the limit."""
    declared = headers.get("content-length", "0")
    return declared.isdigit() and int(declared) <= limit


def limited_body(receive: Receive, limit: int) -> Receive:
    """Stream the body; beyond the limit, whatever the header said, report a disconnected client."""
    size = [0]

    async def counted() -> Message:
        message = await receive()
        size[0] += len(message.get("body", b""))
        return message if size[0] <= limit else {"type": "http.disconnect"}

    return counted


def replayed(body: bytes, receive: Receive) -> Receive:
    """Return a receiver that yields a body which was read before."""
    first = [True]

    async def replay() -> Message:
        if first[0]:
            first[0] = False
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return replay
