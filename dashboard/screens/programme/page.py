"""Timeline across operations: a row for each operation that the reader works for."""

from typing import Any

from dash import Output, dcc
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import follows
from dashboard.frame.live_parts import same_for_role
from dashboard.frame.shell import page
from dashboard.parts.timeline import bars as timeline_bars
from dashboard.parts.timeline.frame import frame, wire
from dashboard.places import ALL_TIMELINES
from dashboard.server.access import actor, reading
from dashboard.wording import _
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.policing.calendar import timeline
from operations.policing.operation import plan

NAV = ALL_TIMELINES
AUDIENCE = same_for_role
DATA = "programme-data"

wire(DATA)


def layout(**_query: str) -> Component:
    """Return all timelines, one below the other."""
    by = actor()
    with reading() as session:
        drawn = _chart(session, by)
    return page(
        _("Timeline of all operations"),
        dcc.Store(id=DATA, data=drawn),
        frame(_("Timeline of all operations"), DATA, movable=may(by, Act.OPERATION_EDIT), elsewhere=True),
        lead=_("Phases and tasks of every operation you work for. Times are UTC and those of each operation."),
        wide=True,
    )


def _chart(session: Session, by: Actor) -> dict[str, Any]:
    """Return the current bars of every operation."""
    operations = plan.operations(session, by)
    rows = timeline.rows(session, [each.id for each in operations])
    return timeline_bars.chart_of_all(
        (each, rows[each.id], may(by, Act.OPERATION_EDIT, plan.subject(each))) for each in operations
    )


show = follows(_chart, Output(DATA, "data"), act=Act.OPERATION_READ)
