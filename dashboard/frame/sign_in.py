"""Sign-in and sign-out, without scripts, and the preferences of a person.

These routes, the invitation page and their files are all that answers without a session, besides the health checks.
Verifying passwords has a rate limit and threads of its own, so that many sign-ins at once delay nobody else.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, NamedTuple
from urllib.parse import quote, urlsplit

import anyio
import anyio.to_thread
from fastapi import APIRouter, Form, Request
from fastapi.concurrency import run_in_threadpool
from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response

from dashboard import theme, wording
from dashboard.server import asset_bundle, demo_accounts
from dashboard.server.access import SCOPE
from dashboard.server.gate import LANGUAGE_COOKIE, SIGN_ON, SIGN_ON_ENDED, THEME_COOKIE
from dashboard.server.rate_limits import RateLimits
from dashboard.server.request_context import network, place, session_cookie
from dashboard.settings import Settings, loopback
from dashboard.wording import _
from operations import worklist_entries
from operations.core import accounts, failed_sign_ins, sign_in, sign_in_throttle
from operations.core.errors import MusterError, RuleBroken, TooMany
from operations.core.people import System
from operations.core.storage_errors import CANNOT_STORE, RETRY_AFTER, Unavailable
from operations.core.store import Store
from operations.notices import new_device

_HERE = Path(__file__).parent
_FONTS = asset_bundle.ASSETS / "vendor" / "fonts"
FILES = {
    "/sign-in/sign-in.css": (_HERE / "templates" / "sign-in.css", "text/css"),
    "/sign-in/scheme.js": (_HERE / "scheme.js", "text/javascript"),
    "/sign-in/invitation.js": (_HERE / "invitation.js", "text/javascript"),
    "/sign-in/passkey.js": (_HERE / "passkey.js", "text/javascript"),
    "/sign-in/logo.svg": (_HERE / "templates" / "logo.svg", "image/svg+xml"),
    "/sign-in/icon.png": (_HERE / "templates" / "icon.png", "image/png"),
    "/sign-in/muster-sans-latin.woff2": (_FONTS / "muster-sans-latin.woff2", "font/woff2"),
    "/sign-in/muster-sans-arabic.woff2": (_FONTS / "muster-sans-arabic-arabic.woff2", "font/woff2"),
}
THEME = "/sign-in/theme.css"
INVITATION, WALL, CODE, FIELD_STANDING = "/invitation", "/wall", "/sign-in/code", "/field/standing"
SIGN_ON_BACK, LEFT = f"{SIGN_ON}/back", f"{SIGN_ON}/out"
PUBLIC = frozenset(
    {
        "/sign-in",
        CODE,
        SIGN_ON,
        SIGN_ON_BACK,
        SIGN_ON_ENDED,
        LEFT,
        INVITATION,
        WALL,
        FIELD_STANDING,
        "/health",
        "/ready",
        "/metrics",
        THEME,
        *FILES,
    }
)
PATIENCE = 3 * sign_in_throttle.LONGEST.total_seconds()
"""Seconds for which a right password waits until its account may be tried again."""
_log = logging.getLogger("muster.dashboard")
_YEAR = int(timedelta(days=365).total_seconds())
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
"""Headers of a proxy: whoever comes through one does not sit at this machine."""
_pages = Environment(loader=FileSystemLoader(_HERE / "templates"), autoescape=select_autoescape())


class DemoRole(NamedTuple):
    """An account of the demo: its user name, its password, and whose it is."""

    username: str
    password: str
    words: str


def stamp(path: str) -> str:
    """Return the address of a public file with a hash of its content, so that browsers cache exactly this version."""
    content = theme.css().encode() if path == THEME else FILES[path][0].read_bytes()
    return f"{path}?v={sha256(content).hexdigest()[:10]}"


def local_path(target: str) -> str:
    """Return `target` if it is a local path, else "/": against open redirects after signing in."""
    parts = urlsplit(target)
    plain = target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return target if plain and "\\" not in target and target.isprintable() else "/"


def asked_language(request: Request) -> str | None:
    """Return the language in the address or in the cookie, not validated."""
    return request.query_params.get("language") or request.cookies.get(LANGUAGE_COOKIE)


def page_language(request: Request, asked: str | None) -> str:
    """Return the language of a page without a user: the one asked for, or else the browser's preference."""
    return asked if asked in wording.LANGUAGES else wording.preferred(request.headers.get("accept-language", ""))


def plain_page(request: Request, template: str, code: str, **more: Any) -> str:
    """Return a page without the shell, in a language. `more`: variables of the template; errors are translated here."""
    look = request.cookies.get(THEME_COOKIE, "auto")
    with wording.in_language(code):
        return _pages.get_template(template).render(
            _=_,
            code=code,
            direction=wording.direction(),
            look=look if look in ("light", "dark") else "",
            scheme=stamp("/sign-in/scheme.js"),  # stores the system's theme for the first page after it
            theme_css=stamp(THEME),
            css=stamp("/sign-in/sign-in.css"),
            logo=stamp("/sign-in/logo.svg"),
            passkey_script=stamp("/sign-in/passkey.js"),
            **{name: wording.sentence(each) if isinstance(each, MusterError) else each for name, each in more.items()},
        )


