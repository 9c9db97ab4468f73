"""Retention: data whose retention ends soon, for a last review, and data that was erased."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core.clock import now
from operations.core.journal import Entry
from operations.core.people import Actor
from operations.policing.fugitives import erasure
from operations.policing.leads import leads
from operations.support import intelligence

AHEAD = timedelta(days=90)
"""The time before its end from which an erasure is announced."""
BACK = timedelta(days=366)
"""The period that a certificate of erasure covers."""


class Ending(NamedTuple):
    """Records of an operation whose retention ends on a day: cases of a country, or (None) the coordination's."""

    operation: UUID
    country: str | None
    until: date
    records: int


def ending(session: Session, by: Actor) -> list[Ending]:
    """Return what will be erased within `AHEAD`, as far as the asker knows of it, earliest first."""
    today, last = now().date(), (now() + AHEAD).date()
    found = [Ending(*each) for each in _cases(session, today, last)]
    for operation, until in {} if by.national else leads.kept_between(session, today, last).items():
        records = len(leads.unerased(session, operation)) + intelligence.unerased(session, operation)
        if records:
            found.append(Ending(operation, None, until, records))
    return sorted(found, key=lambda each: (each.until, str(each.operation), each.country or ""))


def _cases(session: Session, first: date, last: date) -> list[tuple[UUID, str, date, int]]:
    return [(each.operation, each.country, each.until, each.cases) for each in erasure.due(session, first, last)]


def past_erasures(session: Session, since: datetime) -> Sequence[Entry]:
    """Return the journal entries of erasures since a moment that the asker may know, newest first.

    They name what was erased, the rule and the day, and none of its content.
    """
    query = select(Entry).where(col(Entry.act).endswith(".erase"), col(Entry.at) >= since)
    return session.exec(query.order_by(col(Entry.seq).desc())).all()
