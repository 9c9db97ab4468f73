"""Who is asking. The gate has put it into the ASGI scope before anything of Muster runs; nothing else may say it.

Callbacks and layouts ask `actor()` and open `reading()` or `unit_of_work()`; routers depend on `asking`. A test stands
in for the gate with `acting_as`.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import flask
from starlette.requests import Request

from dashboard.wording import in_language
from operations.core.errors import NotFound, NotPermitted
from operations.core.people import Actor
from operations.core.store import ScopedSession, Store

SCOPE = "muster.asking"
T = TypeVar("T")


@dataclass(frozen=True)
class RequestContext:
    """One request's person, the store they ask, their session, and how their browser shows things.

    `only`: the one address that a screen on a wall shows. `spend` counts what the person does ("writes", "analyses");
    it raises TooMany where that is more than one may do.
    """

    actor: Actor
    store: Store
    sign_in_id: UUID | None = None
    theme: str = "auto"
    dark: bool = False
    only: str | None = None
    spend: Callable[[str], None] = lambda _what: None


_acting: ContextVar[RequestContext | None] = ContextVar("muster_acting", default=None)
_session: ContextVar[tuple[RequestContext, ScopedSession] | None] = ContextVar("muster_session", default=None)


def now_asking() -> RequestContext:
    """Who asks in this request. Raises NotPermitted where nobody does."""
    if flask.has_request_context():
        found = flask.request.environ.get("asgi.scope", {}).get(SCOPE)
    else:
        found = _acting.get()
    if not isinstance(found, RequestContext):
        raise NotPermitted
    return found


def actor() -> Actor:
    """The person who asks."""
    return now_asking().actor


def store() -> Store:
    """The store that this process serves."""
    return now_asking().store


def reading() -> AbstractContextManager[ScopedSession]:
    """A session that reads as the person who asks."""
    found, shared = now_asking(), _session.get()
    if shared is not None and shared[0] is found:
        return nullcontext(shared[1])
    return found.store.reading(found.actor)


@contextmanager
def of_one_moment() -> Iterator[ScopedSession]:
    """A session that reads as the person who asks, and all that the same person is `reading` inside the block."""
    with reading() as session:
        token = _session.set((now_asking(), session))
        try:
            yield session
        finally:
            _session.reset(token)


def unit_of_work(counted: str = "writes") -> AbstractContextManager[ScopedSession]:
    """A session that writes as the person who asks: committed when the block ends well.

    Raises TooMany where the person has done as many of what is `counted` ("writes", "analyses") as one may.
    """
    found = now_asking()
    found.spend(counted)
    return found.store.unit_of_work(found.actor)


def repeated(work: Callable[[ScopedSession], T]) -> T:
    """`work` in a unit of work of the person who asks, again where the storage was away for a moment.

    Only for what is safe to repeat: see `Store.repeated`.
    """
    found = now_asking()
    return found.store.repeated(found.actor, work)


def dark() -> bool:
    """Whether this browser shows the dark look: chosen, or the system's own where nothing was chosen."""
    return now_asking().dark


def theme() -> str:
    """What the person chose: "auto", "light" or "dark"."""
    return now_asking().theme


def asking(request: Request) -> Actor:
    """The person who asks, for FastAPI: `actor: Annotated[Actor, Depends(asking)]`."""
    found = request.scope.get(SCOPE)
    if not isinstance(found, RequestContext):
        raise NotPermitted
    return found.actor


def known_id(text: str | None) -> UUID:
    """The identifier in an address or an input. Raises NotFound for anything else: no difference is shown."""
    try:
        return UUID(text or "")
    except (ValueError, AttributeError, TypeError):
        raise NotFound from None


@contextmanager
def standing_in(asking: RequestContext, language: str | None = None) -> Iterator[RequestContext]:
    """Stand in for the gate: inside the block `asking` is who asks, in the person's language or in `language`."""
    token = _acting.set(asking)
    try:
        with in_language(language or asking.actor.language):
            yield asking
    finally:
        _acting.reset(token)


def acting_as(
    actor: Actor, store: Store, language: str | None = None, dark: bool = False
) -> AbstractContextManager[RequestContext]:
    """Stand in for the gate: inside the block `actor` asks `store`."""
    return standing_in(RequestContext(actor, store, theme="dark" if dark else "light", dark=dark), language)
