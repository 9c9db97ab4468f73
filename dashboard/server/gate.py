"""The gate: ASGI middleware that authenticates, limits and checks every request before the application sees it.

A pure ASGI application around everything. In this order: the way in (host, origin, fetch metadata), whether there is a
session, the whole body of the request (`request_bodies`), its turn at a rate limit (`rate_limits`), who asks at that
moment, and then headers on whatever is answered. What is public is a list of exact paths, and the addresses of
calendars and certificates, which hold a key of their own. Programs ask under `API` with a token, never with a cookie;
no token opens any other address.
"""

import re
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, nullcontext
from dataclasses import replace
from hashlib import sha256
from typing import Any, NamedTuple
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
from dashboard.server.request_bodies import Bodies, Untaken
from dashboard.server.request_context import (
    App,
    Message,
    Receive,
    Scope,
    Send,
    declared,
    limited_body,
    navigates,
    network,
    place,
    replayed,
    session_cookie,
)
from dashboard.server.responses import TOO_MANY_TRIES, caching, problem, rate_refusal, refused, too_much, unavailable
from dashboard.settings import Settings, loopback
from dashboard.wording import _
from operations.core import sign_in
from operations.core.errors import HIDDEN, TooMany
from operations.core.people import Actor, System
from operations.core.storage_errors import PASSING, Unavailable
from operations.core.store import Store
from operations.exchange import api_tokens
from operations.policing.operation import membership, wall_screens

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PULSE_PATHS = ("/pulse", "/pulse/now")
STREAMED = "/data/files/"
"""Files of any allowed size are sent here: `upload_queue` takes them in as they come, at a rate that must be kept."""
LANGUAGE_COOKIE, THEME_COOKIE, SCHEME_COOKIE = "muster-language", "muster-theme", "muster-scheme"
SIGNED_OUT, REFUSED_SOCKET, TOO_MANY_SOCKETS, TRY_LATER = 4401, 4403, 4429, 1013
STORING = "Muster-Storing"
"""The header on every response that says why nothing can be stored, as long as that is so."""
PERSON = "muster.person"
"""In the scope of a request: the account of whoever is signed in. Each is refused at a pace of their own."""
_ASK_AGAIN = (0.1, 0.3, 0.6, 1.0)  # seconds between retries of the session lookup while the storage is unavailable
PROBES = frozenset({"/health", "/ready", "/metrics"})
"""What monitors ask, under any host name. Health checks reveal nothing; `metrics` knows whom it answers."""
SIGN_IN_BODY = 16 * 1024
HOLD_SOCKET = 5  # times as long as another refusal is held back: the screen asks /pulse/now meanwhile
IDENTIFIERS = 8  # threads that find out who asks; they do nothing else
_SESSIONS_KNOWN = 10_000
SIGN_ON = "/sign-in/openid"
"""Where sign-on by an identity provider begins and ends: links, which take turns as the forms of strangers do."""
SIGN_ON_ENDED = f"{SIGN_ON}/logout"
"""Where the identity provider says that a session ended: a server, without an origin, whose token is signed."""
TOKENISED = re.compile(r"/calendar/[A-Za-z0-9_-]{43}\.ics|/certificate/[A-Za-z0-9_-]{22}")
"""Calendar feeds answer without a session, since a calendar program has none. The token in the address is the key.

So do certificates: anyone who scans the code of one learns whether it is valid.
"""


API = f"{sign_in.API}/"
"""The addresses of programs, which have a token and no session."""
DESCRIPTION = f"{API}openapi.json"
"""The description of the interface, which a person who is signed in may read as well."""
_BEARER = re.compile(r"Bearer +(muster_[A-Za-z0-9_-]{43})", re.IGNORECASE)

_OF_PAGES = ("/assets/", "/_dash-component-suites/", "/data/map/base/", "/data/map/tiles/")


def on_wall(only: str, method: str, path: str) -> bool:
    """Return whether a wall screen may request this: its one page, its assets and map, and callbacks (`policy.screen`).

    Map data of the operation is read with an actor whose only operation this is.
    """
    if method not in SAFE:
        return path == "/_dash-update-component"
    drawn = (only, "/_dash-layout", "/_dash-dependencies", *PULSE_PATHS)
    return path in drawn or path.startswith((*_OF_PAGES, f"/data/map/{wall_screens.operation_of(only)}/"))


def by_token(headers: Headers, path: str) -> bool:
    """Return whether a request is asked with an API token, or not at all."""
    return path.startswith(API) and (path != DESCRIPTION or "authorization" in headers)


def _present(headers: Headers, path: str) -> bool:
    """Whether the person does something, and not only the page that is open."""
    return path not in PULSE_PATHS and headers.get("muster-present") != "0"


def _key(headers: Headers) -> str:
    """Return the API token of a request; "" without one."""
    found = _BEARER.fullmatch(headers.get("authorization", ""))
    return found[1] if found else ""


