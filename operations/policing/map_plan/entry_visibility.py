"""Which entries of an operation's journal a reader may know."""

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
    """Whether `by` reads the whole operation's journal, and not only what concerns the own country or all."""
    return may(by, Act.JOURNAL_READ, plan.subject(operation))


def entries_for(
    session: Session, operation: plan.Operation, by: Actor, limit: int = 50, skip: int = 0
) -> Sequence[Entry]:
    """Entries of the operation that `by` may know, newest first; `skip` leaves out the newest.

    A country's people read what concerns their country or everybody. Of what the coordination drew on the plan they
    read only what they can see there.
    """
    country, where = _known_to(session, operation, by)
    return journal.latest(session, operation.id, country, limit, skip, where)


def numbered(
    session: Session, operation: plan.Operation, by: Actor, limit: int, before: int | None = None
) -> list[tuple[int, Entry]]:
    """The same, each with its number among the entries that `by` may know: the oldest is 1, the newest says how many.

    `before` goes on from a number. The journal's own numbers stay inside: their gaps would tell of all other entries.
    """
    country, where = _known_to(session, operation, by)
    count = journal.known(session, operation.id, country, where)
    first = count if before is None else min(before - 1, count)
    found = entries_for(session, operation, by, limit, count - first) if first > 0 else []
    return list(zip(range(first, 0, -1), found, strict=False))


def _known_to(session: Session, operation: plan.Operation, by: Actor) -> tuple[str | None, Any]:
    """Whose entries `by` reads beside those that concern everybody, and the condition that all fulfil."""
    at = history.at(session)
    until = None if at is None else (col(Entry.seq) <= at) & releases.told(by, at)
    if reads_all(operation, by):
        return None, until
    told = visibility.told_of(session, operation.id)
    return by.country, told if until is None else told & until
