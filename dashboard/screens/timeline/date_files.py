"""Upload of a file of dates: read in a child process for the page that shows it, and never stored.

browser -> POST /data/files/{operation}/dates -> server.upload_queue -> operations.analyses.sandbox -> the timeline's
page
"""

from functools import partial
from typing import IO, Annotated, Any
from uuid import UUID

import anyio.to_thread
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from dashboard.screens.timeline.calendar_panels import too_large
from dashboard.server.access import current_user
from dashboard.server.gate import STREAMED
from dashboard.server.lazy_modules import sandbox
from dashboard.server.upload_queue import Arrival, UploadQueue, file_answer
from dashboard.wording import sentence
from operations.core.errors import Flaw
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import Store
from operations.exchange.ical import MOST_BYTES
from operations.policing.operation import plan


def address(operation_id: UUID | str) -> str:
    """Return the URL that a file of dates for an operation is sent to."""
    return f"{STREAMED}{operation_id}/dates"


def router(store: Store, line: UploadQueue) -> APIRouter:
    """POST /data/files/{operation}/dates?name=...: the bytes of a file; the answer holds its dates for the page."""
    routes = APIRouter()

    @routes.post(address("{operation_id}"))
    async def bring_in(
        operation_id: UUID,
        by: Annotated[Actor, Depends(current_user)],
        name: Annotated[str, Query(max_length=400)] = "",
    ) -> Response:
        zone = await anyio.to_thread.run_sync(_zone, store, operation_id, by)
        return Arrival(line, by.account_id, MOST_BYTES, too_large(), partial(read, name, zone))

    return routes


def _zone(store: Store, operation_id: UUID, by: Actor) -> str:
    """Return the operation's zone. Raises for whoever may not change the operation, before any of the file is read."""
    with store.reading(by) as session:
        operation = plan.operation(session, operation_id, by)
        require(by, Act.OPERATION_EDIT, plan.subject(operation))
        return operation.zone


@file_answer
def read(name: str, zone: str, file: IO[bytes]) -> dict[str, Any]:
    """Return what the page needs of a file: its name and its dates, with and without times that have no zone."""
    zoned, local = sandbox.READER.dates(file, zone)
    return {"name": name[:200], "floating": False, "zoned": _said(zoned), "local": _said(local)}


def _said(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the dates with their errors and remarks as sentences in the reader's language."""
    return [{**each, "flaw": _sentence(each["flaw"]), "note": _sentence(each["note"])} for each in found]


def _sentence(flaw: dict[str, Any] | None) -> str | None:
    return None if flaw is None else sentence(Flaw(**flaw))
