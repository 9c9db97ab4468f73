"""/calendar/<token>.ics: what calendar programs read. The token is the key; there is no session behind it."""

from collections.abc import Callable
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboard import wording
from dashboard.wording import _
from operations.core import clock, vocabulary
from operations.core.errors import NotFound
from operations.core.people import System
from operations.core.store import Store
from operations.exchange import calendars, ical
from operations.exchange.calendars import Date
from operations.policing.operation import plan

_HEADERS = {"content-disposition": 'inline; filename="muster.ics"'}


def router(store: Store) -> APIRouter:
    """The route. What is revoked, ended or never was looks the same."""
    routes = APIRouter(prefix="/calendar")

    @routes.get("/{token}.ics")
    def feed(request: Request, token: str) -> Response:
        with store.reading(System()) as session:
            known = calendars.reader(session, token)
        if known is None:
            raise NotFound
        found, by = known
        with store.reading(by) as session, wording.in_language(by.language):
            name = _("Muster")
            if found.operation_id is not None:
                operation = plan.operation(session, found.operation_id, by)
                name = f"{name} · {calendars.shown_name(operation)}"
            dates = calendars.dates(session, found, by)
            text = ical.written(name, dates, said, _address(str(request.base_url)), clock.now())
        return Response(
            text, media_type="text/calendar", headers={"content-disposition": 'inline; filename="muster.ics"'}
        )

    return routes


def said(date: Date) -> str:
    """The title of an event: its operation, and its kind or number. No word that anybody wrote of it."""
    if date.kind is not None:
        return f"{date.operation}: {vocabulary.label('CL-PHASE', date.kind, wording.language())}"
    state = vocabulary.label("CL-TASKSTATE", date.state or "", wording.language())
    return _("{operation}: task {number} ({state})", operation=date.operation, number=date.number, state=state)


def _address(base: str) -> Callable[[Date], str]:
    return lambda date: f"{base}operations/{date.operation_id}/timeline?show={quote(str(date.id))}"
