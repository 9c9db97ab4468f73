"""Operational coordination units (domain 1.3): their members, opening hours, and the countries they support.

The position of a unit is an object of the map; its description is stored here, in versions. Hours are wall-clock times
of the unit's own zone, since an operation has units in several. Members are functions and numbers, never persons.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import Field as Rule
from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, false, text
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import journal, rows
from operations.core.clock import UtcDateTime
from operations.core.drafts import FIELD, NEEDED, Draft, Line, Words, Zone, rule
from operations.core.errors import Conflict, NotFound, RuleBroken, Stale
from operations.core.field_labels import N_, Label
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import locked, scoped, unscoped
from operations.core.vocabulary import Country, InList, MapObjectKind, Role
from operations.policing.map_plan import places
from operations.policing.map_plan.places import MapObject
from operations.policing.operation import plan

_UNIT = MapObjectKind.COORDINATION_UNIT
_HOURS = rule("hours_missing", "Say on which days and from when to when the unit is manned, or that it never closes.")
_SEATS = rule("seat_twice", "Put members of one country and one function together in one line.")
_BY_HOURS = ("round_the_clock", False)


class CoordinationUnit(SQLModel, table=True):
    """A version of a unit's description.

    `object_id` is the unit's object on the map; the newest version has `current`.
    """

    __tablename__ = "coordination_unit"
    __table_args__ = (
        UniqueConstraint("object_id", "version"),
        CheckConstraint("round_the_clock OR (opens IS NOT NULL AND closes IS NOT NULL)", name="has_hours"),
        Index(
            "uq_coordination_unit_one_current",
            "object_id",
            unique=True,
            sqlite_where=text("current"),
            postgresql_where=text("current"),
        ),
    )
    id: UUID = Field(primary_key=True)
    object_id: UUID = Field(index=True)
    version: int
    supersedes_id: UUID | None = Field(default=None, foreign_key="coordination_unit.id")
    current: bool = True
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    kind: str = Field(max_length=40)
    host_country: str = Field(max_length=3)
    region: str = Field(default="", max_length=300)
    zone: str = Field(max_length=64)
    round_the_clock: bool = False
    days: list[int] = Field(default_factory=list, sa_type=JSON)
    opens: time | None = None
    closes: time | None = None
    supports: list[str] = Field(default_factory=list, sa_type=JSON)
    members: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    note: str = Field(default="", max_length=2000)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)

    @property
    def persons(self) -> int:
        """The number of persons who work in the unit."""
        return sum(int(each["persons"]) for each in self.members)


class UnitSeat(Draft):
    """Seats of one function that one country seconds, or that belong to no country (None)."""

    function: Annotated[str, InList("CL-OCUROLE"), Label(N_("Function, line {line}"))]
    country: Annotated[Country | None, Label(N_("Seconded by, line {line}"), placeholder=N_("General Secretariat"))] = (
        None
    )
    persons: Annotated[int, Rule(ge=1, le=500), Label(N_("Persons, line {line}"))] = 1


class UnitDraft(Draft):
    """Draft of a unit's description: `id` names this version, `object_id` its object on the map."""

    id: UUID
    object_id: UUID
    supersedes_id: UUID | None = None
    kind: Annotated[str, InList("CL-OCUKIND"), Label(N_("Kind"), start="ocu")]
    host_country: Annotated[Country, Label(N_("Host country"))]
    region: Annotated[Line, Label(N_("Region"))] = ""
    supports: Annotated[tuple[Country, ...], Label(N_("Supports"))] = ()
    zone: Annotated[Zone, Label(N_("Time zone"), N_("The unit's own: hours are those of its clock."), draws="zone")]
    round_the_clock: Annotated[bool, Label(N_("Manned round the clock"))] = False
    days: Annotated[
        tuple[Annotated[int, Rule(ge=0, le=6)], ...],
        Rule(max_length=7),
        Label(N_("Days"), draws="several", start=("0", "1", "2", "3", "4"), when=_BY_HOURS, needed=NEEDED),
    ] = ()
    opens: Annotated[time | None, Label(N_("From"), when=_BY_HOURS, needed=NEEDED)] = None
    closes: Annotated[
        time | None, Label(N_("To"), N_("Earlier than it opens: over midnight."), when=_BY_HOURS, needed=NEEDED)
    ] = None
    members: Annotated[tuple[UnitSeat, ...], Rule(max_length=100), Label(N_("Members"), rows=8)] = ()
    note: Annotated[Words, Label(N_("Note"))] = ""

    @model_validator(mode="after")
    def _whole(self) -> "UnitDraft":
        if not self.round_the_clock and (not self.days or self.opens is None or self.closes is None):
            raise PydanticCustomError(_HOURS, "hours missing", {FIELD: "days"})
        seats = [(each.country, each.function) for each in self.members]
        if twice := [at for at, seat in enumerate(seats) if seat in seats[:at]]:
            raise PydanticCustomError(_SEATS, "seat twice", {FIELD: f"members.{twice[0]}"})
        return self


