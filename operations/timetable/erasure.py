"""Jobs of erasure at the end of retention of cases, leads and intelligence: a warning a month before, erasure at night,
a message after.

The modules of the records decide what is erased and what stays; this one decides when, and who is informed. On SQLite
the bytes are removed as well: erased content is overwritten, and the write-ahead log is truncated afterwards.
PostgreSQL frees replaced rows by its own vacuum. Copies made before stay as long as the settings say (`core.backups`).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core.clock import midnight
from operations.core.errors import Conflict, Flaw
from operations.core.field_labels import N_
from operations.core.people import System
from operations.core.store import Store, unscoped
from operations.core.vocabulary import Classification, MessageKind, Role
from operations.data_protection.rows import CopyState, DataCopy
from operations.notices.messages import To, tell
from operations.policing.fugitives import erasure
from operations.policing.leads import leads
from operations.policing.operation.plan import Operation
from operations.support import intelligence, lead_results
from operations.timetable.effects import DueEffect, Effect, Outcome, TimetableJob
from operations.timetable.lease import first_ran

WARNING = timedelta(days=30)
ERASED = frozenset({"lead", "fugitive_case", "lead_result", "hypothesis", "network", "dispatch", "product"})
"""The kinds of objects whose texts are erased at the end of retention.

Journal entries are immutable, so entries about them hold codes, counts and days only: a test checks this for every row
of the journal's tables, and every act.
"""
AT_ONCE = 20
"""So many cases are erased in one unit of work: others wait for its end."""
_ERASE = "erasure.erase"
_WIPE = "erasure.wipe"


@dataclass(frozen=True)
class Coming:
    """Records of an operation with the day on which their retention ends: cases of a country, or the coordination's."""

    operation: UUID
    country: str | None
    until: date


# ------------------------------------------------------------------------------------------------------ warning


def _coming(session: Session, since: datetime, moment: datetime) -> Iterable[DueEffect]:
    today, ahead = moment.date(), (moment + WARNING).date()
    found = {Coming(each.operation, each.country, each.until) for each in erasure.due(session, today, ahead)}
    for operation, until in leads.kept_between(session, today, ahead).items():
        if _of_the_coordination(session, operation):
            found.add(Coming(operation, None, until))
    for each in sorted(found, key=lambda one: (one.until, str(one.operation), one.country or "")):
        due = midnight(each.until)
        yield DueEffect(f"erasure.warn:{each.operation}:{each.country or 'all'}", due, max(due - WARNING, since), each)


def _warn(session: Session, due: DueEffect, _moment: datetime, _made: Any) -> Outcome:
    about: Coming = due.about
    if about.country is None:
        records = _of_the_coordination(session, about.operation)
    else:
        mine = (about.operation, about.country)
        waiting = erasure.due(session, about.until, about.until)
        records = sum(each.cases for each in waiting if (each.operation, each.country) == mine)
    return {"told": _tell(session, due, MessageKind.ERASURE_DUE, about.operation, {about.country: records})}


# ------------------------------------------------------------------------------------------------------ erasing


def _dues(session: Session, since: datetime, moment: datetime) -> Iterable[DueEffect]:
    """Yield one effect for each operation with records whose retention ended yesterday or before, however long ago."""
    span = _span(session, moment)
    operations = {each.operation for each in erasure.due(session, *span)}
    operations |= {each for each in leads.kept_between(session, *span) if _of_the_coordination(session, each)}
    for operation in sorted(operations, key=str):
        at = max(midnight(moment.date()), since)
        yield DueEffect(f"{_ERASE}:{operation}", at, at, operation)


def _span(session: Session, moment: datetime) -> tuple[date, date]:
    """Return the range of last days of retention that are over: from the timetable's first run to yesterday."""
    return (first_ran(session) or moment).date(), moment.date() - timedelta(days=1)


def _erase_most(store: Store, due: DueEffect, moment: datetime) -> None:
    """Erase cases of an operation, a few in each unit of work, until a few are left. Idempotent."""
    operation: UUID = due.about
    while True:
        with store.unit_of_work(System(), behind=True) as session:
            span = _span(session, moment)
            left = sum(each.cases for each in erasure.due(session, *span) if each.operation == operation)
            if left <= AT_ONCE:
                return
            erasure.erase(session, operation, *span, System(), AT_ONCE)


