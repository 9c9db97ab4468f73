"""Postings to coordination units: which people of a country fill which functions of a unit, on which days.

A country posts its officers and team leaders to the functions that it seconds, and no more people than those functions
have seats. A posting to a unit does not change what a person sees: one who is posted to sites stays bound to these.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID, uuid5

from sqlalchemy import CheckConstraint, false
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import journal, rows
from operations.core.clock import UtcDateTime, now
from operations.core.errors import Conflict, Flaw, NotFound, RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.people import Account, Actor, ahead
from operations.core.permissions import Act, require
from operations.core.store import scoped, unscoped
from operations.core.vocabulary import Classification, MessageKind, Role
from operations.notices.messages import To, tell
from operations.policing.map_plan import coordination_units
from operations.policing.map_plan.places import MapObject
from operations.policing.map_plan.postings import POSTED, TOLD
from operations.policing.operation import plan
from operations.policing.operation.staff import CHANGED, OWN_PLACE, People, person
from operations.policing.operation.working_days import WorkingDays, WorkingPeriod, early_end, journal_days

_ALWAYS = datetime.min.replace(tzinfo=UTC)


class UnitPosting(SQLModel, table=True):
    """A person's posting to a function of a unit, from `starts` to before `ends`."""

    __tablename__ = "unit_posting"
    __table_args__ = (CheckConstraint("starts <= ends", name="in_order"),)
    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    object_id: UUID = Field(index=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    country: str = Field(max_length=3)
    function: str = Field(max_length=40)
    starts: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ends: datetime | None = Field(default=None, sa_type=UtcDateTime)
    made_by: UUID = Field(foreign_key="account.id")
    version: int = 1


@scoped(UnitPosting)
def _unit_postings_seen(actor: Actor) -> Any:
    """A country sees its own postings with names; the coordination of the operation sees how many there are."""
    if actor.role in (Role.AUDITOR, Role.ADMINISTRATOR):
        return false()
    reach = plan.within_reach(UnitPosting.operation_id, actor)
    return reach & (col(UnitPosting.country) == actor.country) if actor.national else reach


class UnitPostingDraft(WorkingDays):
    """Draft of unit postings: people of a country who fill a function together.

    `seat` names unit and function: see `CountrySeats.key`.
    """

    id: UUID
    people: Annotated[People, Label(N_("Who"), draws="several", needed=N_("Choose at least one person."))]
    seat: Annotated[str, Label(N_("Function in a unit"), draws="one", needed=N_("Choose a function of a unit."))]


# ------------------------------------------------------------------------------------------------- questions


@dataclass
class CountrySeats:
    """The seats of a country in a unit for one function, and who fills them now and later."""

    object_id: UUID
    unit: str
    function: str
    persons: int
    filled: list[tuple[UnitPosting, Account]] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The key by which a draft names the seats."""
        return f"{self.object_id} {self.function}"


def seats(session: Session, operation: plan.Operation, by: Actor) -> list[CountrySeats]:
    """Return the seats that the asker's country has in the units of an operation, by unit. Raises NotPermitted."""
    require(by, Act.SITE_POST, plan.subject(operation, by.country))
    found = {each.key: each for each in _seats(session, operation, by)}
    query = (
        select(UnitPosting, Account)
        .join(Account, col(Account.id) == col(UnitPosting.account_id))
        .where(UnitPosting.operation_id == operation.id, ahead(UnitPosting, now()))
        .order_by(Account.name, col(UnitPosting.starts))
    )
    for posting, account in session.exec(query):
        if (seat := found.get(f"{posting.object_id} {posting.function}")) is not None:
            seat.filled.append((posting, account))
    return list(found.values())


def own(session: Session, by: Actor) -> list[tuple[plan.Operation, str, UnitPosting]]:
    """Return the current and future unit postings of `by`: operation, name of the unit, and posting."""
    of = MapObject
    query = (
        select(plan.Operation, of.name, UnitPosting)
        .join(UnitPosting, col(UnitPosting.operation_id) == col(plan.Operation.id))
        .join(of, (col(of.object_id) == col(UnitPosting.object_id)) & col(of.current).is_(True))
        .where(UnitPosting.account_id == by.account_id, ahead(UnitPosting, now()))
        .order_by(plan.Operation.code_name, of.name, col(UnitPosting.starts))
    )
    return [tuple(row) for row in session.exec(unscoped(query))]


# ----------------------------------------------------------------------------------------------------- verbs


def post(session: Session, operation_id: UUID, draft: UnitPostingDraft, by: Actor) -> list[UnitPosting]:
    """Post people to a function that the country seconds. Idempotent.

    Raises RuleBroken with every flaw, and then nobody is posted.
    """
    operation = plan.hold(session, operation_id, by)
    require(by, Act.SITE_POST, plan.subject(operation, by.country))
    if operation.state in plan.ENDED:
        raise RuleBroken("", "The operation has ended. You can no longer post people to its units.")
    ids = {uuid5(draft.id, str(each)): each for each in draft.people}
    known = list(session.exec(select(UnitPosting).where(col(UnitPosting.id).in_(ids))))
    if known:
        if len(known) != len(ids) or any(f"{each.object_id} {each.function}" != draft.seat for each in known):
            raise Conflict("This was already saved with other content. Reload the page to see it.")
        return known
    seat = next((each for each in _seats(session, operation, by) if each.key == draft.seat), None)
    if seat is None:
        raise RuleBroken("seat", "The unit has no such function for your country: ask the coordinator to add it.")
    period = WorkingPeriod.of(operation, draft)
    people = {each: person(session, each, POSTED, operation, period) for each in draft.people}
    _refuse_full(session, seat, people, period)
    made = [
        UnitPosting(
            id=posting_id,
            account_id=account_id,
            object_id=seat.object_id,
            operation_id=operation_id,
            country=str(by.country),
            function=seat.function,
            made_by=by.account_id,
            **period._asdict(),
        )
        for posting_id, account_id in ids.items()
    ]
    session.add_all(made)
    session.flush()
    for posting in made:
        _tell(session, posting, MessageKind.POSTED, operation, by)
    for posting in made:
        _record(session, by, "unit.post", posting, operation)
    return made


def relieve(session: Session, posting_id: UUID, by: Actor, *, version: int) -> UnitPosting:
    """End a posting now, or cancel it before it begins. Raises Conflict where somebody changed it meanwhile."""
    operation = plan.hold(session, rows.one(session, UnitPosting, posting_id).operation_id, by)
    require(by, Act.SITE_POST, plan.subject(operation, by.country))
    found = rows.hold(session, UnitPosting, posting_id)
    if found.country != by.country:
        raise NotFound
    if found.version != version or (found.ends is not None and found.ends <= now()):
        raise Conflict(CHANGED)
    found.ends = early_end(found)
    found.version += 1
    session.add(found)
    session.flush()
    _tell(session, found, MessageKind.RELIEVED, operation, by)
    _record(session, by, "unit.relieve", found, operation)
    return found


# --------------------------------------------------------------------------------------------------- internal


def _seats(session: Session, operation: plan.Operation, by: Actor) -> list[CountrySeats]:
    return [
        CountrySeats(place.object_id, place.name, member["function"], int(member["persons"]))
        for place, unit in coordination_units.mapped_units(session, operation.id)
        for member in (unit.members if unit is not None else ())
        if member["country"] == by.country
    ]


def _refuse_full(session: Session, seat: CountrySeats, people: dict[UUID, Account], period: WorkingPeriod) -> None:
    """Raise RuleBroken where a person is posted there already, or where the seats do not suffice on all of the days."""
    query = select(UnitPosting).where(UnitPosting.object_id == seat.object_id, UnitPosting.function == seat.function)
    there = [each for each in session.exec(query) if period.overlaps(each)]
    for posting in there:
        if posting.account_id in people:
            raise RuleBroken(
                "people",
                "{name} is posted to {unit} on some of these days already: end that first.",
                name=people[posting.account_id].name,
                unit=seat.unit,
            )
    if _most(there, period) + len(people) > seat.persons:
        raise RuleBroken(
            "people",
            "{unit} has {seats} seats for this function for your country. On some of these "
            "days more people would be posted.",
            unit=seat.unit,
            seats=seat.persons,
        )


def _most(there: Sequence[UnitPosting], period: WorkingPeriod) -> int:
    """Return the largest number of these postings in force at the same time within a period."""
    first = period.starts or _ALWAYS
    begins = {first, *(each.starts or _ALWAYS for each in there)}
    at_once = (
        sum((each.starts or _ALWAYS) <= at and (each.ends is None or each.ends > at) for each in there)
        for at in begins
        if at >= first
    )
    return max(at_once)


def _tell(session: Session, found: UnitPosting, kind: MessageKind, operation: plan.Operation, by: Actor) -> None:
    key, marking = f"{kind.value}:{found.id}:{found.version}", Classification(operation.classification)
    query = select(MapObject.name).where(MapObject.object_id == found.object_id, col(MapObject.current).is_(True))
    about = Flaw("", TOLD[kind], {"places": list(session.exec(unscoped(query)))})
    to, of = To.those(found.account_id), operation.id
    tell(session, to, kind, OWN_PLACE, key=key, by=by, operation=of, classification=marking, about=about)


def _record(session: Session, by: Actor, act: str, what: UnitPosting, operation: plan.Operation) -> None:
    detail: dict[str, Any] = {"unit": str(what.object_id), "function": what.function, **journal_days(operation, what)}
    journal.record(session, by, act, "account", what.account_id, operation=operation.id, country=by.country, **detail)
