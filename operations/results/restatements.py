"""Restatements: differences in a figure since somebody took it along, caused by changes of what it was made of.

Reports that arrive or climb later make a figure larger and restate nothing. A restatement is caused by a correction, an
answer to a hit, a withdrawal or a return of a report that was in the figure when it was taken along, by a claim through
which one of its lines counts with another report, and by a country that leaves and takes its figures along.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from operations.catalogue.kpis import COUNTED, Kpi
from operations.claims.claim_rows import Claim, ClaimLine
from operations.core import change_tracking, history, journal
from operations.core.journal import AccessEntry, Chain, Entry
from operations.core.people import Actor
from operations.core.permissions import Act, may, require
from operations.core.session_cache import once
from operations.core.store import unfenced, unscoped
from operations.core.vocabulary import Level, ReportState
from operations.disclosure.releases import released_figures
from operations.disclosure.suppression import BoardFrame, guarded, released
from operations.figures import figure_history
from operations.figures.board import reader_of
from operations.policing.operation import plan
from operations.policing.reports.versions import Report
from operations.results import disclosed_figures
from operations.results.snapshot_rows import Snapshot
from operations.totals import total_steps

WITHDRAWN = "withdrawn"
TAKEN_OUT = "taken_out"
CLAIMED, REOPENED = "claimed", "reopened"
"""A claim found it to be one event with another report, or that claim was reopened."""
LEFT = "left"
_JOINS = ("claim.agree", "claim.decide")
_ASIDE = {"report.withdraw": WITHDRAWN, "report.return": TAKEN_OUT, "report.reject": TAKEN_OUT}
_GONE = (ReportState.RETURNED.value, ReportState.REJECTED.value, ReportState.WITHDRAWN.value)
TAKEN = {Act.OPERATION_EXPORT.value, Act.REPORT_EXPORT.value, "partner.package"}
"""The acts with which figures leave Muster: the export of a country's reports with its own, the others with all."""
LOOKED_AT = 50
"""The number of exports of an operation that are searched, newest first."""


@dataclass(frozen=True)
class Restated:
    """A restated figure: by how much (None where hidden), on which official days, why, and when last.

    The amount is 0 where parts changed and their sum did not, as for a person who was injured and then died.

    `reasons` are codes of CL-CORRECTION or constants of this module. `late`: some of it was after the debriefing.
    """

    kpi: Kpi
    by: int | None
    days: tuple[str, ...]
    reasons: tuple[str, ...]
    at: datetime
    late: bool


class _Change(NamedTuple):
    """An entry that changed a report which had been taken along."""

    entry: Entry
    reason: str
    cells: list[list[Any]]


Anchor = Callable[[Session, BoardFrame, Actor], int | None]
_anchors: list[Anchor] = []


def anchor(found: Anchor) -> Anchor:
    """Register a function that returns the newest entry whose stored figures an audience can see, or None."""
    _anchors.append(found)
    return found


@anchor
def exported(session: Session, frame: BoardFrame, by: Actor) -> int | None:
    """Return the newest entry up to which figures of this frame were exported for the audience of `by`.

    The audience is the country of `by`, or the centre. For a snapshot, which holds less than was `known` when it was
    exported, it is the entry of the snapshot.
    """
    until = history.at(session)
    acts = TAKEN if frame.country is not None else TAKEN - {Act.REPORT_EXPORT.value}
    query = select(AccessEntry.detail).where(
        AccessEntry.operation_id == frame.operation,
        col(AccessEntry.act).in_(acts),
        col(AccessEntry.country) == by.country if by.national else col(AccessEntry.country).is_(None),
    )
    change_tracking.note_read(*acts)  # not the whole trail, which grows with every report that somebody opens
    with change_tracking.untracked():
        details = session.exec(unscoped(query.order_by(col(AccessEntry.seq).desc()).limit(LOOKED_AT))).all()
    seqs = [
        int(detail["entry"])
        for detail in details
        if detail.get("level") == frame.level.name
        and detail.get("entry") is not None
        and (until is None or detail.get("known", detail["entry"]) <= until)
    ]
    return max(seqs, default=None)


@anchor
def published(session: Session, frame: BoardFrame, by: Actor) -> int | None:
    """Return the entry of the newest published snapshot at the level of this frame.

    At V3 that of consolidated figures too: what they hold is all that countries had validated.
    """
    levels = (Level.V3, Level.V4) if frame.level == Level.V3 else (frame.level,)
    return max(
        (seq for level in levels if (seq := _published(session, frame.operation, level)) is not None), default=None
    )


