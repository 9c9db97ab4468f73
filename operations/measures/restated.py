"""Restated: what differs in a figure from the one that somebody took along, because what it rested on was changed.

What came in since then, or climbed, makes a figure larger; it restates nothing. A correction, an answer to a hit, a
withdrawal or a return does, of a report that stood in the figure when it was taken along.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from operations.core import past
from operations.core.journal import AccessEntry, Entry
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.core.store import unfenced, unscoped
from operations.core.vocabulary import ReportState
from operations.measures import history, steps
from operations.measures.board import reader_of
from operations.measures.guard import Frame, guarded, released
from operations.measures.kpis import COUNTED, Kpi
from operations.measures.released import stands
from operations.policing.reports.versions import Report
from operations.results.rows import Snapshot

WITHDRAWN = "withdrawn"
TAKEN_OUT = "taken_out"
_ASIDE = {"report.withdraw": WITHDRAWN, "report.return": TAKEN_OUT, "report.reject": TAKEN_OUT}
_GONE = (ReportState.RETURNED.value, ReportState.REJECTED.value, ReportState.WITHDRAWN.value)
LOOKED_AT = 50
"""So many exports of an operation are looked through, the newest first."""


@dataclass(frozen=True)
class Restated:
    """By how much a figure was restated, None where that is not told; of which official days; why, and when at last.

    `reasons` are codes of CL-CORRECTION, WITHDRAWN or TAKEN_OUT. `late`: also after the debriefing.
    """

    kpi: Kpi
    by: int | None
    days: tuple[str, ...]
    reasons: tuple[str, ...]
    at: datetime
    late: bool


class _Change(NamedTuple):
    """An entry after which a report that was taken along says something else."""

    entry: Entry
    reason: str
    cells: list[list[Any]]


Anchor = Callable[[Session, Frame, Actor], int | None]
_anchors: list[Anchor] = []


def anchor(found: Anchor) -> Anchor:
    """Declare where else figures are kept that an audience can see: with which entry, the newest; None for nowhere."""
    _anchors.append(found)
    return found


@anchor
def exported(session: Session, frame: Frame, by: Actor) -> int | None:
    """The entry with which figures of this frame last left for the audience of `by`: its country, or the centre."""
    until = past.at(session)
    query = select(AccessEntry.detail).where(
        AccessEntry.operation_id == frame.operation,
        AccessEntry.act == Act.OPERATION_EXPORT.value,
        col(AccessEntry.country) == by.country if by.national else col(AccessEntry.country).is_(None),
    )
    for detail in session.exec(unscoped(query.order_by(col(AccessEntry.seq).desc()).limit(LOOKED_AT))):
        entry = detail.get("entry")
        if detail.get("level") == frame.level.name and entry is not None and (until is None or entry <= until):
            return int(entry)
    return None


@anchor
def published(session: Session, frame: Frame, by: Actor) -> int | None:
    """The entry of the newest published snapshot at the level of this frame."""
    until = past.at(session)
    query = select(Snapshot.entry).where(
        Snapshot.operation_id == frame.operation,
        Snapshot.level == int(frame.level),
        col(Snapshot.published_at).is_not(None),
    )
    entries = [seq for seq in session.exec(unscoped(query)) if until is None or seq <= until]
    return max(entries, default=None)


def taken_along(session: Session, frame: Frame, by: Actor) -> int | None:
    """The entry of the newest figures of this frame that the audience of `by` could take along."""
    return max((seq for each in _anchors if (seq := each(session, frame, by)) is not None), default=None)


def restated(session: Session, frame: Frame, since: int, by: Actor) -> dict[Kpi, Restated]:
    """The counted figures that are restated since an entry, for this reader and frame, where the session looks.

    Of what moves in releases it is told once they hold the change, and not of which days.
    """
    changes = _changes(session, frame, since)
    reader = reader_of(session, frame, by) if changes else None
    shown = stands(session, frame.operation, reader) if reader else {}
    found: dict[Kpi, Restated] = {}
    for kpi in COUNTED if reader else ():
        days: Counter[str] = Counter()
        moved = []
        in_steps = reader is not None and released(kpi, frame, reader)
        sums = shown[kpi].sums if in_steps and kpi in shown else None
        for each in changes:
            if in_steps and (sums is None or each.entry.seq > sums.state):
                continue
            amounts = [(cell[1], history.amount(kpi, cell)) for cell in each.cells]
            if any(amount for _day, amount in amounts):
                moved.append(each)
                for day, amount in amounts:
                    days[day] += amount
        changed = tuple(day for day, amount in sorted(days.items()) if amount)
        if changed and reader is not None:
            found[kpi] = Restated(
                kpi,
                None if guarded(kpi, frame, reader) else sum(days.values()),
                () if in_steps else changed,
                tuple(dict.fromkeys(each.reason for each in moved)),
                max(each.entry.at for each in moved),
                any(each.entry.detail.get("late") for each in moved),
            )
    return found


def _changes(session: Session, frame: Frame, since: int) -> list[_Change]:
    """What changed of the reports that stood in the frame with entry `since`, whoever asks, in its order."""
    table: Any = Report.__table__  # type: ignore[attr-defined]
    again = sa.select(table.c.report_id).where(
        table.c.operation_id == frame.operation, (table.c.version > 1) | table.c.state.in_(_GONE)
    )
    if frame.country is not None:
        again = again.where(table.c.country == frame.country)
    with unfenced(session):
        query = sa.select(table.c.id, table.c.report_id, table.c.version, table.c.correction_reason)
        versions = {each.id: each for each in session.execute(unscoped(query.where(table.c.report_id.in_(again))))}
    if not versions:
        return []
    until = past.at(session)
    entries = select(Entry).where(col(Entry.object_id).in_(versions), Entry.operation_id == frame.operation)
    if until is not None:
        entries = entries.where(Entry.seq <= until)
    found = list(session.exec(unscoped(entries.order_by(col(Entry.seq)))))
    cells: dict[int, list[list[Any]]] = {entry.seq: [] for entry in found}
    for step in steps.of_entries(session, frame.operation, list(cells)):
        cells[step.seq] += [cell for cell in step.cells if cell[3] >= frame.level and frame.country in (None, cell[0])]
    stood: Counter[UUID] = Counter()
    for entry in found:
        if entry.seq <= since:
            stood[versions[entry.object_id].report_id] += sum(cell[4] for cell in cells[entry.seq])
    changes = []
    for entry in found:
        version = versions[entry.object_id]
        if entry.seq > since and cells[entry.seq] and stood[version.report_id]:
            reason = _ASIDE.get(entry.act) or version.correction_reason
            if reason:
                changes.append(_Change(entry, reason, cells[entry.seq]))
    return changes
