"""Row of a work item on Today."""

from datetime import datetime
from zoneinfo import ZoneInfo

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.badges import state_badge
from dashboard.parts.icon import icon
from dashboard.wording import _, ago, date, local_clock, moment, ngettext, sentence
from operations.core.worklist import WorkItem


def late_badges(many: int) -> list[Component]:
    """Return the number of folded items that are overdue."""
    return [state_badge(ngettext("{n} overdue", "{n} overdue", many), "bad")] if many else []


def item_row(item: WorkItem, zone: str, at: datetime) -> Component:
    """Return the row of a work item: what waits and until when, with the way there."""
    overdue = item.overdue(at)
    when = []
    if item.until is not None:
        local = item.until.astimezone(ZoneInfo(zone))
        due = _("due {day}, {hour}", day=date(local.date()), hour=local_clock(item.until, zone))
        when.append(html.Span(f"{due} · {ago(item.until)}", title=moment(item.until, zone)))
    elif item.since is not None:
        when.append(html.Span(ago(item.since), title=moment(item.since, zone)))
    mark = [state_badge(_("Overdue"), "bad")] if overdue else []
    return html.Li(
        dcc.Link(
            [
                icon("alert-triangle" if overdue else item.icon, size=20),
                tags.Div(
                    html.Strong(sentence(item.sentence)),
                    html.Div([*when, *mark], className="waiting-when m-dim m-small"),
                    className="waiting-words",
                ),
                html.Span(_(item.button), className="waiting-do"),
            ],
            href=item.address,
            className="waiting-entry" + (" is-overdue" if overdue else ""),
        )
    )
