"""Makers of teams, requests, offers and deployments, through the real verbs."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from operations.core import clock
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.support import (
    deployment_acts,
    deployments,
    offers,
    requests,
    suitability,
    suitability_facts,
    team_facts,
    teams,
)
from operations.support.deployments import Deployment, DutyDraft, OrderDraft
from operations.support.offers import Offer
from operations.support.requests import SupportRequest
from operations.support.teams import Team
from tests.makers import START, Running

NEAR = team_facts.Hours({})
"""Hours of travel for teams that are where they are needed."""


def team_draft(**changes: Any) -> teams.TeamDraft:
    """A frontline team of four in Niamey."""
    content = {
        "id": new_id(),
        "call_sign": f"ALFA-{str(new_id())[:4]}",
        "kind": "frontline",
        "specialisms": ["document_examiner"],
        "languages": ["fr", "ha"],
        "persons": 4,
        "base": "Niamey",
        "lat": 13.51,
        "lon": 2.11,
        "zone": "Africa/Niamey",
        "ready_hours": 12,
    }
    return parse(teams.TeamDraft, content | changes)


def keep_team(scene: Running, by: str = "chaima", **changes: Any) -> Team:
    """Put a team on the roster of somebody's country."""
    with scene.store.unit_of_work(scene[by]) as session:
        return teams.keep(session, team_draft(**changes), scene[by])


def need(**changes: Any) -> dict[str, Any]:
    """A need of one team with document examiners who speak French, for four days from the start on."""
    return {
        "id": new_id(),
        "specialism": "document_examiner",
        "languages": ["fr"],
        "teams": 1,
        "starts": START + timedelta(days=1),
        "ends": START + timedelta(days=5),
    } | changes


def request_draft(scene: Running, *needs: dict[str, Any], **changes: Any) -> requests.AssistanceRequestDraft:
    """A request for the airport of Niamey."""
    content = {
        "id": new_id(),
        "title": "Second line at the airport",
        "host_country": "NER",
        "site_id": scene.sites["Niamey"],
        "needs": list(needs) or [need()],
    }
    return parse(requests.AssistanceRequestDraft, content | changes)


def raise_request(
    scene: Running, *needs: dict[str, Any], by: str = "ana", at: datetime = START, **changes: Any
) -> SupportRequest:
    """Ask for assistance as one of the cast."""
    with clock.at(at), scene.store.unit_of_work(scene[by]) as session:
        return requests.raise_request(session, scene.operation, request_draft(scene, *needs, **changes), scene[by])


def needs_of(scene: Running, asked: SupportRequest, by: str = "ana") -> list[requests.Need]:
    with scene.store.reading(scene[by]) as session:
        return requests.needs(session, scene.operation).get(asked.id, [])


def offer(scene: Running, need_id: UUID, team: Team, by: str = "chaima", at: datetime = START, **changes: Any) -> Offer:
    """Offer a team for the time of the need."""
    with clock.at(at), scene.store.unit_of_work(scene[by]) as session:
        asked = requests.need(session, need_id)
        content = {"id": new_id(), "team_id": team.id, "starts": asked.starts, "ends": asked.ends} | changes
        return offers.make(session, need_id, parse(offers.OfferDraft, content), scene[by])


def reasons(
    scene: Running, made: Offer, by: str = "ana", travel: team_facts.Travel = NEAR
) -> tuple[suitability.Against, ...]:
    with scene.store.reading(scene[by]) as session:
        wanted, team = requests.need(session, made.need_id), teams.team(session, made.team_id)
        return suitability_facts.against(session, team, wanted, made.starts, made.ends, travel, START)


def accept(
    scene: Running,
    made: Offer,
    by: str = "ana",
    at: datetime = START,
    despite: str = "",
    travel: team_facts.Travel = NEAR,
) -> Deployment:
    """Accept an offer as the coordinator."""
    against = reasons(scene, made, by, travel)
    with clock.at(at), scene.store.unit_of_work(scene[by]) as session:
        return offers.accept(session, made.id, against, scene[by], despite)


def accepted(scene: Running, team: Team | None = None, at: datetime = START, **wanted: Any) -> Deployment:
    """A team of Niger that was asked for, offered and accepted."""
    asked = raise_request(scene, need(**wanted), at=at)
    taken = team or keep_team(scene)
    return accept(scene, offer(scene, needs_of(scene, asked)[0].id, taken, at=at), at=at, despite="Agreed.")


def order(scene: Running, deployment: UUID, by: str = "ana", at: datetime = START, **changes: Any) -> Deployment:
    content = {"tasks": "Second line of document examination."} | changes
    with clock.at(at), scene.store.unit_of_work(scene[by]) as session:
        return deployment_acts.order(session, deployment, parse(OrderDraft, content), scene[by])


def report(
    scene: Running, verb: str, deployment: UUID, by: str = "boubacar", at: datetime = START, **changes: Any
) -> Deployment:
    """Report as the team leader: leave_base, arrive, check_in, leave_site, hand_over or debrief."""
    draft = parse(DutyDraft, {"id": new_id()} | changes)
    with clock.at(at), scene.store.unit_of_work(scene[by]) as session:
        made: Deployment = getattr(deployment_acts, verb)(session, deployment, draft, scene[by])
        return made


def on_site(scene: Running, team: Team | None = None, at: datetime = START, **wanted: Any) -> Deployment:
    """A team that arrived at `at`."""
    made = accepted(scene, team, at, **wanted)
    order(scene, made.id, at=at)
    report(scene, "leave_base", made.id, at=at)
    return report(scene, "arrive", made.id, at=at)


def now_stored(scene: Running, deployment: UUID, by: Actor | None = None) -> Deployment:
    with scene.store.reading(by or scene["ana"]) as session:
        return deployments.deployment(session, deployment)
