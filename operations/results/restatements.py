"""Restated: what differs in a figure from the one that somebody took along, because what it rested on was changed.

What came in since then, or climbed, makes a figure larger; it restates nothing. A correction, an answer to a hit, a
withdrawal or a return does, of a report that stood in the figure when it was taken along, and so does a claim by which
a line of it counts with another report, and a country that leaves and takes its figures along.
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
from operations.disclosure.releases import stands
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
"""It is one event with another report, as its countries agreed or the coordinator decided; that is open again."""
LEFT = "left"
_JOINS = ("claim.agree", "claim.decide")
_ASIDE = {"report.withdraw": WITHDRAWN, "report.return": TAKEN_OUT, "report.reject": TAKEN_OUT}
_GONE = (ReportState.RETURNED.value, ReportState.REJECTED.value, ReportState.WITHDRAWN.value)
TAKEN = {Act.OPERATION_EXPORT.value, Act.REPORT_EXPORT.value, "partner.package"}
"""With these acts figures leave Muster: with reports of a country its own, with all others those of all countries."""
LOOKED_AT = 50
"""So many exports of an operation are looked through, the newest first."""


@dataclass(frozen=True)
class Restated:
    """By how much a figure was restated, None where that is not told; of which official days; why, and when at last.

    By nothing where its parts changed and their sum did not: who was injured and then died.

    `reasons` are codes of CL-CORRECTION, or words of this module. `late`: also after the debriefing.
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


Anchor = Callable[[Session, BoardFrame, Actor], int | None]
_anchors: list[Anchor] = []


def anchor(found: Anchor) -> Anchor:
    """Declare where else figures are kept that an audience can see: with which entry, the newest; None for nowhere."""
    _anchors.append(found)
    return found


@anchor
def exported(session: Session, frame: BoardFrame, by: Actor) -> int | None:
    """The newest entry up to which figures of this frame left for the audience of `by`: its country, or the centre.

    Of a snapshot, which tells less than was `known` when it left, it is the snapshot's own.
    """
    until = history.at(session)
    acts = TAKEN if frame.country is not None else TAKEN - {Act.REPORT_EXPORT.value}
    query = select(AccessEntry.detail).where(
        AccessEntry.operation_id == frame.operation,
        col(AccessEntry.act).in_(acts),
        col(AccessEntry.country) == by.country if by.national else col(AccessEntry.country).is_(None),
    )
    change_tracking.asks(*acts)  # and not the whole trail, which grows with every report that somebody opens
    with change_tracking.settled():
        details = session.exec(unscoped(query.order_by(col(AccessEntry.seq).desc()).limit(LOOKED_AT))).all()
    found = [
        int(detail["entry"])
        for detail in details
        if detail.get("level") == frame.level.name
        and detail.get("entry") is not None
        and (until is None or detail.get("known", detail["entry"]) <= until)
    ]
    return max(found, default=None)


@anchor
def published(session: Session, frame: BoardFrame, by: Actor) -> int | None:
    """The entry of the newest published snapshot at the level of this frame."""
    return _published(session, frame.operation, frame.level)


def final_since(session: Session, operation_id: UUID) -> int | None:
    """The entry of the newest figures that were published as consolidated (V4); None before the first."""
    return _published(session, operation_id, Level.V4)


def _published(session: Session, operation_id: UUID, level: Level) -> int | None:
    query = sa.select(*map(col, (Snapshot.id, Snapshot.entry, Snapshot.published_at))).where(
        col(Snapshot.operation_id) == operation_id, col(Snapshot.level) == int(level)
    )
    found = once(
        session,
        (published, operation_id, level, history.at(session)),
        lambda: history.as_then(session, Snapshot, unscoped(query), operation_id),
    )
    return max((each["entry"] for each in found if each["published_at"] is not None), default=None)


def take_along(session: Session, operation: plan.Operation, by: Actor, **detail: Any) -> None:
    """Write down that figures of an operation left Muster: who took them is told when they are restated.

    `detail` says what left: `level`, the `entry` up to which it tells, and in which `format`.
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
    """The entry of the newest figures of this frame that the audience of `by` could take along."""
    return max((seq for each in _anchors if (seq := each(session, frame, by)) is not None), default=None)


def since_taken_along(session: Session, frame: BoardFrame, by: Actor) -> dict[Kpi, Restated]:
    """The counted figures that are restated since the audience of `by` could last take them along.

    With `frame.at` they are those that were called so with that entry.
    """
    with history.looking(session, frame.at):
        since = taken_along(session, frame, by)
        return {} if since is None else restated(session, frame, since, by)


def since_edition_before(
    session: Session, snapshot: Snapshot, operation: plan.Operation, by: Actor | None = None
) -> dict[Kpi, Restated]:
    """The counted figures of a snapshot that were restated since the one of its level published before it.

    As `by` may know it; without `by` as it is told outside. What it says never changes: it is read at its entry.
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
    with history.looking(session, snapshot.entry):
        frame = disclosed_figures.frame_of(operation, Level(snapshot.level))
        return restated(session, frame, since, by or disclosed_figures.outsider(operation))


