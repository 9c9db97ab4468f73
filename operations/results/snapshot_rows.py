"""Tables of snapshots: frozen figures as each audience may see them, and the people who signed them.

The content of a snapshot never changes. A newer one supersedes it; it stays readable, byte for byte.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, UniqueConstraint, false, true
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import history
from operations.core.clock import UtcDateTime
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.state_machine import Life, Step, ways
from operations.core.store import scoped
from operations.core.vocabulary import Role
from operations.core.worklist import DAYS, TO_COORDINATOR, TO_LEADERSHIP, Waits
from operations.policing.operation import plan

GENESIS = "0" * 64
"""The previous hash of an operation's first snapshot."""


class SnapshotState(StrEnum):
    """The states of a snapshot."""

    PREPARED = "prepared"
    COORDINATED = "coordinated"
    SIGNED = "signed"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    DROPPED = "dropped"


_S = SnapshotState
OPEN = (_S.PREPARED, _S.COORDINATED)
STANDS = (_S.SIGNED, _S.PUBLISHED)


class SnapshotFacts(NamedTuple):
    """The conditions of a snapshot's steps besides its row: operation, participating countries, asker."""

    operation: plan.Operation
    countries: tuple[str, ...]
    by: Actor


def _still_theirs(snapshot: "Snapshot", facts: SnapshotFacts) -> list[Flaw]:
    """The countries that take part are those of the figures."""
    left = [country for country in snapshot.basis["countries"] if country not in facts.countries]
    came = [country for country in facts.countries if country not in snapshot.basis["countries"]]
    if not left and not came:
        return []
    if left:
        words = N_("Since it was prepared {countries} left the operation: it is not told any more, prepare a new one.")
        return [Flaw("", words, {"countries": list(left)})]
    words = N_("Since it was prepared {countries} joined the operation: it is not told any more, prepare a new one.")
    return [Flaw("", words, {"countries": list(came)})]


def _other_eyes(snapshot: "Snapshot", facts: SnapshotFacts) -> list[Flaw]:
    """Another person signs for the leadership, and the countries are still those of the figures."""
    said = []
    if facts.by.is_one_of(snapshot.signed_by):
        said.append(Flaw("", N_("You signed for the coordination, so somebody else must sign for leadership.")))
    return [*said, *_still_theirs(snapshot, facts)]


def _may(_snapshot: "Snapshot", facts: SnapshotFacts, step: Step[SnapshotState], by: Actor) -> bool:
    return may(by, step.act, plan.subject(facts.operation))


_HERE = "/operations/{operation}/snapshots?show={id}"
_TO_SIGN = Waits(
    N_("Snapshot {number} is prepared: sign it for the coordination."),
    _HERE,
    "rubber-stamp",
    "taken_at",
    within=5 * DAYS,
    late=TO_LEADERSHIP,
)
_TO_APPROVE = Waits(
    N_("Snapshot {number} is signed by the coordination: sign it for the leadership."),
    _HERE,
    "rubber-stamp",
    "signed_at",
    within=5 * DAYS,
    late=TO_COORDINATOR,
)
_TO_PUBLISH = Waits(
    N_("Snapshot {number} is signed: publish it."), _HERE, "send", "approved_at", within=10 * DAYS, late=TO_LEADERSHIP
)
_ASTRAY = Flaw("", "This step is not possible now. Reload the page to see the current state.")
LIFE = Life(
    "snapshot",
    _S.PREPARED,
    (
        Step(
            _S.PREPARED,
            _S.COORDINATED,
            "snapshot.sign",
            Act.SNAPSHOT_SIGN,
            N_("Sign for the coordination"),
            "rubber-stamp",
            guard=_still_theirs,
            waits=_TO_SIGN,
        ),
        Step(
            _S.COORDINATED,
            _S.SIGNED,
            "snapshot.approve",
            Act.SNAPSHOT_APPROVE,
            N_("Sign for the leadership"),
            "rubber-stamp",
            guard=_other_eyes,
            waits=_TO_APPROVE,
        ),
        Step(
            _S.SIGNED,
            _S.PUBLISHED,
            "snapshot.publish",
            Act.SNAPSHOT_PUBLISH,
            N_("Publish"),
            "send",
            guard=_still_theirs,
            waits=_TO_PUBLISH,
        ),
        *ways(
            STANDS,
            _S.SUPERSEDED,
            "snapshot.supersede",
            Act.SNAPSHOT_PUBLISH,
            elsewhere="A newer one is published.",
        ),
        *ways(OPEN, _S.DROPPED, "snapshot.drop", Act.SNAPSHOT_DROP, N_("Drop it"), "ban", N_("Why it is dropped")),
    ),
    ends=(_S.PUBLISHED, _S.SUPERSEDED, _S.DROPPED),
    may=_may,
    astray=_ASTRAY,
    words={
        _S.PREPARED: N_("Prepared"),
        _S.COORDINATED: N_("Signed by the coordination"),
        _S.SIGNED: N_("Signed by both"),
        _S.PUBLISHED: N_("Published"),
        _S.SUPERSEDED: N_("Superseded"),
        _S.DROPPED: N_("Dropped"),
    },
)