@scoped(CoordinationUnit)
def _units_seen(actor: Actor) -> Any:
    """Visible to readers of the unit's object on the map."""
    if actor.role is Role.AUDITOR:
        return false()
    reach = plan.within_reach(CoordinationUnit.operation_id, actor)
    if not actor.national:
        return reach
    shown = select(MapObject.object_id).where(col(MapObject.current).is_(True), places.shown_to(actor))
    return reach & col(CoordinationUnit.object_id).in_(shown)


# ------------------------------------------------------------------------------------------------- questions


def mapped_units(session: Session, operation_id: UUID) -> list[tuple[MapObject, CoordinationUnit | None]]:
    """Return the coordination units on the map that the asker may see, by name, each with its description."""
    query = select(CoordinationUnit).where(
        CoordinationUnit.operation_id == operation_id, col(CoordinationUnit.current).is_(True)
    )
    known = {each.object_id: each for each in session.exec(query).all()}
    found = [each for each in places.objects(session, operation_id) if each.kind == _UNIT]
    return [(each, known.get(each.object_id)) for each in found]


def manned(session: Session, operation_id: UUID) -> bool:
    """Return whether somebody works in at least one unit on the map. Unscoped, since a guard needs it."""
    there = select(MapObject.object_id).where(
        MapObject.operation_id == operation_id, col(MapObject.current).is_(True), col(MapObject.deleted).is_(False)
    )
    query = select(CoordinationUnit).where(
        CoordinationUnit.operation_id == operation_id,
        col(CoordinationUnit.current).is_(True),
        col(CoordinationUnit.object_id).in_(there),
    )
    return any(each.persons for each in session.exec(unscoped(query)).all())


def is_open(unit: CoordinationUnit, moment: datetime) -> bool:
    """Return whether the unit is manned at `moment`. Hours that end before they begin run over midnight.

    A night shift belongs to the day on which it begins.
    """
    if unit.round_the_clock:
        return unit.persons > 0
    if unit.opens is None or unit.closes is None or not unit.persons:
        return False
    local = moment.astimezone(ZoneInfo(unit.zone))
    today, before = local.weekday(), (local.date() - timedelta(days=1)).weekday()
    hour = local.time().replace(tzinfo=None)
    if unit.opens < unit.closes:
        return today in unit.days and unit.opens <= hour < unit.closes
    return (today in unit.days and hour >= unit.opens) or (before in unit.days and hour < unit.closes)


def unsupported(units: Sequence[CoordinationUnit], countries: Sequence[str]) -> list[str]:
    """Return the countries that no unit supports."""
    helped = {country for unit in units for country in unit.supports}
    return [country for country in countries if country not in helped]


# ----------------------------------------------------------------------------------------------------- verbs


def describe(session: Session, operation_id: UUID, draft: UnitDraft, by: Actor) -> CoordinationUnit:
    """Describe a unit of the map, or change its description. Idempotent for the same version.

    Raises NotFound where the object is no unit on the map, Conflict where somebody changed the description meanwhile.
    """
    owner = plan.operation(session, operation_id, by)
    require(by, Act.UNIT_MAN, plan.subject(owner))
    if owner.state in plan.ENDED:
        raise RuleBroken("", "The operation has ended. Its units can no longer change.")
    columns = _columns(draft) | {"operation_id": operation_id}
    otherwise = Conflict("This version of the unit was already saved with other content. Reload the page to see it.")
    if known := rows.same_draft(session, CoordinationUnit, draft.id, columns, otherwise):
        return known
    _require_unit(session, operation_id, draft.object_id)
    newest: CoordinationUnit | None = session.exec(
        locked(
            select(CoordinationUnit).where(
                CoordinationUnit.object_id == draft.object_id, col(CoordinationUnit.current).is_(True)
            )
        )
    ).one_or_none()
    if (newest.id if newest else None) != draft.supersedes_id:
        raise Stale
    if newest is not None:
        newest.current = False
        session.add(newest)
        session.flush()
    made = CoordinationUnit(
        **columns,
        version=newest.version + 1 if newest else 1,
        **rows.author(by),
    )
    session.add(made)
    journal.record(
        session,
        by,
        Act.UNIT_MAN,
        "coordination_unit",
        made.object_id,
        operation=operation_id,
        audience=places.heard_by(session, made.object_id),
        version=made.version,
        unit=made.kind,
        host=made.host_country,
        persons=made.persons,
    )
    return made


def _columns(draft: UnitDraft) -> dict[str, Any]:
    """Return the columns of a version; days and countries are sorted, so that the same description compares equal."""
    columns = draft.model_dump()
    always = draft.round_the_clock
    return columns | {
        "days": [] if always else sorted(set(draft.days)),
        "opens": None if always else draft.opens,
        "closes": None if always else draft.closes,
        "supports": sorted(set(draft.supports)),
        "members": [each.model_dump() for each in draft.members],
    }


def _require_unit(session: Session, operation_id: UUID, object_id: UUID) -> None:
    units = (each.object_id for each in places.objects(session, operation_id) if each.kind == _UNIT)
    if object_id not in units:
        raise NotFound
