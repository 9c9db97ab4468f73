"""The timeline across operations: every operation that the reader works for, one row each."""

from typing import Any

from dash import Input, Output, State, dcc, no_update
from dash.development.base_component import Component

from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.navigation import Nav
from dashboard.parts.timeline import bars as timeline_bars
from dashboard.parts.timeline.frame import frame, wire
from dashboard.server.access import actor, reading
from dashboard.server.live import PULSE
from dashboard.wording import N_, _
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.policing.calendar import timeline
from operations.policing.operation import plan

NAV = Nav(
    name=N_("Timeline of all operations"),
    path="/timeline",
    icon="timeline",
    order=5,
    act=Act.OPERATION_READ,
    place=False,
)
DATA = "programme-data"

wire(DATA)


def layout(**_query: str) -> Component:
    """All timelines below each other."""
    by = actor()
    return page(
        _("Timeline of all operations"),
        dcc.Store(id=DATA, data=_chart(by)),
        frame(_("Timeline of all operations"), DATA, movable=may(by, Act.OPERATION_EDIT), elsewhere=True),
        lead=_("Phases and tasks of every operation you work for. Times are UTC and those of each operation."),
        wide=True,
    )


def _chart(by: Actor) -> dict[str, Any]:
    with reading() as session:
        operations = plan.operations(session, by)
        rows = timeline.rows(session, [each.id for each in operations])
    return timeline_bars.chart_of_all(
        (each, rows[each.id], may(by, Act.OPERATION_EDIT, plan.subject(each))) for each in operations
    )


@screen(
    Output(DATA, "data"),
    Input(PULSE, "data"),
    State(DATA, "data"),
    act=Act.OPERATION_READ,
    prevent_initial_call=True,
)
def show(_pulse: int, drawn: dict[str, Any] | None) -> Any:
    """The bars as they are now."""
    data = _chart(actor())
    return no_update if data == drawn else data