def _erase(session: Session, due: DueEffect, moment: datetime, _made: Any) -> Outcome:
    """Erase the cases that are left, with the leads and the intelligence of the coordination, and tell of all.

    What is left says that it is still to be told: a process that stops before this goes on with it.
    """
    operation: UUID = due.about
    by, span = System(), _span(session, moment)
    erasure.erase(session, operation, *span, by)
    session.flush()
    gone: Counter[str | None] = Counter(erasure.erased(session, operation, due.due, span[1]))
    cases = gone.total()
    if (until := leads.kept_between(session, *span).get(operation)) is not None:
        gone[None] += leads.erase(session, leads.unerased(session, operation), by, until)
        gone[None] += intelligence.erase(session, operation, by, until)
    erasure.forget_notes(session)
    lead_results.forget_notes(session)
    told = _tell(session, due, MessageKind.ERASED, operation, gone)
    return {"cases": cases, "others": gone[None], "told": told}


def _of_the_coordination(session: Session, operation: UUID) -> int:
    """Return how many leads, versions of the hypothesis and parts of the network of an operation are not erased."""
    return len(leads.unerased(session, operation)) + intelligence.unerased(session, operation)


def _tell(
    session: Session,
    due: DueEffect,
    kind: MessageKind,
    operation_id: UUID,
    records: dict[str | None, int] | Counter[str | None],
) -> int:
    """Tell each country about its own records, and the coordination about all. Return how many people were told."""
    operation = session.get_one(Operation, operation_id)
    total, told = sum(records.values()), 0
    whole = To(roles=frozenset({Role.OPERATION_COORDINATOR, Role.OCU_ANALYST}), operation=operation.id)
    link = f"/operations/{operation.id}/" + ("intelligence" if set(records) == {None} else "fugitives")
    groups = [
        (To(roles=frozenset({Role.NATIONAL_COORDINATOR}), country=country), count, country)
        for country, count in sorted(records.items(), key=str)
        if country is not None
    ]
    for to, count, whose in [*groups, (whole, total, "all")]:
        if count:
            told += tell(
                session,
                to,
                kind,
                link,
                count,
                key=f"{due.job}:{due.due.isoformat()}:{whose}",
                by=System(),
                operation=operation.id,
                classification=Classification(operation.classification),
                about=Flaw("", _ABOUT[kind], {"title": operation.title, "day": due.due.date()}),
                until=due.due if kind is MessageKind.ERASURE_DUE else None,
            )
    return told


_ABOUT = {
    MessageKind.ERASURE_DUE: N_("Records of {title} are erased on {day}."),
    MessageKind.ERASED: N_("Records of {title} were erased on {day}."),
}


# ------------------------------------------------------------------------------------------------------- wiping


def _wipes(session: Session, since: datetime, moment: datetime) -> Iterable[DueEffect]:
    """Yield one effect for each erasure done, at night or on a person's request."""
    query = select(Effect).where(col(Effect.job).startswith(f"{_ERASE}:"), col(Effect.due) >= since)
    for each in session.exec(query):
        yield DueEffect(each.job.replace(_ERASE, _WIPE, 1), each.due, each.done_at)
    asked = select(DataCopy.id, DataCopy.decided_at).where(
        DataCopy.state == CopyState.ERASED.value, col(DataCopy.decided_at) >= since
    )
    for copy_id, at in session.exec(unscoped(asked)):
        yield DueEffect(f"{_WIPE}:{copy_id}", at, at)


def _wipe(store: Store, _due: DueEffect, _moment: datetime) -> None:
    """Truncate SQLite's write-ahead log, which still holds the old pages.

    Raises Conflict while a reader keeps it open.
    """
    if store.url.get_backend_name() != "sqlite":
        return
    connection = store.engine.raw_connection()
    try:
        busy = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        connection.close()
    if busy:
        raise Conflict("The log of the database is being read: it is emptied later.")


def _wiped(_session: Session, _due: DueEffect, _moment: datetime, _made: Any) -> Outcome:
    return {}


JOBS: Sequence[TimetableJob] = (
    TimetableJob("erasure.warn", _coming, _warn),
    TimetableJob(_ERASE, _dues, _erase, _erase_most),
)
WIPE = TimetableJob(_WIPE, _wipes, _wiped, _wipe)
