"""Versions of the plan: snapshots of the map's objects and sites, and their approval.

Freezing copies nothing: objects of the map are versions already, so a plan version refers to the version of each object
and to the sites. Leadership approves the plan as a whole (domain 5.2), and never the person who froze it. `changes`
computes the diff between two versions.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, false, func, text
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import history, journal, pulse, rows
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import Draft, Words
from operations.core.errors import Conflict, Flaw, NotFound, RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.people import Actor
from operations.core.permissions import Act, may, require
from operations.core.state_machine import Life, Step, ways
from operations.core.store import locked, scoped, unscoped
from operations.core.vocabulary import PlanVersionState, Role
from operations.core.worklist import DAYS, TO_COORDINATOR, CandidateRow, Waits
from operations.policing.map_plan import places
from operations.policing.map_plan.places import MapObject, PlanAudience, Site
from operations.policing.operation import plan

_S = PlanVersionState


class PlanApprovalFacts(NamedTuple):
    """Inputs to the guards of a plan's approval: its operation, and the person who approves."""

    owner: plan.Operation
    by: Actor


def _own(found: "PlanVersion", facts: PlanApprovalFacts) -> Iterator[Flaw]:
    """Somebody else froze it."""
    if found.author_id == facts.by.account_id:
        yield Flaw("", "Somebody else must approve this version of the plan: you froze it.")


_FROZEN = Waits(
    N_("Version {number} of the plan waits: put it in force."),
    "/operations/{operation}/approval",
    "map-2",
    "made_at",
    within=DAYS,
    late=TO_COORDINATOR,
)
_NEWER = "A newer version of the plan has been put in force."
LIFE: Life[PlanVersionState] = Life(
    "plan version",
    _S.DRAFT,
    (
        Step(_S.DRAFT, _S.APPROVED, "plan.approve", Act.PLAN_APPROVE, guard=_own, waits=_FROZEN),
        *ways((_S.DRAFT, _S.APPROVED), _S.SUPERSEDED, "plan.supersede", Act.PLAN_APPROVE, elsewhere=_NEWER),
    ),
    ends=(_S.SUPERSEDED,),
    may=lambda _found, facts, step, by: may(by, step.act, plan.subject(facts.owner)),
    astray=Flaw("", "A newer version of the plan has been approved: this one cannot come into force any more."),
)

# ---------------------------------------------------------------------------------------------------- tables


class PlanVersion(SQLModel, table=True):
    """A version of an operation's plan, frozen at `made_at`; `number` counts the versions of one operation from 1."""

    __tablename__ = "plan_version"
    __table_args__ = (
        UniqueConstraint("operation_id", "number"),
        LIFE.known(),
        CheckConstraint("approved_by IS NULL OR approved_by <> author_id", name="four_eyes"),
        CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved_by_somebody"),
        CheckConstraint("state <> 'approved' OR approved_by IS NOT NULL", name="approval_is_written"),
        CheckConstraint("state <> 'draft' OR approved_by IS NULL", name="drafts_are_not_approved"),
        Index(
            "uq_plan_version_one_in_force",
            "operation_id",
            unique=True,
            sqlite_where=text("state = 'approved'"),
            postgresql_where=text("state = 'approved'"),
        ),
    )
    id: UUID = Field(primary_key=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    number: int
    state: str = Field(default=PlanVersionState.DRAFT.value, max_length=12)
    note: str = Field(default="", max_length=2000)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)
    approved_by: UUID | None = None
    approved_name: str = Field(default="", max_length=120)
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PlanItem(SQLModel, table=True):
    """One object or site of a frozen plan. `version_id` is the version of an object; sites have none.

    `country` and `audience` are copied from the object, so that the frozen plan has the same visibility as the map had.
    """

    __tablename__ = "plan_item"
    plan_version_id: UUID = Field(primary_key=True, foreign_key="plan_version.id")
    item_id: UUID = Field(primary_key=True)
    version_id: UUID | None = Field(default=None, foreign_key="map_object.id")
    country: str | None = Field(default=None, max_length=3)
    audience: str = Field(max_length=16)


