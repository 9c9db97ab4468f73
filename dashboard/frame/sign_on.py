"""Sign-on by an identity provider (`operations.core.openid_provider`): there, and back with its answer.

Both are links that a browser follows: the provider sends people back by one, and whoever begins comes from the sign-in
page. They take turns as the forms of strangers do (`gate`); asking the provider has threads of its own.
"""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any
from urllib.parse import quote

import anyio
import anyio.to_thread
from fastapi import APIRouter, Form, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from dashboard.frame.sign_in import (
    CODE,
    LEFT,
    SIGN_ON_BACK,
    first_page,
    keep_cookie,
    leave,
    local_path,
    nobody_enters,
    shown_again,
)
from dashboard.server.gate import SIGN_ON, SIGN_ON_ENDED
from dashboard.server.rate_limits import RateLimits
from dashboard.server.request_context import network, session_cookie
from dashboard.settings import Settings
from operations.core import failed_sign_ins, sign_in
from operations.core.errors import MusterError, NotFound, RuleBroken
from operations.core.openid_provider import WITHIN, OpenIdProvider, ProviderAway
from operations.core.storage_errors import Unavailable
from operations.core.store import Store

LONGEST_TOKEN = 8_000
"""Characters of a logout token."""


def router(store: Store, settings: Settings, doors: RateLimits) -> APIRouter:
    """Return the routes; without a provider in the settings they lead to the sign-in page."""
    routes, asking, cookie = APIRouter(), anyio.CapacityLimiter(4), session_cookie(settings)
    if not settings.openid_issuer:
        for path in (SIGN_ON, SIGN_ON_BACK, LEFT, SIGN_ON_ENDED):
            routes.add_api_route(path, _elsewhere, methods=["GET"], include_in_schema=False)
        routes.add_api_route(SIGN_ON_ENDED, _elsewhere, methods=["POST"], include_in_schema=False)
        return routes
    routes.add_api_route(SIGN_ON_ENDED, _elsewhere, methods=["GET"], include_in_schema=False)
    provider, begun = OpenIdProvider(settings.openid), f"{cookie}-sign-on"

    def here(request: Request, path: str) -> str:
        origin = settings.public_origin.rstrip("/") or f"{request.url.scheme}://{request.headers.get('host', '')}"
        return f"{origin}{path}"

    async def tried(request: Request, work: Callable[[], Any]) -> Any:
        """What `work` gives, slowly where many of its network failed."""
        async with doors.passwords.turn(network(request.scope)):
            return await anyio.to_thread.run_sync(work, limiter=asking)

    def refusal(request: Request, said: MusterError) -> Response:
        status = 503 if isinstance(said, ProviderAway) else 401
        return forgotten(shown_again(settings, request, "/", said, status=status))

    def forgotten(response: Response) -> Response:
        response.delete_cookie(begun, path="/", secure=settings.secure, httponly=True, samesite="lax")
        return response

    @routes.get(SIGN_ON)
    async def go(request: Request, next: str = "/") -> Response:  # noqa: A002 - the parameter's name in the address
        """Send a browser to the provider; nobody begins from elsewhere than the sign-in page."""
        if request.headers.get("sec-fetch-site") not in (None, "same-origin", "none"):
            return RedirectResponse("/sign-in", 303)
        try:
            started = await tried(request, partial(provider.begin, here(request, SIGN_ON_BACK), local_path(next)))
        except ProviderAway as refused:
            return refusal(request, refused)
        response = RedirectResponse(started.address, 303)
        keep_cookie(settings, response, begun, started.kept, WITHIN)
        return response

    @routes.get(SIGN_ON_BACK)
    async def come_back(request: Request) -> Response:
        """Open a session for the account of whom the provider signed on, or say why there is none."""
        source, agent = request.client.host if request.client else "", request.headers.get("user-agent", "")

        def entered() -> tuple[sign_in.Completed, str]:
            asked = here(request, SIGN_ON_BACK), request.cookies.get(begun, ""), dict(request.query_params)
            try:
                subject, target = provider.finish(*asked)
            except RuleBroken:
                failed_sign_ins.of(store).count(source[:64], "failed")
                raise
            by = (provider.issuer, subject, source, agent, settings.demands)
            return sign_in.sign_in_by_identity(store, *by), target

        try:
            done, target = await tried(request, entered)
        except (RuleBroken, ProviderAway) as refused:
            if isinstance(refused, RuleBroken):
                doors.passwords.failed(network(request.scope))
            return refusal(request, refused)
        except Unavailable:
            return shown_again(settings, request, "/", nobody_enters(), status=503)
        await anyio.to_thread.run_sync(leave, store, request.cookies.get(cookie))
        if await anyio.to_thread.run_sync(sign_in.pending, store, done.token) is not None:
            response = RedirectResponse(f"{CODE}?next={quote(target)}", 303)
        else:
            page = partial(first_page, store, done.account.username, target)
            response = RedirectResponse(await anyio.to_thread.run_sync(page), 303)
        keep_cookie(settings, response, cookie, done.token)
        return forgotten(response)

    @routes.post(SIGN_ON_ENDED)
    async def end(request: Request, logout_token: Annotated[str, Form(max_length=LONGEST_TOKEN)] = "") -> Response:
        """End the sessions of whom the provider signed out (back-channel logout)."""

        def ended() -> int:
            subject, at = provider.ended(logout_token)
            return sign_in.end_by_provider(store, provider.issuer, subject, at)

        try:
            await tried(request, ended)
        except RuleBroken:
            doors.passwords.failed(network(request.scope))
            return JSONResponse({"error": "invalid_request"}, 400)
        except (ProviderAway, Unavailable):
            return JSONResponse({"error": "temporarily_unavailable"}, 503)
        return Response(status_code=200)

    @routes.get(LEFT)
    async def sign_out_there(request: Request) -> Response:
        """Send a browser to where its person signs out of the provider as well."""
        try:
            there = await tried(request, partial(provider.sign_out_address, here(request, "/sign-in")))
        except ProviderAway as refused:
            return refusal(request, refused)
        if not there:
            raise NotFound
        return RedirectResponse(there, 303)

    return routes


def _elsewhere() -> Response:
    return RedirectResponse("/sign-in", 303)
