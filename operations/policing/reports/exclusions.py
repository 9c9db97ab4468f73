"""Exclusions: reports left out of an operation's figures at the debriefing, because nobody validated them in time.

The coordinator names them before the debriefing, country by country and with a reason; reports validated after all are
not left out. From the debriefing on the list is final.
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
"""The states of versions that wait for a person, below V3."""


class ReportExclusion(SQLModel, table=True):
    """The reports of one country below V3 that its operation excludes: versions, number and reason."""

    __tablename__ = "report_exclusion"
    __table_args__ = (CheckConstraint("reports > 0 AND reason <> ''", name="named"),)
    operation_id: UUID = Field(primary_key=True, foreign_key="operation.id")
    country: str = Field(primary_key=True, max_length=3)
    versions: list[str] = Field(sa_type=JSON)
    reports: int
    reason: str = Field(max_length=2000)
    named_by: UUID
    named_by_name: str = Field(max_length=120)
    named_at: datetime = Field(sa_type=UtcDateTime)


@scoped(ReportExclusion)
def _left_out_seen(actor: Actor) -> Any:
    """A country sees its own; central roles all of the operations in their reach."""
    reach = plan.within_reach(ReportExclusion.operation_id, actor)
    return reach & (col(ReportExclusion.country) == actor.country) if actor.national else reach


# ------------------------------------------------------------------------------------------------- questions


def left_out(session: Session, operation_id: UUID) -> list[ReportExclusion]:
    """Return the reports named as left out, by country, that the asker may know."""
    query = select(ReportExclusion).where(ReportExclusion.operation_id == operation_id)
    return list(session.exec(query.order_by(ReportExclusion.country)))


def sees_pending_counts(asker: Any) -> bool:
    """Return whether this asker may know how many reports wait in each country: all but national roles."""
    return not isinstance(asker, Actor) or not asker.national


def unnamed(session: Session, operation_id: UUID) -> Counter[str]:
    """Return by country how many reports wait below V3 and are not named as left out.

    For those who `sees_pending_counts`.
    """
    named = {version for each in session.exec(_all(operation_id)) for version in each.versions}
    with unfenced(session):
        waiting = session.exec(unscoped(_waiting(operation_id))).all()
    return Counter(country for version, country in waiting if str(version) not in named)


@plan.register_open_count
def waiting_of(session: Session, operation_id: UUID, country: str) -> int:
    """Return how many reports of a country wait below V3, named as left out or not."""
    return len(session.exec(unscoped(_waiting(operation_id).where(Report.country == country))).all())


# ----------------------------------------------------------------------------------------------------- verbs


def leave_out(session: Session, operation_id: UUID, country: str, why: str, by: Actor) -> ReportExclusion:
    """Name a country's reports below V3 as left out, with the reason; again, the list and the reason are replaced."""
    state = hold_state(session, plan.operation(session, operation_id, by).id)
    require(by, Act.OPERATION_RUN, plan.subject(plan.operation(session, operation_id, by)))
    if state != OperationState.CONSOLIDATION:
        raise RuleBroken("", "You can exclude reports only during consolidation.")
    versions = sorted(str(version) for version, of in session.exec(unscoped(_waiting(operation_id))) if of == country)
    if not versions:
        raise RuleBroken("country", "This country has no reports below V3.")
    named = session.merge(
        ReportExclusion(
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
        reports=named.reports,
        reason=named.reason,
    )
    return named


def settle_left_out(session: Session, operation_id: UUID) -> int:
    """At the debriefing: keep only reports that still wait, and return how many these are."""
    waiting = {str(version) for version, _country in session.exec(unscoped(_waiting(operation_id)))}
    left = 0
    for exclusion in session.exec(_all(operation_id)).all():
        exclusion.versions = [version for version in exclusion.versions if version in waiting]
        exclusion.reports = len(exclusion.versions)
        left += exclusion.reports
        if exclusion.versions:
            session.add(exclusion)
        else:
            session.delete(exclusion)
    session.flush()
    return left


def _all(operation_id: UUID) -> Any:
    return unscoped(select(ReportExclusion).where(ReportExclusion.operation_id == operation_id))


def _waiting(operation_id: UUID) -> Any:
    return select(Report.id, Report.country).where(
        Report.operation_id == operation_id, col(Report.state).in_([state.value for state in WAITING])
    )
