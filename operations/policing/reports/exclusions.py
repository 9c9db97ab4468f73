"""Reports that are left out of an operation's figures when it is debriefed, because nobody validated them in time.

Each is named by the coordinator, country by country and with a reason, before the debriefing; what climbs after all is
not left out. From the debriefing on the names stay as they are.
"""

from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import journal
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import reason
from operations.core.errors import RuleBroken
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import scoped, unfenced, unscoped
from operations.core.vocabulary import OperationState, ReportState
from operations.policing.operation import plan
from operations.policing.reports.states import hold_state
from operations.policing.reports.versions import Report

WAITING = (ReportState.SUBMITTED, ReportState.LOCALLY_VERIFIED, ReportState.RETURNED)
"""The states of versions that wait for somebody, below V3."""


class LeftOut(SQLModel, table=True):
    """What one country had waiting below V3 when it was named as left out: which versions, how many, and why."""

    __tablename__ = "left_out"
    __table_args__ = (CheckConstraint("reports > 0 AND reason <> ''", name="named"),)
    operation_id: UUID = Field(primary_key=True, foreign_key="operation.id")
    country: str = Field(primary_key=True, max_length=3)
    versions: list[str] = Field(sa_type=JSON)
    reports: int
    reason: str = Field(max_length=2000)
    named_by: UUID
    named_by_name: str = Field(max_length=120)
    named_at: datetime = Field(sa_type=UtcDateTime)


@scoped(LeftOut)
def _left_out_seen(actor: Actor) -> Any:
    """A country its own; central roles all of the operations in reach."""
    reach = plan.within_reach(LeftOut.operation_id, actor)
    return reach & (col(LeftOut.country) == actor.country) if actor.national else reach


# ------------------------------------------------------------------------------------------------- questions


def left_out(session: Session, operation_id: UUID) -> list[LeftOut]:
    """What was named as left out, by country, as far as the asker may know."""
    query = select(LeftOut).where(LeftOut.operation_id == operation_id)
    return list(session.exec(query.order_by(LeftOut.country)))


def knows_what_waits(asker: Any) -> bool:
    """Whether this asker may know how much waits in each country: whoever is not of one of them."""
    return not isinstance(asker, Actor) or not asker.national


def unnamed(session: Session, operation_id: UUID) -> Counter[str]:
    """By country, how many reports wait below V3 and are not named as left out. For those who `knows_what_waits`."""
    named = {version for each in session.exec(_all(operation_id)) for version in each.versions}
    with unfenced(session):
        waiting = session.exec(unscoped(_waiting(operation_id))).all()
    return Counter(country for version, country in waiting if str(version) not in named)


@plan.before_final_word
def waiting_of(session: Session, operation_id: UUID, country: str) -> int:
    """How many reports of a country wait below V3, named as left out or not."""
    return len(session.exec(unscoped(_waiting(operation_id).where(Report.country == country))).all())


# ----------------------------------------------------------------------------------------------------- verbs


def leave_out(session: Session, operation_id: UUID, country: str, why: str, by: Actor) -> LeftOut:
    """Name what a country has waiting below V3 as left out, with the reason; again: what waits now, and why."""
    state = hold_state(session, plan.operation(session, operation_id, by).id)
    require(by, Act.OPERATION_RUN, plan.subject(plan.operation(session, operation_id, by)))
    if state != OperationState.CONSOLIDATION:
        raise RuleBroken("", "Reports are named as left out while the operation is being consolidated.")
    versions = sorted(str(version) for version, of in session.exec(unscoped(_waiting(operation_id))) if of == country)
    if not versions:
        raise RuleBroken("country", "Nothing of this country waits below V3.")
    found = session.merge(
        LeftOut(
            operation_id=operation_id,
            country=country,
            versions=versions,
            reports=len(versions),
            reason=reason(why),
            named_by=by.account_id,
            named_by_name=by.name,
            named_at=now(),
        )
    )
    journal.record(
        session,
        by,
        "operation.leave_out",
        "operation",
        operation_id,
        operation=operation_id,
        country=country,
        reports=found.reports,
        reason=found.reason,
    )
    return found


def settle_left_out(session: Session, operation_id: UUID) -> int:
    """At the debriefing: keep the names of what still waits, and say how many reports these are."""
    waiting = {str(version) for version, _country in session.exec(unscoped(_waiting(operation_id)))}
    left = 0
    for each in session.exec(_all(operation_id)).all():
        each.versions = [version for version in each.versions if version in waiting]
        each.reports = len(each.versions)
        left += each.reports
        if each.versions:
            session.add(each)
        else:
            session.delete(each)
    session.flush()
    return left


def _all(operation_id: UUID) -> Any:
    return unscoped(select(LeftOut).where(LeftOut.operation_id == operation_id))


def _waiting(operation_id: UUID) -> Any:
    return select(Report.id, Report.country).where(
        Report.operation_id == operation_id, col(Report.state).in_([state.value for state in WAITING])
    )
