"""Visibility of journal entries of an operation."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col

from operations.core import history, journal
from operations.core.journal import Entry
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.disclosure import releases
from operations.policing.map_plan import visibility
from operations.policing.operation import plan


def reads_all(operation: plan.Operation, by: Actor) -> bool:
    """Return whether `by` reads the whole journal of the operation, not only entries about the own country or all."""
    return may(by, Act.JOURNAL_READ, plan.subject(operation))


def entries_for(
    session: Session, operation: plan.Operation, by: Actor, limit: int = 50, skip: int = 0
) -> Sequence[Entry]:
    """Return entries of the operation that `by` may know, newest first; `skip` leaves out the newest.

    A country's people read entries about their country or about all; entries about objects of the plan only where they
    see the object.
    """
    country, where = _known_to(session, operation, by)
    return journal.latest(session, operation.id, country, limit, skip, where)


def numbered(
    session: Session, operation: plan.Operation, by: Actor, limit: int, before: int | None = None
) -> list[tuple[int, Entry]]:
    """Return the same entries, each with its number among those that `by` may know: 1 for the oldest, their count for
    the newest.

    `before` continues below a number. The journal's own numbers are not shown: their gaps would disclose how many other
    entries there are.
    """
    country, where = _known_to(session, operation, by)
    count = journal.known(session, operation.id, country, where)
    first = count if before is None else min(before - 1, count)
    found = entries_for(session, operation, by, limit, count - first) if first > 0 else []
    return list(zip(range(first, 0, -1), found, strict=False))


def _known_to(session: Session, operation: plan.Operation, by: Actor) -> tuple[str | None, Any]:
    """Return the country whose entries `by` reads beside those about all, and the condition that all entries must
    meet.
    """
    at = history.at(session)
    until = None if at is None else (col(Entry.seq) <= at) & releases.readable_entries(by, at)
    if reads_all(operation, by):
        return None, until
    told = visibility.told_of(session, operation.id)
    return by.country, told if until is None else told & until
