"""The countries of an operation: who was invited and what they answered, and the sites that each brings."""

from enum import StrEnum
from typing import Any

from dash import ALL, Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.navigation import Nav
from dashboard.parts.form import Form, button, multi_select_field, select_field
from dashboard.parts.irreversible import asks
from dashboard.parts.left_out import LEAVE_OUT, leaving_out, left_out_list, waiting_list
from dashboard.parts.operation_tabs import COUNTRIES, operation_tabs
from dashboard.parts.panel import empty_state, panel
from dashboard.refusals import say
from dashboard.screens.countries.participation import participation_table, sites_by_country
from dashboard.server.access import actor, known_id, reading, unit_of_work
from dashboard.server.live import PULSE
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
                panel(_("Countries"), html.Div(countries, id=Ids.COUNTRIES), *(_invite_form() if writes else [])),
                *([panel(_("Before the debriefing"), leaving_out(taking_part, Ids.LEAVE_OUT))] if consolidates else []),
                panel(_("Sites"), html.Div(sites, id=Ids.SITES)),
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


@screen(
    Output(Ids.COUNTRIES, "children"),
    Output(Ids.SITES, "children"),
    Input(PULSE, "data"),
    State(Ids.OPERATION, "data"),
    act=Act.OPERATION_READ,
    prevent_initial_call=True,
)
def refresh(_pulse: int, operation_id: str) -> tuple[list[Component], list[Component]]:
    """Read both parts anew; what is being chosen stays."""
    by = actor()
    with reading() as session:
        return contents(session, plan.operation(session, known_id(operation_id), by), by)


@screen(
    output=Output(INVITE.id("countries"), "value"),
    inputs={"clicks": Input(Ids.INVITE, "n_clicks")},
    state={"operation_id": State(Ids.OPERATION, "data"), "typed": INVITE.states("countries", "contribution")},
    act=Act.PARTICIPATION_INVITE,
    form=INVITE,
    prevent_initial_call=True,
)
def invite(clicks: int, operation_id: str, typed: dict[str, Any]) -> Any:
    """Invite the chosen countries."""
    if not clicks or not typed["countries"]:
        return no_update
    invited(operation_id, typed["countries"], typed["contribution"] or "participant")
    say(_("The invitations are sent."))
    return []


def invited(operation_id: str, countries: list[str], contribution: str) -> None:
    """All invitations, or none."""
    by = actor()
    with unit_of_work() as session:
        for country in countries:
            draft = parse(plan.Invitation, {"country": country, "contribution": contribution})
            plan.invite(session, known_id(operation_id), draft, by)


@screen(
    output=Output(LEAVE_OUT.id("reason"), "value"),
    inputs={"clicks": Input(Ids.LEAVE_OUT, "n_clicks")},
    state={"operation_id": State(Ids.OPERATION, "data"), "typed": LEAVE_OUT.states("country", "reason")},
    act=Act.OPERATION_RUN,
    form=LEAVE_OUT,
    prevent_initial_call=True,
)
def leave_out(clicks: int | None, operation_id: str, typed: dict[str, Any]) -> Any:
    """Name what the chosen country has waiting as left out."""
    if not clicks:
        return no_update
    if not typed["country"]:
        raise RuleBroken("country", "This field is needed.")
    with unit_of_work() as session:
        left_out.leave_out(session, known_id(operation_id), typed["country"], typed["reason"] or "", actor())
    say(_("Named as left out."))
    return ""


@screen(
    # one output as a list: to a refusal Dash answers "no update", which a pattern alone does not take
    [Output({"type": Ids.WITHDRAW, "of": ALL}, "disabled")],
    Input({"type": Ids.WITHDRAW, "of": ALL}, "n_clicks"),
    State(Ids.OPERATION, "data"),
    act=Act.PARTICIPATION_ANSWER,
    prevent_initial_call=True,
)
def withdraw(clicks: list[int | None], operation_id: str) -> Any:
    """The country leaves the operation."""
    if not any(clicks):
        return no_update
    withdrawn(operation_id)
    say(_("Your country left the operation. What it reported stays in the totals."), "note")
    return [[True for _click in clicks]]


def withdrawn(operation_id: str) -> plan.Participation:
    """The participation after the country left."""
    with unit_of_work() as session:
        return plan.withdraw(session, known_id(operation_id), actor())


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
