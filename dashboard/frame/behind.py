"""The reports behind a figure, under its definition on whatever screen: once their reader has said why."""

from typing import Any, Final

import dash_mantine_components as dmc
from dash import Input, Output, State, dcc, html
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dashboard.frame.policy import screen
from dashboard.parts.badges import level_badge
from dashboard.parts.kpi_board import OWN, WHOLE, Choice, frame_of
from dashboard.server.access import actor, known_id, unit_of_work
from dashboard.wording import _, date, language, ngettext, number
from operations.core import vocabulary
from operations.core.permissions import Act
from operations.core.vocabulary import Level
from operations.measures.behind import MOST, Behind, behind, counted, may_look
from operations.measures.guard import Frame
from operations.measures.kpis import CATALOGUE, Kpi
from operations.measures.lines import Counting
from operations.policing.operation import plan

OF: Final = "behind-of"
WHY: Final = "behind-why"
FOUND: Final = "behind-found"


def asks_why(kpi: Kpi, frame: Frame, operation: plan.Operation) -> list[Component]:
    """Where a reader says why the reports behind a figure are wanted; nothing where there are none to be read."""
    if not may_look(kpi, frame, operation, actor()):
        return []
    return [
        dcc.Store(
            id=OF,
            data={
                "figure": kpi.value,
                "operation": str(operation.id),
                "level": frame.level.name,
                "scope": OWN if frame.country else WHOLE,
            },
        ),
        dmc.Select(
            id=WHY,
            label=_("Reports behind the figure"),
            description=_("Your reason is written into the access trail."),
            placeholder=_("Choose a reason to see them"),
            data=vocabulary.options("CL-BEHIND", language()),
            size="xs",
            allowDeselect=False,
            className="behind-why",
        ),
        html.Div(id=FOUND, **{"aria-live": "polite"}),
    ]


@screen(
    Output(FOUND, "children"),
    Input(WHY, "value"),
    State(OF, "data"),
    act=Act.REPORT_READ,
    prevent_initial_call=True,
)
def look_behind(why: str | None, of: dict[str, str]) -> Any:
    """List the reports once a reason was chosen."""
    kpi = next((each for each in Kpi if each.value == of["figure"]), None)
    if not why or kpi is None:
        raise PreventUpdate
    by = actor()
    with unit_of_work() as session:
        operation = plan.operation(session, known_id(of["operation"]), by)
        frame = frame_of(operation, Choice.of(of["level"], of["scope"], None, by), by)
        found = behind(session, frame, kpi, why, by)
        return _listed(found, kpi, operation)


def _listed(found: list[Behind], kpi: Kpi, operation: plan.Operation) -> list[Component]:
    if not found:
        return [html.P(_("No report that you may read stands behind it."), className="m-dim")]
    made = CATALOGUE[counted(kpi)]
    sums = sum(each.amount for each in found)
    apart = made.counting is Counting.APART  # amounts of it are never added up: its lines are counted
    amount = ngettext("{n} line", "{n} lines", sums) if apart else f"{number(sums)} {_(made.unit)}"
    head = ngettext("{n} report: {amount}", "{n} reports: {amount}", len(found), amount=amount)
    more = [html.P(_("Only the newest are listed."), className="m-dim m-small")] if len(found) == MOST else []
    return [html.P(head), *more, html.Ul([_row(each, operation) for each in found], className="behind")]


def _row(each: Behind, operation: plan.Operation) -> Component:
    words = f"{date(each.report.official_day)} · {each.site.name}"
    others = ", ".join(map(number, each.otherwise))
    return html.Li(
        [
            dcc.Link(words, href=f"/operations/{operation.id}/reports?report={each.report.id}", className="m-link"),
            html.Span(number(each.amount), className="behind-amount"),
            *([html.Span(_("another source: {counts}", counts=others), className="m-dim m-small")] if others else []),
            level_badge(Level(each.report.level)),
        ]
    )
