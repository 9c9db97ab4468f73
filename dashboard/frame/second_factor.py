"""Pages of the second factor, and of proving who one is: plain forms, which work without a script.

`/sign-in/code` comes after the password and has no session yet; `/second-factor` sets one up or removes it; `/prove`
asks for the password again before a step that declares it (`operations.core.proof`). Passkeys alone need a script
(`passkey.js`).
"""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any
from urllib.parse import quote

import anyio
import anyio.to_thread
import segno
from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from dashboard import wording
from dashboard.frame.sign_in import (
    CODE,
    asked_language,
    first_page,
    local_path,
    nobody_enters,
    page_language,
    plain_page,
)
from dashboard.server.access import SCOPE, known_id
from dashboard.server.rate_limits import RateLimits
from dashboard.server.request_context import network, session_cookie
from dashboard.settings import Settings
from operations.core import passkeys, proof, second_factor, sign_in, sign_in_throttle
from operations.core.errors import MusterError, NotFound, RuleBroken, TooMany
from operations.core.people import Account, Actor, System
from operations.core.storage_errors import RETRY_AFTER, Unavailable
from operations.core.store import Store

SET_UP, PROVE = "/second-factor", "/prove"
APP = "app"
Text = Annotated[str, Form(max_length=2000)]
Answered = Annotated[str, Form(max_length=16_000)]
"""What a browser says of a passkey."""


def picture(account: Account, secret: str) -> str:
    """Return the QR code that an app reads, as SVG; dark on white in every theme, as cameras want it."""
    code = segno.make(second_factor.address(account, secret), error="m", micro=False)
    return code.svg_inline(scale=4, border=3, dark="#000", light="#fff", omitsize=True)


