"""What is kept for so long only: what comes to its end soon and can be looked at once more, and what was erased."""

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
"""So long before its end it is shown what will be erased."""
BACK = timedelta(days=366)
"""So far back a certificate of erasure reaches."""


class Ending(NamedTuple):
    """Records of an operation that are kept until a day: cases of a country, or (None) what the coordination knows."""

    operation: UUID
    country: str | None
    until: date
    records: int


def ending(session: Session, by: Actor) -> list[Ending]:
    """What will be erased within `AHEAD`, as far as the asker knows of it, the first to go first."""
    today, last = now().date(), (now() + AHEAD).date()
    found = [Ending(*each) for each in _cases(session, today, last)]
    for operation, until in {} if by.national else leads.kept_between(session, today, last).items():
        records = len(leads.unerased(session, operation)) + intelligence.unerased(session, operation)
        if records:
            found.append(Ending(operation, None, until, records))
    return sorted(found, key=lambda each: (each.until, str(each.operation), each.country or ""))


def _cases(session: Session, first: date, last: date) -> list[tuple[UUID, str, date, int]]:
    return [(each.operation, each.country, each.until, each.cases) for each in erasure.due(session, first, last)]


def erased(session: Session, since: datetime) -> Sequence[Entry]:
    """The entries that tell of erasures since a moment, as far as the asker knows of them, the newest first.

    They name what was erased, the rule and the day, and nothing that it said.
    """
    query = select(Entry).where(col(Entry.act).endswith(".erase"), col(Entry.at) >= since)
    return session.exec(query.order_by(col(Entry.seq).desc())).all()
