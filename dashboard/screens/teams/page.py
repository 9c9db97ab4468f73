"""Teams of an operation: requests with needs and offers, the status board with its timers, and the roster."""

from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Input, Output, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.address import in_address
from dashboard.frame.interactions import Done, Press, does, followed, follows
from dashboard.frame.operation_page import OPERATION
from dashboard.frame.shell import page
from dashboard.parts.form_fields import drawing
from dashboard.parts.team import board as team_board
from dashboard.parts.team.forms import OFFER, REQUEST, request_form
from dashboard.places import TEAMS
from dashboard.screens.teams import acts as teams_acts
from dashboard.screens.teams import figures as team_figures
from dashboard.screens.teams import needs, roster, status_board
from dashboard.screens.teams.ids import Ids
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import _
from operations.core import clock
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.policing.operation import plan
from operations.support import alerts, figures, requests, status

NAV = TEAMS
TABS = "teams-tabs"
in_address(TABS, "view", "value", "requests")
in_address(Ids.CHOSEN, "need")
PARTS = (teams_acts, roster)
"""Modules of this page, imported so that their callbacks are registered."""


def layout(
    operation_id: str = "", hotspot: str = "", analysis: str = "", need: str = "", view: str = "", **_query: str
) -> Component:
    """Return the page of one operation. Raises NotFound.

    `hotspot` names an object of the plan and `analysis` an answer that found hotspots: the request form starts there.
    `need` is the need that is shown, `view` the tab.
    """
    by = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        reads = may(by, Act.SUPPORT_READ, plan.subject(operation))
        origin = needs.origin(session, operation, hotspot, analysis) if reads else None
        shown, alarm, listed, board, countries, sites = contents(session, operation, by, need)
        choices = {"host_country": countries, "site_id": sites}
        if reads:
            asking = request_form(choices, operation.zone, needs.values(by, origin), Ids.ASK)
            main = [_tabs(session, operation, by, asking, listed, board, need, view, opened=origin is not None)]
        else:
            unfed = [
                *drawing(REQUEST, choices=choices)(*choices),
                *(followed(name, []) for name in (Ids.LIST, Ids.VIEW, Ids.STATUS)),
            ]
            main = [html.Div(unfed, hidden=True)]  # Dash needs every output on the page
    lead = _("Who is asked for, who comes, who is where, and when they must be heard of next.") if reads else None
    return page(
        _("Teams"),
        dcc.Store(id=Ids.CHOSEN, data=need or None),
        dcc.Store(id=Ids.TURN, data=0),
        dcc.Store(id=Ids.ORIGIN, data=origin),
        dcc.Store(id=OFFER.client_id_state().component_id, data=str(new_id())),
        dcc.Interval(id=Ids.CLOCK, interval=60_000),  # a check-in becomes overdue without anything happening
        followed(Ids.FIGURES, shown),
        followed(Ids.ALARM, alarm),
        *main,
        lead=lead,
        wide=True,
    )


def _tabs(
    session: Session,
    operation: plan.Operation,
    by: Actor,
    asking: Component,
    listed: list[Component],
    board: list[Component],
    need: str,
    view: str,
    *,
    opened: bool,
) -> Component:
    fold = html.Details(
        [html.Summary(_("Ask for assistance"), id=Ids.ASKING), asking],
        open=opened,
        hidden=not _asks(operation, by),
        className="teams-asking",
    )
    desk = [
        html.Nav(followed(Ids.LIST, listed, className="teams-list"), **{"aria-label": _("Requests")}),
        html.Section(
            followed(Ids.VIEW, needs.view(session, operation, by, need), className="teams-view"),
            **{"aria-label": _("The need")},
        ),
    ]
    tabs = {
        "requests": (_("Requests"), [fold, html.Div(desk, className="teams-desk")]),
        "status": (_("Status board"), [followed(Ids.STATUS, board, className="teams-view")]),
        "roster": (_("Roster"), roster.tab(session, operation, by)),
    }
    return dmc.Tabs(
        [
            dmc.TabsList(
                [dmc.TabsTab(name, value=key) for key, (name, _inside) in tabs.items()], **{"aria-label": _("Teams")}
            ),
            *(dmc.TabsPanel(inside, value=key) for key, (_name, inside) in tabs.items()),
        ],
        value=view if view in tabs else "requests",
        id=TABS,
        className="teams-tabs",
    )


def _asks(operation: plan.Operation, by: Actor) -> bool:
    return may(by, Act.SUPPORT_REQUEST, plan.subject(operation, by.country))


# ------------------------------------------------------------------------------------------------- what is shown


def contents(
    session: Session, operation: plan.Operation, by: Actor, chosen: str | None, _minute: int | None = None
) -> tuple[Any, ...]:
    """Return what follows the pulse and the clock: figures, alarm, lists, and the options of the form.

    Whoever sees no requests gets the figures alone.
    """
    at = clock.now()
    late = [row for row in alerts.overdue_check_ins(session, at) if row.operation == operation.id]
    counted = figures.figures(session, operation.id, at, by)
    strip, alarm = team_figures.strip(counted, late, by.country, at, operation.zone), team_board.alarm(late, at)
    if not may(by, Act.SUPPORT_READ, plan.subject(operation)):
        return ([*strip, team_figures.tables(counted)], alarm, [], [], [], [])
    asked, every = requests.requests(session, operation.id), requests.needs(session, operation.id)
    return (
        strip,
        alarm,
        team_board.listed(asked, every, chosen, may_ask=_asks(operation, by)),
        status_board.status_board(status.board(session, operation.id, at), operation.zone, at),
        *needs.choices(session, operation.id, by).values(),
    )


refresh = follows(
    contents,
    Ids.FIGURES,
    Ids.ALARM,
    Ids.LIST,
    Ids.STATUS,
    Output(REQUEST.id("host_country"), "data"),
    Output(REQUEST.id("site_id"), "data"),
    act=NAV.act,
    operation=OPERATION,
    chosen=Input(Ids.CHOSEN, "data"),
    _minute=Input(Ids.CLOCK, "n_intervals"),
)


def _view(session: Session, operation: plan.Operation, by: Actor, chosen: str | None, _turn: Any) -> list[Component]:
    return needs.view(session, operation, by, chosen)


refresh_view = follows(
    _view,
    Ids.VIEW,
    act=NAV.act,
    operation=OPERATION,
    chosen=Input(Ids.CHOSEN, "data"),
    _turn=Input(Ids.TURN, "data"),
)


@does({"type": "teams-need", "need": ALL}, act=Act.SUPPORT_READ, shows=(Output(Ids.CHOSEN, "data"),))
def choose(press: Press) -> Done:
    """Show a need of the list."""
    return Done(shown=(press.subject["need"],))
