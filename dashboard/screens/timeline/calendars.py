"""Calendar feeds, /calendar/<token>.ics, for calendar programs. The token is the key; there is no session."""

from collections.abc import Callable
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboard import wording
from dashboard.wording import _
from operations.core import clock, vocabulary
from operations.core.errors import existing
from operations.core.languages import LOCALES
from operations.core.people import System
from operations.core.store import Store
from operations.exchange import calendars, ical
from operations.exchange.calendars import CalendarKind, Date
from operations.policing.operation import plan

_HEADERS = {"content-disposition": 'inline; filename="muster.ics"'}


def router(store: Store) -> APIRouter:
    """Return the route. A revoked, an expired and an unknown token look the same."""
    routes = APIRouter(prefix="/calendar")

    @routes.get("/{token}.ics")
    def feed(request: Request, token: str) -> Response:
        with store.reading(System()) as session:
            found, by = existing(calendars.reader(session, token))
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
    """Return the title of an event in the reader's language: its operation, and as much as calendars may say."""
    spoken = wording.language()
    phase = vocabulary.label("CL-PHASE", date.phase, spoken) if date.phase else ""
    if date.kind is CalendarKind.PHASE:
        usual = {vocabulary.label("CL-PHASE", str(date.phase), each) for each in LOCALES}
        own = f" · {date.title}" if date.title and date.title not in usual else ""
        return f"{date.operation}: {phase}{own}"
    code_list = "CL-TASKSTATE" if date.kind is CalendarKind.TASK else "CL-DEPLOYSTATE"
    state = vocabulary.label(code_list, date.state or "", spoken)
    if date.title:
        return _("{operation}: {title} ({state})", operation=date.operation, title=date.title, state=state)
    told = {"operation": date.operation, "number": date.number, "state": state}
    if date.kind is CalendarKind.DEPLOYMENT:
        return _("{operation}: deployment {number} ({state})", **told)
    if phase:
        return _("{operation}: task {number} of the phase {phase} ({state})", phase=phase, **told)
    return _("{operation}: task {number} ({state})", **told)


def _address(base: str) -> Callable[[Date], str]:
    def address(date: Date) -> str:
        place = "teams" if date.kind is CalendarKind.DEPLOYMENT else f"timeline?show={quote(str(date.id))}"
        return f"{base}operations/{date.operation_id}/{place}"

    return address
