"""The page on which the browser of a wall screen opens its link: see `operations.policing.operation.wall_screens`.

The secret of the link is sent in the body of a form only, as with invitations.
"""

from functools import partial
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from dashboard.frame.sign_in import WALL, asked_language, nobody_enters, page_language, plain_page, stamp
from dashboard.server.rate_limits import RateLimits
from dashboard.server.request_context import network, session_cookie
from dashboard.settings import Settings
from operations.core import sign_in
from operations.core.errors import MusterError, RuleBroken, TooMany
from operations.core.storage_errors import RETRY_AFTER, Unavailable
from operations.core.store import Store
from operations.policing.operation import wall_screens


def router(store: Store, settings: Settings, doors: RateLimits) -> APIRouter:
    """Return the routes."""
    routes = APIRouter()

    def page(request: Request, said: MusterError | str = "", status: int = 200) -> HTMLResponse:
        language = page_language(request, asked_language(request))
        held = {"Retry-After": str(RETRY_AFTER)} if status in (429, 503) else {}
        text = plain_page(request, "wall.html", language, said=said, script=stamp("/sign-in/invitation.js"))
        return HTMLResponse(text, status, headers=held)

    @routes.get(WALL)
    def show(request: Request) -> HTMLResponse:
        """Show the page that links lead to; its script moves the secret from the fragment (#) into the form."""
        return page(request)

    @routes.post(WALL)
    async def take_up(request: Request, code: Annotated[str, Form(max_length=200)] = "") -> Response:
        """Open the session of the wall screen in this browser, and redirect to its page."""
        near = network(request.scope)
        source = request.client.host if request.client else ""
        enter = partial(wall_screens.enter, store, code, source, request.headers.get("user-agent", ""))
        try:
            async with doors.links.turn(near), doors.rows["sign-in"].passing(near):
                token, address = await anyio.to_thread.run_sync(enter)
        except TooMany as refused:
            return page(request, refused, 429)
        except RuleBroken as refused:
            doors.links.failed(near)
            return page(request, refused, 410)
        except Unavailable:
            return page(request, nobody_enters(), 503)
        response = RedirectResponse(address, 303)
        response.set_cookie(
            session_cookie(settings),
            token,
            max_age=int(sign_in.WALL.absolute.total_seconds()),
            path="/",
            secure=settings.secure,
            httponly=True,
            samesite="lax",
        )
        return response

    return routes