def router(store: Store, settings: Settings, doors: RateLimits) -> APIRouter:
    """Return the routes."""
    routes, proving, cookie = APIRouter(), anyio.CapacityLimiter(2), session_cookie(settings)

    def here(request: Request) -> passkeys.PasskeySite | None:
        """Where passkeys hold: at the address that people type, which on loopback may be any name of this machine."""
        return passkeys.site(settings.public_origin or f"{request.url.scheme}://{request.headers.get('host', '')}")

    def answer(request: Request, said: str, name: str = "") -> sign_in.PasskeyAnswer | None:
        at = here(request)
        return sign_in.PasskeyAnswer(at, said, name) if said and at else None

    def page(request: Request, language: str, template: str, said: MusterError | str = "", **more: Any) -> HTMLResponse:
        status = 200 if not said else 429 if isinstance(said, sign_in_throttle.Hasty | TooMany) else 422
        status = more.pop("status", status)
        held = {"Retry-After": str(RETRY_AFTER)} if status in (429, 503) else {}
        return HTMLResponse(plain_page(request, template, language, said=said, **more), status, headers=held)

    async def tried(request: Request, work: Callable[[], Any]) -> Any:
        """What `work` gives, in the line of those who prove a secret."""
        async with doors.rows["sign-in"].passing(network(request.scope)):
            return await anyio.to_thread.run_sync(work, limiter=proving)

    def of_pending(request: Request, target: str, said: MusterError | str = "") -> Response:
        pending = sign_in.pending(store, request.cookies.get(cookie, ""), here(request))
        if pending is None:
            return RedirectResponse(f"/sign-in?next={quote(target)}", 303)
        language = page_language(request, asked_language(request) or pending.account.language)
        drawn = picture(pending.account, pending.secret) if pending.secret else ""
        more = {"next": target, "secret": pending.secret, "picture": drawn, "action": CODE, "password": False}
        more |= {"passkey": pending.passkey, "app": pending.app}
        return page(request, language, "code.html", said, **more)

    @routes.get(CODE)
    def ask_code(request: Request, next: str = "/") -> Response:  # noqa: A002 - the parameter's name in the address
        """Ask for a code of the app, or show how to set one up where the role needs it."""
        return of_pending(request, local_path(next))

    @routes.post(CODE)
    async def take_code(
        request: Request,
        code: Text = "",
        passkey: Answered = "",
        name: Text = "",
        next: Text = "/",  # noqa: A002
    ) -> Response:
        """Open the session by a code, or by a passkey."""
        target = local_path(next)
        try:
            work = partial(
                sign_in.complete, store, request.cookies.get(cookie, ""), code, answer(request, passkey, name)
            )
            done: sign_in.Completed = await tried(request, work)
        except (RuleBroken, TooMany) as refusal:
            return await anyio.to_thread.run_sync(of_pending, request, target, refusal)
        except Unavailable:
            return page(
                request, page_language(request, asked_language(request)), "wall.html", nobody_enters(), status=503
            )
        begin = await anyio.to_thread.run_sync(first_page, store, done.account.username, target)
        response: Response = RedirectResponse(begin, 303)
        if done.codes:
            response = page(request, done.account.language, "recovery.html", codes=done.codes, next=begin)
        response.set_cookie(cookie, done.token, path="/", secure=settings.secure, httponly=True, samesite="lax")
        return response

    def own(request: Request, said: MusterError | str = "") -> Response:
        by: Actor = request.scope[SCOPE].actor
        at = here(request)
        with store.reading(System()) as session:
            there = second_factor.has_app(session, by.account_id)
            left = second_factor.codes_left(session, by.account_id)
            held = passkeys.of(session, by.account_id)
            account = session.get_one(Account, by.account_id)
            made = passkeys.creation(session, account, at, by.sign_in_id) if at and by.sign_in_id else ""
        last = by.role in settings.demands and there + len(held) <= 1
        more = {"there": there, "left": left, "last": last, "action": SET_UP, "passkeys": held, "passkey": made}
        return page(request, by.language, "factor.html", said, **more)

    def begun(request: Request, said: MusterError | str = "") -> Response:
        by: Actor = request.scope[SCOPE].actor
        try:
            with store.unit_of_work(System()) as session:
                account = session.get_one(Account, by.account_id)
                secret = second_factor.begin(session, account)
        except RuleBroken as refused:  # there is one already
            return own(request, refused)
        more: dict[str, Any] = {"secret": secret, "picture": picture(account, secret), "action": SET_UP}
        more |= {"next": "/account", "passkey": "", "app": False}
        return page(request, by.language, "code.html", said, password=False, **more)

    def needs_proof(request: Request) -> Response | None:
        return None if proof.fresh(request.scope[SCOPE].actor) else RedirectResponse(f"{PROVE}?next={SET_UP}", 303)

    @routes.get(SET_UP)
    def show(request: Request) -> Response:
        """Show whether there is an own second factor."""
        return needs_proof(request) or own(request)

    @routes.post(SET_UP)
    async def change(
        request: Request,
        code: Text = "",
        begin: Text = "",
        remove: Text = "",
        passkey: Answered = "",
        name: Text = "",
        rename: Text = "",
    ) -> Response:
        """Begin to set up an app, confirm it by its first code, add or rename a passkey, or remove either."""
        by: Actor = request.scope[SCOPE].actor
        if (refusal := needs_proof(request)) is not None:
            return refusal
        try:
            if begin:
                return await anyio.to_thread.run_sync(begun, request)
            if remove:
                which, needed = (None if remove == APP else known_id(remove)), by.role in settings.demands
                await tried(request, partial(sign_in.remove_factor, store, by, which, needed=needed))
            elif rename:
                await tried(request, partial(sign_in.rename_passkey, store, by, known_id(rename), name))
            if remove or rename:
                return RedirectResponse(SET_UP, 303)
            added = answer(request, passkey, name)
            verb = partial(sign_in.add_passkey, store, by, added) if added else None
            codes = await tried(request, verb or partial(sign_in.set_up_factor, store, by, code))
        except (RuleBroken, NotFound, TooMany) as refused:
            return await anyio.to_thread.run_sync(begun if code else own, request, refused)
        if not codes:
            return RedirectResponse(SET_UP, 303)
        return page(request, by.language, "recovery.html", codes=codes, next=SET_UP)

    def asked(request: Request, target: str, said: MusterError | str = "") -> Response:
        by: Actor = request.scope[SCOPE].actor
        at = here(request)
        with store.reading(System()) as session:
            factor = second_factor.confirmed(session, by.account_id)
            asked_for = passkeys.request(session, by.account_id, at, by.sign_in_id) if at and by.sign_in_id else ""
        more = {"next": target, "action": PROVE, "password": True, "code_too": factor, "secret": "", "picture": ""}
        more |= {"passkey": asked_for, "app": False}
        return page(request, wording.language(), "code.html", said, **more)

    @routes.get(PROVE)
    def ask_proof(request: Request, next: str = "/") -> Response:  # noqa: A002
        """Ask for the password, and a code where there is a second factor."""
        return asked(request, local_path(next))

    @routes.post(PROVE)
    async def take_proof(
        request: Request,
        password: Text = "",
        code: Text = "",
        passkey: Answered = "",
        next: Text = "/",  # noqa: A002
    ) -> Response:
        """Take the proof, and go back to where it was asked for."""
        by: Actor = request.scope[SCOPE].actor
        try:
            await tried(request, partial(sign_in.prove, store, by, password, code, answer(request, passkey)))
        except (RuleBroken, TooMany) as refusal:
            return await anyio.to_thread.run_sync(asked, request, local_path(next), refusal)
        return RedirectResponse(local_path(next), 303)

    return routes
