"""Lists of operations beside the cards: those past their planned end, and those that the reader's country has left."""

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.parts import tags
from dashboard.parts.grouped_items import shown_of
from dashboard.parts.panel import panel
from dashboard.wording import _, date
from operations.core.people import Actor
from operations.policing.operation import overdue_operations, plan
from operations.policing.reports import departure


def past_their_end(session: Session, by: Actor, most: int) -> list[Component]:
    """Return the operations that still run after their last phase, at most so many, with their exit criteria."""
    found = overdue_operations.overdue(session, by)
    if not found:
        return []
    items = [
        tags.Li(
            dcc.Link(overdue.operation.title, href=f"/operations/{overdue.operation.id}/overview", className="m-link"),
            html.Span(_("was to end on {day}", day=date(overdue.planned_end)), className="m-dim"),
            *([html.Bdi(overdue.operation.end_criterion)] if overdue.operation.end_criterion else []),
        )
        for overdue in found[:most]
    ]
    said = [shown_of(len(items), len(found))] if len(items) < len(found) else []
    ends = html.Ul(items, className="home-ends")
    return [panel(_("Past their planned end"), ends, *said, class_name="home-invitations")]


def left_by_country(found: list[plan.Operation]) -> list[Component]:
    """Return the operations that the reader's country has left: its own figures stay readable."""
    items = [
        html.Li(dcc.Link(each.title, href=f"{departure.PLACE}?operation={each.id}", className="m-link"))
        for each in found
    ]
    return (
        [panel(_("Left by your country: read what it reported"), html.Ul(items, className="home-ends"))]
        if found
        else []
    )
