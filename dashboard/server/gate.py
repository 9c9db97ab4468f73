"""The gate: ASGI middleware that authenticates, limits and checks every request before the application sees it.

In this order: the origin of the request (host, origin, fetch metadata), the session, a place in the queue of its rate
limit (`rate_limits`), the size of the body, and then security headers on every response. Public addresses are a list of
exact paths, and those of calendars and certificates, which hold a token of their own.
"""

import asyncio
import re
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID

import anyio
import anyio.to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response

from dashboard import wording
from dashboard.server.access import SCOPE, RequestContext
from dashboard.server.rate_limits import RateLimits
from dashboard.server.request_context import (
    App,
    Message,
    Receive,
    Scope,
    Send,
    counted,
    declared,
    navigates,
    network,
    place,
    replayed,
    session_cookie,
)
from dashboard.server.responses import caching, later, refused, too_much, unavailable
from dashboard.settings import Settings, loopback
from operations.core import sign_in
from operations.core.errors import HIDDEN, TooMany
from operations.core.people import Actor, System
from operations.core.storage_errors import PASSING, Unavailable
from operations.core.store import Store
from operations.policing.operation import membership, wall_screens

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PULSE_PATHS = ("/pulse", "/pulse/now")
STREAMED = "/data/files/"
"""Files of any allowed size are uploaded here: their bodies are counted as they stream, and not buffered."""
LANGUAGE_COOKIE, THEME_COOKIE, SCHEME_COOKIE = "muster-language", "muster-theme", "muster-scheme"
SIGNED_OUT, REFUSED_SOCKET, TOO_MANY_SOCKETS, TRY_LATER = 4401, 4403, 4429, 1013
STORING = "Muster-Storing"
"""The header on every response that says why nothing can be stored, as long as that is so."""
_ASK_AGAIN = (0.1, 0.3, 0.6, 1.0)  # seconds between retries of the session lookup while the storage is unavailable
PROBES = frozenset({"/health", "/ready"})
"""Health checks: monitors call them under any host name; they reveal nothing."""
SIGN_IN_BODY = 16 * 1024
BODY_SECONDS = 60.0
HOLD_SOCKET = 5  # times the delay of another refusal: the screen polls /pulse/now meanwhile
IDENTIFIERS = 8  # threads that look up sessions; they do nothing else
_SESSIONS_KNOWN = 10_000
TOKENISED = re.compile(r"/calendar/[A-Za-z0-9_-]{43}\.ics|/certificate/[A-Za-z0-9_-]{22}")
"""Calendar feeds answer without a session, since a calendar program has none. The token in the address is the key.

So do certificates: anyone who scans the code of one learns whether it is valid.
"""


_OF_PAGES = ("/assets/", "/_dash-component-suites/", "/data/map/base/")


def on_wall(only: str, method: str, path: str) -> bool:
    """Return whether a wall screen may request this: its one page, its assets and map, and callbacks (`policy.screen`).

    Map data of the operation is read with an actor whose only operation this is.
    """
    if method not in SAFE:
        return path == "/_dash-update-component"
    drawn = (only, "/_dash-layout", "/_dash-dependencies", *PULSE_PATHS)
    return path in drawn or path.startswith((*_OF_PAGES, f"/data/map/{wall_screens.operation_of(only)}/"))


