"""The countries of an operation: who was invited and what they answered, and the sites that each brings."""

from enum import StrEnum

from dash import ALL, Output, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.acts import Done, Press, does, followed, follows
from dashboard.frame.shell import page
from dashboard.navigation import Nav
from dashboard.parts.form import Form, button, multi_select_field, select_field
from dashboard.parts.irreversible import asks
from dashboard.parts.left_out import LEAVE_OUT, leaving_out, left_out_list, waiting_list
from dashboard.parts.operation_tabs import COUNTRIES, operation_tabs
from dashboard.parts.panel import empty_state, panel
from dashboard.screens.countries.participation import participation_table, sites_by_country
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import N_, _, language
from operations.core import vocabulary
from operations.core.drafts import parse
from operations.core.errors import RuleBroken
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import OperationState, ParticipationState
from operations.policing.map_plan import places
from operations.policing.operation import plan
from operations.policing.reports import left_out

NAV = Nav(
    name=N_("Countries"),
    path_template="/operations/<operation_id>/countries",
    icon="users-group",
    order=5,
    act=Act.OPERATION_READ,
    place=False,
)
INVITE = Form("operation-invite")


class Ids(StrEnum):
    """The elements of this page."""

    OPERATION = "countries-operation"
    COUNTRIES = "operation-countries"
    INVITE = "operation-invite-send"
    WITHDRAW = "operation-withdraw"
    SITES = "operation-sites"
    LEAVE_OUT = "operation-leave-out-send"


def layout(operation_id: str = "", **_query: str) -> Component:
    """Countries and sites, and the invitation for those who coordinate."""
    by = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        found = plan.participations(session, operation.id)
        countries, sites = contents(session, operation, by)
    consolidates = operation.state == OperationState.CONSOLIDATION and may(
        by, Act.OPERATION_RUN, plan.subject(operation)
    )
    taking_part = [each.country for each in found]
    writes = may(by, Act.OPERATION_EDIT, plan.subject(operation))
    return page(
        _("Countries"),
        operation_tabs(operation, by, COUNTRIES),
        dcc.Store(id=Ids.OPERATION, data=str(operation.id)),
        html.Div(
            [
                panel(_("Countries"), followed(Ids.COUNTRIES, countries), *(_invite_form() if writes else [])),
                *([panel(_("Before the debriefing"), leaving_out(taking_part, Ids.LEAVE_OUT))] if consolidates else []),
                panel(_("Sites"), followed(Ids.SITES, sites)),
            ],
            className="m-stack",
        ),
    )


def contents(session: Session, operation: plan.Operation, by: Actor) -> tuple[list[Component], list[Component]]:
    """What follows the pulse: the countries, and the sites under them."""
    plan_href = f"/operations/{operation.id}/plan" if may(by, Act.PLAN_READ, plan.subject(operation)) else None
    named = left_out.left_out(session, operation.id)
    ended = operation.state in plan.ENDED
    waits = operation.state == OperationState.CONSOLIDATION and left_out.knows_what_waits(by)
    return (
        [
            *_countries(plan.participations(session, operation.id), operation, by),
            *waiting_list(left_out.unnamed(session, operation.id) if waits else {}),
            *left_out_list(named, final=ended),
        ],
        sites_by_country(places.sites(session, operation.id), plan_href),
    )


refresh = follows(contents, Ids.COUNTRIES, Ids.SITES, act=Act.OPERATION_READ, operation=Ids.OPERATION)


@does(
    Ids.INVITE,
    act=Act.PARTICIPATION_INVITE,
    form=INVITE,
    typed=("countries", "contribution"),
    operation=Ids.OPERATION,
    clears={"countries": []},
)
def invite(press: Press) -> Done:
    """Invite the chosen countries, all or none."""
    if not press.typed["countries"]:
        return Done()
    for country in press.typed["countries"]:
        content = {"country": country, "contribution": press.typed["contribution"] or "participant"}
        plan.invite(press.session, press.operation_id, parse(plan.Invitation, content), press.by)
    return Done(_("The invitations are sent."))


@does(
    Ids.LEAVE_OUT,
    act=Act.OPERATION_RUN,
    form=LEAVE_OUT,
    typed=("country", "reason"),
    operation=Ids.OPERATION,
    clears={"reason": ""},
)
def leave_out(press: Press) -> Done:
    """Name what the chosen country has waiting as left out."""
    country, reason = press.typed["country"], press.typed["reason"] or ""
    if not country:
        raise RuleBroken("country", "This field is needed.")
    left_out.leave_out(press.session, press.operation_id, country, reason, press.by)
    return Done(_("Named as left out."))


@does(
    {"type": Ids.WITHDRAW, "of": ALL},
    act=Act.PARTICIPATION_ANSWER,
    operation=Ids.OPERATION,
    shows=(Output({"type": Ids.WITHDRAW, "of": ALL}, "disabled"),),
)
def withdraw(press: Press) -> Done:
    """The country leaves the operation."""
    plan.withdraw(press.session, press.operation_id, press.by)
    return Done(note=_("Your country left the operation. What it reported stays in the totals."), shown=([True],))


def _countries(found: list[plan.Participation], operation: plan.Operation, by: Actor) -> list[Component]:
    if not found:
        return [
            empty_state(_("No country is invited yet"), _("The coordinator invites countries here."), "users-group")
        ]
    parts: list[Component] = [participation_table(found)]
    own = next((each for each in found if each.country == by.country), None)
    if own is None or not may(by, Act.PARTICIPATION_ANSWER, plan.subject(operation, by.country)):
        return parts
    if own.state == ParticipationState.INVITED:
        parts.append(dcc.Link(_("Answer the invitation"), href="/", className="overview-link"))
    else:
        leave = button(
            _("Leave the operation"),
            id={"type": Ids.WITHDRAW, "of": "own"},
            kind="danger",
            icon_name="logout",
            **asks("participation.leave"),
        )
        parts.append(html.Div(leave, className="overview-leave"))
    return parts


def _invite_form() -> list[Component]:
    return [
        html.Div(
            [
                multi_select_field(
                    INVITE, "countries", _("Invite countries"), vocabulary.options("CL-COUNTRY", language()), limit=60
                ),
                select_field(
                    INVITE,
                    "contribution",
                    _("As"),
                    vocabulary.options("CL-CONTRIBUTION", language()),
                    value="participant",
                    clearable=False,
                ),
                button(_("Invite"), id=Ids.INVITE, kind="primary", icon_name="send"),
            ],
            className="overview-invite",
        )
    ]
