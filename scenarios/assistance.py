"""Steps of assistance in a story: rosters, requests, offers, acceptance and deployment of teams. All invented.

Functions on a story, each of which adds steps that its people do through the real verbs. Call signs, bases and times
are invented; the places are sites of the story.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from geodata.ways import transit
from operations.core.drafts import parse
from operations.core.people import Actor
from operations.support import (
    availability,
    certificates,
    deployment_acts,
    kit,
    offers,
    requests,
    suitability_facts,
    teams,
)
from operations.support.deployments import DutyDraft, OrderDraft
from operations.support.team_facts import Hours
from scenarios.planning import Planning, StorySite
from scenarios.script_language import Verb, identifier


@dataclass(frozen=True)
class Crew:
    """A team of the story: an invented call sign, and its base."""

    country: str
    call_sign: str
    kind: str
    specialisms: tuple[str, ...]
    languages: tuple[str, ...]
    persons: int
    base: str
    lat: float
    lon: float
    zone: str
    ready_hours: int = 12
    unit: str = "Invented unit"

    @property
    def name(self) -> tuple[str, str]:
        """The parts of its identifier."""
        return self.country, self.call_sign

    @property
    def id(self) -> UUID:
        """The team's identifier: a roster is a country's, so concurrent stories share its teams."""
        return identifier("team", *self.name)


@dataclass(frozen=True)
class StoryNeed:
    """One need of a request: kind, period, and the crews that meet it."""

    specialism: str
    languages: tuple[str, ...]
    starts: datetime
    ends: datetime
    teams: int = 1
    team_kind: str | None = None


def add_to_roster(story: Planning, at: datetime, crew: Crew) -> None:
    """Add a team to the roster by the national coordinator, with certificates and kit; the team leader leads it."""
    draft = parse(
        teams.TeamDraft,
        {
            "id": crew.id,
            "call_sign": crew.call_sign,
            "unit": crew.unit,
            "kind": crew.kind,
            "specialisms": list(crew.specialisms),
            "languages": list(crew.languages),
            "persons": crew.persons,
            "base": crew.base,
            "lat": crew.lat,
            "lon": crew.lon,
            "zone": crew.zone,
            "ready_hours": crew.ready_hours,
            "leader_id": identifier("account", f"lead.{crew.country.lower()}"),
            "note": "Invented team.",
        },
    )
    by = f"coordinator.{crew.country.lower()}"

    def keeps(session: Session, actor: Actor) -> object:
        made = teams.keep(session, draft, actor)
        for name, days in (("first_aid", 400), ("fundamental_rights_training", 45)):
            held = {
                "id": _id(story, "certificate", *crew.name, name),
                "kind": name,
                "issued_on": (at - timedelta(days=300)).date(),
                "expires_on": (at + timedelta(days=days)).date(),
            }
            certificates.certify(session, made.id, parse(certificates.CertificateDraft, held), actor)
        asset = {
            "id": identifier("kit", *crew.name),
            "kind": "mobile_device",
            "label": f"IMD {crew.call_sign}",
            "team_id": made.id,
            "place": crew.base,
        }
        return kit.keep(session, parse(kit.AssetDraft, asset), actor)

    story.does(at, by, f"keep team {crew.call_sign}", keeps)


def record_absence(story: Planning, at: datetime, crew: Crew, kind: str, starts: datetime, ends: datetime) -> None:
    """Record an absence in the calendar of a team."""
    draft = parse(
        availability.AbsenceDraft,
        {"id": _id(story, "absence", *crew.name, kind), "kind": kind, "starts": starts, "ends": ends},
    )
    team = crew.id
    story.does(
        at,
        f"coordinator.{crew.country.lower()}",
        f"{crew.call_sign} is away",
        lambda session, actor: availability.add_absence(session, team, draft, actor),
    )


def ask(
    story: Planning,
    at: datetime,
    title: str,
    where: StorySite,
    wanted: Sequence[StoryNeed],
    priority: str = "routine",
    by: str = "coordinator",
) -> None:
    """Request assistance at a site; the coordinator forwards a country's request to the countries an hour later."""
    needs = [
        {
            "id": _id(story, "need", title, k),
            "specialism": need.specialism,
            "languages": list(need.languages),
            "teams": need.teams,
            "team_kind": need.team_kind,
            "starts": need.starts,
            "ends": need.ends,
        }
        for k, need in enumerate(wanted)
    ]
    draft = parse(
        requests.AssistanceRequestDraft,
        {
            "id": _id(story, "request", title),
            "title": title,
            "priority": priority,
            "note": "Invented request.",
            "host_country": where.country,
            "site_id": where.id,
            "needs": needs,
        },
    )
    story.does(
        at,
        by,
        f"ask for {title}",
        lambda session, actor: requests.raise_request(session, story.operation, draft, actor),
    )
    if by != "coordinator":
        story.does(
            at + timedelta(hours=1),
            "coordinator",
            f"put {title} before the countries",
            lambda session, actor: requests.ask_countries(session, draft.id, actor),
        )