def sign_in_page(request: Request, code: str, settings: Settings, **more: Any) -> str:
    """Return the sign-in page."""
    known = {"languages": wording.LANGUAGES, "demo": settings.demo, "next": "/", "username": "", **more}
    known |= {"provider": settings.openid_name if settings.openid_issuer else "", "sign_on": SIGN_ON, "out": LEFT}
    known["roles"] = demo_roles(request, settings, code)
    return plain_page(request, "sign-in.html", code, **known)


def demo_roles(request: Request, settings: Settings, code: str) -> list[DemoRole]:
    """Return the accounts that one press signs in with: of the demo alone, and for who sits at its machine.

    The press sends the demo's own published password to the form below: where no such account is, it opens nothing.
    """
    near = request.client.host if request.client else ""
    hosts = (settings.host, near, place(request.headers.get("host", ""))[0])
    if not settings.demo or not all(map(loopback, hosts)) or any(name in request.headers for name in FORWARDED):
        return []
    from scenarios.accounts import demo_password

    with wording.in_language(code):
        return [DemoRole(name, demo_password(name), _(words)) for name, words in demo_accounts.WHO]


@asynccontextmanager
async def counting(store: Store) -> AsyncIterator[None]:
    """Write counts of refused sign-ins to the access trail every minute while the block runs, and at its end."""

    async def each_minute() -> None:
        while True:
            await asyncio.sleep(60)
            try:
                await run_in_threadpool(failed_sign_ins.enter, store)
            except Exception:  # noqa: BLE001 - the storage is unavailable: the counts wait
                _log.warning("Refused attempts to sign in could not be entered; they are kept.")

    task = asyncio.create_task(each_minute())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await run_in_threadpool(failed_sign_ins.enter, store, due=False)


def router(store: Store, settings: Settings, doors: RateLimits) -> APIRouter:
    """Return the routes."""
    routes = APIRouter()
    proving = anyio.CapacityLimiter(2)  # so many passwords are verified at once
    cookie, keep, shown = session_cookie(settings), partial(keep_cookie, settings), partial(shown_again, settings)

    async def proven(prove: Callable[[], str], near: str) -> str:
        """The token of a new session. Who must wait before an account may be tried again is waited for here.

        Raises what `sign_in.sign_in` raises, and TooMany.
        """
        until = time.monotonic() + PATIENCE
        while True:
            try:
                async with doors.rows["sign-in"].passing(near):
                    return await anyio.to_thread.run_sync(prove, limiter=proving)
            except sign_in_throttle.Hasty as refusal:
                seconds = refusal.wait.total_seconds()
                if time.monotonic() + seconds > until:
                    raise
                async with doors.rows["patience"].passing(near):
                    await asyncio.sleep(seconds)

    @routes.get("/health")
    async def health() -> PlainTextResponse:
        """Liveness, and nothing else: not even a thread."""
        return PlainTextResponse("ok")

    @routes.get("/sign-in")
    def show(request: Request, next: str = "/") -> HTMLResponse:  # noqa: A002 - the parameter's name in the address
        """Show the sign-in page; while nothing can be stored it says so before anybody types."""
        said = None if store.fault is None else nobody_enters()
        return shown(request, local_path(next), said, left="left" in request.query_params)

    @routes.post("/sign-in")
    async def enter(
        request: Request,
        username: Annotated[str, Form(max_length=200)] = "",
        password: Annotated[str, Form(max_length=2000)] = "",
        next: Annotated[str, Form(max_length=2000)] = "/",  # noqa: A002
    ) -> Response:
        """Verify a password: open a session and redirect to the page asked for, or show the form with an error."""
        source = request.client.host if request.client else ""
        agent = request.headers.get("user-agent", "")
        near = network(request.scope)
        try:
            async with doors.passwords.turn(near) as slow:
                prove = partial(sign_in.sign_in, store, username, password, source, agent, slow, settings.demands)
                token = await proven(prove, near)
        except (sign_in_throttle.Hasty, TooMany) as refusal:
            if isinstance(refusal, TooMany):
                failed_sign_ins.of(store).count(source[:64], "denied")
            return shown(request, local_path(next), refusal, username[:64], status=429)
        except RuleBroken as refusal:
            doors.passwords.failed(near)
            return shown(request, local_path(next), refusal, username[:64], status=401)
        except Unavailable:
            return shown(request, local_path(next), nobody_enters(), username[:64], status=503)
        await run_in_threadpool(leave, store, request.cookies.get(cookie))
        if await run_in_threadpool(sign_in.pending, store, token) is not None:
            response = RedirectResponse(f"{CODE}?next={quote(local_path(next))}", 303)
        else:
            response = RedirectResponse(await run_in_threadpool(first_page, store, username, next), 303)
        keep(response, cookie, token)
        return response

    @routes.post("/sign-out")
    def sign_out(request: Request) -> Response:
        """End this session and delete its cookie, even where the end cannot be stored."""
        with suppress(Unavailable):
            leave(store, request.cookies.get(cookie))
        response = RedirectResponse("/sign-in?left" if settings.openid_issuer else "/sign-in", 303)
        response.delete_cookie(cookie, path="/", secure=settings.secure, httponly=True, samesite="lax")
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    @routes.post("/preferences")
    def prefer(
        request: Request,
        language: Annotated[str, Form(max_length=8)] = "",
        theme: Annotated[str, Form(max_length=8)] = "",
    ) -> Response:
        """Store a language or a theme, and return to the page."""
        response = RedirectResponse(page_before(request), 303)
        if language:
            by = request.scope[SCOPE].actor
            with store.unit_of_work(by) as session:
                accounts.speak(session, by, language)
            keep(response, LANGUAGE_COOKIE, language, _YEAR)
        if theme in ("auto", "light", "dark"):
            keep(response, THEME_COOKIE, theme, _YEAR)
        return response

    @routes.get("/signed-in")
    def signed_in(request: Request) -> HTMLResponse:
        """Show the end of a sign-in in a second tab: the first tab still holds what was typed."""
        return HTMLResponse(plain_page(request, "signed-in.html", wording.language()))

    @routes.get(THEME)
    def variables() -> Response:
        """Return the colours and sizes of `theme` as CSS variables."""
        return Response(theme_css(), media_type="text/css")

    for path, (file, media_type) in FILES.items():
        routes.add_api_route(path, _serving(file, media_type), methods=["GET"], include_in_schema=False)
    return routes


