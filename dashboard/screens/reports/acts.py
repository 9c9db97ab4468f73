"""Parts around an opened report: others of its day, the possible actions, and its history."""

from typing import Any

from dash import html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard import wording
from dashboard.parts import tags
from dashboard.parts.confirmation import confirmation_attributes
from dashboard.parts.form import Form, button, select_field, text_field
from dashboard.parts.icon import icon
from dashboard.parts.report import view as report_view
from dashboard.screens.reports.button_request import asked
from dashboard.screens.reports.form import ENDED, may_correct
from dashboard.server.access import actor
from dashboard.wording import _
from operations.core.permissions import Act, may
from operations.policing.operation import plan
from operations.policing.operation.plan import Operation
from operations.policing.reports import reports
from operations.policing.reports import states as report_states
from operations.policing.reports.reports import Report
from operations.policing.reports.states import Deed

WITHDRAWAL = Form("reports-withdrawal")
COMPARISON = Form("reports-comparison")
WITHDRAW = "reports-withdraw"  # the id of the button


def others(found: Report, beside: list[Report]) -> Component | None:
    """Return the other reports of the same site and day, or None."""
    rest = [each for each in beside if each.id != found.id]
    if not rest:
        return None
    links = [
        html.Button(
            [wording.coded("CL-REPORTKIND", report.kind), " ", wording.clock(report.received_at, report.zone)],
            className="reports-link",
            **{"data-ask": asked("version", id=str(report.id))},
        )
        for report in rest
    ]
    return html.P([_("Also sent for this day:"), " ", *links], className="m-small")


def acts(session: Session, operation: Operation, found: Report) -> Component | None:
    """Return the actions on a version: correct it, add another report, withdraw it; or why not."""
    made: list[Component] = []
    place = plan.subject(operation, found.country, found.site_id)
    if may_correct(session, operation, found):
        made.append(
            html.Button(
                [icon("pencil"), _("Correct")],
                className="reports-button reports-button-primary",
                **{"data-ask": asked("correct", id=str(found.id))},
            )
        )
    elif reports.beyond_officer(reports.versions(session, found.report_id), actor()):
        made.append(
            html.P(
                _(
                    "The country has validated this report. Only the team leader or the national "
                    "coordinator can correct it."
                ),
                className="m-small m-dim",
            )
        )
    if may(actor(), Act.REPORT_WRITE, place) and report_states.obstacle(operation.state, Deed.REPORT) is None:
        made.append(
            html.Button(
                [icon("plus"), _("Another report for this day")],
                className="reports-button reports-button-plain",
                **{"data-ask": asked("new", site=str(found.site_id), day=found.official_day.isoformat())},
            )
        )
    mine = found.author_id == actor().account_id or may(actor(), Act.REPORT_VALIDATE, place)
    stays = report_states.obstacle(operation.state, Deed.WITHDRAW)
    if may(actor(), Act.REPORT_WITHDRAW, place) and mine and stays is None and found.state not in ENDED:
        made.append(
            tags.Details(
                html.Summary(_("Withdraw")),
                text_field(
                    WITHDRAWAL,
                    "reason",
                    _("Reason"),
                    description=_("It is written into the journal."),
                    required=True,
                    persistence=str(found.id),
                    persistence_type="memory",
                ),
                button(
                    _("Withdraw this report"), id=WITHDRAW, kind="danger", **confirmation_attributes("report.withdraw")
                ),
                className="reports-withdraw",
            )
        )
    return html.Footer(made, className="reports-acts") if made else None


def side(chain: list[Report], found: Report, earlier: Report | None, steps: Any) -> list[Component]:
    """Return the history: versions with their actions, and the selector of the version to compare with."""
    others = [each for each in chain if each.id != found.id]
    options = [{"value": str(each.id), "label": _("Version {number}", number=each.version)} for each in others]
    parts: list[Component] = [html.H2(_("History"))]
    if options:
        parts.append(
            select_field(COMPARISON, "with", _("Compared with"), options, value=str(earlier.id) if earlier else None)
        )
    return [*parts, report_view.history(chain, steps, found.id)]
