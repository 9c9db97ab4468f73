"""Staff page: the centre of an operation, and the people of its countries at their sites, day by day."""

from uuid import UUID

from dash import ALL, Output, State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, followed, follows, follows_choices
from dashboard.frame.operation_page import OPERATION
from dashboard.frame.shell import page
from dashboard.parts import tags
from dashboard.parts.choices import search_inputs, search_places
from dashboard.parts.form import button
from dashboard.parts.form_fields import drawing
from dashboard.parts.panel import panel
from dashboard.places import STAFF
from dashboard.screens.people_here import unit_postings
from dashboard.screens.people_here.centre import (
    CHANGE,
    assign_choices,
    assign_form,
    assignment_values,
    centre,
    country_options,
)
from dashboard.screens.people_here.country import countries, post_choices, post_form
from dashboard.screens.people_here.ids import ASSIGN, ASSIGNMENT, POST, POSTING, Ids
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import _
from operations.core import rows
from operations.core.errors import NotFound
from operations.core.people import Account, Actor, Assignment, Posting
from operations.core.permissions import Act, may, require
from operations.core.vocabulary import Role
from operations.policing.map_plan import places, postings
from operations.policing.operation import plan, staff
from operations.policing.operation.working_days import days_of

NAV = STAFF


def layout(
    operation_id: str = "", assignment: str = "", posting: str = "", country: str = "", site: str = "", **_query: str
) -> Component:
    """Return the page; `assignment` and `posting` open the form of its days, `site` the form of postings there."""
    by = actor()
    with reading() as session:
        operation = staff.staffed_operation(session, known_id(operation_id), by)
        if assignment:
            return _assignment_page(session, operation, known_id(assignment), by)
        if posting:
            return _posting_page(session, operation, known_id(posting), by)
        parts = [
            panel(
                _("Coordination"),
                followed(Ids.CENTRE, centre(session, operation, by)),
                *_assigns(session, operation, by),
            )
        ]
        if by.role is not Role.ADMINISTRATOR:
            own = by.national
            title = _("Your country") if own else _("Countries")
            whole = followed(Ids.COUNTRIES, countries(session, operation, by, country), className="m-stack")
            parts.append(panel(title, dcc.Store(id=Ids.NAMED, data=country), whole))
            if own and operation.state not in plan.ENDED:
                parts.append(panel(_("Post people to sites"), post_form(session, operation, by, site)))
            if own and may(by, Act.SITE_POST, plan.subject(operation, by.country)):
                listed = followed(
                    unit_postings.LIST, unit_postings.in_units(session, operation, by), className="m-stack"
                )
                parts.append(
                    panel(_("People in coordination units"), listed, *unit_postings.parts(session, operation, by))
                )
    return page(
        _("Who works here"),
        html.Div(parts, className="m-stack people"),
        lead=_("{operation}: who works for it, as what, and until when.", operation=operation.title),
    )


