"""Access of programs: who asks by an API token, whether a route is within its scopes, and strict JSON bodies.

What another Muster writes is signed by its key, which the token names.
"""

import json
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer

from dashboard.server.access import SCOPE, RequestContext
from dashboard.server.gate import SAFE
from operations.core import evidence
from operations.core.errors import NotPermitted, Taken
from operations.core.people import Actor
from operations.core.store import ScopedSession, Store
from operations.core.vocabulary import ApiScope

T = TypeVar("T")
_BEARER = HTTPBearer(auto_error=False, description=("An API token of your country, which is made in Muster."))
# For the description only: the gate has read the token before.


def _asker(scope: ApiScope | None = None) -> Any:
    """Return the dependency that gives the actor of a token with `scope`, or of any token. Raises NotPermitted."""

    async def found(request: Request, _token: Any = Depends(_BEARER)) -> Actor:
        asking = request.scope.get(SCOPE)
        if not isinstance(asking, RequestContext) or asking.scopes is None:
            raise NotPermitted
        if scope is not None and scope not in asking.scopes:
            raise NotPermitted
        if asking.sender_key and request.method not in SAFE:
            signed = evidence.message(request.method, request.url.path, await request.body())
            evidence.refuse_unsigned(signed, request.headers.get(evidence.SIGNATURE, ""), asking.sender_key)
        return asking.actor

    return Depends(found)


Program = Annotated[Actor, _asker()]
Writer = Annotated[Actor, _asker(ApiScope.REPORTS_WRITE)]
Reader = Annotated[Actor, _asker(ApiScope.REPORTS_READ)]
FigureReader = Annotated[Actor, _asker(ApiScope.FIGURES_READ)]
PlanReader = Annotated[Actor, _asker(ApiScope.PLAN_READ)]
TeamReader = Annotated[Actor, _asker(ApiScope.TEAMS_READ)]
TeamKeeper = Annotated[Actor, _asker(ApiScope.TEAMS_WRITE)]
LeadReader = Annotated[Actor, _asker(ApiScope.LEADS_READ)]
LeadAnswerer = Annotated[Actor, _asker(ApiScope.LEADS_ANSWER)]


def scopes_of(request: Request) -> frozenset[ApiScope]:
    """Return the scopes of the token that asks, as a FastAPI dependency; none for anybody else."""
    asking = request.scope.get(SCOPE)
    return (asking.scopes or frozenset()) if isinstance(asking, RequestContext) else frozenset()


def _sender_of(request: Request) -> str | None:
    """Return the public key of the other Muster that asks; None for any other system."""
    asking = request.scope.get(SCOPE)
    return (asking.sender_key or None) if isinstance(asking, RequestContext) else None


SenderKey = Annotated[str | None, Depends(_sender_of)]
Scopes = Annotated[frozenset[ApiScope], Depends(scopes_of)]


def write(store: Store, by: Actor, work: Callable[[ScopedSession], T]) -> T:
    """Run a verb whose ids the program made, and once more where somebody took the same id at the same moment."""
    try:
        return store.repeated(by, work)
    except Taken:
        return store.repeated(by, work)


class _StrictRequest(Request):
    """A request whose JSON has each key once and finite numbers only."""

    async def json(self) -> Any:
        """Return the body. Raises json.JSONDecodeError."""
        try:
            return json.loads(await self.body(), object_pairs_hook=_once, parse_constant=_no_constant)
        except (RecursionError, UnicodeDecodeError, ValueError):
            raise json.JSONDecodeError("not well-formed", "", 0) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_constant(_text: str) -> Any:
    raise ValueError("no number")


class StrictRoute(APIRoute):
    """A route that reads its body by `_StrictRequest`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler."""
        handle = super().get_route_handler()

        async def strictly(request: Request) -> Response:
            return await handle(_StrictRequest(request.scope, request.receive))

        return strictly
