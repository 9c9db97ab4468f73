"""View of a need with its offers and deployments, the own teams that could meet it, and their conflicts."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from dash import html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.parts.draft_note import draft_note
from dashboard.parts.team import board as team_board
from dashboard.screens.teams import letters
from dashboard.server.access import known_id
from dashboard.server.lazy_modules import geometry as geometries
from dashboard.server.lazy_modules import reference, transit
from dashboard.wording import _, language
from operations.core import clock, vocabulary
from operations.core.errors import NotFound
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import AnalysisKind, MapObjectKind
from operations.policing import analyses
from operations.policing.map_plan import places
from operations.policing.operation import outward_acts, plan
from operations.support import (
    deployments,
    offers,
    requests,
    suitability,
    suitability_facts,
    team_facts,
    teams,
)
from operations.support.requests import Need, SupportRequest
from operations.support.states import AssistanceState, NeedState, OfferState
from operations.support.teams import Team

MOST_TEAMS = 12


def travel(session: Session, team: Team, asked: SupportRequest) -> team_facts.Hours:
    """Return the hours between the place of a request and every place the team may come from or go on to."""
    (name, there), others = suitability_facts.stops(session, team, asked)
    ways = {other: transit.transit(position, there) for other, position in others.items() if other != name}
    return team_facts.Hours({(other, name): way.hours for other, way in ways.items() if way is not None})


def against(
    session: Session, team: Team, need: Need, asked: SupportRequest, starts: Any, ends: Any
) -> tuple[suitability.Against, ...]:
    """Return the conflicts of a team with a need, including travel times, which are computed here."""
    return suitability_facts.against(session, team, need, starts, ends, travel(session, team, asked), clock.now())


def view(session: Session, operation: plan.Operation, by: Actor, chosen: str | None) -> list[Component]:
    """Return a need with its offers and deployments, and this person's possible next actions."""
    if not may(by, Act.SUPPORT_READ, plan.subject(operation)):
        return []
    every = [each for found in requests.needs(session, operation.id).values() for each in found]
    need = next((each for each in every if str(each.id) == chosen), None)
    if need is None:
        return [team_board.nothing_chosen()]
    asked, at, zone = requests.request(session, need.request_id), clock.now(), operation.zone
    of_request = plan.subject(operation, asked.country if by.national else None)
    parts = [
        *draft_note(operation),
        *team_board.facts(asked, need, zone),
        *team_board.request_acts(
            asked,
            may_put=may(by, Act.SUPPORT_ASK, plan.subject(operation)),
            may_close=may(by, Act.SUPPORT_REQUEST, of_request),
        ),
    ]
    orders = may(by, Act.DEPLOYMENT_ORDER, plan.subject(operation))
    sent = {each.id: each for each in deployments.deployments(session, operation.id) if each.need_id == need.id}
    for deployment in sent.values():
        home = plan.subject(operation, deployment.country)
        lettered = deployment.approved_at is not None and may(by, Act.DEPLOYMENT_ACCREDIT, home)
        parts.append(
            team_board.deployment_card(
                deployment,
                deployments.log(session, deployment.id),
                zone,
                at,
                orders=orders and outward_acts.flaw("deployment.order", operation.state) is None,
                stops=may(by, Act.DEPLOYMENT_STAND_DOWN, home),
                letter=letters.address(deployment.id) if lettered and deployment.state != "stood_down" else "",
            )
        )
    of_need = offers.offers(session, operation.id).get(need.id, [])
    made = [each for each in of_need if each.id not in sent]
    known = {each.id: each for each in teams.teams(session, closed=True)} if made else {}
    for offer in made:
        team = known.get(offer.team_id)
        waits = team is not None and offer.state == OfferState.OFFERED
        parts.append(
            team_board.offer_card(
                offer,
                team,
                against(session, team, need, asked, offer.starts, offer.ends) if team is not None and waits else (),
                decides=may(by, Act.SUPPORT_ACCEPT, plan.subject(operation)),
                own=offer.country == by.country and by.national,
            )
        )
    open_ = asked.state == AssistanceState.ASKED and need.state is not NeedState.MET and need.ends > at
    if open_ and may(by, Act.SUPPORT_OFFER, plan.subject(operation, by.country)):
        own = _own_teams(session, need, asked, by)
        if own or by.country not in {*(offer.country for offer in made), *(team.country for team in sent.values())}:
            parts += team_board.own_teams(own, need, zone, offered(session, need, by))
    elif open_ and not made and not sent:
        parts.append(html.P(_("No country has offered a team yet."), className="m-dim"))
    return parts


def offered(session: Session, need: Need, by: Actor) -> str:
    """Return a marker of the offer form: the need, and how many times the own country has offered for it."""
    made = offers.offers(session, need.operation_id).get(need.id, [])
    return f"{need.id}:{sum(each.country == by.country for each in made)}"


def _own_teams(
    session: Session, need: Need, asked: SupportRequest, by: Actor
) -> list[tuple[Team, tuple[suitability.Against, ...]]]:
    """Return the own teams that can be offered, those with the fewest conflicts first."""
    standing = (OfferState.OFFERED.value, OfferState.ACCEPTED.value)
    taken = {
        each.team_id for each in offers.offers(session, need.operation_id).get(need.id, []) if each.state in standing
    }
    free = [each for each in teams.teams(session, by.country) if not each.out_of_service and each.id not in taken]
    found = [(each, against(session, each, need, asked, need.starts, need.ends)) for each in free]
    return sorted(found, key=lambda pair: (len(pair[1]), pair[0].call_sign))[:MOST_TEAMS]


# ------------------------------------------------------------------------------------------------ where it is asked


def choices(session: Session, operation_id: UUID, by: Actor) -> dict[str, list[dict[str, str]]]:
    """Return the countries and sites for which this person can ask for assistance, as options."""
    countries = [by.country] if by.country else plan.countries(session, operation_id)
    sites = [each for each in places.sites(session, operation_id) if each.country in countries]
    return {
        "host_country": vocabulary.options("CL-COUNTRY", language(), countries),
        "site_id": [{"value": str(each.id), "label": f"{each.name} ({each.country})"} for each in sites],
    }


def values(by: Actor, origin: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the initial values of the request form."""
    at = clock.now()
    return {
        "host_country": by.country,
        "starts": at + timedelta(days=1),
        "ends": at + timedelta(days=8),
        **(origin or {}),
    }


def origin(session: Session, operation: plan.Operation, hotspot: str, analysis: str) -> dict[str, Any] | None:
    """Return the hotspot that linked here, as the place of a request with its generalised position, or None."""
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
