"""The card of the next report that is due, at the head of the page on a telephone: post, day, deadline, and buttons."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from dash import html
from dash.development.base_component import Component

from dashboard import wording
from dashboard.screens.reports.button_request import asked
from dashboard.screens.reports.matrix import DayStanding, MatrixCell
from dashboard.server.access import actor
from dashboard.wording import _, ngettext
from operations.core.permissions import Act, may
from operations.policing.map_plan.places import Site
from operations.policing.operation import plan
from operations.policing.operation.plan import Operation
from operations.policing.reports import daily_reports
from operations.policing.reports import states as report_states
from operations.policing.reports.states import Deed

_OPEN = (DayStanding.RETURNED, DayStanding.UNSENT, DayStanding.MISSING)
"""What asks for a report: what was returned first, then by day, what was begun before what was not."""


def due_card(
    operation: Operation, sites: Sequence[Site], cells: Mapping[tuple[UUID, date], MatrixCell]
) -> list[Component]:
    """Return the card of the next report that this person is to write; a sentence where none is due, or nothing."""
    own = {
        site.id: site
        for site in sites
        if may(actor(), Act.REPORT_WRITE, plan.subject(operation, site.country, site.id))
    }
    if not own or report_states.obstacle(operation.state, Deed.REPORT) is not None:
        return []
    waiting = {place: cell for place, cell in cells.items() if place[0] in own and cell.standing in _OPEN}
    if not waiting:
        return [html.Section(html.P(_("Nothing is due now.")), className="reports-due reports-due-none")]
    first = min(
        waiting,
        key=lambda place: (waiting[place].standing is not _OPEN[0], place[1], _OPEN.index(waiting[place].standing)),
    )
    site, day = own[first[0]], first[1]
    place = {"site": str(site.id), "day": day.isoformat()}
    returned = waiting[first].standing is DayStanding.RETURNED
    buttons = [_button(_("Correct") if returned else _("Write the report"), "primary", asked("cell", **place))]
    if not returned:
        buttons.insert(0, _button(_("Nothing to report"), "plain", asked("nil", **place)))
    said = [
        html.H2(_("Returned to you") if returned else _("Due now")),
        html.P(site.name, className="reports-due-place"),
    ]
    said.append(html.P(wording.date(day), className="reports-due-day"))
    if operation.daily_due is not None:
        until = wording.moment(daily_reports.deadline(operation, day), operation.zone)
        said.append(html.P(_("until {moment}", moment=until), className="m-dim"))
    if others := len(waiting) - 1:
        said.append(html.P(ngettext("{n} more is due.", "{n} more are due.", others), className="m-small m-dim"))
    return [html.Section([*said, html.Div(buttons, className="reports-due-acts")], className="reports-due")]


def _button(words: str, kind: str, ask: str) -> Component:
    return html.Button(words, className=f"reports-button reports-button-{kind}", **{"data-ask": ask})
