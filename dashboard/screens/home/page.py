"""Home: the operations that this person may see, invitations that wait, and the form of a new one."""

from enum import StrEnum
from typing import Any

from dash import ALL, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component

from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.navigation import Nav
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button, client_id
from dashboard.parts.icon import icon
from dashboard.parts.operation_form import operation_form
from dashboard.parts.panel import empty_state, panel
from dashboard.refusals import say
from dashboard.screens.home.country_invitation import Waiting, invitation_card, waiting_for
from dashboard.screens.home.operation_card import operation_card, summary
from dashboard.server.access import actor, known_id, reading, unit_of_work
from dashboard.server.live import PULSE
from dashboard.wording import N_, _
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import Role
from operations.policing.operation import plan

NAV = Nav(name=N_("Operations"), path="/", icon="home", order=0, act=Act.OWN_ACCOUNT)
FORM = DraftForm("home-new", plan.OperationDraft)


class Ids(StrEnum):
    """The elements of this page."""

    LIST = "home-list"
    INVITATIONS = "home-invitations"
    CREATE = "home-create"
    ANSWER = "home-answer"
    SHARES = "home-shares"


def layout(new: str = "", **_query: str) -> Component:
    """The list, or the form of a new operation at /?new=1."""
    by = actor()
    if new and may(by, Act.OPERATION_CREATE):
        return _new_operation()
    invitations, operations = contents()
    every = dcc.Link(_("Timeline of all operations"), href="/timeline", className="overview-link")
    create = [
        dcc.Link([icon("layout-list", 18), html.Span(_("Templates"))], href="/templates", className="overview-link"),
        dcc.Link([icon("plus", 18), html.Span(_("New operation"))], href="/start", className="home-new-link"),
    ]
    return page(
        _("Operations"),
        html.Div(invitations, id=Ids.INVITATIONS),
        html.Div(operations, id=Ids.LIST, className="home-list"),
        actions=[
            *([every] if may(by, Act.OPERATION_READ) else []),
            *(create if may(by, Act.OPERATION_CREATE) else []),
        ],
        wide=True,
    )


@screen(
    Output(Ids.INVITATIONS, "children"),
    Output(Ids.LIST, "children"),
    Input(PULSE, "data"),
    act=Act.OWN_ACCOUNT,
    prevent_initial_call=True,
)
def refresh(_pulse: int) -> tuple[list[Component], list[Component]]:
    """Read both lists anew."""
    return contents()


@screen(
    output=Output("_pages_location", "href", allow_duplicate=True),
    inputs={"clicks": Input(Ids.CREATE, "n_clicks")},
    state={"operation_id": FORM.client_id_state(), "typed": FORM.states()},
    act=Act.OPERATION_CREATE,
    form=FORM,
    prevent_initial_call=True,
)
def create(clicks: int, operation_id: str, typed: dict[str, Any]) -> Any:
    """Create the operation as typed and go to it."""
    if not clicks:
        return no_update
    made = created(operation_id, typed)
    say(_("{name} is created as a draft.", name=made.title))
    return f"/operations/{made.id}/overview"


def created(operation_id: str | None, typed: dict[str, Any]) -> plan.Operation:
    """The operation made from what was typed. Raises RuleBroken with every flaw."""
    draft = FORM.draft(plan.OperationDraft, typed, id=operation_id)
    with unit_of_work() as session:
        return plan.create(session, draft, actor())


@screen(
    Output(Ids.INVITATIONS, "children", allow_duplicate=True),
    Output(Ids.LIST, "children", allow_duplicate=True),
    Input({"type": Ids.ANSWER, "operation": ALL, "answer": ALL}, "n_clicks"),
    State({"type": Ids.SHARES, "operation": ALL}, "checked"),
    State({"type": Ids.SHARES, "operation": ALL}, "id"),
    act=Act.PARTICIPATION_ANSWER,
    prevent_initial_call=True,
)
def answer(clicks: list[int | None], shares: list[bool], switches: list[dict[str, str]]) -> Any:
    """Confirm or decline the invitation whose button was pressed."""
    chosen = ctx.triggered_id
    if not any(clicks) or not chosen:
        return no_update, no_update
    shared = {switch["operation"]: bool(share) for switch, share in zip(switches, shares, strict=True)}
    accept = chosen["answer"] == "confirm"
    answered(chosen["operation"], accept=accept, shares_totals=accept and shared.get(chosen["operation"], False))
    say(_("Your country takes part.") if accept else _("The invitation is declined."))
    return contents()


def answered(operation_id: str, *, accept: bool, shares_totals: bool) -> plan.Participation:
    """The country's answer."""
    with unit_of_work() as session:
        return plan.answer(session, known_id(operation_id), actor(), accept=accept, shares_totals=shares_totals)


# ------------------------------------------------------------------------------------------------------ inside


def contents() -> tuple[list[Component], list[Component]]:
    """The waiting invitations and the operations, as this person may see them."""
    by = actor()
    with reading() as session:
        waiting = waiting_for(session, by)
        found = [summary(session, operation, by) for operation in plan.operations(session, by)]
    cards = [operation_card(each) for each in found]
    return _invitations(waiting), [html.Div(cards, className="home-cards")] if cards else [_nothing(by)]


def _invitations(waiting: list[Waiting]) -> list[Component]:
    if not waiting:
        return []
    return [
        panel(
            _("Invitations that wait for your answer"),
            *(invitation_card(each, Ids.ANSWER, Ids.SHARES) for each in waiting),
            class_name="home-invitations",
        )
    ]


def _nothing(by: Actor) -> Component:
    """What an empty list says, by role."""
    if by.role is Role.ADMINISTRATOR:
        return empty_state(
            _("Operations are not for administrators"),
            _("You manage accounts; what operations do is kept from you."),
            "user-shield",
        )
    if by.role is Role.OPERATION_COORDINATOR:
        action = dcc.Link([icon("plus", 18), html.Span(_("New operation"))], href="/start", className="home-new-link")
        return empty_state(
            _("No operation yet"),
            _("Create the first one: it begins as a draft that only you see."),
            "flag",
            action=action,
        )
    if by.national:
        return empty_state(_("No operation yet"), _("Operations to which your country is invited appear here."), "flag")
    return empty_state(_("No operation yet"), _("Operations that are assigned to you appear here."), "flag")


def _new_operation() -> Component:
    return page(
        _("New operation"),
        client_id(FORM),
        operation_form(FORM),
        html.Div(
            [
                button(_("Create the operation"), id=Ids.CREATE, kind="primary", icon_name="check"),
                dcc.Link(_("Back to the list"), href="/", className="home-back"),
            ],
            className="m-row home-form-end",
        ),
        lead=_("It begins as a draft: phases, countries and sites come next."),
    )
