"""Teams of an operation: requests with their needs and offers, the status board with its timers, and the roster."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.map.rights import taking_part
from dashboard.navigation import Nav
from dashboard.parts.grid import grid
from dashboard.parts.panel import panel
from dashboard.parts.team import board as team_board
from dashboard.parts.team.forms import request_form, shown_moment
from dashboard.screens.teams import acts as teams_acts
from dashboard.screens.teams import figures as team_figures
from dashboard.screens.teams import letters
from dashboard.screens.teams import roster as teams_roster
from dashboard.screens.teams import roster_view as team_roster
from dashboard.screens.teams.ids import Ids
from dashboard.server.access import actor, known_id, reading
from dashboard.server.later import later
from dashboard.server.live import PULSE
from dashboard.wording import N_, _
from operations.core import clock
from operations.core.errors import NotFound
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import AnalysisKind, MapObjectKind
from operations.policing import analyses
from operations.policing.map_plan import places
from operations.policing.operation import plan
from operations.support import (
    availability,
    certificates,
    deployments,
    facts,
    figures,
    fit,
    offers,
    requests,
    status,
    teams,
    watch,
)
from operations.support.requests import Need, SupportRequest
from operations.support.states import NeedState, OfferState, RequestState
from operations.support.teams import Team

if TYPE_CHECKING:
    from shapely import geometry as geometries

    from geodata.ground import reference
    from geodata.ways import transit
else:
    geometries, reference = later("shapely.geometry"), later("geodata.ground.reference")
    transit = later("geodata.ways.transit")

NAV = Nav(
    name=N_("Teams"),
    path_template="/operations/<operation_id>/teams",
    icon="users-group",
    order=26,
    act=Act.SUPPORT_TOTALS,
)
MOST_TEAMS = 12


def layout(operation_id: str = "", hotspot: str = "", analysis: str = "", **_query: str) -> Component:
    """The page of one operation. Raises NotFound.

    `hotspot` names an object of the plan and `analysis` an answer that found hotspots: assistance is asked for there.
    """
    by, at = actor(), clock.now()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        counted = figures.figures(session, operation.id, at, by)
        late = [row for row in watch.overdue_check_ins(session, at) if row.operation == operation.id]
        head = [
            html.Div(team_figures.strip(counted, late, by.country, at, operation.zone), id=Ids.FIGURES),
            html.Div(team_board.alarm(late, at), id=Ids.ALARM),
        ]
        if not may(by, Act.SUPPORT_READ, plan.subject(operation)):
            return page(_("Teams"), *head, team_figures.tables(counted), _unfed(operation), wide=True)
        origin = _origin(session, operation, hotspot, analysis)
        tabs = _tabs(session, operation, by, origin)
    lead = _("Who is asked for, who comes, who is where, and when they must be heard of next.")
    return page(
        _("Teams"),
        dcc.Store(id=Ids.OPERATION, data=str(operation.id)),
        dcc.Store(id=Ids.CHOSEN),
        dcc.Store(id=Ids.MARK),
        dcc.Store(id=Ids.TURN, data=0),
        dcc.Store(id=Ids.ORIGIN, data=origin),
        dcc.Interval(id=Ids.CLOCK, interval=60_000),  # a check-in becomes overdue without anything happening
        *head,
        tabs,
        lead=lead,
        wide=True,
    )


def _unfed(operation: plan.Operation) -> Component:
    """What `refresh` fills or asks where the lists are not for the reader: hidden, and never filled."""
    stores = [dcc.Store(id=Ids.OPERATION, data=str(operation.id))]
    stores += [dcc.Store(id=name) for name in (Ids.CHOSEN, Ids.MARK, Ids.TURN, Ids.ORIGIN)]
    parts = [html.Div(id=name) for name in (Ids.LIST, Ids.VIEW, Ids.STATUS)]
    return html.Div([*stores, dcc.Interval(id=Ids.CLOCK, interval=60_000), *parts], hidden=True)


def _tabs(session: Session, operation: plan.Operation, by: Actor, origin: dict[str, Any] | None) -> Component:
    at = clock.now()
    asked, needs = requests.requests(session, operation.id), requests.needs(session, operation.id)
    board = status.board(session, operation.id, at)
    known = teams.teams(session)
    asks = may(by, Act.SUPPORT_REQUEST, plan.subject(operation, by.country))
    names = (("requests", _("Requests")), ("status", _("Status board")), ("roster", _("Roster")))
    inside = {
        "requests": [
            *([_asking(session, operation, by, origin)] if asks else []),
            html.Div(
                [
                    html.Nav(
                        team_board.listed(asked, needs, None, may_ask=asks),
                        id=Ids.LIST,
                        className="teams-list",
                        **{"aria-label": _("Requests")},
                    ),
                    html.Section(
                        team_board.nothing_chosen(),
                        id=Ids.VIEW,
                        className="teams-view",
                        **{"aria-label": _("The need")},
                    ),
                ],
                className="teams-desk",
            ),
        ],
        "status": [
            html.Div(team_roster.status_board(board, operation.zone, at), id=Ids.STATUS, className="teams-view")
        ],
        "roster": _roster(known, board, by),
    }
    return dmc.Tabs(
        [
            dmc.TabsList([dmc.TabsTab(name, value=key) for key, name in names], **{"aria-label": _("Teams")}),
            *(dmc.TabsPanel(parts, value=key) for key, parts in inside.items()),
        ],
        value="requests",
        className="teams-tabs",
    )


def _asking(session: Session, operation: plan.Operation, by: Actor, origin: dict[str, Any] | None) -> Component:
    countries = [by.country] if by.country else taking_part(session, operation.id)
    sites = [each for each in places.sites(session, operation.id) if each.country in countries]
    at = clock.now()
    values = {
        "host_country": by.country,
        "starts": shown_moment(at + timedelta(days=1), operation.zone),
        "ends": shown_moment(at + timedelta(days=8), operation.zone),
        **(origin or {}),
    }
    return html.Details(
        [
            html.Summary(_("Ask for assistance"), id=Ids.ASKING),
            *request_form(countries, sites, operation.zone, values, Ids.ASK),
        ],
        open=origin is not None,
        className="teams-asking",
    )


def _roster(known: Sequence[Team], board: Sequence[status.Row], by: Actor) -> list[Component]:
    keeps = may(by, Act.TEAM_KEEP)
    empty = (
        _("No team is on the roster yet: put the first one on it below.")
        if keeps
        else _("No country has offered a team to this operation yet.")
    )
    return [
        html.Div(
            grid(
                Ids.GRID,
                team_roster.columns(),
                team_roster.rows(known, {row.team: row for row in board}),
                selection="single",
                export="teams",
                empty=empty,
            ),
            className="teams-grid",
        ),
        html.Div(
            [
                panel(
                    _("The team"),
                    *team_roster.details(None, (), (), (), (), clock.now().date(), may_keep=False),
                    id=Ids.DETAILS,
                ),
                *(teams_roster.keeping() if keeps else []),
            ],
            className="teams-below",
        ),
    ]


def _origin(session: Session, operation: plan.Operation, hotspot: str, analysis: str) -> dict[str, Any] | None:
    """Where assistance is asked for when the way here led from a hotspot: its place and its generalised position."""
    if hotspot:
        drawn = next((each for each in places.objects(session, operation.id) if str(each.object_id) == hotspot), None)
        if drawn is None or drawn.kind != MapObjectKind.HOTSPOT:
            raise NotFound
        return _at(drawn.geometry, drawn.name, hotspot_id=hotspot)
    if analysis:
        asked = analyses.analysis(session, known_id(analysis))
        found = analyses.result(session, asked.id)
        if asked.operation_id != operation.id or asked.kind != AnalysisKind.HOTSPOTS or found is None:
            raise NotFound
        first = next((each for each in found.result["features"] if each["properties"]["kind"] == "hot"), None)
        if first is not None:
            return _at(first["geometry"], str(first["properties"]["place"])[:120], analysis_id=analysis)
    return None


def _at(geometry: dict[str, Any], place: str, **named: str) -> dict[str, Any]:
    middle = geometries.shape(geometry).representative_point()
    return {
        "title": _("Team for {place}", place=place)[:120],
        "place": place,
        "lat": teams.coarse(middle.y),
        "lon": teams.coarse(middle.x),
        "host_country": reference.country_at(middle.x, middle.y),
        **named,
    }


# ------------------------------------------------------------------------------------------------- what is shown


@screen(
    output={
        "figures": Output(Ids.FIGURES, "children"),
        "alarm": Output(Ids.ALARM, "children"),
        "list": Output(Ids.LIST, "children"),
        "view": Output(Ids.VIEW, "children"),
        "mark": Output(Ids.MARK, "data"),
        "status": Output(Ids.STATUS, "children"),
    },
    inputs={
        "_pulse": Input(PULSE, "data"),
        "_minute": Input(Ids.CLOCK, "n_intervals"),
        "chosen": Input(Ids.CHOSEN, "data"),
        "_turn": Input(Ids.TURN, "data"),
    },
    state={"operation_id": State(Ids.OPERATION, "data"), "before": State(Ids.MARK, "data")},
    act=NAV.act,
    prevent_initial_call=True,
)
def refresh(
    _pulse: int, _minute: int | None, chosen: str | None, _turn: int, operation_id: str, before: str | None
) -> dict[str, Any]:
    """Everything as it is now; the chosen need is drawn anew only where it changed, so that what is typed stays.

    Who sees no requests has the figures alone.
    """
    by, at = actor(), clock.now()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        late = [row for row in watch.overdue_check_ins(session, at) if row.operation == operation.id]
        told = {
            "figures": team_figures.strip(
                figures.figures(session, operation.id, at, by), late, by.country, at, operation.zone
            ),
            "alarm": team_board.alarm(late, at),
        }
        if not may(by, Act.SUPPORT_READ, plan.subject(operation)):
            return {**told, **dict.fromkeys(("list", "view", "mark", "status"), no_update)}
        asked, needs = requests.requests(session, operation.id), requests.needs(session, operation.id)
        need = next((each for found in needs.values() for each in found if str(each.id) == chosen), None)
        mark = _mark(session, operation, need, by)
        asks = may(by, Act.SUPPORT_REQUEST, plan.subject(operation, by.country))
        return {
            **told,
            "list": team_board.listed(asked, needs, chosen, may_ask=asks),
            "view": no_update if mark == before else view(session, operation, need, by),
            "mark": mark,
            "status": team_roster.status_board(status.board(session, operation.id, at), operation.zone, at),
        }


def _mark(session: Session, operation: plan.Operation, need: Need | None, by: Actor) -> str:
    """Equal as long as the same need is shown in the same state, and the own teams for it are what they were."""
    if need is None:
        return ""
    asked = requests.request(session, need.request_id)
    states = [f"{each.id}{each.state}" for each in offers.offers(session, operation.id).get(need.id, [])]
    sent = [
        f"{each.id}{each.state}{each.contact_at}{each.accreditation}"
        for each in deployments.deployments(session, operation.id)
        if each.need_id == need.id
    ]
    own = []
    if may(by, Act.SUPPORT_OFFER, plan.subject(operation, by.country)):
        for team in teams.teams(session, by.country):
            own.append(f"{team.id}{team.version}{team.out_of_service}")
            own += [str(each.id) for each in certificates.certificates(session, team.id)]
            own += [str(each.id) for each in availability.absences(session, team.id)]
    return "|".join([str(need.id), asked.state, str(need.accepted), *states, *sent, *own])


def view(session: Session, operation: plan.Operation, need: Need | None, by: Actor) -> list[Component]:
    """A need with its offers and deployments, and what this person can do next."""
    if need is None:
        return [team_board.nothing_chosen()]
    asked, at, zone = requests.request(session, need.request_id), clock.now(), operation.zone
    own = plan.subject(operation, by.country)
    decides = may(by, Act.SUPPORT_ACCEPT, plan.subject(operation))
    of_request = plan.subject(operation, asked.country if by.national else None)
    parts = [
        *team_board.facts(asked, need, zone),
        *team_board.request_acts(
            asked,
            may_put=may(by, Act.SUPPORT_ASK, plan.subject(operation)),
            may_close=may(by, Act.SUPPORT_REQUEST, of_request),
        ),
    ]
    sent = {each.id: each for each in deployments.deployments(session, operation.id) if each.need_id == need.id}
    for each in sent.values():
        mine = may(by, Act.DEPLOYMENT_STAND_DOWN, plan.subject(operation, each.country))
        lettered = each.approved_at is not None and may(
            by, Act.DEPLOYMENT_ACCREDIT, plan.subject(operation, each.country)
        )
        parts.append(
            team_board.deployment_card(
                each, deployments.log(session, each.id), zone, at,
                orders=may(by, Act.DEPLOYMENT_ORDER, plan.subject(operation)),
                stops=mine,
                letter=letters.address(each.id) if lettered and each.state != "stood_down" else "",
            )
        )  # fmt: skip
    made = [each for each in offers.offers(session, operation.id).get(need.id, []) if each.id not in sent]
    for offer in made:
        team = next((one for one in teams.teams(session, closed=True) if one.id == offer.team_id), None)
        against = (
            speaks_against(session, team, need, asked, offer.starts, offer.ends)
            if team is not None and offer.state == OfferState.OFFERED
            else ()
        )
        parts.append(
            team_board.offer_card(
                offer, team, against, decides=decides, own=offer.country == by.country and by.national
            )
        )
    open_ = asked.state == RequestState.ASKED and need.state is not NeedState.MET and need.ends > at
    if open_ and may(by, Act.SUPPORT_OFFER, own):
        offered = sum(each.country == by.country for each in offers.offers(session, operation.id).get(need.id, []))
        parts += team_board.own_teams(_own_teams(session, need, asked, by), need, zone, offered)
    elif open_ and not made and not sent:
        parts.append(html.P(_("No country has offered a team yet."), className="m-dim"))
    return parts


def _own_teams(
    session: Session, need: Need, asked: SupportRequest, by: Actor
) -> list[tuple[Team, tuple[fit.Against, ...]]]:
    """The own teams that can be offered, those against which least speaks first."""
    standing = (OfferState.OFFERED.value, OfferState.ACCEPTED.value)
    offered = {
        each.team_id for each in offers.offers(session, need.operation_id).get(need.id, []) if each.state in standing
    }
    free = [each for each in teams.teams(session, by.country) if not each.out_of_service and each.id not in offered]
    found = [(each, speaks_against(session, each, need, asked, need.starts, need.ends)) for each in free]
    return sorted(found, key=lambda pair: (len(pair[1]), pair[0].call_sign))[:MOST_TEAMS]


def speaks_against(
    session: Session, team: Team, need: Need, asked: SupportRequest, starts: Any, ends: Any
) -> tuple[fit.Against, ...]:
    """What speaks against a team, with the hours of travel measured here."""
    return facts.against(session, team, need, starts, ends, teams_acts.travel(session, team, asked), clock.now())


@screen(
    Output(Ids.CHOSEN, "data"),
    Input({"type": "teams-need", "need": ALL}, "n_clicks"),
    act=Act.SUPPORT_READ,
    prevent_initial_call=True,
)
def choose(clicks: list[int]) -> Any:
    """Show a need of the list."""
    if not any(clicks) or not isinstance(ctx.triggered_id, dict):
        return no_update
    return ctx.triggered_id["need"]