class PlanVersionDraft(Draft):
    """Draft of a plan version: a note on what is frozen."""

    id: UUID
    note: Annotated[Words, Label(N_("What is to be said of this version"))] = ""


# ------------------------------------------------------------------------------------------------ visibility


@scoped(PlanVersion)
def _versions_seen(actor: Actor) -> Any:
    """The coordination and leadership see every version, countries those that were approved."""
    if actor.role is Role.AUDITOR:
        return false()
    reach = plan.within_reach(PlanVersion.operation_id, actor)
    return reach & col(PlanVersion.approved_at).is_not(None) if actor.national else reach


@scoped(PlanItem)
def _items_seen(actor: Actor) -> Any:
    seen = col(PlanItem.plan_version_id).in_(select(PlanVersion.id).where(_versions_seen(actor)))
    if not actor.national:
        return seen
    shown = col(PlanItem.audience) == PlanAudience.PARTICIPANTS.value
    return seen & (shown | (col(PlanItem.country) == actor.country))


# ------------------------------------------------------------------------------------------------- questions


@LIFE.rows
def _in_states(session: Session, by: Actor, states: Iterable[str], owners: Mapping[UUID, Any]) -> list[CandidateRow]:
    query = select(PlanVersion).where(
        col(PlanVersion.state).in_(states), col(PlanVersion.operation_id).in_(owners.keys())
    )
    return [
        CandidateRow(
            plan_version,
            PlanApprovalFacts(owners[plan_version.operation_id], by),
            plan_version.operation_id,
            {"number": plan_version.number},
        )
        for plan_version in session.exec(query)
    ]


def versions(session: Session, operation_id: UUID) -> list[PlanVersion]:
    """Return the frozen plans of an operation that the asker may see, newest first."""
    query = select(PlanVersion).where(PlanVersion.operation_id == operation_id)
    return list(session.exec(query.order_by(col(PlanVersion.number).desc())))


def version(session: Session, version_id: UUID) -> PlanVersion:
    """Return a frozen plan. Raises NotFound."""
    return rows.one(session, PlanVersion, version_id)


def objects_of(session: Session, version_id: UUID) -> list[MapObject]:
    """Return the objects of a frozen plan in their frozen versions that the asker may see, by kind and name."""
    query = (
        select(MapObject)
        .join(PlanItem, col(PlanItem.version_id) == col(MapObject.id))
        .where(PlanItem.plan_version_id == version_id)
    )
    return list(session.exec(query.order_by(MapObject.kind, MapObject.name)))


def sites_of(session: Session, version_id: UUID) -> list[Site]:
    """The sites of a frozen plan as they were then, by country and name."""
    found = version(session, version_id)
    query = select(PlanItem.item_id).where(PlanItem.plan_version_id == version_id, col(PlanItem.version_id).is_(None))
    frozen = select(journal.Entry.seq).where(
        journal.Entry.object_id == version_id, journal.Entry.act == Act.PLAN_FREEZE.value
    )
    seq, ids = session.exec(unscoped(frozen)).one(), session.exec(query).all()
    then = history.rows_at(session, Site, found.operation_id, seq, ids)
    return sorted(then, key=lambda site: (site.country, site.name))


def deleted_objects(session: Session, operation_id: UUID) -> list[MapObject]:
    """Return the deleted objects of the map, last deleted first: each in the version that records the deletion."""
    query = select(MapObject).where(
        MapObject.operation_id == operation_id, col(MapObject.current).is_(True), col(MapObject.deleted).is_(True)
    )
    return list(session.exec(query.order_by(col(MapObject.made_at).desc(), col(MapObject.id))))


# ----------------------------------------------------------------------------------------------------- verbs


