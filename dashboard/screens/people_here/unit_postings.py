"""Postings to coordination units: who of the own country fills which function, and the form that posts people."""

from typing import Any

from dash import ALL, Output, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, follows, pulse_of
from dashboard.frame.operation_page import OPERATION
from dashboard.parts import tags
from dashboard.parts.badges import state_badge
from dashboard.parts.choices import people_options
from dashboard.parts.form import button, client_id
from dashboard.parts.form_fields import drawing
from dashboard.parts.working_days import working_days
from dashboard.screens.people_here.country import listed
from dashboard.screens.people_here.ids import POST_UNIT, Ids
from dashboard.wording import _, coded, number
from operations.core.people import Account, Actor
from operations.core.permissions import Act
from operations.policing.map_plan import postings, unit_postings
from operations.policing.map_plan.unit_postings import CountrySeats, UnitPosting
from operations.policing.operation import plan

LIST = "people-units"


def in_units(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return the functions that the country seconds, with seats and holders; none where it seconds nobody."""
    found = unit_postings.seats(session, operation, by)
    if not found:
        return [html.P(_("No coordination unit has a function of your country."), className="m-dim")]
    head = [_("Unit"), _("Function"), _("Seats"), _("Posted")]
    return [listed(_("People in coordination units"), head, [_seat(each, operation) for each in found])]


def _seat(each: CountrySeats, operation: plan.Operation) -> Component:
    filled: list[Component] = [_posted(posting, account, each, operation) for posting, account in each.filled]
    return tags.Tr(
        html.Th(html.Bdi(each.unit), scope="row"),
        html.Td(coded("CL-OCUROLE", each.function)),
        html.Td(number(each.persons), className="m-num"),
        html.Td(html.Div(filled or [state_badge(_("nobody"), "warn")], className="m-stack people-places")),
    )


def _posted(posting: UnitPosting, account: Account, seat: CountrySeats, operation: plan.Operation) -> Component:
    ends = button(
        _("End"),
        {"type": Ids.END_UNIT, "of": str(posting.id), "version": posting.version},
        "plain",
        size="compact-sm",
        **{"aria-label": _("End the posting of {name} to {site}", name=account.name, site=seat.unit)},
    )
    name = html.Span([html.Strong(html.Bdi(account.name)), " ", working_days(operation, posting)])
    return html.Div([name, ends], className="people-place")


def offered(session: Session, operation: plan.Operation, by: Actor) -> tuple[Any, ...]:
    """Return the options of the form (people of the own country, seats), and whether the form is hidden."""
    found = unit_postings.seats(session, operation, by)
    workers = [each.account for each in postings.workers(session, operation, by) if each.works_at_sites]
    seats = [{"value": each.key, "label": f"{each.unit}: {coded('CL-OCUROLE', each.function)}"} for each in found]
    return people_options(workers), seats, not seats or operation.state in plan.ENDED


def parts(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return what accompanies the list on a country's page: its pulse, and the form.

    The form posts people to a function of a unit; it is shown only while the country seconds one.
    """
    people, seats, shut = offered(session, operation, by)
    options = {"people": people, "seat": seats}
    draw = drawing(POST_UNIT, {"last_day": postings.last_day(session, operation)}, choices=options)
    form = [
        client_id(POST_UNIT),
        html.Div(draw(), className="people-form"),
        button(_("Post to the unit"), id=Ids.POST_UNIT, kind="primary", icon_name="building-community"),
    ]
    return [pulse_of(LIST), html.Div(form, id=Ids.UNIT_FORM, hidden=shut)]


refresh = follows(in_units, LIST, act=Act.SITE_POST, operation=OPERATION, of=LIST)
refresh_form = follows(
    offered,
    *(Output(POST_UNIT.id(field), "data") for field in ("people", "seat")),
    Output(Ids.UNIT_FORM, "hidden"),
    act=Act.SITE_POST,
    operation=OPERATION,
    of=LIST,
)


@does(
    Ids.POST_UNIT,
    act=Act.SITE_POST,
    form=POST_UNIT,
    client=True,
    operation=OPERATION,
    shows=(LIST,),
    clears=("people",),
)
def post(press: Press) -> Done:
    """Post the selected people to the selected function, all or none."""
    draft = POST_UNIT.made(POST_UNIT.content(press.typed, {}) | {"id": press.client})
    unit_postings.post(press.session, press.operation_id, draft, press.by)
    return Done(_("They are told in their inbox."), shown=(in_units(press.session, press.operation, press.by),))


@does({"type": Ids.END_UNIT, "of": ALL, "version": ALL}, act=Act.SITE_POST, operation=OPERATION, shows=(LIST,))
def end(press: Press) -> Done:
    """End a posting to a unit now."""
    version = int(press.subject["version"])
    unit_postings.relieve(press.session, press.of, press.by, version=version)
    return Done(_("Ended. The person is told."), shown=(in_units(press.session, press.operation, press.by),))
