"""/data/timeline/check: the conflicts of a bar while it is dragged, requested at every step."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import JSONResponse

from dashboard.server.access import current_user
from dashboard.wording import sentence
from operations.core.drafts import parse
from operations.core.people import Actor
from operations.core.store import Store
from operations.policing.calendar import timeline


def router(store: Store) -> APIRouter:
    """Return the route: `{"clashes": [{"other", "said"}]}`; an invalid move is refused with a sentence."""
    routes = APIRouter(prefix="/data/timeline")

    @routes.get("/check")
    def check(
        id: UUID,  # noqa: A002 - the word of the address
        actor: Annotated[Actor, Depends(current_user)],
        ends: str,
        starts: str | None = None,
        following: bool = False,
    ) -> JSONResponse:
        wanted = parse(timeline.Move, {"id": id, "starts": starts, "ends": ends, "following": following})
        with store.reading(actor) as session:
            found = timeline.check(session, wanted, actor)
        clashes = [{"other": str(each.other), "said": sentence(each.flaw)} for each in found]
        return JSONResponse({"clashes": clashes})

    return routes