class SeenSession(NamedTuple):
    """A session that this process has seen: its account, and the language of that account at the last request."""

    account: UUID
    language: str


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
        self.bodies = Bodies(doors.rows["bodies"], settings.spool)
        self._identifiers = anyio.CapacityLimiter(IDENTIFIERS)
        self._known: OrderedDict[bytes, SeenSession] = OrderedDict()  # by token hash
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
        try:
            if refusal is not None:
                async with self._door("refusals", network(scope)):
                    return await refusal(scope, receive, send)
            await self._answer(scope, receive, send, headers, path)
        except TooMany as refused:
            with wording.in_language(self._language(scope, headers)):
                answer = rate_refusal(refused, navigates(scope), for_program=path.startswith(API))
                await answer(scope, receive, send)
        except Untaken as untaken:
            with wording.in_language(self._language(scope, headers)):
                await too_much(untaken.status, for_program=path.startswith(API))(scope, receive, send)
        except Unavailable as error:
            page = self.apology if navigates(scope) and not path.startswith(API) else None
            with wording.in_language(self._language(scope, headers)):
                failed = unavailable(error, for_program=path.startswith(API))
            await (page(scope) if page else failed)(scope, receive, send)

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
            actor = membership.signed_in(session, visit) if visit else None
            if visit and actor and visit.sign_in.only is not None:
                actor = wall_screens.wall_actor(actor, visit.sign_in.only)
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
                actor = wall_screens.wall_actor(actor, only)
            if actor is not None:
                known[token] = actor
        return known

    def _cookies(self, headers: Headers) -> dict[str, str]:
        return cookie_parser(headers.get("cookie", ""))

    async def _asking(self, scope: Scope, headers: Headers, present: bool) -> RequestContext | None:
        if by_token(headers, scope["path"]):
            return await self._asking_by_token(headers)
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
            demo=self.settings.demo,
            spend=self._spend(known[1]),
        )

    async def _asking_by_token(self, headers: Headers) -> RequestContext | None:
        found = await anyio.to_thread.run_sync(self._bearer, _key(headers), limiter=self._identifiers)
        if found is None:
            return None
        wished = headers.get("accept-language")
        actor = replace(found.actor, language=wording.preferred(wished)) if wished else found.actor
        may = {"scopes": found.scopes, "sender_key": found.token.sender_key}
        return RequestContext(actor, self.store, found.entry.id, spend=self._spend(actor), **may)

    def _bearer(self, key: str) -> api_tokens.Bearer | None:
        if not key:
            return None
        with self.store.reading(System()) as session:
            found = api_tokens.bearer(session, key)
        if found is not None:
            sign_in.touch(self.store, found.entry)
        return found

    def _spend(self, actor: Actor) -> Callable[[str], None]:
        return lambda what: self.doors.spend(what, actor.account_id)

    def _language(self, scope: Scope, headers: Headers) -> str:
        asking, seen, wished = scope.get(SCOPE), self._seen(headers, scope["path"]), headers.get("accept-language", "")
        if asking:
            return str(asking.actor.language)
        asks_for_one = wished and by_token(headers, scope["path"])
        return seen.language if seen and not asks_for_one else wording.preferred(wished)

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
        if by_token(headers, scope["path"]) or scope["path"] == SIGN_ON_ENDED:  # no browser adds a token by itself
            return None
        if scope["method"] in SAFE:
            navigates = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
            allowed = site in (None, "same-origin", "none") or navigates
        else:
            allowed = site in (None, "same-origin") and self.same_origin(headers)
        return None if allowed else refused(403, "This request comes from another place than Muster's own pages.")

    # ------------------------------------------------------------------------------------------------- answers

    async def _answer(self, scope: Scope, receive: Receive, send: Send, headers: Headers, path: str) -> None:
        """Answer a request, or raise what refuses it: Untaken, TooMany, Unavailable."""
        reads = scope["method"] in SAFE
        if reads:
            receive = replayed(b"", receive)
        if path in self.public or (scope["method"] == "GET" and TOKENISED.fullmatch(path)):
            return await self._answer_public(scope, receive, send, headers, path)
        asking = None
        if (seen := self._seen(headers, path)) is None:
            async with self._door("strangers", network(scope)):
                asking = await self._asking(scope, headers, _present(headers, path))
            if asking is None:
                return await self._anonymous(scope, headers, path)(scope, receive, send)
            seen = self._see(headers, path, asking)
        scope[PERSON] = account = seen.account
        if reads:
            return await self._act(scope, receive, send, headers, account, asking)
        if path.startswith(STREAMED):
            if not declared(headers, self.settings.import_limit):
                raise Untaken(413)
            receive = limited_body(receive, self.settings.import_limit)
            return await self._act(scope, receive, send, headers, account)
        async with self.bodies.whole(headers, receive, self.settings.body_limit, account) as whole:
            return await self._act(scope, whole, send, headers, account)

    async def _answer_public(self, scope: Scope, receive: Receive, send: Send, headers: Headers, path: str) -> None:
        """Whoever asks: probes, the pages of strangers, and the forms on them."""
        near = network(scope)
        if scope["method"] in SAFE:
            signs_on = path.startswith(SIGN_ON)
            door = "tries" if signs_on else "probes" if path in PROBES else "public"
            async with self._door(door, (near, SIGN_ON) if signs_on else near):
                return await self.app(scope, receive, send)
        async with self.bodies.whole(headers, receive, SIGN_IN_BODY, near) as whole, AsyncExitStack() as turn:
            try:
                await turn.enter_async_context(self._door("tries", (near, path)))
            except TooMany:
                return await TOO_MANY_TRIES(scope, receive, send)
            return await self.app(scope, whole, send)

    async def _act(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        headers: Headers,
        account: UUID,
        asking: RequestContext | None = None,
    ) -> None:
        """Take the turn of a signed-in person and pass the request on, as whoever they are now.

        `asking`: who asks, where that was found out just now; only for what reads.
        """
        path = scope["path"]
        door = self.doors.of(scope["method"], path)
        async with self._door(door, account):
            asking = asking or await self._asking(scope, headers, _present(headers, path))
            if asking is None:
                return await self._anonymous(scope, headers, path)(scope, receive, send)
            if asking.only is not None and not on_wall(asking.only, scope["method"], path):
                return await refused(404, HIDDEN)(scope, receive, send)
            scope[SCOPE] = asking
            self._see(headers, path, asking)
            if door in self.doors.spending:
                self.doors.spend(door, account)
            if door in ("pages", "api") and scope["method"] not in SAFE:
                self.doors.spend("writes", account)
            with wording.in_language(asking.actor.language, asking.actor.country):
                return await self.app(scope, receive, send)

    def _door(self, name: str | None, key: object) -> AbstractAsyncContextManager[None]:
        return self.doors.rows[name].passing(key) if name else nullcontext()

    def _token_hash(self, headers: Headers, path: str) -> bytes:
        held = f"\0{_key(headers)}" if by_token(headers, path) else self._cookies(headers).get(self.cookie, "")
        return sha256(held.encode()).digest()

    def _seen(self, headers: Headers, path: str) -> SeenSession | None:
        """Return the session of a request, if this process has seen it. It may have ended since: look it up again."""
        return self._known.get(self._token_hash(headers, path))

    def _see(self, headers: Headers, path: str, asking: RequestContext) -> SeenSession:
        seen = SeenSession(asking.actor.account_id, asking.actor.language)
        self._known[self._token_hash(headers, path)] = seen
        while len(self._known) > _SESSIONS_KNOWN:
            self._known.popitem(last=False)
        return seen

    def _anonymous(self, scope: Scope, headers: Headers, path: str) -> Response:
        if path.startswith(API):
            with wording.in_language(self._language(scope, headers)):
                said = _("Send an API token that is valid in the Authorization header.")
            return problem(401, said, {"WWW-Authenticate": "Bearer"})
        if scope["method"] == "GET" and navigates(scope) and not path.startswith("/_"):
            query = scope.get("query_string", b"").decode("latin-1")
            target = quote(path + (f"?{query}" if query else ""), safe="/")
            return RedirectResponse(f"/sign-in?next={target}" if path != "/" else "/sign-in", 303)
        return refused(401, "Sign in first.")

    async def _socket(self, scope: Scope, receive: Receive, send: Send, headers: Headers, path: str) -> None:
        seen, asking = self._seen(headers, path), None
        account = seen.account if seen else None
        if path == PULSE_PATHS[0] and self.own_host(headers.get("host", "")) and self.same_origin(headers):
            if account is not None and self._sockets[account] >= self.doors.sockets:
                return await self._one_socket_too_many(scope, receive, send)
            try:
                async with self._door("strangers" if account is None else None, network(scope)):
                    asking = await self._asking(scope, headers, present=False)
            except (Unavailable, TooMany):
                await receive()
                return await send({"type": "websocket.close", "code": TRY_LATER})
        if asking is None:
            await receive()
            return await send(
                {"type": "websocket.close", "code": SIGNED_OUT if path == PULSE_PATHS[0] else REFUSED_SOCKET}
            )
        account = self._see(headers, path, asking).account
        if self._sockets[account] >= self.doors.sockets:
            return await self._one_socket_too_many(scope, receive, send)
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

    async def _one_socket_too_many(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take it, say why it is closed, and close it: a browser learns no reason of a socket that was never open."""
        await receive()
        await self.doors.hold_back(network(scope), HOLD_SOCKET)
        await send({"type": "websocket.accept"})
        reason = f"More than {self.doors.sockets} screens of one person are open."
        await send({"type": "websocket.close", "code": TOO_MANY_SOCKETS, "reason": reason})

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        path, query = scope["path"], scope.get("query_string", b"")

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                if message["status"] == 429:
                    await self.doors.hold_back(scope.get(PERSON) or network(scope))
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
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        return headers
