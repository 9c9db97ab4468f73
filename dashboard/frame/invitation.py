"""The invitation page, where the holder of a link sets a password that nobody else knows. It needs no session.

The secret of the link is sent in the body of a form only. Opening the page does not use up the link, so a mail scanner
that follows it does no harm.
"""

from functools import partial
from typing import Annotated

import anyio
import anyio.to_thread
from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse

from dashboard import wording
from dashboard.frame.sign_in import (
    INVITATION,
    asked_language,
    nobody_enters,
    page_language,
    plain_page,
    sign_in_page,
    stamp,
)
from dashboard.server.rate_limits import RateLimits
from dashboard.server.request_context import network
from dashboard.settings import Settings
from dashboard.wording import _
from operations.core import invitations, passwords, vocabulary
from operations.core.errors import MusterError, RuleBroken, TooMany
from operations.core.people import Account, System
from operations.core.storage_errors import RETRY_AFTER, Unavailable
from operations.core.store import Store


def router(store: Store, settings: Settings, doors: RateLimits) -> APIRouter:
    """Return the routes."""
    routes = APIRouter()
    proving = anyio.CapacityLimiter(2)

    def page(
        request: Request,
        language: str,
        secret: str = "",
        account: Account | None = None,
        said: MusterError | str = "",
        status: int = 200,
    ) -> HTMLResponse:
        with wording.in_language(language):
            role = vocabulary.label("CL-ROLE", account.role, language) if account else ""
            shortest, longest = passwords.SHORTEST, passwords.LONGEST
            rule = _("{shortest} to {longest} characters; several words do well.", shortest=shortest, longest=longest)
        text = plain_page(
            request,
            "invitation.html",
            language,
            languages=wording.LANGUAGES,
            secret=secret,
            account=account,
            role=role,
            rule=rule,
            said=said,
            script=stamp("/sign-in/invitation.js"),
        )
        held = {"Retry-After": str(RETRY_AFTER)} if status in (429, 503) else {}
        return HTMLResponse(text, status, headers=held)

    @routes.get(INVITATION)
    def show(request: Request) -> HTMLResponse:
        """Show the page that links lead to; its script moves the secret from the fragment (#) into the form."""
        return page(request, page_language(request, asked_language(request)))

    @routes.post(INVITATION)
    async def take_up(
        request: Request,
        code: Annotated[str, Form(max_length=200)] = "",
        language: Annotated[str, Form(max_length=8)] = "",
        password: Annotated[str, Form(max_length=2000)] = "",
        again: Annotated[str, Form(max_length=2000)] = "",
    ) -> HTMLResponse:
        """Show whose invitation it is and ask for a password; with a password, set it and show the sign-in page."""
        speaks, near = page_language(request, language or asked_language(request)), network(request.scope)
        if not code.strip():
            return page(request, speaks)
        try:
            async with doors.links.turn(near), doors.rows["sign-in"].passing(near):
                account = await anyio.to_thread.run_sync(_invited, store, code, limiter=proving)
                speaks = language if language in wording.LANGUAGES else account.language
                if not password:
                    return page(request, speaks, code, account)
                if password != again:
                    return page(
                        request,
                        speaks,
                        code,
                        account,
                        RuleBroken("again", "The two passwords are different."),
                        status=422,
                    )
                set_ = partial(invitations.accept, store, code, password, speaks)
                await anyio.to_thread.run_sync(set_, limiter=proving)
        except TooMany as refused:
            return page(request, speaks, said=refused, status=429)
        except RuleBroken as refused:
            if refused.flaws[0].field == "password":
                return page(request, speaks, code, account, refused, status=422)
            doors.links.failed(near)
            return page(request, speaks, said=refused, status=410)
        except Unavailable:
            return page(request, speaks, said=nobody_enters(), status=503)
        with wording.in_language(speaks):
            waits = account.proposed_by is not None
            told = (
                _("Your password is set. You can sign in as soon as a second person has confirmed your account.")
                if waits
                else _("Your password is set: sign in with it.")
            )
        return HTMLResponse(sign_in_page(request, speaks, settings, username=account.username, told=told))

    return routes


def _invited(store: Store, secret: str) -> Account:
    with store.reading(System()) as session:
        return invitations.invited(session, secret)
