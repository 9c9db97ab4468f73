"""The job that tells people when figures they exported are restated, once a day for each export."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core.clock import official_day
from operations.core.errors import Flaw, MusterError
from operations.core.field_labels import N_
from operations.core.journal import AccessEntry, Entry
from operations.core.people import Account, System
from operations.core.store import Store
from operations.core.vocabulary import Classification, Level, MessageKind
from operations.disclosure.suppression import BoardFrame
from operations.notices.messages import To, tell
from operations.policing.operation import membership
from operations.policing.operation.plan import Operation
from operations.results.restatements import TAKEN, Restated, restated
from operations.timetable.effects import DueEffect, Outcome, TimetableJob, every

PERIOD = timedelta(minutes=15)
REMEMBERED = timedelta(days=366)
"""The time for which an export's figures are watched."""

_CHANGES = ("report", "claim", "participation")
"""The kinds of objects whose entries may change an exported figure."""


class _Taken(NamedTuple):
    """The newest export of an operation's figures at a level by a person, with the entry it shows."""

    account: UUID
    operation: UUID
    level: str
    entry: int


class _Changed(NamedTuple):
    """So many figures that somebody took along were restated, the newest of them on a day."""

    taken: _Taken
    figures: int
    day: date
    classification: Classification
    title: str = ""


def _look(store: Store, _due: DueEffect, moment: datetime) -> list[_Changed]:
    with store.reading(System()) as session:
        return changed(session, moment)


def changed(session: Session, moment: datetime) -> list[_Changed]:
    """What was restated lately of the figures that were taken along."""
    found = []
    for each in _exports(session, moment):
        owner, account = session.get(Operation, each.operation), session.get(Account, each.account)
        if owner is None or account is None or not _moved(session, each, moment):
            continue
        figures = _restated(session, owner, account, each)
        if figures:
            day = official_day(max(other.at for other in figures.values()), owner.zone, owner.day_cut)
            found.append(_Changed(each, len(figures), day, Classification(owner.classification), owner.title))
    return found


def _tell(session: Session, _due: DueEffect, _moment: datetime, found: Sequence[_Changed]) -> Outcome:
    told = 0
    for each in found:
        taken = each.taken
        told += tell(
            session,
            To.those(taken.account),
            MessageKind.RESTATED,
            f"/operations/{taken.operation}/situation?level={taken.level}",
            each.figures,
            key=f"restated:{taken.operation}:{taken.account}:{taken.level}:{taken.entry}:{each.day}",
            by=System(),
            operation=taken.operation,
            classification=each.classification,
            about=Flaw(
                "",
                N_("Figures of {title} that you took along at level {level} say something else since {day}."),
                {"title": each.title, "level": taken.level, "day": each.day},
            ),
        )
    return {"told": told}


def _exports(session: Session, moment: datetime) -> Iterable[_Taken]:
    query = select(AccessEntry).where(col(AccessEntry.act).in_(TAKEN), col(AccessEntry.at) >= moment - REMEMBERED)
    newest: dict[tuple[UUID, UUID, str], _Taken] = {}
    for entry in session.exec(query.order_by(col(AccessEntry.seq))):
        level, seen = entry.detail.get("level"), entry.detail.get("entry")
        known = isinstance(level, str) and level in Level.__members__ and isinstance(seen, int)
        if known and entry.actor_id and entry.operation_id:
            taken = _Taken(entry.actor_id, entry.operation_id, str(level), int(seen or 0))
            newest[taken.account, taken.operation, taken.level] = taken
    return newest.values()


def _moved(session: Session, taken: _Taken, moment: datetime) -> bool:
    """Return whether an entry since the export, within the last day, could have restated it."""
    query = select(Entry.seq).where(
        Entry.operation_id == taken.operation,
        Entry.seq > taken.entry,
        col(Entry.at) >= moment - timedelta(days=1),
        col(Entry.object_kind).in_(_CHANGES),
    )
    return session.exec(query.limit(1)).first() is not None


def _restated(session: Session, owner: Operation, account: Account, taken: _Taken) -> dict[Any, Restated]:
    """Return the restated figures of the export that this person may see now."""
    by = membership.actor(session, account)
    if by is None:
        return {}
    country = by.country if by.national else None
    frame = BoardFrame(
        owner.id, owner.zone, Classification(owner.classification), owner.day_cut, Level[taken.level], country
    )
    try:
        return dict(restated(session, frame, taken.entry, by))
    except MusterError:
        return {}


JOBS: Sequence[TimetableJob] = (TimetableJob("restated", every("restated", PERIOD), _tell, _look),)
