"""Form that reports a serious incident: for everybody who works for an operation."""

from typing import Any

from dash import Output, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import follows, pulse_of
from dashboard.parts.choices import answered, asked_people, search_inputs, search_places
from dashboard.parts.form import button, client_id
from dashboard.parts.form_fields import drawing, fieldset, pair
from dashboard.parts.list_page import new_row_form
from dashboard.parts.panel import empty_state
from dashboard.screens.incidents.ids import FORM, Ids
from dashboard.wording import _
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.policing.operation import membership, plan


def works(session: Session, by: Actor) -> bool:
    """Return whether this person works for an operation."""
    return any(each.id in by.operations for each in plan.operations(session, by))


def form(session: Session, by: Actor) -> list[Component]:
    """Return the form, for everybody who works for an operation."""
    mine, people = report_choices(session, by)
    if not mine:
        hint = _("You work for no operation now. Only who does reports here.")
        return [empty_state(_("No operation to report of"), hint, "urgent")]
    draw = drawing(FORM, {"operation_id": mine[0]["value"], "concerns": by.country}, choices={"operation_id": mine})
    return [
        new_row_form(
            _("Report a serious incident"),
            client_id(FORM),
            pulse_of(Ids.SEND),
            *draw("channel"),
            pair(draw("operation_id", "category")),
            pair([*draw("concerns"), *draw("concerned", **people)]),
            pair(draw("occurred_at", "detected_at")),
            fieldset(_("Where"), *draw("place"), pair(draw("lat", "lon")), *draw("in_area")),
            *draw("facts", "allegations", "measures", "resources"),
            fieldset(_("Harm"), pair(draw("dead", "injured")), pair(draw("missing", "force"))),
            html.Div(button(_("Send it to the fundamental rights officer"), Ids.SEND, "primary", "send")),
        )
    ]


def report_choices(
    session: Session, by: Actor, typed: str | None = None, chosen: list[str] | None = None
) -> tuple[list[dict[str, str]], dict[str, Any]]:
    """Return the operations that the person works for, as options, and the officers in them whom a search found."""
    mine = [each for each in plan.operations(session, by) if each.id in by.operations]
    ids = [each.id for each in mine]
    countries = {str(by.country)} if by.national else plan.countries_of_operations(session, ids)
    found = membership.known_colleagues(session, ids, countries, by, asked_people(typed, chosen))
    return [{"value": str(each.id), "label": each.title} for each in mine], answered(FORM, "concerned", found)


def offered(session: Session, by: Actor, typed: str | None, chosen: list[str] | None) -> tuple[Any, ...]:
    """Return what `report_choices` does, property by property."""
    mine, people = report_choices(session, by, typed, chosen)
    return mine, *people.values()


refresh_form = follows(form, Ids.REPORT, act=Act.INCIDENT_REPORT, unless=works)
refresh_choices = follows(
    offered,
    Output(FORM.id("operation_id"), "data"),
    *search_places(FORM, "concerned"),
    act=Act.INCIDENT_REPORT,
    of=Ids.SEND,
    **search_inputs(FORM, "concerned"),
)