def offer(story: Planning, at: datetime, crew: Crew, title: str, need: int, span: tuple[datetime, datetime]) -> None:
    """Offer a team for a need of a request, by its country."""
    content = {
        "id": _id(story, "offer", title, need, *crew.name),
        "team_id": crew.id,
        "starts": span[0],
        "ends": span[1],
    }
    draft = parse(offers.OfferDraft, content)
    wanted = _id(story, "need", title, need)
    story.does(
        at,
        f"coordinator.{crew.country.lower()}",
        f"offer {crew.call_sign}",
        lambda session, actor: offers.make(session, wanted, draft, actor),
    )


def send(story: Planning, at: datetime, crew: Crew, title: str, need: int, tasks: str, every: int = 12) -> None:
    """Accept an offer and order the team to deploy, by the coordinator."""
    made = _id(story, "offer", title, need, *crew.name)

    def hours_to(session: Session, _actor: Actor) -> Hours:
        found = offers.offer(session, made)
        wanted = requests.need(session, found.need_id)
        return _travel(session, teams.team(session, found.team_id), requests.request(session, wanted.request_id))

    def accepts(session: Session, actor: Actor, hours: Hours) -> object:
        found = offers.offer(session, made)
        team, wanted = teams.team(session, found.team_id), requests.need(session, found.need_id)
        against = suitability_facts.against(session, team, wanted, found.starts, found.ends, hours, at)
        return offers.accept(session, made, against, actor, "Agreed with the country." if against else "")

    story.does(at, "coordinator", f"accept {crew.call_sign}", accepts, before=hours_to)
    draft = parse(OrderDraft, {"tasks": tasks, "check_in_hours": every})
    story.does(
        at + timedelta(minutes=20),
        "coordinator",
        f"order {crew.call_sign} to go",
        lambda session, actor: deployment_acts.order(session, made, draft, actor),
    )


def report(story: Planning, at: datetime, crew: Crew, title: str, need: int, verb: str, words: str = "") -> None:
    """Report for a deployment, by the team leader: leave_base, arrive, check_in, hand_over, leave_site or debrief."""
    made = _id(story, "offer", title, need, *crew.name)
    content = {"id": _id(story, "duty", title, need, *crew.name, verb, at.isoformat()), "words": words}
    draft = parse(DutyDraft, content)
    story.does(at, f"lead.{crew.country.lower()}", f"{crew.call_sign}: {verb}", _reports(verb, made, draft))


def _reports(verb: str, deployment: UUID, draft: DutyDraft) -> Verb:
    return lambda session, actor: getattr(deployment_acts, verb)(session, deployment, draft, actor)


def _travel(session: Session, team: teams.Team, asked: requests.SupportRequest) -> Hours:
    (name, there), others = suitability_facts.stops(session, team, asked)
    ways = {other: transit.transit(position, there) for other, position in others.items() if other != name}
    return Hours({(other, name): way.hours for other, way in ways.items() if way is not None})


def _id(story: Planning, *parts: Any) -> UUID:
    return story.identifier("support", *parts)