def freeze(session: Session, operation_id: UUID, draft: PlanVersionDraft, by: Actor) -> PlanVersion:
    """Freeze the current plan as a draft for approval.

    Idempotent: the same draft again returns the version, whatever was drawn since. The same id with another note raises
    Conflict.
    """
    owner = plan.hold(session, operation_id, by)
    require(by, Act.PLAN_FREEZE, plan.subject(owner))
    said = {"operation_id": operation_id, "author_id": by.account_id, "note": draft.note}
    otherwise = Conflict("This version of the plan was already frozen with another note. Reload the page to see it.")
    if known := rows.same_draft(session, PlanVersion, draft.id, said, otherwise):
        return known
    objects, sites = places.objects(session, operation_id), places.sites(session, operation_id)
    if not objects and not sites:
        raise RuleBroken("", "There is nothing on the plan yet: draw it first.")
    made = PlanVersion(
        id=draft.id,
        operation_id=operation_id,
        number=_last_number(session, operation_id) + 1,
        note=draft.note,
        **rows.author(by),
    )
    session.add(made)
    session.flush()
    for drawn in objects:
        session.add(
            PlanItem(
                plan_version_id=made.id,
                item_id=drawn.object_id,
                version_id=drawn.id,
                country=drawn.country,
                audience=drawn.audience,
            )
        )
    for site in sites:
        session.add(
            PlanItem(
                plan_version_id=made.id, item_id=site.id, country=site.country, audience=PlanAudience.PARTICIPANTS.value
            )
        )
    _record(session, made, by, Act.PLAN_FREEZE, objects=len(objects), sites=len(sites))
    return made


def approve(session: Session, version_id: UUID, by: Actor) -> PlanVersion:
    """Put a frozen plan in force, in place of the one before. Idempotent.

    Raises RuleBroken for the person who froze it, and for a version that a newer one has replaced.
    """
    seen = version(session, version_id)
    owner = plan.hold(session, seen.operation_id, by)
    require(by, Act.PLAN_APPROVE, plan.subject(owner))
    approved = rows.hold(session, PlanVersion, version_id)
    if approved.state == _S.APPROVED:
        return approved
    LIFE.allow(approved, PlanApprovalFacts(owner, by), _S.APPROVED, by)
    older = select(PlanVersion).where(
        PlanVersion.operation_id == approved.operation_id,
        PlanVersion.number < approved.number,
        PlanVersion.state != _S.SUPERSEDED.value,
    )
    for each in session.exec(locked(older)).all():
        LIFE.go(each, _S.SUPERSEDED)
        session.add(each)
    session.flush()  # a unique index allows one in force: the old one goes first
    LIFE.go(approved, _S.APPROVED)
    approved.approved_by, approved.approved_name, approved.approved_at = by.account_id, by.name, now()
    session.add(approved)
    _record(session, approved, by, Act.PLAN_APPROVE)
    return approved


def restore_object(session: Session, object_id: UUID, version_id: UUID, by: Actor) -> MapObject:
    """Restore a deleted object as it last was. `version_id` names the new version. Idempotent.

    Raises NotFound for an object that was not deleted, and for one that the asker may not change.
    """
    newest = rows.newest(session, MapObject, MapObject.object_id == object_id)
    if newest is None or (not newest.deleted and newest.id != version_id):
        raise NotFound
    return places.undo(session, object_id, version_id, by)


def _last_number(session: Session, operation_id: UUID) -> int:
    query = select(func.max(PlanVersion.number)).where(PlanVersion.operation_id == operation_id)
    return session.exec(unscoped(query)).one() or 0


def _record(session: Session, found: PlanVersion, by: Actor, act: str, **detail: Any) -> None:
    audience = pulse.EVERYBODY if found.approved_at is not None else pulse.CENTRE
    journal.record(
        session,
        by,
        act,
        "plan_version",
        found.id,
        operation=found.operation_id,
        audience=audience,
        number=found.number,
        **detail,
    )
