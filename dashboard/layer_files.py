"""The way of a file into an operation: sent once, read in a process apart, kept in the database until it is imported.

    browser -> POST /data/files/{operation} -> analyses.apart -> operations.policing.layer_uploads -> the mapping screen

What a process has opened of it stays in its memory for the next question about it; another process opens it anew, so
that it does not matter which of them is asked.
"""

from collections import OrderedDict
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Annotated
from uuid import UUID, uuid4

import anyio.to_thread
from fastapi import APIRouter, Depends, Query, Request
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from dashboard.access import asking, reading, unit_of_work
from dashboard.components.layer_import import Upload
from dashboard.gate import STREAMED
from dashboard.later import later
from dashboard.wording import sentence
from operations.core import clock
from operations.core.drafts import parse
from operations.core.errors import Flaw, RuleBroken
from operations.core.people import Actor
from operations.core.store import Store
from operations.policing import layer_uploads
from operations.policing.layer_uploads import LayerUploadDraft

if TYPE_CHECKING:
    from analyses import apart
    from geodata.intake import mapping, packing, table
else:
    apart = later("analyses.apart")
    mapping, packing = later("geodata.intake.mapping"), later("geodata.intake.packing")
    table = later("geodata.intake.table")

MOST_ROWS_OPEN = 2_500_000


class Opened:
    """Files that this process has opened, the last asked for last. Beyond `rows` in all, the oldest are closed."""

    def __init__(self, rows: int = MOST_ROWS_OPEN) -> None:
        self._most, self._kept, self._lock = rows, OrderedDict[UUID, Upload](), Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def of(self, token: str | None) -> Upload:
        """The file that the person who asks is bringing in. Raises RuleBroken where it is not at hand, or not theirs.

        The database is asked every time whose it is and whether it is still there.
        """
        try:
            upload_id = UUID(token or "")
        except ValueError:
            raise RuleBroken("file", "This file is no longer at hand: choose it again.") from None
        with reading() as session:
            _operation, name = layer_uploads.known(session, upload_id)
            with self._lock:
                found = self._kept.get(upload_id)
                if found is not None:
                    self._kept.move_to_end(upload_id)
                    return found
            data = layer_uploads.content(session, upload_id)
        return self._keep(upload_id, opened(packing.unpacked(data), name))

    def drop(self, token: str | None) -> None:
        """Forget a file of the person who asks, here and in the database."""
        try:
            upload_id = UUID(token or "")
        except ValueError:
            return
        with unit_of_work() as session:
            layer_uploads.drop(session, upload_id)
        with self._lock:
            self._kept.pop(upload_id, None)

    def _keep(self, upload_id: UUID, made: Upload) -> Upload:
        with self._lock:
            self._kept[upload_id] = made
            while len(self._kept) > 1 and sum(len(each.table) for each in self._kept.values()) > self._most:
                self._kept.popitem(last=False)
        return made


OPENED = Opened()


def opened(found: "table.Table", name: str) -> Upload:
    """A table as it waits to be imported, read with the mapping that its headings suggest."""
    made = Upload(name, found, replace(mapping.proposed(found), source=None, note=None))
    made.read_as(made.mapping, clock.now().date())
    return made


def keep(store: Store, operation_id: UUID, name: str, data: bytes, limit: int, by: Actor) -> UUID:
    """Read a file apart and keep its table; the token under which its owner finds it. Raises `table.Refused`."""
    with store.reading(by) as session:
        layer_uploads.may_keep(session, operation_id, by)
    packed = apart.READER.packed(data, name, replace(table.LIMITS, size=limit))
    draft = parse(LayerUploadDraft, {"id": uuid4(), "name": _plain(name)})
    with store.unit_of_work(by) as session:
        return layer_uploads.keep(session, operation_id, draft, packed, by).id


def _plain(name: str) -> str:
    """The name of a file without its folder, and without what is not seen."""
    cleaned: str = table.plain(name.replace("\\", "/").rpartition("/")[2])
    return cleaned[:200]


def warm() -> None:
    """Have the process that reads files ready before the first of them comes."""
    apart.READER.start()


def router(store: Store, limit: int) -> APIRouter:
    """POST /data/files/{operation}?name=...: the bytes of a file as they are; answers `{"token"}` or `{"error"}`."""
    routes = APIRouter()

    @routes.post(STREAMED + "{operation_id}")
    async def bring_in(
        operation_id: UUID,
        request: Request,
        by: Annotated[Actor, Depends(asking)],
        name: Annotated[str, Query(max_length=400)] = "",
    ) -> Response:
        await anyio.to_thread.run_sync(_refuse_early, store, operation_id, by)
        try:
            data = await request.body()
        except ClientDisconnect:
            return JSONResponse({"error": sentence(Flaw("", "The file did not arrive whole: choose it again."))}, 400)
        token, error = await anyio.to_thread.run_sync(_kept, store, operation_id, name, data, limit, by)
        return JSONResponse({"token": token} if token else {"error": error}, 200 if token else 422)

    return routes


def _refuse_early(store: Store, operation_id: UUID, by: Actor) -> None:
    with store.reading(by) as session:
        layer_uploads.may_keep(session, operation_id, by)


def _kept(
    store: Store, operation_id: UUID, name: str, data: bytes, limit: int, by: Actor
) -> tuple[str | None, str | None]:
    """The token, or why there is none."""
    try:
        return str(keep(store, operation_id, name, data, limit, by)), None
    except RuleBroken as broken:
        return None, " ".join(sentence(flaw) for flaw in broken.flaws)
    except Exception as refused:
        if not isinstance(refused, table.Refused):
            raise
        return None, sentence(Flaw("", refused.template, refused.params))
