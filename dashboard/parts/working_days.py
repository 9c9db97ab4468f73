"""The period in which a person works on an operation, in words."""

from datetime import date as Date  # noqa: N812 - `date` is the function that says one

from dash import html
from dash.development.base_component import Component

from dashboard.parts.badges import state_badge
from dashboard.wording import _, date
from operations.core.clock import now
from operations.core.people import Timed
from operations.policing.operation import plan
from operations.policing.operation.working_days import days_of


def working_days(operation: plan.Operation, period: Timed) -> Component:
    """Return the first and last day, with a mark if it has not begun."""
    words = html.Span(in_words(*days_of(operation, period)), className="m-num")
    later = period.starts is not None and period.starts > now()
    return html.Span([words, " ", state_badge(_("later"), "muted")]) if later else words


def in_words(first: Date | None, last: Date | None) -> str:
    """Return a period of days in words."""
    if first is None:
        return _("until {last}", last=date(last)) if last else _("without a last day")
    if last is None:
        return _("from {first} on", first=date(first))
    return _("{first} to {last}", first=date(first), last=date(last))