def _assigns(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    return [assign_form(session, operation)] if may(by, Act.OPERATION_ASSIGN, plan.subject(operation)) else []


def _assignment_page(session: Session, operation: plan.Operation, assignment_id: UUID, by: Actor) -> Component:
    require(by, Act.OPERATION_ASSIGN, plan.subject(operation))
    found = rows.one(session, Assignment, assignment_id)
    if found.operation_id != operation.id:
        raise NotFound
    account = rows.one(session, Account, found.account_id)
    start = assignment_values(operation, found)
    named = ASSIGNMENT.said if account.role == Role.OCU_ANALYST else ("last_day",)
    draw = drawing(ASSIGNMENT, start, choices={"countries": country_options(session, operation)})
    fields = [html.Div(draw(name), hidden=name not in named) for name in ASSIGNMENT.said]
    whole = [*CHANGE.kept(start, found.version), *fields]
    return _change_page(account.name, operation, found, whole, Ids.SAVE_ASSIGNMENT)


def _posting_page(session: Session, operation: plan.Operation, posting_id: UUID, by: Actor) -> Component:
    found = rows.one(session, Posting, posting_id)
    place = rows.one(session, places.Site, found.site_id)
    require(by, Act.SITE_POST, plan.subject(operation, place.country, place.id))
    if place.operation_id != operation.id:
        raise NotFound
    account = rows.one(session, Account, found.account_id)
    fields = drawing(POSTING, {"last_day": days_of(operation, found)[1]})("last_day")
    title = _("{name} at {site}", name=account.name, site=place.name)
    seen = dcc.Store(id=Ids.SEEN, data=found.version)
    return _change_page(title, operation, found, [seen, *fields], Ids.SAVE_POSTING)


def _change_page(
    title: str, operation: plan.Operation, found: Assignment | Posting, fields: list[Component], save: str
) -> Component:
    return page(
        title,
        dcc.Store(id=Ids.CHANGED, data=str(found.id)),
        html.Div(fields, className="people-form"),
        tags.Div(
            button(_("Save"), id=save, kind="primary", icon_name="check"),
            dcc.Link(_("Back without saving"), href=NAV.href(operation.id), className="overview-link"),
            className="m-row overview-form-end",
        ),
    )


# --------------------------------------------------------------------------------------------------- callbacks


def _centre(session: Session, by: Actor, staffed: str | None) -> list[Component]:
    """Return the staff of the operation `staffed`, for an administrator, who does not see operations otherwise."""
    return centre(session, staff.staffed_operation(session, known_id(staffed), by), by)


refresh_centre = follows(_centre, Ids.CENTRE, act=Act.MEMBERSHIP_READ, staffed=State(OPERATION, "data"))
refresh_countries = follows(
    countries, Ids.COUNTRIES, act=Act.MEMBERSHIP_READ, operation=OPERATION, named=State(Ids.NAMED, "data")
)
refresh_post = follows_choices(
    POST, post_choices, "people", "sites", act=Act.SITE_POST, operation=OPERATION, of=Ids.POST
)
refresh_assign = follows(
    assign_choices,
    *search_places(ASSIGN, "people"),
    Output(ASSIGN.id("countries"), "data"),
    act=Act.OPERATION_ASSIGN,
    of=Ids.ASSIGN,
    at=State(OPERATION, "data"),
    **search_inputs(ASSIGN, "people"),
)


@does(
    Ids.ASSIGN,
    act=Act.OPERATION_ASSIGN,
    form=ASSIGN,
    client=True,
    operation=OPERATION,
    shows=(Ids.CENTRE,),
    clears=("people",),
)
def assign(press: Press) -> Done:
    """Assign the selected people to the operation, all or none."""
    draft = ASSIGN.made(ASSIGN.content(press.typed, {}) | {"id": press.client})
    staff.assign(press.session, press.operation_id, draft, press.by)
    operation = staff.staffed_operation(press.session, press.operation_id, press.by)
    return Done(_("They are told in their inbox."), shown=(centre(press.session, operation, press.by),))


@does(
    {"type": Ids.END_ASSIGNMENT, "of": ALL, "version": ALL},
    act=Act.OPERATION_ASSIGN,
    operation=OPERATION,
    goes=True,
    shows=(Ids.CENTRE,),
)
def end_assignment(press: Press) -> Done:
    """End an assignment; after ending one's own, go to a page that is still accessible."""
    found = staff.relieve(press.session, press.of, press.by, version=int(press.subject["version"]))
    if found.account_id == press.by.account_id and press.by.role is not Role.ADMINISTRATOR:
        return Done(_("Your work for this operation has ended."), to=staff.OWN_PLACE)
    return Done(_("Ended. The person is told."), shown=(_centre(press.session, press.by, press.page),))


@does(
    Ids.POST,
    act=Act.SITE_POST,
    form=POST,
    client=True,
    operation=OPERATION,
    shows=(Ids.COUNTRIES,),
    clears=("people", "sites"),
)
def post(press: Press) -> Done:
    """Post the selected people to the selected sites, all or none."""
    draft = POST.made(POST.content(press.typed, {}) | {"id": press.client})
    postings.post(press.session, press.operation_id, draft, press.by)
    return Done(_("They are told in their inbox."), shown=(countries(press.session, press.operation, press.by),))


@does(
    {"type": Ids.END_POSTING, "of": ALL, "version": ALL},
    act=Act.SITE_POST,
    operation=OPERATION,
    shows=(Ids.COUNTRIES,),
)
def end_posting(press: Press) -> Done:
    """End a posting now."""
    version = int(press.subject["version"])
    postings.relieve(press.session, press.of, press.by, version=version)
    return Done(_("Ended. The person is told."), shown=(countries(press.session, press.operation, press.by),))


@CHANGE.saves(Ids.SAVE_ASSIGNMENT, operation=OPERATION, goes=True, given={"changed": State(Ids.CHANGED, "data")})
def save_assignment(press: Press, changed: str, version: int) -> Done:
    """Save the end and the countries of an assignment."""
    draft = ASSIGNMENT.made(ASSIGNMENT.content(press.typed, {}))
    staff.change(press.session, known_id(changed), draft, press.by, version=version)
    return Done(_("Saved. The person is told."), to=NAV.href(press.operation_id))


@does(
    Ids.SAVE_POSTING,
    act=Act.SITE_POST,
    form=POSTING,
    typed={"last_day": POSTING.inputs()["last_day"]},
    operation=OPERATION,
    goes=True,
    given={"changed": State(Ids.CHANGED, "data"), "seen": State(Ids.SEEN, "data")},
)
def save_posting(press: Press, changed: str | None, seen: int) -> Done:
    """Save the end of a posting."""
    draft = POSTING.made(POSTING.content(press.typed, {}))
    postings.change(press.session, known_id(changed), draft.last_day, press.by, version=seen)
    return Done(_("Saved. The person is told."), to=NAV.href(press.operation_id))