def keep_cookie(settings: Settings, response: Response, name: str, value: str, age: int | None = None) -> None:
    """Let a browser keep a value, which no script reads."""
    response.set_cookie(name, value, max_age=age, path="/", secure=settings.secure, httponly=True, samesite="lax")


def shown_again(
    settings: Settings,
    request: Request,
    target: str,
    said: MusterError | None = None,
    username: str = "",
    status: int = 200,
    **more: Any,
) -> HTMLResponse:
    """Return the response with the sign-in page, and why nobody was signed in."""
    asked = asked_language(request)
    code = page_language(request, asked)
    text = sign_in_page(request, code, settings, said=said or "", next=target, username=username, **more)
    response = HTMLResponse(text, status)
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER)
    if isinstance(said, sign_in_throttle.Hasty | TooMany):
        response.headers["Retry-After"] = str(said.seconds)
    if asked == code:
        keep_cookie(settings, response, LANGUAGE_COOKIE, code, _YEAR)
    return response


def nobody_enters() -> RuleBroken:
    """Return the error for a sign-in while nothing can be stored."""
    return RuleBroken("", "Muster cannot store anything just now, so nobody can sign in. Try again in a minute.")


def apology(scope: Any) -> HTMLResponse:
    """Return the page for a storage failure (503); the browser then reloads it, or the page that a form was on."""
    request = Request(scope)
    again = "" if scope["method"] == "GET" else page_before(request)
    code = page_language(request, request.cookies.get(LANGUAGE_COOKIE))
    text = plain_page(request, "unavailable.html", code, said=RuleBroken("", CANNOT_STORE), again=again)
    seconds = str(RETRY_AFTER)
    refresh = f"{seconds}; url={again}" if again else seconds
    return HTMLResponse(text, 503, headers={"Retry-After": seconds, "Refresh": refresh})


def theme_css() -> str:
    """Return the style sheet of `theme`."""
    return theme.css()


def _serving(file: Path, media_type: str) -> Any:
    def serve() -> FileResponse:
        return FileResponse(file, media_type=media_type)

    return serve


def first_page(store: Store, username: str, target: str) -> str:
    """Return the page that a user asked for, or else Today, after a sign-in that they may be told of."""
    new_device.tell_of_newest(store, username.strip().casefold())
    return local_path(target) if local_path(target) != "/" else worklist_entries.ADDRESS


def leave(store: Store, token: str | None) -> None:
    """End the session of a token, if there is one."""
    if token:
        with store.unit_of_work(System()) as session:
            sign_in.sign_out(session, token)


def page_before(request: Request) -> str:
    """Return the page that the form was on, as a local path."""
    parts = urlsplit(request.headers.get("referer", "/"))
    return local_path(parts.path + (f"?{parts.query}" if parts.query else "")) if parts.path else "/"
