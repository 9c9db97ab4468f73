"""Erasure of cases at the end of retention (domain 5.3): the notice, every text, and where the person was believed to
be.

The figures keep their inputs: the country, the codes, the states and their times. The journal entry of an erasure names
the case, the rule and the day, and nothing that was erased.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from operations.core.clock import now
from operations.core.people import Actor, System
from operations.core.vocabulary import LeadSubject
from operations.policing.fugitives.case_rows import FugitiveBelieved, FugitiveCase, FugitiveStep, FugitiveVersion
from operations.policing.fugitives.cases import record
from operations.policing.fugitives.lead_hits import LeadFind
from operations.policing.fugitives.sightings import FugitiveLocation
from operations.policing.leads import leads
from operations.policing.operation import legal_holds

_HELD = legal_holds.held(FugitiveCase.operation_id, FugitiveCase.requesting_country, FugitiveCase.id)


@dataclass(frozen=True)
class ErasureDue:
    """The number of cases of a country in an operation whose retention ends on the same day."""

    operation: UUID
    country: str
    until: date
    cases: int


def due(session: Session, since: date, day: date) -> list[ErasureDue]:
    """Return counts of the asker's unerased cases whose retention ends on a day from `since` to `day`.

    What a legal hold keeps does not end.
    """
    of = (FugitiveCase.operation_id, FugitiveCase.requesting_country, FugitiveCase.retain_until)
    query = (
        sa.select(*map(col, of), func.count())
        .where(col(FugitiveCase.erased_at).is_(None), col(FugitiveCase.retain_until).between(since, day), ~_HELD)
        .group_by(*map(col, of))
        .order_by(col(FugitiveCase.retain_until), *map(col, of[:2]))
    )
    return [ErasureDue(*each) for each in session.execute(query)]


def erase(
    session: Session, operation_id: UUID, since: date, day: date, by: System, most: int | None = None
) -> Sequence[FugitiveCase]:
    """Erase the cases of an operation whose retention ends on a day from `since` to `day`, with the leads about them.

    At most so many, where that is given. Returns them. Idempotent.
    """
    query = select(FugitiveCase).where(
        FugitiveCase.operation_id == operation_id,
        col(FugitiveCase.erased_at).is_(None),
        col(FugitiveCase.retain_until).between(since, day),
        ~_HELD,
    )
    ordered = query.order_by(col(FugitiveCase.requesting_country), col(FugitiveCase.number))
    found = session.exec(ordered.limit(most)).all()
    for case in found:
        erase_one(session, case, by, case.retain_until)
    return found


def erased(session: Session, operation_id: UUID, at: datetime, day: date) -> Counter[str]:
    """Return by country the cases of an operation that were kept until `day` or before and erased from `at` on."""
    query = select(FugitiveCase.requesting_country).where(
        FugitiveCase.operation_id == operation_id,
        col(FugitiveCase.erased_at) >= at,
        col(FugitiveCase.retain_until) <= day,
    )
    return Counter(session.exec(query).all())


def forget_notes(session: Session) -> None:
    """Clear the notes of links between leads and locations where either is erased."""
    leads_gone = select(leads.Lead.id).where(col(leads.Lead.erased_at).is_not(None))
    cases_gone = select(FugitiveCase.id).where(col(FugitiveCase.erased_at).is_not(None))
    session.execute(
        sa.update(LeadFind)
        .where(
            col(LeadFind.lead_id).in_(leads_gone) | col(LeadFind.case_id).in_(cases_gone),
            (col(LeadFind.note) != "") | (col(LeadFind.undone_reason) != ""),
        )
        .values(note="", undone_reason="")
    )


def erase_one(
    session: Session, case: FugitiveCase, by: Actor | System, until: date, rule: str = "retain_until"
) -> None:
    """Erase one case; `rule` names the rule of retention that applies. Idempotent. Raises RuleBroken under a hold."""
    if case.erased_at is not None:
        return
    legal_holds.refuse_held(session, case.operation_id, case.requesting_country, case.id)
    for table, emptied in (
        (FugitiveVersion, {"content": {}, "content_hash": ""}),
        (FugitiveStep, {"reason": ""}),
        (FugitiveLocation, {"remark": "", "content_hash": ""}),
    ):
        session.execute(sa.update(table).where(col(table.case_id) == case.id).values(emptied))
    session.execute(sa.delete(FugitiveBelieved).where(col(FugitiveBelieved.case_id) == case.id))
    about = select(leads.Lead).where(
        leads.Lead.subject_kind == LeadSubject.FUGITIVE_CASE.value, leads.Lead.subject_id == case.id
    )
    asked = leads.erase(session, session.exec(about).all(), by, until, rule)
    case.notice_ref, case.erased_at = f"erased {case.number}", now()
    session.add(case)
    record(
        session,
        case,
        by,
        "fugitive.erase",
        rule=rule,
        until=until.isoformat(),
        versions=case.version,
        leads=asked,
    )
