"""Tables of what a national Muster sends to the Muster of a centre: the connection, and each report that leaves.

Both are the country's own. The token by which the centre knows the country is sealed under the key of the installation
and never shown again. What was sent is never changed: an answer is added to it.
"""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import AwareDatetime, BaseModel
from pydantic import Field as Rule
from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, Session, SQLModel, col

from operations.core import journal, pulse
from operations.core.clock import UtcDateTime
from operations.core.people import Actor, System
from operations.core.permissions import Act, may
from operations.core.store import scoped
from operations.core.vocabulary import Role

KIND = "centre"


class Settlement(StrEnum):
    """What a country decided about a report that was corrected at the centre: which version stands."""

    OURS = "ours"
    THEIRS = "theirs"


_LIVES = text("ended_at IS NULL")
_WAITS = text("answered_at IS NULL")


# -------------------------------------------------------------------------------------------- what a centre answers


class CentrePhase(BaseModel):
    """A phase of the operation at the centre."""

    id: UUID
    kind: str = Rule(max_length=40)
    name: str = Rule(max_length=200)
    starts: AwareDatetime
    ends: AwareDatetime


class CentreSite(BaseModel):
    """A site of the country in the operation at the centre."""

    id: UUID
    name: str = Rule(max_length=200)


class CentrePlan(BaseModel):
    """The operation at the centre, as its interface answers: what a report to it needs."""

    id: UUID
    title: str = Rule(max_length=200)
    zone: str = Rule(max_length=64)
    day_cut: time
    phases: list[CentrePhase] = Rule(max_length=500)
    sites: list[CentreSite] = Rule(max_length=5000)


class CentreVersion(BaseModel):
    """A version of a report at the centre; `lines` as they would be sent, None where this Muster cannot read them."""

    id: UUID
    version: int
    received_at: AwareDatetime
    correction_reason: str | None = Rule(default=None, max_length=40)
    lines: list[dict[str, Any]] | None = Rule(default=None, max_length=500)


# ------------------------------------------------------------------------------------------------------------ tables


class CentreConnection(SQLModel, table=True):
    """A connection of a country's operation with the same operation at a centre.

    `address` is the origin of the centre, `token_seal` its token under the key of the installation, and `plan` what the
    centre answered last about its operation (`CentrePlan`). `asked_at` is when that was. `sites` names the site at the
    centre of a site here, where somebody chose it; any other is found by its name. `cursor`: how far the reports of the
    country at the centre were read.
    """

    __tablename__ = "centre_connection"
    __table_args__ = (
        Index(
            "uq_centre_connection_one_lives",
            "operation_id",
            "country",
            unique=True,
            sqlite_where=_LIVES,
            postgresql_where=_LIVES,
        ),
    )
    id: UUID = Field(primary_key=True)
    operation_id: UUID = Field(foreign_key="operation.id")
    country: str = Field(max_length=3, index=True)
    address: str = Field(max_length=300)
    centre_operation: UUID
    token_seal: str = Field(max_length=200)
    plan: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sites: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    cursor: str = Field(default="", max_length=200)
    due_at: datetime = Field(sa_type=UtcDateTime)
    attempt: int = 0
    failure: str = Field(default="", max_length=80)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CentreReport(SQLModel, table=True):
    """A report for a centre: the sums of one site on one official day of the centre, numbered without gaps.

    Its id is that of the version at the centre, so that it comes in once however often it is sent. `withdraws`: it
    takes back the version `supersedes_id`. It waits until `answered_at`; then it was accepted, or refused with the
    centre's sentence `refusal`. `gone`: that was because its report had ended there, withdrawn or rejected.
    `conflict`: the version of another hand that stands there instead (`CentreVersion`); `settlement`: what the country
    decided about it, "" before it did.
    """

    __tablename__ = "centre_report"
    __table_args__ = (
        UniqueConstraint("connection_id", "number"),
        CheckConstraint("refusal = '' OR answered_at IS NOT NULL", name="refused_by_answer"),
        CheckConstraint("NOT withdraws OR supersedes_id IS NOT NULL", name="withdraws_something"),
        CheckConstraint("settlement = '' OR conflict IS NOT NULL", name="settles_a_conflict"),
        CheckConstraint("settlement IN ('', 'ours', 'theirs')", name="settlement_known"),
        Index(
            "uq_centre_report_one_waits",
            "connection_id",
            "site_id",
            "day",
            "phase_id",
            unique=True,
            sqlite_where=_WAITS,
            postgresql_where=_WAITS,
        ),
    )
    id: UUID = Field(primary_key=True)
    connection_id: UUID = Field(foreign_key="centre_connection.id")
    number: int
    operation_id: UUID = Field(foreign_key="operation.id")
    country: str = Field(max_length=3)
    site_id: UUID = Field(foreign_key="site.id", index=True)
    day: date
    phase_id: UUID
    report_id: UUID
    supersedes_id: UUID | None = None
    withdraws: bool = False
    body: dict[str, Any] = Field(sa_type=JSON)
    content_hash: str = Field(max_length=64)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    refusal: str = Field(default="", max_length=1000)
    gone: bool = False
    conflict: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    settlement: str = Field(default="", max_length=8)

    @property
    def accepted(self) -> bool:
        """Whether the centre took it."""
        return self.answered_at is not None and not self.refusal

    @property
    def there(self) -> CentreVersion | None:
        """The version of another hand that stands at the centre instead; None where it has none."""
        return CentreVersion.model_validate(self.conflict) if self.conflict else None

    @property
    def newest_there(self) -> UUID:
        """The version at the centre that the next one replaces."""
        return self.there.id if self.there else self.id


def tells_of_the_centre() -> Any:
    """Return the condition of the reports that tell what stands at the centre: all but plain refusals."""
    return sa.or_(
        col(CentreReport.refusal) == "", col(CentreReport.gone).is_(True), col(CentreReport.conflict).is_not(None)
    )


# ------------------------------------------------------------------------------------------------------ visibility


def _own(model: Any, actor: Actor) -> Any:
    """The country's coordinator sees what is the country's."""
    if not may(actor, Act.CENTRE) or actor.only is not None:
        return sa.false()
    return col(model.country) == actor.country


@scoped(CentreConnection)
def _connections_seen(actor: Actor) -> Any:
    return _own(CentreConnection, actor)


@scoped(CentreReport)
def _reports_seen(actor: Actor) -> Any:
    return _own(CentreReport, actor)


def _entries_seen(actor: Actor) -> Any:
    """Auditors read that something was sent, and its number."""
    return sa.true() if actor.role is Role.AUDITOR and actor.only is None else _own(journal.Entry, actor)


journal.need_to_know(
    KIND,
    seen=_entries_seen,
    countries=lambda _session, _id, country: frozenset({country} if country else ()),
    roles=frozenset({Role.AUDITOR}),
)


def record(session: Session, by: Actor | System, act: str, kind: str, of: CentreConnection, /, **detail: Any) -> None:
    """Write an entry of the programme for the country's coordinators and auditors."""
    heard = pulse.centre(Role.AUDITOR) | pulse.countries(of.country, role=Role.NATIONAL_COORDINATOR)
    journal.record(session, by, act, kind, of.id, country=of.country, audience=heard, **detail)
