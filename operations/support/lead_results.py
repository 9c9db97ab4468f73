"""Results of leads: links between a lead and a line of a report, also across operations (Weka II arrested on leads of
Weka I, R S39).

Links of leads and positive locations are in `policing.fugitives.lead_hits`. The author of a link sees both ends; a
country reads the links of its own results. Comparisons across operations are counts, small ones of persons suppressed.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import Index, false, text, update
from sqlmodel import Field, Session, SQLModel, col, select

from operations.catalogue.definition import Audience
from operations.catalogue.kpis import CATALOGUE
from operations.core import journal
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import Draft, Words, reason
from operations.core.errors import RuleBroken, existing
from operations.core.field_labels import N_, Label
from operations.core.noun import Noun
from operations.core.people import Actor
from operations.core.permissions import Act, may, require
from operations.core.store import scoped, unfenced, unscoped
from operations.core.vocabulary import Role
from operations.disclosure import small_numbers
from operations.lines.kinds import PERSON_KINDS
from operations.policing.fugitives import lead_hits
from operations.policing.leads import leads
from operations.policing.operation import plan
from operations.policing.reports import reports
from operations.policing.reports.reports import Line, Report

_PROTECTED = frozenset(
    kind for figure in CATALOGUE.values() if Audience.LEADERSHIP in figure.guarded for kind in figure.kinds
)
_SUSPECTS = frozenset({*PERSON_KINDS, "located", "arrested"}) - _PROTECTED


class LeadResult(SQLModel, table=True):
    """A link between a lead and a line of a report. `kind` is the line's; the lead may be of another operation."""

    __tablename__ = "lead_result"
    __table_args__ = (
        Index(
            "uq_lead_result_once",
            "lead_id",
            "line_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )
    id: UUID = Field(primary_key=True)
    lead_id: UUID = Field(index=True)
    lead_operation_id: UUID = Field(foreign_key="operation.id", index=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    country: str = Field(max_length=3)
    report_id: UUID
    line_id: UUID
    kind: str = Field(max_length=24)
    note: str = Field(default="", max_length=2000)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    undone_reason: str = Field(default="", max_length=2000)


class ResultDraft(Draft):
    """Draft of a link: this line came from that lead."""

    id: UUID
    lead_id: Annotated[UUID, Label(N_("Lead"))]
    version_id: UUID
    line_id: UUID
    note: Annotated[Words, Label(N_("Note"), draws="text")] = ""


@scoped(LeadResult)
def _results_seen(actor: Actor) -> Any:
    """A country's coordinators see links of its own results; a central desk those with both ends in its operations."""
    if actor.role is Role.NATIONAL_COORDINATOR:
        return (col(LeadResult.country) == actor.country) & plan.within_reach(LeadResult.operation_id, actor)
    if actor.role in (Role.OCU_ANALYST, Role.OPERATION_COORDINATOR):
        both = plan.within_reach(LeadResult.operation_id, actor)
        return both & plan.within_reach(LeadResult.lead_operation_id, actor)
    return false()


# ------------------------------------------------------------------------------------------------- questions


def of_operation(session: Session, operation_id: UUID) -> list[LeadResult]:
    """Return the links of an operation's results, or of its leads, that the asker may see."""
    query = select(LeadResult).where(
        (LeadResult.operation_id == operation_id) | (LeadResult.lead_operation_id == operation_id),
        col(LeadResult.undone_at).is_(None),
    )
    return list(session.exec(query.order_by(col(LeadResult.made_at), col(LeadResult.id))))


@dataclass(frozen=True)
class Crossing:
    """Results in one operation of leads of another: number of leads, and results by kind; None is suppressed.

    Kinds are those of lines, and "located" and "arrested" for cases of fugitives.
    """

    lead_operation: UUID
    operation: UUID
    leads: int
    results: Mapping[str, int | None]


def standing(session: Session, links: Sequence[LeadResult]) -> dict[UUID, int]:
    """Return the current count of the lines of these links, by line: persons, or 1.

    Lines that no longer count are left out.
    """
    query = (
        select(Line.id, Line.kind, Line.quantity)
        .join(Report, col(Report.id) == col(Line.version_id))
        .where(col(Report.counted).is_(True), col(Report.report_id).in_({link.report_id for link in links}))
        .where(col(Line.id).in_({link.line_id for link in links}))
    )
    with unfenced(session):
        found = session.exec(unscoped(query)).all()
    return {line: quantity if kind in PERSON_KINDS else 1 for line, kind, quantity in found}


def crossings(session: Session, by: Actor) -> list[Crossing]:
    """Return counts for every pair of operations that `by` may both read, the one with the leads first.

    They cover the links that `by` may see; leadership, which sees none, gets the counts of all. A line counts once
    however many leads it came from, with the persons of the current version of its report, and a case as one person;
    lines withdrawn or corrected away no longer count. Persons in need of protection are counted only for readers of
    unsuppressed figures, since the counts change with each link. Small counts of suspects are suppressed except for
    leadership.
    """
    known = {operation.id: operation for operation in plan.operations(session, by)}
    query = select(LeadResult).where(col(LeadResult.undone_at).is_(None))
    links = session.exec(unscoped(query) if by.role is Role.LEADERSHIP else query).all()
    amounts = standing(session, links)
    told = [
        (row.lead_operation_id, row.operation_id, row.lead_id, row.line_id, row.kind, amounts[row.line_id])
        for row in links
        if row.line_id in amounts
    ]
    told += [
        (link.lead_operation_id, link.operation_id, link.lead_id, link.case_id, counts_as, 1)
        for link, counts_as in lead_hits.counted(session, sums=by.role is Role.LEADERSHIP)
    ]
    pairs: dict[tuple[UUID, UUID], list[tuple[UUID, UUID, str, int]]] = {}
    for first, second, *link in told:
        if first in known and second in known:
            pairs.setdefault((first, second), []).append(tuple(link))
    found, few = [], frozenset() if by.role is Role.LEADERSHIP else _SUSPECTS
    for (first, second), links in pairs.items():
        full = all(may(by, Act.TOTALS_UNSUPPRESSED, plan.subject(known[each], by.country)) for each in (first, second))
        counts: Counter[str] = Counter()
        for kind, quantity in {result: (kind, quantity) for _lead, result, kind, quantity in links}.values():
            counts[kind] += quantity
        shown = {
            kind: None if not full and (kind in _PROTECTED or (kind in few and small_numbers.small(count))) else count
            for kind, count in sorted(counts.items())
        }
        found.append(Crossing(first, second, len({lead for lead, *_result in links}), shown))
    return sorted(found, key=lambda each: (known[each.lead_operation].title, known[each.operation].title))


def _record(session: Session, by: Actor, act: str, kind: str, of: LeadResult, /, **detail: Any) -> None:
    where: dict[str, Any] = {"operation": of.operation_id, "country": of.country}
    journal.record(session, by, act, kind, of.id, **where, kind=of.kind, **detail)


RESULT = Noun(
    LeadResult,
    "lead_result",
    _record,
    N_("This link was already made with other content. Reload the page to see it."),
)

# ----------------------------------------------------------------------------------------------------- verbs


def connect(session: Session, draft: ResultDraft, by: Actor) -> LeadResult:
    """Link a line of a report to the lead it came from. The person must see both. Idempotent."""
    said = draft.model_dump(include={"id", "lead_id", "line_id", "note"})
    if known := RESULT.known(session, said):
        return known
    lead = leads.lead(session, draft.lead_id)
    leads.refuse_erased(lead, "lead_id")
    version: Report = reports.report(session, draft.version_id)
    owner = plan.operation(session, version.operation_id, by)
    require(by, Act.RESULT_LINK, plan.subject(owner, version.country, version.site_id))
    line = existing(
        session.exec(select(Line).where(Line.version_id == version.id, Line.id == draft.line_id)).one_or_none()
    )
    if not version.counted:
        raise RuleBroken("", "This version of the report does not count: link the one that does.")
    if session.exec(_standing(lead.id, line.id)).first() is not None:
        raise RuleBroken("", "This result is linked to the lead already.")
    said |= {"lead_operation_id": lead.operation_id, "operation_id": version.operation_id, "country": version.country}
    said |= {"report_id": version.report_id, "kind": line.kind}
    return RESULT.write(session, by, Act.RESULT_LINK, said)


def disconnect(session: Session, result_id: UUID, why: str, by: Actor) -> LeadResult:
    """Undo a link, with the reason. Idempotent."""
    found = RESULT.hold(session, result_id)
    owner = plan.operation(session, found.operation_id, by)
    require(by, Act.RESULT_LINK, plan.subject(owner, found.country))
    if found.undone_at is None:
        found.undone_reason, found.undone_at = reason(why), now()
        session.add(found)
        RESULT.entry(session, by, "result.unlink", found)
    return found


def forget_notes(session: Session) -> None:
    """Clear the notes of links whose lead is erased."""
    gone = select(leads.Lead.id).where(col(leads.Lead.erased_at).is_not(None))
    session.execute(
        update(LeadResult)
        .where(col(LeadResult.lead_id).in_(gone), (col(LeadResult.note) != "") | (col(LeadResult.undone_reason) != ""))
        .values(note="", undone_reason="")
    )


def _standing(lead_id: UUID, line_id: UUID) -> Any:
    return unscoped(
        select(LeadResult.id).where(
            LeadResult.lead_id == lead_id, LeadResult.line_id == line_id, col(LeadResult.undone_at).is_(None)
        )
    )
