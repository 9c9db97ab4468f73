"""Builder of a scenario's plan: one method for each act of a planner.

Each adds a step with its draft and its identifiers prepared, so that playing it twice is idempotent.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from geodata.ground import shapes
from geodata.ground import sites as bundled
from operations.core.drafts import parse
from operations.core.people import Actor
from operations.core.vocabulary import OperationState
from operations.policing import lifecycle
from operations.policing.layers import imports as layer_imports
from operations.policing.map_plan import places, postings
from operations.policing.map_plan.shapes import MeasuredShape
from operations.policing.operation import plan, staff
from scenarios import accounts, incidents
from scenarios.incidents import Position
from scenarios.invention import seeded
from scenarios.script_language import Before, CastMember, Scenario, ScriptStep, Title, Verb, identifier


@dataclass(frozen=True)
class StorySite:
    """A site of the story."""

    id: UUID
    country: str
    name: str
    zone: str
    ref: str
    lat: float
    lon: float


class Planning:
    """Builder of a scenario, as far as its plan. Times are given as wall-clock times of the operation's zone."""

    def __init__(
        self, title: Title, zone: str, published_on: date, first_day: date, compose: Callable[[date], Scenario]
    ) -> None:
        """`published_on` is the first day that the sources give; a story moved to another day is marked as moved."""
        self.title, self.zone, self.first_day, self.compose = title, zone, first_day, compose
        self.moved = first_day != published_on
        self.operation = self.identifier("operation")
        self.chance = seeded(title.name)
        self._cast: dict[str, CastMember] = {member.username: member for member in accounts.CENTRAL}
        self._steps: list[ScriptStep] = []
        self._taken: set[tuple[str, datetime]] = set()
        self.countries: list[str] = []
        self._phases: dict[str, UUID] = {}
        self._opens: datetime | None = None

    def identifier(self, *parts: object) -> UUID:
        """Return the identifier of a part of this story; it depends on the first day, so that moved stories differ."""
        return identifier(self.title.name, self.first_day.isoformat(), *parts)

    def at(self, day: int, wall: str) -> datetime:
        """Return the moment (UTC) of the wall-clock time `wall` ("14:30") in the operation's zone.

        `day` counts from the first.
        """
        shown = datetime.combine(self.first_day + timedelta(days=day), time.fromisoformat(wall), ZoneInfo(self.zone))
        return shown.astimezone(UTC)

    def later(self, moment: datetime, least: int, most: int) -> datetime:
        """Return a moment from `least` to `most` minutes after another, by the seed."""
        return moment + timedelta(seconds=self.chance.randint(least * 60, most * 60))

    def does(
        self, at: datetime, by: str, what: str, verb: Verb, *, can_wait: bool = False, before: Before | None = None
    ) -> datetime:
        """Add a step; moved by seconds where the same person does something else at that moment."""
        while (by, at) in self._taken:
            at += timedelta(seconds=1)
        self._taken.add((by, at))
        self._steps.append(ScriptStep(at, by, what, verb, can_wait, before))
        return at

    # ------------------------------------------------------------------------------------------------ the plan

    def create(self, at: datetime, **content: Any) -> None:
        """Create the operation, by the coordinator; its `invented` is that of the story."""
        moved = " The dates were moved from those published." if self.moved else ""
        name = f"{self.title.title} (moved to {self.first_day:%d %b %Y})" if self.moved else self.title.title
        draft = parse(
            plan.OperationDraft,
            {
                "id": self.operation,
                "code_name": name,
                "type": self.title.kind,
                "zone": self.zone,
                "art3_screen": "passed",
                "invented": self.title.invented + moved,
                **content,
            },
        )
        self.does(at, "coordinator", "create the operation", lambda session, actor: plan.create(session, draft, actor))

    def phase(self, at: datetime, kind: str, name: str, starts: datetime, ends: datetime) -> None:
        """Schedule a phase, by the coordinator; reports name it by its kind."""
        self._phases[kind] = self.identifier("phase", kind)
        draft = parse(
            plan.PhaseDraft, {"id": self._phases[kind], "kind": kind, "name": name, "starts": starts, "ends": ends}
        )
        self.does(
            at,
            "coordinator",
            f"schedule {name}",
            lambda session, actor: plan.schedule(session, self.operation, draft, actor),
        )

    def phase_id(self, kind: str) -> UUID | None:
        """Return the identifier of the phase of a kind; None where the story has none."""
        return self._phases.get(kind)

    def assign(self, at: datetime, *usernames: str) -> None:
        """Assign people of central roles to the operation, by the coordinator."""
        for username in usernames:
            draft = parse(
                staff.AssignmentDraft,
                {"id": self.identifier("assignment", username), "people": [identifier("account", username)]},
            )
            self.does(at, "coordinator", f"assign {username}", self._assigns(draft))

    def _assigns(self, draft: staff.AssignmentDraft) -> Verb:
        return lambda session, actor: staff.assign(session, self.operation, draft, actor)

    def invite(
        self, at: datetime, country: str, answered: datetime, contribution: str = "participant", *, shares: bool = False
    ) -> None:
        """Invite a country, by the coordinator; its national coordinator confirms."""
        self._cast |= {member.username: member for member in accounts.national(country)}
        self.countries.append(country)
        invitation = parse(plan.CountryInvitation, {"country": country, "contribution": contribution})
        self.does(
            at,
            "coordinator",
            f"invite {country}",
            lambda session, actor: plan.invite(session, self.operation, invitation, actor),
        )
        self.does(
            answered,
            f"coordinator.{country.lower()}",
            "confirm",
            lambda session, actor: plan.answer(session, self.operation, actor, accept=True, shares_totals=shares),
        )

    def site(self, at: datetime, ref: str, country: str | None = None, by: str = "coordinator") -> StorySite:
        """Make a bundled crossing, airport or port a site; a crossing as `country` sees it."""
        place = bundled.site(ref)
        if place is None:
            raise ValueError(f"There is no bundled place {ref}.")
        seen = place.seen_from(country or place.iso3)
        where = StorySite(
            self.identifier("site", ref, seen.iso3), seen.iso3, seen.name, seen.timezone, ref, seen.lat, seen.lon
        )
        draft = parse(
            places.SiteDraft,
            {
                "id": where.id,
                "country": where.country,
                "name": where.name,
                "site_type": seen.site_type,
                "border_kind": seen.border_kind,
                "lat": seen.lat,
                "lon": seen.lon,
                "zone": where.zone,
                "ref": ref,
            },
        )
        self.does(
            at,
            by,
            f"place {where.name}",
            lambda session, actor: places.place_site(session, self.operation, draft, actor),
        )
        return where

    def post(self, at: datetime, username: str, where: StorySite) -> None:
        """Post an officer to a site, by the national coordinator."""
        draft = parse(
            postings.PostingDraft,
            {
                "id": self.identifier("posting", username, str(where.id)),
                "people": [identifier("account", username)],
                "sites": [where.id],
            },
        )
        self.does(
            at,
            f"coordinator.{where.country.lower()}",
            f"post {username} to {where.name}",
            lambda session, actor: postings.post(session, self.operation, draft, actor),
        )

    def draw(
        self, at: datetime, kind: str, name: str, geometry: Mapping[str, Any], by: str = "coordinator", **content: Any
    ) -> None:
        """Draw an object on the map, as a coordinator. Raises ValueError for an invalid shape."""
        shape = shapes.measure(geometry)
        if shape.flaw is not None:
            raise ValueError(f"{name}: {shape.flaw}")
        whole = cast(MeasuredShape, shape)  # no flaw, so there is a geometry
        draft = parse(
            places.MapObjectDraft,
            {
                "id": self.identifier("version", kind, name),
                "object_id": self.identifier("object", kind, name),
                "kind": kind,
                "name": name,
                **content,
            },
        )
        self.does(
            at, by, f"draw {name}", lambda session, actor: places.draw(session, self.operation, draft, whole, actor)
        )

    def import_incidents(
        self, at: datetime, name: str, stops: Sequence[Position], thick: Sequence[Position], count: int
    ) -> None:
        """Import invented incidents along the roads between `stops`, by the analyst; playing the step makes them."""
        until = at.date()
        draft = parse(
            layer_imports.LayerDraft,
            {
                "id": self.identifier("layer version", name),
                "layer_id": self.identifier("layer", name),
                "name": name,
                "kind": "events",
                "source": incidents.SOURCE,
                "licence": incidents.LICENCE,
                "period_from": until - timedelta(days=incidents.DAYS),
                "period_to": until,
                "accuracy_m": incidents.ACCURACY_M,
                "retrieved": until,
            },
        )
        chance = seeded(self.title.name, name)

        def imports(session: Session, actor: Actor) -> object:
            made = incidents.incidents(copy(chance), stops, thick, until, count)
            return layer_imports.add(session, self.operation, draft, made, actor)

        self.does(at, "analyst", f"import {name}", imports)

    def move(self, at: datetime, to: OperationState, by: str = "coordinator") -> None:
        """Move the operation to another state."""

        def prepare(session: Session, actor: Actor) -> object:
            return lifecycle.prepare(session, self.operation, to, actor)

        def move(session: Session, actor: Actor, ready: object) -> object:
            return lifecycle.move(session, self.operation, to, actor, ready=ready)

        self.does(at, by, f"move to {to.value}", move, before=prepare)

    def open(self, at: datetime) -> None:
        """Open the operation to reports; the steps before are the plan."""
        self._opens = at
        self.move(at, OperationState.PRE_OPERATIONAL)
