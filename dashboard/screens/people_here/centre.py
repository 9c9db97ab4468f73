"""Staff of an operation's centre: the table, and the form that assigns people."""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Press, pulse_of
from dashboard.frame.version_conflicts import Versioned
from dashboard.parts import tags
from dashboard.parts.badges import state_badge
from dashboard.parts.choices import answered, asked_people
from dashboard.parts.confirmation import confirmation_attributes
from dashboard.parts.form import button, client_id
from dashboard.parts.form_fields import drawing
from dashboard.parts.icon import icon
from dashboard.parts.panel import empty_state
from dashboard.parts.table import table
from dashboard.parts.working_days import working_days
from dashboard.screens.people_here.ids import ASSIGN, ASSIGNMENT, Ids
from dashboard.server.access import known_id
from dashboard.wording import _, coded, joined, language
from operations.core import rows, vocabulary
from operations.core.people import Actor, Assignment
from operations.core.permissions import Act, may
from operations.core.vocabulary import Role
from operations.policing.operation import plan, staff
from operations.policing.operation.staff import StaffMember
from operations.policing.operation.working_days import days_of


def centre(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return everybody in the centre, as far as the reader may know them, with the actions on each."""
    found = staff.coordination(session, operation.id, by)
    writes = may(by, Act.OPERATION_ASSIGN, plan.subject(operation))
    gone = [] if any(each.account.role == Role.OPERATION_COORDINATOR for each in found) else [_nobody()]
    if not found:
        return gone
    head = [_("Name"), _("Works as"), _("Days"), *([_("Actions")] if writes else [])]
    rows = [_row(operation, each, by, writes) for each in found]
    return [*gone, table(head, rows, "people-table", _("Coordination"), cards=True)]


def _nobody() -> Component:
    return empty_state(
        _("Nobody coordinates this operation"), _("An administrator puts a coordinator on it here."), "user-off"
    )


def _row(operation: plan.Operation, each: StaffMember, by: Actor, writes: bool) -> Component:
    me = each.account.id == by.account_id
    name = [html.Bdi(each.account.name), *([" ", state_badge(_("You"), "accent")] if me else [])]
    cells: list[Component] = [
        html.Th(name, scope="row"),
        html.Td(_works_as(each)),
        html.Td(working_days(operation, each.assignment)),
    ]
    if writes:
        cells.append(html.Td(html.Div(_acts(operation, each), className="people-acts")))
    return html.Tr(cells)


def _works_as(each: StaffMember) -> list[Component]:
    role = coded("CL-ROLE", each.account.role)
    parts: list[Any] = [html.Span(role)]
    if each.assignment.deputy:
        parts += [" ", state_badge(_("stands in"), "warn")]
    if each.assignment.countries:
        names = joined(coded("CL-COUNTRY", code) for code in each.assignment.countries)
        parts.append(html.Div(_("for {countries}", countries=names), className="m-dim m-small"))
    elif each.account.country:
        name = coded("CL-COUNTRY", each.account.country)
        words = _("for all countries but {country}, which seconded the analyst", country=name)
        parts.append(html.Div(words, className="m-dim m-small"))
    return parts


def _acts(operation: plan.Operation, each: StaffMember) -> list[Component]:
    name = each.account.name
    return [
        way(
            "edit",
            _("Change"),
            _("Change the days of {name}", name=name),
            f"/operations/{operation.id}/people?assignment={each.assignment.id}",
        ),
        button(
            _("End"),
            {"type": Ids.END_ASSIGNMENT, "of": str(each.assignment.id), "version": each.assignment.version},
            "plain",
            size="compact-sm",
            **{"aria-label": _("End the work of {name} here", name=name)},
            **confirmation_attributes("work.end"),
        ),
    ]


def way(icon_name: str, words: str, whole: str, href: str) -> Component:
    """Return a link with a short text and the ARIA label `whole`."""
    seen = html.Span(words, **{"aria-hidden": "true"})
    return dcc.Link(
        [icon(icon_name, 16), seen, html.Span(whole, className="m-visually-hidden")],
        href=href,
        className="overview-link",
    )


# ----------------------------------------------------------------------------------------------------- the form


def country_options(session: Session, operation: plan.Operation) -> list[dict[str, str]]:
    """Return the participating countries that the reader may know, as options."""
    found = plan.countries(session, operation.id)
    return vocabulary.options("CL-COUNTRY", language(), found)


def assign_choices(
    session: Session, by: Actor, at: str | None, typed: str | None, chosen: list[str] | None
) -> tuple[Any, ...]:
    """Return the people whom a search found for the operation `at`, and the countries to assign people for."""
    operation = staff.staffed_operation(session, known_id(at), by)
    found = staff.candidates(session, operation, asked_people(typed, chosen))
    return *answered(ASSIGN, "people", found).values(), country_options(session, operation)


def assign_form(session: Session, operation: plan.Operation) -> Component:
    """Return the form that assigns people to the operation."""
    draw = drawing(ASSIGN, choices={"countries": country_options(session, operation)})
    who, *others = ASSIGN.said
    fields = [*draw(who, **answered(ASSIGN, who, staff.candidates(session, operation))), *draw(*others)]
    return tags.Details(
        html.Summary(_("Put somebody on this operation")),
        client_id(ASSIGN),
        pulse_of(Ids.ASSIGN),
        html.Div(fields, className="people-form"),
        button(_("Put on the operation"), id=Ids.ASSIGN, kind="primary", icon_name="user-plus"),
        className="overview-editor",
    )


def assignment_values(operation: plan.Operation, found: Assignment) -> dict[str, Any]:
    """Return what the form of an assignment shows."""
    return {"last_day": days_of(operation, found)[1], "countries": found.countries}


def _stands(session: Session, press: Press, changed: str) -> tuple[dict[str, Any], int]:
    found = rows.one(session, Assignment, known_id(changed))
    return assignment_values(staff.staffed_operation(session, found.operation_id, press.by), found), found.version


CHANGE = Versioned(ASSIGNMENT, Ids.SEEN, _stands, act=Act.OPERATION_ASSIGN)
