"""Upload of layer files: sent once, read in a child process, and stored in the database until it is imported.

    browser -> POST /data/files/{operation} -> dashboard.server.upload_queue -> operations.analyses.sandbox
            -> operations.policing.layers.uploads -> the mapping screen

Applying a mapping runs in the child process too, so that it delays no other request. What a process has opened is
cached in its memory for the next question about it; any other process reads it again from the database, so it does not
matter which one serves a request.
"""

from collections import OrderedDict
from dataclasses import replace
from functools import partial
from threading import Lock, Thread
from typing import IO, TYPE_CHECKING, Annotated
from uuid import UUID, uuid4

import anyio.to_thread
from fastapi import APIRouter, Depends, Query
from sqlmodel import Session
from starlette.responses import Response

from dashboard.screens.layers.import_view import Upload, too_large
from dashboard.server.access import current_user, reading
from dashboard.server.gate import STREAMED
from dashboard.server.lazy_modules import sandbox, table
from dashboard.server.upload_queue import Arrival, UploadQueue, file_answer
from operations.core import clock
from operations.core.drafts import parse
from operations.core.errors import RuleBroken
from operations.core.people import Actor
from operations.core.store import Store
from operations.policing.layers import uploads as layer_uploads
from operations.policing.layers.uploads import LayerUploadDraft

if TYPE_CHECKING:
    from geodata.intake.mapping import Mapping

MOST_BYTES_OPEN = 192 * 2**20
ZIPPED = 3
"""How many times larger than the limit a zipped text table or GeoJSON file may be: about a million GeoJSON events."""


class OpenFiles:
    """LRU cache of the files that this process has opened; over `most` bytes in all, the least recently used go.

    It holds what was read of a file, and not its table: that stays in the database.
    """

    def __init__(self, most: int = MOST_BYTES_OPEN) -> None:
        self._most, self._kept, self._lock = most, OrderedDict[UUID, Upload](), Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def of(self, token: str | None, wanted: "Mapping | None" = None) -> Upload:
        """Return the file that the actor is importing, as last read, or read anew with the mapping `wanted`.

        Raises RuleBroken where it is missing or another person's: the database is asked every time. The child process
        reads it.
        """
        try:
            upload_id = UUID(token or "")
        except ValueError:
            raise RuleBroken("file", "This file is no longer stored. Choose it again.") from None
        with reading() as session:
            _operation, name = layer_uploads.known(session, upload_id)
            with self._lock:
                cached = self._kept.get(upload_id)
                if cached is not None and wanted in (None, cached.mapping):
                    self._kept.move_to_end(upload_id)
                    return cached
            data = layer_uploads.content(session, upload_id)
        try:
            made = Upload(name, sandbox.QUESTIONS.accepted(data, wanted, clock.now().date()))
        except Exception as refused:
            if not isinstance(refused, table.RefusedFile):
                raise
            if cached is None or wanted is None or isinstance(refused, sandbox.Busy):
                raise RuleBroken("file", refused.template, **refused.params) from None
            made = Upload(name, replace(cached.reading, mapping=wanted, layer=None, flaw=refused))
        return self.keep(upload_id, made)

    def drop(self, session: Session, token: str | None) -> None:
        """Delete a file of the actor, here and in the database."""
        try:
            upload_id = UUID(token or "")
        except ValueError:
            return
        layer_uploads.drop(session, upload_id)
        with self._lock:
            self._kept.pop(upload_id, None)

    def keep(self, upload_id: UUID, made: Upload) -> Upload:
        """Cache a file that was just read."""
        with self._lock:
            self._kept[upload_id] = made
            self._kept.move_to_end(upload_id)
            while len(self._kept) > 1 and sum(map(_size, self._kept.values())) > self._most:
                self._kept.popitem(last=False)
        return made


def _size(upload: Upload) -> int:
    return 0 if upload.layer is None else len(upload.layer.data) + sum(len(each.data) for each in upload.layer.marks)


OPENED = OpenFiles()


def keep(store: Store, operation_id: UUID, name: str, data: bytes | IO[bytes], limit: int, by: Actor) -> UUID:
    """Read a file in the child process, store its table, and return the owner's token for it. Raises `table.Refused`.

    The mapping that its headings suggest is applied at once, so that the mapping screen and the import find it done.
    """
    with store.reading(by) as session:
        layer_uploads.may_keep(session, operation_id, by)
    packed = sandbox.READER.packed(data, name, replace(table.LIMITS, size=limit, zipped=ZIPPED * limit))
    layer_uploads.check_size(packed)
    draft = parse(LayerUploadDraft, {"id": uuid4(), "name": _plain(name)})
    made = Upload(draft.name, sandbox.READER.accepted(packed, None, clock.now().date()))
    with store.unit_of_work(by) as session:
        layer_uploads.keep(session, operation_id, draft, packed, by)
    OPENED.keep(draft.id, made)
    return draft.id


def _plain(name: str) -> str:
    """Return a file name without its folder and without invisible characters."""
    cleaned: str = table.plain(name.replace("\\", "/").rpartition("/")[2])
    return cleaned[:200]


def expect() -> None:
    """Start the process that reads files, beside this request: somebody who may bring one in has opened the page."""
    Thread(target=lambda: sandbox.READER.start(), name="muster-reader", daemon=True).start()


def router(store: Store, limit: int, line: UploadQueue) -> APIRouter:
    """POST /data/files/{operation}?name=...: the raw bytes of a file; the answer is a token for the page."""
    routes = APIRouter()

    @routes.post(STREAMED + "{operation_id}")
    async def bring_in(
        operation_id: UUID,
        by: Annotated[Actor, Depends(current_user)],
        name: Annotated[str, Query(max_length=400)] = "",
    ) -> Response:
        await anyio.to_thread.run_sync(_refuse_early, store, operation_id, by)
        kept = partial(_kept, store, operation_id, name, limit, by)
        return Arrival(line, by.account_id, limit, too_large(limit), kept)

    return routes


def _refuse_early(store: Store, operation_id: UUID, by: Actor) -> None:
    with store.reading(by) as session:
        layer_uploads.may_keep(session, operation_id, by)


@file_answer
def _kept(store: Store, operation_id: UUID, name: str, limit: int, by: Actor, file: IO[bytes]) -> str:
    """Return the token."""
    return str(keep(store, operation_id, name, file, limit, by))