class Gate:
    """Middleware around `app`. `public`: exact paths that answer without a session; `csp()` is called per response."""

    def __init__(
        self,
        app: App,
        store: Store,
        settings: Settings,
        public: frozenset[str],
        csp: Callable[[], str],
        doors: RateLimits,
        apology: Callable[[Scope], Response] | None = None,
    ) -> None:
        """`apology` makes the page that a browser is shown where the storage fails even for the session lookup."""
        self.apology = apology
        self.app, self.store, self.settings, self.public, self.csp = app, store, settings, public, csp
        self.cookie = session_cookie(settings)
        self.doors = doors
        self._identifiers = anyio.CapacityLimiter(IDENTIFIERS)
        self._known: OrderedDict[bytes, UUID] = OrderedDict()  # accounts of the sessions seen, by token hash
        self._sockets: Counter[UUID] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        headers, path = Headers(scope=scope), scope["path"]
        if scope["type"] == "websocket":
            return await self._socket(scope, receive, send, headers, path)
        send = self._with_headers(scope, send)
        refusal = self._refusal_of_form(headers, path) or self._refusal_of_origin(scope, headers)
        if refusal is not None:
            return await refusal(scope, receive, send)
        try:
            await self._answer(scope, receive, send, headers, path)
        except TooMany as refused:
            with wording.in_language(self._language(scope, headers)):
                await later(refused, navigates(scope))(scope, receive, send)
        except Unavailable as error:
            page = self.apology if navigates(scope) else None
            await (page(scope) if page else unavailable(error))(scope, receive, send)

    # ------------------------------------------------------------------------------------------ who and whence

    async def identify(self, token: str, present: bool = False) -> tuple[sign_in.Visit, Any] | None:
        """Return the session and the actor of a token. `present`: the user is active; the idle timeout starts again."""
        if not token:
            return None
        for pause in _ASK_AGAIN:
            try:
                return await anyio.to_thread.run_sync(self._identify, token, present, limiter=self._identifiers)
            except Unavailable as error:
                if error.reason not in PASSING:
                    raise
            await anyio.sleep(pause)
        return await anyio.to_thread.run_sync(self._identify, token, present, limiter=self._identifiers)

    def _identify(self, token: str, present: bool) -> tuple[sign_in.Visit, Any] | None:
        with self.store.reading(System()) as session:
            visit = sign_in.visit(session, token, self.settings.limits)
            actor = membership.actor(session, visit.account) if visit else None
            if visit and actor and visit.sign_in.only is not None:
                actor = wall_screens.bound(actor, visit.sign_in.only)
        if visit is None or actor is None:
            return None
        if present:
            sign_in.touch(self.store, visit.sign_in)
        return visit, actor

    async def identified(self, tokens: Sequence[str]) -> dict[str, Actor]:
        """Return the actor of each token, in few queries; ended sessions are left out."""
        return await anyio.to_thread.run_sync(self._identified, tokens, limiter=self._identifiers)

    def _identified(self, tokens: Sequence[str]) -> dict[str, Actor]:
        with self.store.reading(System()) as session:
            visits = sign_in.visits(session, tokens, self.settings.limits)
            accounts = {each.account.id: each.account for each in visits.values()}
            actors = {each.account_id: each for each in membership.actors(session, accounts.values())}
        known: dict[str, Actor] = {}
        for token, visit in visits.items():
            actor, only = actors.get(visit.account.id), visit.sign_in.only
            if actor is not None and only is not None:
                actor = wall_screens.bound(actor, only)
            if actor is not None:
                known[token] = actor
        return known

    def _cookies(self, headers: Headers) -> dict[str, str]:
        return cookie_parser(headers.get("cookie", ""))

    async def _asking(self, scope: Scope, headers: Headers, present: bool) -> RequestContext | None:
        cookies = self._cookies(headers)
        known = await self.identify(cookies.get(self.cookie, ""), present)
        if known is None:
            return None
        theme = cookies.get(THEME_COOKIE, "auto")
        theme = theme if theme in ("light", "dark") else "auto"
        dark = theme == "dark" or (theme == "auto" and cookies.get(SCHEME_COOKIE) == "dark")
        return RequestContext(
            known[1],
            self.store,
            known[0].sign_in.id,
            theme=theme,
            dark=dark,
            only=known[0].sign_in.only,
            spend=self._spend(known[1]),
        )

    def _spend(self, actor: Actor) -> Callable[[str], None]:
        return lambda what: self.doors.spend(what, actor.account_id)

    def _language(self, scope: Scope, headers: Headers) -> str:
        asking = scope.get(SCOPE)
        return asking.actor.language if asking else wording.preferred(headers.get("accept-language", ""))

    def _refusal_of_form(self, headers: Headers, path: str) -> Response | None:
        """Return the refusal of a malformed request, if it is one: both length headers, or an unknown host."""
        if "transfer-encoding" in headers and "content-length" in headers:
            return refused(400, "A request says its length once.", {"Connection": "close"})
        if path not in PROBES and not self.own_host(headers.get("host", "")):
            return refused(400, "Muster is not served under this name.", {"Connection": "close"})
        return None

    def own_host(self, host: str) -> bool:
        """Return whether a Host header names the server.

        On loopback without a public origin only loopback names are accepted, against DNS rebinding. Elsewhere without
        one, cookies travel over TLS only, and the certificate proves the name.
        """
        if self.settings.public_origin:
            return place(host, self.settings.public_origin) == place(self.settings.public_origin)
        return bool(host) and (not loopback(self.settings.host) or loopback(urlsplit(f"//{host}").hostname or ""))

    def same_origin(self, headers: Headers) -> bool:
        """Return whether the Origin header names the server."""
        origin = headers.get("origin", "")
        if self.settings.public_origin:
            return origin == self.settings.public_origin.rstrip("/")
        return bool(origin) and urlsplit(origin).netloc == headers.get("host", "") != ""

    def _refusal_of_origin(self, scope: Scope, headers: Headers) -> Response | None:
        site = headers.get("sec-fetch-site")
        if scope["method"] in SAFE:
            navigates = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
            allowed = site in (None, "same-origin", "none") or navigates
        else:
            allowed = site in (None, "same-origin") and self.same_origin(headers)
        return None if allowed else refused(403, "This request comes from another place than Muster's own pages.")

    # --------------------------------------------------------------------------------------------------- bodies

    async def _body(self, headers: Headers, receive: Receive, limit: int) -> bytes | int:
        """Return the whole body, or a status: 413 above the limit, whatever its header says, or 408 after 60 s."""
        if not declared(headers, limit):
            return 413
        parts, size, more = [], 0, True
        try:
            async with asyncio.timeout(BODY_SECONDS):
                while more:
                    message = await receive()
                    if message["type"] != "http.request":
                        break
                    part = message.get("body", b"")
                    size, more = size + len(part), message.get("more_body", False)
                    if size > limit:
                        return 413
                    parts.append(part)
        except TimeoutError:
            return 408
        return b"".join(parts)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send, headers: Headers, limit: int) -> None:
        """Read the body of the request, and return the application's response."""
        if scope["path"].startswith(STREAMED):
            if not declared(headers, self.settings.import_limit):
                return await too_much(413)(scope, receive, send)
            receive = counted(receive, self.settings.import_limit)
        elif scope["method"] not in SAFE:
            body = await self._body(headers, receive, limit)
            if isinstance(body, int):
                return await too_much(body)(scope, receive, send)
            receive = replayed(body, receive)
        return await self.app(scope, receive, send)

    # ------------------------------------------------------------------------------------------------- answers

    async def _answer(self, scope: Scope, receive: Receive, send: Send, headers: Headers, path: str) -> None:
        if path in PROBES & self.public:
            return await self.app(scope, receive, send)
        if path in self.public or (scope["method"] == "GET" and TOKENISED.fullmatch(path)):
            async with self._door("public" if scope["method"] in SAFE else None, network(scope)):
                return await self._pass_on(scope, receive, send, headers, SIGN_IN_BODY)
        present = path not in PULSE_PATHS and headers.get("muster-present") != "0"
        account, asking = self._seen(headers), None
        if account is None:
            async with self._door("strangers", network(scope)):
                asking = await self._asking(scope, headers, present)
            if asking is None:
                return await self._anonymous(scope, headers, path)(scope, receive, send)
            account = self._see(headers, asking)
        door = self.doors.of(scope["method"], path)
        async with self._door(door, account):
            asking = asking or await self._asking(scope, headers, present)
            if asking is None:
                return await self._anonymous(scope, headers, path)(scope, receive, send)
            if asking.only is not None and not on_wall(asking.only, scope["method"], path):
                return await refused(404, HIDDEN)(scope, receive, send)
            scope[SCOPE] = asking
            if door in self.doors.spending:
                self.doors.spend(door, account)
            elif door == "pages" and scope["method"] not in SAFE:
                self.doors.spend("writes", account)
            with wording.in_language(asking.actor.language):
                return await self._pass_on(scope, receive, send, headers, self.settings.body_limit)

    def _door(self, name: str | None, key: object) -> AbstractAsyncContextManager[None]:
        return self.doors.rows[name].passing(key) if name else nullcontext()

    def _token_hash(self, headers: Headers) -> bytes:
        return sha256(self._cookies(headers).get(self.cookie, "").encode()).digest()

    def _seen(self, headers: Headers) -> UUID | None:
        """Return the account of a session that this process has seen. It may have ended since: look it up again."""
        return self._known.get(self._token_hash(headers))

    def _see(self, headers: Headers, asking: RequestContext) -> UUID:
        self._known[self._token_hash(headers)] = asking.actor.account_id
        while len(self._known) > _SESSIONS_KNOWN:
            self._known.popitem(last=False)
        return asking.actor.account_id

    def _anonymous(self, scope: Scope, headers: Headers, path: str) -> Response:
        if scope["method"] == "GET" and navigates(scope) and not path.startswith("/_"):
            query = scope.get("query_string", b"").decode("latin-1")
            target = quote(path + (f"?{query}" if query else ""), safe="/")
            return RedirectResponse(f"/sign-in?next={target}" if path != "/" else "/sign-in", 303)
        return refused(401, "Sign in first.")

    async def _socket(self, scope: Scope, receive: Receive, send: Send, headers: Headers, path: str) -> None:
        account, asking = self._seen(headers), None
        if path == PULSE_PATHS[0] and self.own_host(headers.get("host", "")) and self.same_origin(headers):
            if account is not None and self._sockets[account] >= self.doors.sockets:
                return await self._one_socket_too_many(receive, send)
            try:
                asking = await self._asking(scope, headers, present=False)
            except Unavailable:
                await receive()
                return await send({"type": "websocket.close", "code": TRY_LATER})
        if asking is None:
            await receive()
            return await send(
                {"type": "websocket.close", "code": SIGNED_OUT if path == PULSE_PATHS[0] else REFUSED_SOCKET}
            )
        account = self._see(headers, asking)
        if self._sockets[account] >= self.doors.sockets:
            return await self._one_socket_too_many(receive, send)
        scope[SCOPE] = asking
        scope["muster.token"] = self._cookies(headers).get(self.cookie, "")
        scope["muster.identify"] = self.identified
        self._sockets[account] += 1
        try:
            return await self.app(scope, receive, send)
        finally:
            self._sockets[account] -= 1
            if not self._sockets[account]:
                del self._sockets[account]

    async def _one_socket_too_many(self, receive: Receive, send: Send) -> None:
        """Accept the socket, then close it with a reason: a browser cannot read the reason of a rejected socket."""
        await receive()
        await self.doors.hold_back(HOLD_SOCKET)
        await send({"type": "websocket.accept"})
        reason = f"More than {self.doors.sockets} screens of one person are open."
        await send({"type": "websocket.close", "code": TOO_MANY_SOCKETS, "reason": reason})

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        path, query = scope["path"], scope.get("query_string", b"")

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                if message["status"] == 429:
                    await self.doors.hold_back()
                headers = MutableHeaders(scope=message)
                for name, value in self._security().items():
                    headers[name] = value
                headers["Cache-Control"] = caching(path, query, message["status"])
                if (fault := self.store.fault) is not None:
                    headers[STORING] = fault.value
            await send(message)

        return sent

    def _security(self) -> dict[str, str]:
        headers = {
            "Content-Security-Policy": self.csp(),
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            # Not no-referrer: with it browsers send "Origin: null" with our own forms. Nothing leaves for other hosts.
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        }
        if self.settings.secure:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        return headers