def restated(session: Session, frame: BoardFrame, since: int, by: Actor) -> dict[Kpi, Restated]:
    """The counted figures that are restated since an entry, for this reader and frame, where the session looks.

    Of what moves in releases it is told once they hold the change, and not of which days.
    """
    changes = _changes(session, frame, since)
    reader = reader_of(session, frame, by) if changes else None
    shown = stands(session, frame.operation, reader) if reader else {}
    found: dict[Kpi, Restated] = {}
    for kpi in COUNTED if reader else ():
        parts: Counter[tuple[str, str]] = Counter()
        moved = []
        in_steps = reader is not None and released(kpi, frame, reader)
        sums = shown[kpi].sums if in_steps and kpi in shown else None
        for each in changes:
            if in_steps and (sums is None or each.entry.seq > sums.state):
                continue
            amounts = [
                (cell[1], figure_history.part(kpi, cell), figure_history.amount(kpi, cell)) for cell in each.cells
            ]
            if any(amount for _day, _part, amount in amounts):
                moved.append(each)
                for day, part, amount in amounts:
                    parts[day, part] += amount
        changed = tuple(sorted({day for (day, _part), amount in parts.items() if amount}))
        if changed and reader is not None:
            found[kpi] = Restated(
                kpi,
                None if guarded(kpi, frame, reader) else parts.total(),
                () if in_steps else changed,
                tuple(dict.fromkeys(each.reason for each in moved)),
                max(each.entry.at for each in moved),
                any(each.entry.detail.get("late") for each in moved),
            )
    return found


def _changes(session: Session, frame: BoardFrame, since: int) -> list[_Change]:
    """What changed of the reports that stood in the frame with entry `since`, whoever asks, in its order."""
    table: Any = Report.__table__  # type: ignore[attr-defined]
    one_event: dict[UUID, set[UUID]] = {}  # reports whose lines a claim joined at any time, by claim
    joins = select(Entry.object_id).where(Entry.operation_id == frame.operation, col(Entry.act).in_(_JOINS))
    of_claims = select(Claim.id, ClaimLine.report_id).where(
        Claim.operation_id == frame.operation, ClaimLine.claim_id == Claim.id, col(Claim.id).in_(joins)
    )
    change_tracking.asks(
        "claim", "claim_line"
    )  # and of the journal nothing: all entries that tell here move totals besides
    with unfenced(session), change_tracking.settled():
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
        versions = {each.id: each for each in session.execute(unscoped(query.where(wanted)))}
    if not versions:
        return []
    until = history.at(session)
    about = col(Entry.object_id).in_([*versions, *one_event]) | (Entry.act == Act.PARTICIPATION_ANSWER.value)
    entries = select(Entry).where(about, Entry.operation_id == frame.operation)
    if until is not None:
        entries = entries.where(Entry.seq <= until)
    with change_tracking.settled():
        found = list(session.exec(unscoped(entries.order_by(col(Entry.seq)))))
    cells: dict[int, list[list[Any]]] = {entry.seq: [] for entry in found if entry.seq > since}
    for step in total_steps.of_entries(session, frame.operation, list(cells)):
        cells[step.seq] += [cell for cell in step.cells if cell[3] >= frame.level and frame.country in (None, cell[0])]
    then = history.contents_at(session, Report, frame.operation, since, list(versions))
    stood = {versions[key].report_id for key, was in then.items() if was["counted"] and was["level"] >= frame.level}
    changes = []
    came: dict[str, list[list[Any]]] = {}  # what came in since of reports that are withdrawn now, by country
    joined: dict[UUID, set[UUID]] = {}  # those that are one event at an entry
    for entry in found:
        if entry.act in _JOINS and entry.object_id in one_event:
            joined[entry.object_id] = one_event[entry.object_id]
        elif entry.act == "claim.reopen":
            joined.pop(entry.object_id, None)
        if not cells.get(entry.seq):
            continue
        version = versions.get(entry.object_id)
        if entry.act == Act.PARTICIPATION_ANSWER.value:
            if any(each.report_id in stood for each in versions.values() if each.country == entry.country):
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
            beside = set().union(*(each for each in joined.values() if version.report_id in each))
        if (version is None or _counts_otherwise(cells[entry.seq])) and beside & stood:
            reason = REOPENED if entry.act == "claim.reopen" else CLAIMED
            changes.append(_Change(entry, reason, cells[entry.seq]))
    return changes


def _counts_otherwise(cells: list[list[Any]]) -> bool:
    """Whether fewer lines count after an entry, or as many that say something else: another one leads or counts."""
    said: Counter[tuple[Any, ...]] = Counter()
    for _country, day, _site, _level, records, quantity, sides in cells:
        said["records",] += records
        said[day, repr(sides), "records"] += records
        said[day, repr(sides), "quantity"] += quantity
    return said["records",] < 0 or (said["records",] == 0 and any(said.values()))
