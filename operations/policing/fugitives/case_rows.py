"""Tables of fugitive cases, and their visibility (domain 1.5, 5.1).

A case is known to the country that asks for it, to the countries that a lead about it was sent to, and to the analysts
and coordinators of the operation. A country where the person is believed to be learns nothing from that: only a lead
tells it.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, false
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import history, journal
from operations.core.clock import UtcDateTime
from operations.core.people import Actor
from operations.core.permissions import Subject
from operations.core.store import scoped, unscoped
from operations.core.vocabulary import FugitiveState, Role
from operations.policing.leads import leads
from operations.policing.leads import rows as lead_rows
from operations.policing.operation import plan

_S = FugitiveState
ENDS = frozenset(
    state.value
    for state in (
        _S.CLOSED,
        _S.NOT_EXTRADITABLE,
        _S.RELEASED,
        _S.DECEASED,
        _S.NOTICE_WITHDRAWN,
        _S.FALSE_IDENTITY,
    )
)


@history.versioned(
    "state",
    "counts_as",
    "accepted_at",
    "reviewed_at",
    "news_at",
    "located_at",
    "arrested_at",
    "surrendered_at",
    screened=True,
)
class FugitiveCase(SQLModel, table=True):
    """A fugitive case. `counts_as` is the figure of the sweep it counts in; "" while it is not accepted.

    Only `case_lifecycle` changes its state. `number` counts the cases of one country in one operation. After the day
    `retain_until` it is erased (`erasure`): codes and times stay for the figures, the notice and every text are
    removed.
    """

    __tablename__ = "fugitive_case"
    __table_args__ = (
        UniqueConstraint("operation_id", "requesting_country", "number"),
        UniqueConstraint("operation_id", "requesting_country", "notice_ref", name="uq_fugitive_case_notice"),
        CheckConstraint("(accepted_at IS NULL) = (counts_as = '')", name="counts_from_acceptance"),
        CheckConstraint("counts_as <> 'arrested' OR arrested_at IS NOT NULL", name="arrests_are_confirmed"),
        CheckConstraint("counts_as <> 'located' OR located_at IS NOT NULL", name="locations_are_confirmed"),
        CheckConstraint("appeal_agreed_at IS NULL OR appeal_asked_at IS NOT NULL", name="appeal_of_two"),
        Index("ix_fugitive_case_sweep", "operation_id", "counts_as", "state"),
    )
    id: UUID = Field(primary_key=True)
    operation_id: UUID = Field(foreign_key="operation.id")
    requesting_country: str = Field(max_length=3, index=True)
    number: int
    notice_ref: str = Field(max_length=20)
    offence: str = Field(max_length=32)
    wanted_for: str = Field(max_length=16)
    priority: str = Field(max_length=8)
    warrant: str = Field(max_length=12)
    extradition: str = Field(max_length=12)
    art3: str = Field(max_length=16)
    retain_until: date
    version: int = 1
    state: str = Field(default=_S.NOMINATED.value, max_length=20)
    since: datetime = Field(sa_type=UtcDateTime)
    nominated_at: datetime = Field(sa_type=UtcDateTime)
    counts_as: str = Field(default="", max_length=12)
    accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reviewed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    news_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    located_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    arrested_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    surrendered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    notice_status: str = Field(default="", max_length=12)
    checked_on: date | None = None
    appeal_asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    appeal_agreed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def case_no(self) -> str:
        """The case number: its country and a number."""
        return f"{self.requesting_country}-{self.number:03d}"


class FugitiveVersion(SQLModel, table=True):
    """A version of a case as the requesting country wrote it; from the second version on with the reason."""

    __tablename__ = "fugitive_version"
    __table_args__ = (UniqueConstraint("case_id", "version"),)
    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="fugitive_case.id", index=True)
    requesting_country: str = Field(max_length=3)
    version: int
    content: dict[str, Any] = Field(sa_type=JSON)
    content_hash: str = Field(max_length=64)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


class FugitiveBelieved(SQLModel, table=True):
    """A country where the person of a case is believed to be, by the newest version."""

    __tablename__ = "fugitive_believed"
    case_id: UUID = Field(primary_key=True, foreign_key="fugitive_case.id")
    country: str = Field(primary_key=True, max_length=3)
    requesting_country: str = Field(max_length=3)


class FugitiveStep(SQLModel, table=True):
    """A step of a case: from one state to another, by a person of a country or of none, and why."""

    __tablename__ = "fugitive_step"
    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="fugitive_case.id", index=True)
    requesting_country: str = Field(max_length=3)
    country: str | None = Field(default=None, max_length=3)
    before: str = Field(max_length=20)
    after: str = Field(max_length=20)
    reason: str = Field(default="", max_length=2000)
    author_id: UUID | None = None
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


# ------------------------------------------------------------------------------------------------ visibility

_CASE: sa.Table = FugitiveCase.__table__  # type: ignore[attr-defined]


@scoped(FugitiveCase)
def _cases_seen(actor: Actor) -> Any:
    """Cases are visible to the requesting country, the countries asked, and the coordination.

    Leadership has sums and no cases.
    """
    if actor.role in (Role.OCU_ANALYST, Role.OPERATION_COORDINATOR):
        return plan.within_reach(FugitiveCase.operation_id, actor)
    if actor.role is not Role.NATIONAL_COORDINATOR:
        return false()
    known = (col(FugitiveCase.requesting_country) == actor.country) | col(FugitiveCase.id).in_(
        leads.subjects_sent_to(actor.country)
    )
    return plan.within_reach(FugitiveCase.operation_id, actor) & known


def known_cases(actor: Actor) -> Any:
    """Return a select of the ids of the cases that a person knows. It reads the bare table."""
    return sa.select(_CASE.c.id).where(_cases_seen(actor))


def requester_condition(model: Any, actor: Actor) -> Any:
    """Return an SQL condition: rows visible to the requesting country and the coordination only."""
    seen = col(model.case_id).in_(known_cases(actor))
    return seen & (col(model.requesting_country) == actor.country) if actor.national else seen


def party_condition(model: Any, actor: Actor) -> Any:
    """Return an SQL condition: a country's rows about a case, visible to it, the requesting country and the
    coordination.
    """
    seen = col(model.case_id).in_(known_cases(actor))
    if not actor.national:
        return seen
    return seen & ((col(model.requesting_country) == actor.country) | (col(model.country) == actor.country))


@scoped(FugitiveVersion)
def _versions_seen(actor: Actor) -> Any:
    return requester_condition(FugitiveVersion, actor)


@scoped(FugitiveBelieved)
def _believed_seen(actor: Actor) -> Any:
    return requester_condition(FugitiveBelieved, actor)


@scoped(FugitiveStep)
def _steps_seen(actor: Actor) -> Any:
    return party_condition(FugitiveStep, actor)


def _entries_seen(actor: Actor) -> Any:
    """Journal entries about cases: all of them for the requesting country, its own for a country that was asked.

    Entries hold codes only, so auditors may read them. Checks of many cases name no case.
    """
    entry = journal.Entry
    reach = plan.within_reach(entry.operation_id, actor)
    if actor.role in (Role.AUDITOR, Role.OCU_ANALYST, Role.OPERATION_COORDINATOR):
        return reach
    if actor.role is not Role.NATIONAL_COORDINATOR:
        return false()
    own = sa.select(_CASE.c.id).where(_CASE.c.requesting_country == actor.country)
    mine = col(entry.country) == actor.country
    known = col(entry.object_id).in_(known_cases(actor))
    return reach & ((known & (mine | col(entry.object_id).in_(own))) | (col(entry.object_id).is_(None) & mine))


def _countries(session: Session, case_id: UUID | None, country: str | None) -> frozenset[str]:
    """Return the countries in the audience of an entry about a case, or about none: for the server alone."""
    if case_id is None:
        return frozenset(() if country is None else (country,))
    asked = leads.countries_sent(session, {case_id})[case_id]
    query = select(FugitiveCase.requesting_country).where(FugitiveCase.id == case_id)
    origin = session.exec(unscoped(query)).one()
    return lead_rows.told_of({*asked, origin}, origin, country)


journal.need_to_know(
    "fugitive_case",
    seen=_entries_seen,
    countries=_countries,
    roles=frozenset({Role.OCU_ANALYST, Role.OPERATION_COORDINATOR, Role.AUDITOR, Role.LEADERSHIP}),
)


def subject(case: FugitiveCase, country: str | None = None) -> Subject:
    """Return the permission subject of a case; `country` is whose part is meant, by default the requesting
    country's.
    """
    return Subject(country=country or case.requesting_country, operation=case.operation_id)
