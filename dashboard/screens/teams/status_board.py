"""Status board: a line for each team."""

from collections.abc import Sequence
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from dashboard.parts.badges import state_badge
from dashboard.parts.panel import empty_state
from dashboard.parts.table import table, table_row
from dashboard.parts.team import text
from dashboard.wording import _, coded, moment
from operations.core import vocabulary
from operations.support.status import TeamStatus


def status_board(found: Sequence[TeamStatus], zone: str, at: datetime) -> list[Component]:
    """Return a line for each team: who, activity, place, end, and timer."""
    if not found:
        return [
            empty_state(
                _("No team is known here"),
                _("Teams appear when a country puts them on its roster or offers them to this operation."),
                "users-group",
            )
        ]
    head = [_("Team"), _("Status"), _("Where"), _("Until"), _("Check-in")]
    body = [
        table_row(
            [html.Bdi(row.call_sign), html.Small(coded("CL-COUNTRY", row.country), className="m-dim")],
            _status(row),
            html.Bdi(row.place),
            moment(row.until, zone) if row.until else "",
            text.timer(row.due_at, row.contact_at, at),
            className="is-overdue" if row.overdue else "",
        )
        for row in found
    ]
    return [table(head, body, "teams-status", _("Status board"))]


def _status(row: TeamStatus) -> list[Component]:
    parts = [state_badge(coded("CL-TEAMSTATE", row.state), text.TEAM_TONES[row.state])]
    if row.stage is not None:
        parts.append(text.stage_badge(row.stage))
    if row.why:
        known = row.why in vocabulary.code_list("CL-ABSENCE")
        parts.append(html.Small(coded("CL-ABSENCE", row.why) if known else html.Bdi(row.why), className="m-dim"))
    return [html.Div(parts, className="teams-states")]
