"""Home: the operations that this person may see, open invitations, and the form of a new operation."""

from enum import StrEnum

from dash import ALL, Input, State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, followed, follows
from dashboard.frame.live_parts import same_for_role
from dashboard.frame.shell import page
from dashboard.frame.verb_buttons import calls
from dashboard.parts import tags
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button, client_id
from dashboard.parts.grouped_items import shown_of
from dashboard.parts.icon import icon
from dashboard.parts.operation_form import operation_form
from dashboard.parts.panel import empty_state, panel
from dashboard.places import HOME
from dashboard.screens.home.country_invitation import OpenInvitation, invitation_card, waiting_for
from dashboard.screens.home.operation_card import operation_card, summary
from dashboard.screens.home.operation_lists import left_by_country, past_their_end
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import _, number
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import OperationState, Role
from operations.policing.operation import plan
from operations.policing.reports import departure

NAV = HOME
AUDIENCE = same_for_role
FORM = DraftForm("home-new", plan.OperationDraft)
CARDS = 12
"""Operations that are drawn at first, and with each press for more: a card costs the reading of a board."""


class Ids(StrEnum):
    """Element ids of this page."""

    LIST = "home-list"
    INVITATIONS = "home-invitations"
    MORE = "home-more"
    ANSWER = "home-answer"
    SHARES = "home-shares"


def layout(new: str = "", **_query: str) -> Component:
    """Return the list, or the form of a new operation at /?new=1."""
    by = actor()
    if new and may(by, Act.OPERATION_CREATE):
        return _new_operation()
    if by.role is Role.ADMINISTRATOR:  # what operations do is kept from them: they begin with the people
        return dcc.Location(id="home-elsewhere", href="/people", refresh=True)
    with reading() as session:
        invitations, operations = contents(session, by)
    create = dcc.Link([icon("plus", 18), html.Span(_("New operation"))], href="/start", className="home-new-link")
    return page(
        _("Operations"),
        followed(Ids.INVITATIONS, invitations),
        followed(Ids.LIST, operations, className="home-list"),
        html.Div(
            button(_("Show more operations"), id=Ids.MORE, kind="quiet", icon_name="arrow-down"),
            className="home-more",
        ),
        actions=[create] if may(by, Act.OPERATION_CREATE) else [],
        wide=True,
    )


def contents(session: Session, by: Actor, more: int | None = None) -> tuple[list[Component], list[Component]]:
    """Return the open invitations and the operations that this person may see now, as they are drawn.

    Archived ones come last, and where some are not drawn it says so. `more`: how often more operations were asked for.
    """
    waiting = waiting_for(session, by)
    found = sorted(plan.operations(session, by), key=_archived)
    drawn = found[: CARDS * (1 + max(0, more or 0))]
    cards, archived = (
        [operation_card(summary(session, each, by)) for each in drawn if _archived(each) is over]
        for over in (False, True)
    )
    ends = past_their_end(session, by, len(drawn)) if by.role in (Role.LEADERSHIP, Role.OPERATION_COORDINATOR) else []
    here: list[Component] = [html.Div(cards, className="home-cards")] if cards else [] if archived else [_nothing(by)]
    if archived:
        count = html.Summary(_("Archived: {count}", count=number(sum(map(_archived, found)))))
        here.append(html.Details([count, html.Div(archived, className="home-cards")], open=not cards))
    here += left_by_country(departure.left_operations(session, by))
    if len(drawn) < len(found):
        here.append(html.Div(shown_of(len(drawn), len(found)), className="home-shown", role="status"))
    return [*_invitations(waiting), *ends], here


def _archived(operation: plan.Operation) -> bool:
    return operation.state == OperationState.ARCHIVED


SHOWN = (Ids.INVITATIONS, Ids.LIST)
MORE = Input(Ids.MORE, "n_clicks")
refresh = follows(contents, *SHOWN, act=Act.OWN_ACCOUNT, audience=same_for_role, more=MORE)
create = calls(
    FORM,
    plan.create,
    lambda made: Done(_("{name} is created as a draft.", name=made.title), to=f"/operations/{made.id}/overview"),
    act=Act.OPERATION_CREATE,
    goes=True,
)


@does(
    {"type": Ids.ANSWER, "operation": ALL, "answer": ALL},
    act=Act.PARTICIPATION_ANSWER,
    shows=SHOWN,
    given={
        "more": State(Ids.MORE, "n_clicks"),
        "shares": State({"type": Ids.SHARES, "operation": ALL}, "checked"),
        "switches": State({"type": Ids.SHARES, "operation": ALL}, "id"),
    },
)
def answer(press: Press, shares: list[bool | None], switches: list[dict[str, str]], more: int | None = None) -> Done:
    """Confirm or decline the invitation of the pressed button; its switch says whether totals are shared."""
    chosen, accept = press.subject["operation"], press.subject["answer"] == "confirm"
    shared = {switch["operation"]: bool(share) for switch, share in zip(switches, shares, strict=True)}
    sharing = accept and shared.get(chosen, False)
    plan.answer(press.session, known_id(chosen), press.by, accept=accept, shares_totals=sharing)
    said = _("Your country takes part.") if accept else _("The invitation is declined.")
    return Done(said, shown=contents(press.session, press.by, more))


def _invitations(waiting: list[OpenInvitation]) -> list[Component]:
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
    """Return the text of the empty list, by role."""
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
        tags.Div(
            button(_("Create the operation"), id=FORM.send, kind="primary", icon_name="check"),
            dcc.Link(_("Back to the list"), href="/", className="home-back"),
            className="m-row home-form-end",
        ),
        lead=_("It begins as a draft: phases, countries and sites come next."),
    )
