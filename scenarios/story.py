"""Writes a scenario: one method for each thing people do. Each adds a step with its draft ready and its ids made."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from geodata import shapes
from geodata import sites as bundled
from operations.core.drafts import parse
from operations.core.vocabulary import OperationState, OperationType, ReportKind
from operations.policing import lifecycle, places, plan, reports, verification
from scenarios import accounts
from scenarios.invention import seeded
from scenarios.script import Member, Published, Scenario, Source, Step, Verb, identifier

LineContent = Mapping[str, Any]


@dataclass(frozen=True)
class Title:
    """What a story says about itself."""

    name: str
    title: str
    kind: OperationType
    summary: str
    sources: tuple[Source, ...]
    published: tuple[Published, ...]
    invented: str


@dataclass(frozen=True)
class Place:
    """A site of the story."""

    id: UUID
    country: str
    name: str
    zone: str
    ref: str
    lat: float
    lon: float


@dataclass(frozen=True)
class Written:
    """A version of a report as its author sent it."""

    draft: reports.ReportDraft
    place: Place
    author: str
    sent: datetime


class Story:
    """A scenario being written. Times are wall-clock times of the operation's zone, days count from its first one."""

    def __init__(self, title: Title, zone: str, published_on: date, first_day: date, compose: Callable[[date], Scenario]) -> None:
        """`published_on` is the first day that the sources give; a story moved to another one marks itself."""
        self.title, self.zone, self.first_day, self.compose = title, zone, first_day, compose
        self.moved = first_day != published_on
        self.operation = self.identifier("operation")
        self.chance = seeded(title.name)
        self._cast: dict[str, Member] = {member.username: member for member in accounts.CENTRAL}
        self._steps: list[Step] = []
        self._taken: set[tuple[str, datetime]] = set()
        self._phases: dict[str, UUID] = {}
        self._stands: dict[UUID, datetime] = {}
        self._opens: datetime | None = None

    def identifier(self, *parts: object) -> UUID:
        """The identifier of a part of this story: it depends on the first day, so that moved stories stand side by side."""
        return identifier(self.title.name, self.first_day.isoformat(), *parts)

    def at(self, day: int, wall: str) -> datetime:
        """The moment when clocks of the operation's zone show `wall` ("14:30") on that day."""
        return datetime.combine(self.first_day + timedelta(days=day), time.fromisoformat(wall), ZoneInfo(self.zone))

    def later(self, moment: datetime, least: int, most: int) -> datetime:
        """A moment from `least` to `most` minutes after another, by the seed."""
        return moment + timedelta(seconds=self.chance.randint(least * 60, most * 60))

    def does(self, at: datetime, by: str, what: str, verb: Verb) -> datetime:
        """Add a step; moved by seconds where the same person does something else at that moment."""
        while (by, at) in self._taken:
            at += timedelta(seconds=1)
        self._taken.add((by, at))
        self._steps.append(Step(at, by, what, verb))
        return at

    # ------------------------------------------------------------------------------------------------ the plan

    def create(self, at: datetime, **content: Any) -> None:
        """The coordinator writes the operation; its `invented` is that of the story."""
        moved = " The dates were moved from those published." if self.moved else ""
        name = f"{self.title.title} (moved to {self.first_day:%d %b %Y})" if self.moved else self.title.title
        draft = parse(plan.OperationDraft, {
            "id": self.operation, "code_name": name, "type": self.title.kind, "zone": self.zone, "art3_screen": "passed",
            "invented": self.title.invented + moved, **content,
        })
        self.does(at, "coordinator", "create the operation", lambda session, actor: plan.create(session, draft, actor))

    def phase(self, at: datetime, kind: str, name: str, starts: datetime, ends: datetime) -> None:
        """The coordinator puts a phase on the calendar; reports name it by its kind."""
        self._phases[kind] = self.identifier("phase", kind)
        draft = parse(plan.PhaseDraft, {"id": self._phases[kind], "kind": kind, "name": name, "starts": starts, "ends": ends})
        self.does(at, "coordinator", f"schedule {name}", lambda session, actor: plan.schedule(session, self.operation, draft, actor))

    def assign(self, at: datetime, *usernames: str) -> None:
        """The coordinator lets people of central roles work for the operation."""
        for username in usernames:
            account = identifier("account", username)
            self.does(at, "coordinator", f"assign {username}",
                      lambda session, actor, account=account: plan.assign(session, self.operation, account, actor))

    def invite(self, at: datetime, country: str, answered: datetime, contribution: str = "participant", *, shares: bool = False) -> None:
        """The coordinator invites a country, and its national coordinator confirms."""
        self._cast |= {member.username: member for member in accounts.national(country)}
        invitation = parse(plan.Invitation, {"country": country, "contribution": contribution})
        self.does(at, "coordinator", f"invite {country}", lambda session, actor: plan.invite(session, self.operation, invitation, actor))
        self.does(answered, f"coordinator.{country.lower()}", "confirm",
                  lambda session, actor: plan.answer(session, self.operation, actor, accept=True, shares_totals=shares))

    def site(self, at: datetime, ref: str, country: str | None = None, by: str = "coordinator") -> Place:
        """A bundled crossing, airport or port becomes a site; a crossing as `country` sees it."""
        found = bundled.site(ref)
        if found is None:
            raise ValueError(f"There is no bundled place {ref}.")
        seen = found.seen_from(country or found.iso3)
        where = Place(self.identifier("site", ref, seen.iso3), seen.iso3, seen.name, seen.timezone, ref, seen.lat, seen.lon)
        draft = parse(places.SiteDraft, {
            "id": where.id, "country": where.country, "name": where.name, "site_type": seen.site_type, "border_kind": seen.border_kind,
            "lat": seen.lat, "lon": seen.lon, "zone": where.zone, "ref": ref,
        })
        self.does(at, by, f"place {where.name}", lambda session, actor: places.place_site(session, self.operation, draft, actor))
        return where

    def post(self, at: datetime, username: str, where: Place) -> None:
        """The national coordinator posts an officer to a site."""
        account = identifier("account", username)
        self.does(at, f"coordinator.{where.country.lower()}", f"post {username} to {where.name}",
                  lambda session, actor: places.post(session, account, where.id, actor))

    def draw(self, at: datetime, kind: str, name: str, geometry: Mapping[str, Any], by: str = "coordinator", **content: Any) -> None:
        """Somebody who coordinates draws an object on the map. Raises ValueError for a shape that cannot be used."""
        shape = shapes.measure(geometry)
        if shape.flaw is not None:
            raise ValueError(f"{name}: {shape.flaw}")
        draft = parse(places.MapObjectDraft, {
            "id": self.identifier("version", kind, name), "object_id": self.identifier("object", kind, name),
            "kind": kind, "name": name, **content,
        })
        self.does(at, by, f"draw {name}", lambda session, actor: places.draw(session, self.operation, draft, shape, actor))

    def move(self, at: datetime, to: OperationState, by: str = "coordinator") -> None:
        """The operation goes on to another state."""
        self.does(at, by, f"move to {to.value}", lambda session, actor: lifecycle.move(session, self.operation, to, actor))

    def approve(self, proposed: datetime, approved: datetime) -> None:
        """The coordinator proposes the operation and leadership approves it."""
        self.move(proposed, OperationState.PROPOSED)
        self.move(approved, OperationState.APPROVED, by="leader")

    def open(self, at: datetime) -> None:
        """From here on reports are taken; what came before is the plan."""
        self._opens = at
        self.move(at, OperationState.PRE_OPERATIONAL)

    # --------------------------------------------------------------------------------------------- the reports

    def report(self, where: Place, starts: datetime, ends: datetime, lines: Sequence[LineContent], *, sent: datetime, author: str = "officer",
               kind: ReportKind | None = None, phase: str = "operational", remarks: str = "") -> Written:
        """An officer of the site's country sends a report of a period; without lines it is a nil report."""
        key = (where.ref, where.country, phase, starts.isoformat(), author)
        kind = kind or (ReportKind.DAILY if lines else ReportKind.NIL)
        content = {
            "id": self.identifier("report", *key, 1), "report_id": self.identifier("report", *key), "operation_id": self.operation,
            "site_id": where.id, "phase_id": self._phases[phase], "kind": kind, "period_from": starts, "period_to": ends,
            "zone": where.zone, "lines": self._named(lines, *key), "remarks": remarks, "recorded_at": sent, "confirmed": True,
        }
        return self._send(parse(reports.ReportDraft, content), where, f"{author}.{where.country.lower()}", sent, "report")

    def correct(self, before: Written, lines: Sequence[LineContent], reason: str, sent: datetime, by: str | None = None) -> Written:
        """The author, or `by` (a team leader once the country has validated), replaces a version and says why."""
        old = before.draft
        author = f"{by}.{before.place.country.lower()}" if by else before.author
        content = {
            "id": self.identifier("correction", old.id), "supersedes_id": old.id, "correction_reason": reason, "recorded_at": sent,
            "lines": self._named(lines, "report", old.report_id),
        }
        draft = parse(reports.ReportDraft, old.model_dump(exclude={"lines"}) | content)
        return self._send(draft, before.place, author, sent, "correct the report")

    def climb(self, version: Written, verified: datetime, validated: datetime) -> None:
        """A team leader who did not write it verifies a version, and the national coordinator validates it."""
        verifier = "lead2" if version.author.startswith("lead.") else "lead"
        for at, short in ((verified, verifier), (validated, "coordinator")):
            self.does(at, f"{short}.{version.place.country.lower()}", f"verify the report of {version.place.name}",
                      lambda session, actor: verification.verify(session, version.draft.id, actor))
        self._stands[version.draft.id] = validated

    def file(self, where: Place, starts: datetime, ends: datetime, lines: Sequence[LineContent], **content: Any) -> Written:
        """A report that is sent within the hour after its period, verified within two more and validated within four."""
        version = self.report(where, starts, ends, lines, sent=self.later(ends, 4, 55), **content)
        self.climb_soon(version)
        return version

    def climb_soon(self, version: Written) -> None:
        """A version is verified within two hours after it was sent, and validated within four more."""
        verified = self.later(version.sent, 6, 120)
        self.climb(version, verified, self.later(verified, 10, 240))

    def give_back(self, version: Written, reason: str, note: str, at: datetime) -> None:
        """The team leader returns a version to its author."""
        answer = parse(verification.Return, {"reason": reason, "note": note})
        self.does(at, f"lead.{version.place.country.lower()}", f"return the report of {version.place.name}",
                  lambda session, actor: verification.give_back(session, version.draft.id, answer, actor))

    def answer_hit(self, version: Written, line: int, at: datetime, confirmation: str, country: str) -> None:
        """The national coordinator writes down what the country that issued the record said of a raw hit.

        Not before the report was validated: the answer makes a new version at the level that the report has.
        """
        at = max(at, self._stands[version.draft.id] + timedelta(minutes=5))
        answer = parse(verification.Answer, {"confirmation": confirmation, "confirming_country": country, "confirmed_at": at})
        hit = version.draft.lines[line].id
        self.does(at, f"coordinator.{version.place.country.lower()}", f"note the answer to a hit at {version.place.name}",
                  lambda session, actor: verification.answer_hit(session, version.draft.id, hit, answer, actor))

    # ------------------------------------------------------------------------------------------------- the end

    def told(self) -> Scenario:
        """The finished scenario, its steps in the order of time."""
        if self._opens is None:
            raise ValueError("The story never opens its operation.")
        about = self.title
        return Scenario(
            name=about.name, title=about.title, kind=about.kind, summary=about.summary, sources=about.sources,
            published=about.published, invented=about.invented, zone=self.zone, first_day=self.first_day, operation=self.operation,
            opens=self._opens, cast=self._at_work(), steps=tuple(sorted(self._steps, key=lambda step: step.at)),
            compose=self.compose,
        )

    def _at_work(self) -> tuple[Member, ...]:
        """The cast, without those second officers and team leaders who never have anything to do."""
        busy = {step.by for step in self._steps}
        return tuple(member for name, member in self._cast.items() if name in busy or "2." not in name)

    def _send(self, draft: reports.ReportDraft, where: Place, author: str, sent: datetime, what: str) -> Written:
        sent = self.does(sent, author, f"{what} at {where.name}", lambda session, actor: reports.submit(session, draft, actor))
        return Written(draft, where, author, sent)

    def _named(self, lines: Iterable[LineContent], *key: object) -> list[dict[str, Any]]:
        return [{**line, "id": self.identifier("line", *key, position)} for position, line in enumerate(lines)]