def final_since(session: Session, operation_id: UUID) -> int | None:
    """Return the entry of the newest figures published as consolidated (V4); None before the first."""
    return _published(session, operation_id, Level.V4)


def _published(session: Session, operation_id: UUID, level: Level) -> int | None:
    query = sa.select(*map(col, (Snapshot.id, Snapshot.entry, Snapshot.published_at))).where(
        col(Snapshot.operation_id) == operation_id, col(Snapshot.level) == int(level)
    )
    rows = once(
        session,
        (published, operation_id, level, history.at(session)),
        lambda: history.query_as_of(session, Snapshot, unscoped(query), operation_id),
    )
    return max((row["entry"] for row in rows if row["published_at"] is not None), default=None)


def take_along(session: Session, operation: plan.Operation, by: Actor, **detail: Any) -> None:
    """Record that figures of an operation left Muster; the person who took them is notified when they are restated.

    `detail` describes them: `level`, the `entry` up to which they hold, and the `format`.
    """
    require(by, Act.OPERATION_EXPORT, plan.subject(operation))
    journal.record(
        session,
        by,
        Act.OPERATION_EXPORT,
        "export",
        operation=operation.id,
        country=by.country if by.national else None,
        chain=Chain.ACCESS,
        recipients=[str(by.account_id)],
        **detail,
    )


def taken_along(session: Session, frame: BoardFrame, by: Actor) -> int | None:
    """Return the entry of the newest figures of this frame that the audience of `by` could take along."""
    return max((seq for newest in _anchors if (seq := newest(session, frame, by)) is not None), default=None)


def restated_since_export(session: Session, frame: BoardFrame, by: Actor) -> dict[Kpi, Restated]:
    """Return the counted figures restated since the audience of `by` could last take them along.

    With `frame.at`, as of that entry.
    """
    with history.as_of(session, frame.at):
        since = taken_along(session, frame, by)
        return {} if since is None else restated(session, frame, since, by)


def since_edition_before(
    session: Session, snapshot: Snapshot, operation: plan.Operation, by: Actor | None = None
) -> dict[Kpi, Restated]:
    """Return the counted figures of a snapshot restated since the snapshot of its level published before it.

    As `by` may know them, or as shown outside without `by`. A snapshot never changes: it is read as of its entry.
    """
    before = select(sa.func.max(Snapshot.entry)).where(
        Snapshot.operation_id == operation.id,
        Snapshot.level == snapshot.level,
        Snapshot.number < snapshot.number,
        col(Snapshot.published_at).is_not(None),
    )
    since = session.execute(unscoped(before)).scalar_one()
    if since is None or (by is not None and not may(by, Act.TOTALS_READ, plan.subject(operation, by.country))):
        return {}
    with history.as_of(session, snapshot.entry):
        frame = disclosed_figures.frame_of(operation, Level(snapshot.level))
        return restated(session, frame, since, by or disclosed_figures.outsider(operation))


def restated(session: Session, frame: BoardFrame, since: int, by: Actor) -> dict[Kpi, Restated]:
    """Return the counted figures restated since an entry, for this reader and frame, as of the session's entry.

    Figures that move in releases are included once a release holds the change, without their days.
    """
    changes = _changes(session, frame, since)
    reader = reader_of(session, frame, by) if changes else None
    shown = released_figures(session, frame.operation, reader) if reader else {}
    restatements: dict[Kpi, Restated] = {}
    for kpi in COUNTED if reader else ():
        parts: Counter[tuple[str, str]] = Counter()
        moved = []
        in_steps = reader is not None and released(kpi, frame, reader)
        sums = shown[kpi].sums if in_steps and kpi in shown else None
        for change in changes:
            if in_steps and (sums is None or change.entry.seq > sums.state):
                continue
            amounts = [
                (cell[1], figure_history.part(kpi, cell), figure_history.amount(kpi, cell)) for cell in change.cells
            ]
            if any(amount for _day, _part, amount in amounts):
                moved.append(change)
                for day, part, amount in amounts:
                    parts[day, part] += amount
        changed = tuple(sorted({day for (day, _part), amount in parts.items() if amount}))
        if changed and reader is not None:
            restatements[kpi] = Restated(
                kpi,
                None if guarded(kpi, frame, reader) else parts.total(),
                () if in_steps else changed,
                tuple(dict.fromkeys(change.reason for change in moved)),
                max(change.entry.at for change in moved),
                any(change.entry.detail.get("late") for change in moved),
            )
    return restatements