# ---------------------------------------------------------------------------------------------------- tables


@history.versioned("published_at", screened=True)
class Snapshot(SQLModel, table=True):
    """Figures of an operation frozen at one moment, with the words under which they are published.

    `entry` is the number of the journal's last entry then, for the server only. `basis`: the countries that took part,
    the number of reports left out, the checks and databases of each figure, and a salt. `status`: a code of CL-STATUS.
    `publication`: the past operation whose public release it holds beside its own figures.
    `content_hash` covers all of it, the figures, and the hash of the snapshot before.
    """

    __table_args__ = (
        UniqueConstraint("operation_id", "number"),
        LIFE.known(),
        LIFE.exactly(LIFE.needing_reason(), "reason <> ''", "reason_given"),
        CheckConstraint("level IN (3, 4)", name="level"),
        CheckConstraint("state IN ('prepared', 'dropped') OR signed_by IS NOT NULL", name="coordinator_first"),
        CheckConstraint(
            "(approved_by IS NOT NULL) = (state IN ('signed', 'published', 'superseded'))", name="leadership_then"
        ),
        CheckConstraint("approved_by IS NULL OR approved_by <> signed_by", name="two_persons"),
    )
    id: UUID = Field(primary_key=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    number: int
    level: int
    status: str = Field(max_length=16)
    entry: int
    taken_at: datetime = Field(sa_type=UtcDateTime)
    basis: dict[str, Any] = Field(sa_type=JSON)
    wording: str = Field(max_length=2000)
    method: str = Field(max_length=2000)
    qualifier: str = Field(max_length=1)
    publication: int | None = None
    embargo: datetime | None = Field(default=None, sa_type=UtcDateTime)
    prepared_by: UUID
    prepared_name: str = Field(max_length=120)
    previous_hash: str = Field(max_length=64)
    content_hash: str = Field(max_length=64)
    state: str = Field(default=LIFE.first.value, max_length=12)
    reason: str = Field(default="", max_length=2000)
    signed_by: UUID | None = None
    signed_name: str = Field(default="", max_length=120)
    signed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    approved_by: UUID | None = None
    approved_name: str = Field(default="", max_length=120)
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    supersedes_id: UUID | None = Field(default=None, foreign_key="snapshot.id")

    def by_country(self, country: str | None) -> bool:
        """Whether a country took part when it was prepared."""
        return country in self.basis["countries"]


class SnapshotFigure(SQLModel, table=True):
    """One number as one audience may see it: `value` None is hidden, and `suppressed` says why.

    `dimension` and `code` are explained in `disclosed_figures`. `n` and `of` are numerator and denominator of a rate or
    share. `notes` are sentences with their values, or what names a published number.
    """

    __tablename__ = "snapshot_figure"
    snapshot_id: UUID = Field(primary_key=True, foreign_key="snapshot.id")
    audience: str = Field(primary_key=True, max_length=12)
    kpi: str = Field(primary_key=True, max_length=8)
    dimension: str = Field(primary_key=True, max_length=12)
    code: str = Field(primary_key=True, max_length=72)
    operation_id: UUID = Field(foreign_key="operation.id")
    value: float | None = None
    n: int | None = Field(default=None, sa_type=BigInteger)
    of: int | None = Field(default=None, sa_type=BigInteger)
    qualifier: str = Field(default="=", max_length=1)
    unit: str = Field(max_length=24)
    suppressed: str = Field(default="", max_length=12)
    notes: list[Any] = Field(default_factory=list, sa_type=JSON)


class SnapshotWord(SQLModel, table=True):
    """A country's answer to a snapshot before it is signed: whether it agrees, with its words."""

    __tablename__ = "snapshot_word"
    snapshot_id: UUID = Field(primary_key=True, foreign_key="snapshot.id")
    country: str = Field(primary_key=True, max_length=3)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    agrees: bool
    words: str = Field(default="", max_length=2000)
    said_by: UUID
    said_name: str = Field(max_length=120)
    said_at: datetime = Field(sa_type=UtcDateTime)


# --------------------------------------------------------------------------------------------- who sees what

CENTRE, LEADERSHIP, OUTSIDE = "centre", "leadership", "outside"
"""The audiences; each country is one too, by its code."""


def audience_of(by: Actor) -> str:
    """Return the audience that a person belongs to."""
    if by.national:
        return str(by.country)
    return CENTRE if by.role in (Role.OCU_ANALYST, Role.OPERATION_COORDINATOR) else LEADERSHIP


@scoped(Snapshot)
def _snapshots_seen(actor: Actor) -> Any:
    """National coordinators see prepared snapshots, to agree to them; other national users only published ones."""
    if not may(actor, Act.SNAPSHOT_READ):
        return false()
    reach = plan.within_reach(Snapshot.operation_id, actor)
    if not actor.national:
        return reach
    if actor.role is Role.NATIONAL_COORDINATOR:
        return reach & (col(Snapshot.state) != _S.DROPPED.value)
    return reach & col(Snapshot.published_at).is_not(None)


@scoped(SnapshotFigure)
def _figures_seen(actor: Actor) -> Any:
    """Each audience its own figures; those who answer for the publication, also those for outside."""
    if not may(actor, Act.SNAPSHOT_READ):
        return false()
    own, audience = audience_of(actor), col(SnapshotFigure.audience)
    mine = true() if own == CENTRE else audience == own if actor.national else audience.in_((own, OUTSIDE))
    known = select(Snapshot.id).where(_snapshots_seen(actor))
    return plan.within_reach(SnapshotFigure.operation_id, actor) & mine & col(SnapshotFigure.snapshot_id).in_(known)


@scoped(SnapshotWord)
def _words_seen(actor: Actor) -> Any:
    """A country its own answer; users of no country, all of them."""
    if not may(actor, Act.SNAPSHOT_READ):
        return false()
    reach = plan.within_reach(SnapshotWord.operation_id, actor)
    return reach & (col(SnapshotWord.country) == actor.country) if actor.national else reach


# ------------------------------------------------------------------------------------------------- questions


def snapshots(session: Session, operation_id: UUID) -> list[Snapshot]:
    """Return the snapshots of an operation that the asker may see, newest first."""
    query = select(Snapshot).where(Snapshot.operation_id == operation_id).order_by(col(Snapshot.number).desc())
    return list(session.exec(query))


def numbered(session: Session, operation_id: UUID, number: int) -> Snapshot | None:
    """Return the snapshot of an operation with a number, if the asker may see it."""
    query = select(Snapshot).where(Snapshot.operation_id == operation_id, Snapshot.number == number)
    snapshot: Snapshot | None = session.exec(query).one_or_none()
    return snapshot


def newest_published(session: Session, operation_id: UUID) -> Snapshot | None:
    """Return the snapshot with the official figures; None before one is published."""
    query = select(Snapshot).where(Snapshot.operation_id == operation_id, Snapshot.state == _S.PUBLISHED.value)
    snapshot: Snapshot | None = session.exec(query).one_or_none()
    return snapshot


def figures_of(session: Session, snapshot_id: UUID, audience: str) -> Sequence[SnapshotFigure]:
    """Return the figures for an audience that the asker belongs to or answers for, in a fixed order."""
    row = SnapshotFigure
    query = select(row).where(row.snapshot_id == snapshot_id, row.audience == audience)
    figures: Sequence[SnapshotFigure] = session.exec(
        query.order_by(col(row.kpi), col(row.dimension), col(row.code))
    ).all()
    return figures


def words_of(session: Session, snapshot_id: UUID) -> list[SnapshotWord]:
    """Return the countries' answers to a snapshot that the asker may see."""
    query = select(SnapshotWord).where(SnapshotWord.snapshot_id == snapshot_id)
    return list(session.exec(query.order_by(SnapshotWord.country)))