# ---------------------------------------------------------------------------------------------------------- lines


def queries(count: int, database: str = "sltd", entity: str = "document", channel: str = "fixed_workstation") -> dict[str, Any]:
    """A tally of database queries."""
    return {"kind": "check_tally", "count": count, "check_kind": "database_query", "database": database, "entity_type": entity,
            "channel": channel}


def checks(count: int, check_kind: str, entity: str) -> dict[str, Any]:
    """A tally of checks that ask no database, such as flights monitored."""
    return {"kind": "check_tally", "count": count, "check_kind": check_kind, "entity_type": entity, "channel": "unknown"}


def hit(at: datetime, database: str, hit_kind: str, action: str, **content: Any) -> dict[str, Any]:
    """A raw hit."""
    return {"kind": "hit", "database": database, "hit_kind": hit_kind, "raw_at": at, "action_taken": action, **content}


def arrests(persons: int, offence: str = "migrant_smuggling", basis: str = "unknown", **content: Any) -> dict[str, Any]:
    """Persons arrested in one event."""
    return {"kind": "arrest", "persons": persons, "offence": offence, "legal_basis": basis, **content}


def detections(count: int, nationality: str, **content: Any) -> dict[str, Any]:
    """Detections of irregular migrants of one nationality in one event."""
    return {"kind": "migrant_detection", "detections": count, "nationality": nationality, "detection_kind": "at_bcp_check", **content}


def potential_victims(persons: int, **content: Any) -> dict[str, Any]:
    """Potential victims of trafficking met in one event."""
    return {"kind": "potential_victim", "persons": persons, **content}


# --------------------------------------------------------------------------------------------------------- shapes


def point(lon: float, lat: float) -> dict[str, Any]:
    """A point, longitude first (EPSG:4326)."""
    return {"type": "Point", "coordinates": [lon, lat]}


def line(*positions: tuple[float, float]) -> dict[str, Any]:
    """A line through (longitude, latitude) positions."""
    return {"type": "LineString", "coordinates": [list(position) for position in positions]}


def area(*positions: tuple[float, float]) -> dict[str, Any]:
    """An area with this outline, which need not be closed."""
    return {"type": "Polygon", "coordinates": [[list(position) for position in (*positions, positions[0])]]}
