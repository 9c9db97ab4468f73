"""Message links, /message/<id>, used in mails and on Today: mark the message read and redirect to its subject."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import RedirectResponse

from dashboard.server.access import current_user
from operations import worklist_entries
from operations.core import deferred_writes
from operations.core.errors import NotFound
from operations.core.people import Actor
from operations.core.storage_errors import Unavailable
from operations.core.store import Store
from operations.notices import inbox

PATIENCE = 0.2
"""Seconds: who reads waits for no writer."""


def router(store: Store) -> APIRouter:
    """Return the route."""
    routes = APIRouter()

    @routes.get("/message/{message_id}")
    def follow(message_id: UUID, actor: Annotated[Actor, Depends(current_user)]) -> RedirectResponse:
        """Mark the message read and redirect to its subject; to Today where it is not this person's."""
        try:
            with store.unit_of_work(actor, patience=PATIENCE) as session:
                target = inbox.read(session, message_id, actor).link
        except Unavailable:  # it is read, and noted as read beside the answer
            with store.reading(actor) as session:
                target = inbox.message(session, message_id, actor).link
            deferred_writes.of(store).do(("message", message_id), partial(_note, store, message_id, actor))
        except NotFound:
            target = worklist_entries.ADDRESS
        return RedirectResponse(target, 303)

    return routes


def _note(store: Store, message_id: UUID, actor: Actor) -> None:
    with store.unit_of_work(actor, behind=True) as session:
        inbox.read(session, message_id, actor)