def _changes(session: Session, frame: BoardFrame, since: int) -> list[_Change]:
    """Return the changes of reports that were in the frame at entry `since`, in order. Applies no permissions."""
    table: Any = Report.__table__  # type: ignore[attr-defined]
    one_event: dict[UUID, set[UUID]] = {}  # reports whose lines a claim joined at any time, by claim
    joins = select(Entry.object_id).where(Entry.operation_id == frame.operation, col(Entry.act).in_(_JOINS))
    of_claims = select(Claim.id, ClaimLine.report_id).where(
        Claim.operation_id == frame.operation, ClaimLine.claim_id == Claim.id, col(Claim.id).in_(joins)
    )
    change_tracking.note_read(
        "claim", "claim_line"
    )  # nothing of the journal, as all entries that matter here move totals too
    with unfenced(session), change_tracking.untracked():
        for claim, report in session.exec(unscoped(of_claims)):
            one_event.setdefault(claim, set()).add(report)
    again = sa.select(table.c.report_id).where(
        table.c.operation_id == frame.operation, (table.c.version > 1) | table.c.state.in_(_GONE)
    )
    if frame.country is not None:
        again = again.where(table.c.country == frame.country)
    told = set().union(*one_event.values())
    with unfenced(session):
        query = sa.select(table.c.id, table.c.report_id, table.c.country, table.c.state, table.c.correction_reason)
        wanted = table.c.report_id.in_(again) | table.c.report_id.in_(told)
        versions = {row.id: row for row in session.execute(unscoped(query.where(wanted)))}
    if not versions:
        return []
    until = history.at(session)
    about = col(Entry.object_id).in_([*versions, *one_event]) | (Entry.act == Act.PARTICIPATION_ANSWER.value)
    entries = select(Entry).where(about, Entry.operation_id == frame.operation)
    if until is not None:
        entries = entries.where(Entry.seq <= until)
    with change_tracking.untracked():
        journal_entries = list(session.exec(unscoped(entries.order_by(col(Entry.seq)))))
    cells: dict[int, list[list[Any]]] = {entry.seq: [] for entry in journal_entries if entry.seq > since}
    for step in total_steps.of_entries(session, frame.operation, list(cells)):
        cells[step.seq] += [cell for cell in step.cells if cell[3] >= frame.level and frame.country in (None, cell[0])]
    then = history.contents_at(session, Report, frame.operation, since, list(versions))
    stood = {versions[key].report_id for key, was in then.items() if was["counted"] and was["level"] >= frame.level}
    changes = []
    came: dict[str, list[list[Any]]] = {}  # what arrived since from reports that are withdrawn now, by country
    joined: dict[UUID, set[UUID]] = {}  # the reports that are one event as of an entry
    for entry in journal_entries:
        if entry.act in _JOINS and entry.object_id in one_event:
            joined[entry.object_id] = one_event[entry.object_id]
        elif entry.act == "claim.reopen":
            joined.pop(entry.object_id, None)
        if not cells.get(entry.seq):
            continue
        version = versions.get(entry.object_id)
        if entry.act == Act.PARTICIPATION_ANSWER.value:
            if any(known.report_id in stood for known in versions.values() if known.country == entry.country):
                changes.append(_Change(entry, LEFT, cells[entry.seq] + came.pop(entry.country or "", [])))
            continue
        reason = _ASIDE.get(entry.act) or (version and version.correction_reason)
        if version is not None and reason and version.report_id in stood:
            changes.append(_Change(entry, reason, cells[entry.seq]))
            continue
        if version is not None and version.state == ReportState.WITHDRAWN.value:
            came.setdefault(version.country, []).extend(cells[entry.seq])
        if version is None:
            beside = one_event[entry.object_id]
        else:
            beside = set().union(*(reports for reports in joined.values() if version.report_id in reports))
        if (version is None or _counts_otherwise(cells[entry.seq])) and beside & stood:
            reason = REOPENED if entry.act == "claim.reopen" else CLAIMED
            changes.append(_Change(entry, reason, cells[entry.seq]))
    return changes


def _counts_otherwise(cells: list[list[Any]]) -> bool:
    """Whether fewer lines count after an entry, or equally many with other values: another line leads or counts."""
    said: Counter[tuple[Any, ...]] = Counter()
    for _country, day, _site, _level, records, quantity, sides in cells:
        said["records",] += records
        said[day, repr(sides), "records"] += records
        said[day, repr(sides), "quantity"] += quantity
    return said["records",] < 0 or (said["records",] == 0 and any(said.values()))
