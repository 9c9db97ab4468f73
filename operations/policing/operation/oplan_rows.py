"""Tables of the operational plan and their visibility: sections, approved versions, comments of countries."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, false, text
from sqlmodel import Field, SQLModel, col, select

from operations.core.clock import UtcDateTime
from operations.core.errors import Flaw
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.state_machine import Life, Step
from operations.core.store import scoped
from operations.core.vocabulary import PlanVersionState, Role
from operations.policing.operation import rows

TASKS = "tasks"
"""The section that officers read."""
_S = PlanVersionState
LIFE: Life[PlanVersionState] = Life(
    "operational plan",
    _S.APPROVED,
    (
        Step(
            _S.APPROVED,
            _S.SUPERSEDED,
            "oplan.supersede",
            Act.OPLAN_APPROVE,
            elsewhere="Leadership approves what was written since.",
        ),
    ),
    ends=(_S.SUPERSEDED,),
    may=lambda _found, owner, step, by: may(by, step.act, rows.subject(owner)),
    astray=Flaw("", "A newer version of the operational plan has been approved."),
    never=(_S.DRAFT,),
)
"""The state machine of approved versions; sections being written are not part of it."""

# ---------------------------------------------------------------------------------------------------- tables


class OplanSection(SQLModel, table=True):
    """A version of a section. The newest has `current`."""

    __tablename__ = "oplan_section"
    __table_args__ = (
        UniqueConstraint("operation_id", "section", "version"),
        CheckConstraint("state = 'open' OR text <> ''", name="says_something"),
        Index(
            "uq_oplan_section_one_current",
            "operation_id",
            "section",
            unique=True,
            sqlite_where=text("current"),
            postgresql_where=text("current"),
        ),
    )
    id: UUID = Field(primary_key=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    section: str = Field(max_length=24)
    version: int
    supersedes_id: UUID | None = Field(default=None, foreign_key="oplan_section.id")
    current: bool = True
    state: str = Field(max_length=16)
    text: str = Field(default="", max_length=8000)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


class OplanVersion(SQLModel, table=True):
    """An approved version of the plan; `number` counts from 1, `content_hash` is the fingerprint of its sections."""

    __tablename__ = "oplan_version"
    __table_args__ = (
        UniqueConstraint("operation_id", "number"),
        LIFE.known(),
        Index(
            "uq_oplan_version_one_in_force",
            "operation_id",
            unique=True,
            sqlite_where=text("state = 'approved'"),
            postgresql_where=text("state = 'approved'"),
        ),
    )
    id: UUID = Field(primary_key=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    number: int
    state: str = Field(default=PlanVersionState.APPROVED.value, max_length=12)
    note: str = Field(default="", max_length=2000)
    content_hash: str = Field(max_length=64)
    approved_by: UUID
    approved_name: str = Field(max_length=120)
    approved_at: datetime = Field(sa_type=UtcDateTime)


class OplanItem(SQLModel, table=True):
    """A section of an approved version, by the section's version."""

    __tablename__ = "oplan_item"
    version_id: UUID = Field(primary_key=True, foreign_key="oplan_version.id")
    section_id: UUID = Field(primary_key=True, foreign_key="oplan_section.id")


class OplanComment(SQLModel, table=True):
    """A country's comment on a section, and the coordinator's answer."""

    __tablename__ = "oplan_comment"
    __table_args__ = (CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered_in_words"),)
    id: UUID = Field(primary_key=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    section: str = Field(max_length=24)
    country: str = Field(max_length=3)
    text: str = Field(max_length=2000)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)
    answer: str = Field(default="", max_length=2000)
    answered_name: str = Field(default="", max_length=120)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


# ------------------------------------------------------------------------------------------------ visibility


@scoped(OplanVersion)
def _versions_seen(actor: Actor) -> Any:
    """Everybody in the operation sees which version is in force; an auditor sees no more of the plan than that."""
    return rows.within_reach(OplanVersion.operation_id, actor)


@scoped(OplanItem)
def _items_seen(actor: Actor) -> Any:
    return col(OplanItem.version_id).in_(select(OplanVersion.id).where(_versions_seen(actor)))


@scoped(OplanSection)
def _sections_seen(actor: Actor) -> Any:
    """The coordination, leadership and national coordinators read sections being written; teams read approved ones.

    An officer reads the tasks.
    """
    if actor.role is Role.AUDITOR:
        return false()
    reach = rows.within_reach(OplanSection.operation_id, actor)
    if actor.role not in (Role.NATIONAL_OFFICER, Role.TEAM_LEADER):
        return reach
    in_force = select(OplanVersion.id).where(col(OplanVersion.state) == PlanVersionState.APPROVED.value)
    frozen = col(OplanSection.id).in_(
        select(OplanItem.section_id).where(col(OplanItem.version_id).in_(in_force)).where(_items_seen(actor))
    )
    seen = reach & frozen
    return seen & (col(OplanSection.section) == TASKS) if actor.role is Role.NATIONAL_OFFICER else seen


@scoped(OplanComment)
def _comments_seen(actor: Actor) -> Any:
    """The coordination and leadership read all comments, a country its own."""
    if actor.role in (Role.AUDITOR, Role.NATIONAL_OFFICER, Role.TEAM_LEADER):
        return false()
    reach = rows.within_reach(OplanComment.operation_id, actor)
    return reach & (col(OplanComment.country) == actor.country) if actor.national else reach
