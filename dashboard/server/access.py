"""Request context: the signed-in user, their store and session, for the code that runs inside a request.

The gate puts it into the ASGI scope before other code of Muster runs; nothing else may set it. Callbacks and layouts
call `actor()` and open `reading()` or `unit_of_work()`; routers depend on `asking`. Tests replace the gate with
`acting_as`.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Annotated, TypeVar
from uuid import UUID

import flask
from fastapi import Depends
from starlette.requests import Request

from dashboard.wording import in_language
from operations.core import refusal_log
from operations.core.errors import NotFound, NotPermitted
from operations.core.people import Actor
from operations.core.store import ScopedSession, Store
from operations.core.vocabulary import ApiScope

SCOPE = "muster.asking"
T = TypeVar("T")


@dataclass(frozen=True)
class RequestContext:
    """One request: its user, the store it reads, the user's session, and the theme of their browser.

    `only`: the one address that a wall screen may show. `demo`: whether stories are played to try Muster. `spend`
    counts an act ("writes", "analyses") and raises TooMany beyond the rate limit of the user. `scopes`: what an API
    token may do; None for a browser. `sender_key`: the public key by which what the token writes has to be signed.
    """

    actor: Actor
    store: Store
    sign_in_id: UUID | None = None
    theme: str = "auto"
    dark: bool = False
    only: str | None = None
    demo: bool = False
    spend: Callable[[str], None] = lambda _what: None
    scopes: frozenset[ApiScope] | None = None
    sender_key: str = ""


_acting: ContextVar[RequestContext | None] = ContextVar("muster_acting", default=None)
_session: ContextVar[tuple[RequestContext, ScopedSession] | None] = ContextVar("muster_session", default=None)


def current_request() -> RequestContext:
    """Return the context of the current request. Raises NotPermitted where nobody is signed in."""
    if flask.has_request_context():
        found = flask.request.environ.get("asgi.scope", {}).get(SCOPE)
    else:
        found = _acting.get()
    if not isinstance(found, RequestContext):
        raise NotPermitted
    return found


def actor() -> Actor:
    """Return the signed-in user."""
    return current_request().actor


def store() -> Store:
    """Return the store that this process serves."""
    return current_request().store


def reading() -> AbstractContextManager[ScopedSession]:
    """Return a read session with the user's permissions; the shared one inside `shared_session`."""
    found, shared = current_request(), _session.get()
    if shared is not None and shared[0] is found:
        return nullcontext(shared[1])
    return found.store.reading(found.actor)


@contextmanager
def shared_session() -> Iterator[ScopedSession]:
    """Share one read session: every `reading()` of the same user inside the block sees the same snapshot."""
    with reading() as session:
        token = _session.set((current_request(), session))
        try:
            yield session
        finally:
            _session.reset(token)


def unit_of_work(counted: str = "writes", *, behind: bool = False) -> AbstractContextManager[ScopedSession]:
    """Return a write session with the user's permissions, committed when the block ends without an error.

    `behind`: it gives way to people. Raises TooMany beyond the user's rate limit of `counted` ("writes" or "analyses").
    """
    found = current_request()
    found.spend(counted)
    return found.store.unit_of_work(found.actor, behind=behind)


def retry_write(work: Callable[[ScopedSession], T]) -> T:
    """Run `work` in a unit of work of the user, and retry it where the storage was unavailable for a moment.

    Only for what is safe to repeat: see `Store.repeated`. Raises TooMany as `unit_of_work` does.
    """
    found = current_request()
    found.spend("writes")
    return found.store.repeated(found.actor, work)


def dark() -> bool:
    """Return whether this browser shows the dark theme: chosen by the user, or else by their system."""
    return current_request().dark


def theme() -> str:
    """Return the user's choice of theme: "auto", "light" or "dark"."""
    return current_request().theme


def current_user(request: Request) -> Actor:
    """Return the signed-in user, as a FastAPI dependency: `actor: Annotated[Actor, Depends(asking)]`."""
    found = request.scope.get(SCOPE)
    if not isinstance(found, RequestContext):
        raise NotPermitted
    return found.actor


SignedIn = Annotated[Actor, Depends(current_user)]
"""Who is signed in, however long ago: what was written or filled in comes hours after somebody typed a password."""


def known_id(text: str | None) -> UUID:
    """Parse an identifier from an address or an input. Raises NotFound if it is malformed, as if it did not exist."""
    try:
        return UUID(text or "")
    except (ValueError, AttributeError, TypeError):
        raise NotFound from None


def note_refusal(error: Exception, asking: RequestContext | None = None) -> None:
    """Log a refusal for lack of a right, unless a session did; by the context of the request, or the current one."""
    if isinstance(error, NotPermitted):
        with suppress(NotPermitted):  # nobody is signed in: the gate's log has the request
            refusal_log.note(error, (asking or current_request()).actor)


@contextmanager
def request_scope(asking: RequestContext, language: str | None = None) -> Iterator[RequestContext]:
    """Set the request context for the block, as the gate does, with the user's language or `language`."""
    token = _acting.set(asking)
    try:
        with in_language(language or asking.actor.language, asking.actor.country):
            yield asking
    finally:
        _acting.reset(token)


def acting_as(
    actor: Actor, store: Store, language: str | None = None, dark: bool = False
) -> AbstractContextManager[RequestContext]:
    """Set a request context for the block in which `actor` uses `store`, for tests and scripts."""
    return request_scope(RequestContext(actor, store, theme="dark" if dark else "light", dark=dark), language)
