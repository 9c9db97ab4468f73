"""Counting of report versions: which version of a report is in the totals, and at which level.

At most one version of a report counts: the newest that has reached the level of the one before it. Of the lines that
describe one event (`shared_events`) at most one counts; this is recomputed whenever one of their reports changes.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from operations.core import rows
from operations.core.errors import RuleBroken, existing
from operations.core.ids import new_id
from operations.core.store import alone, reused, unfenced, unscoped
from operations.core.vocabulary import Level, ReportState
from operations.policing.reports import shared_events
from operations.policing.reports.event_masters import merged_line, merged_lines
from operations.policing.reports.states import LIFE, STANDING, hold_state
from operations.policing.reports.versions import GONE, Line, Report, versions
from operations.totals import activity, margins, pending_corrections, totals

COUNTED_COLUMNS = [
    Line.__table__.c[name]
    for name in ("operation_id", "country", "site_id", "official_day", "quantity", "attributes", *totals.FACETS)
]
"""The columns of a line that `columns_as_counted` reads."""


_ITS_REPORT = reused(select(Report.operation_id, Report.report_id).where(col(Report.id) == sa.bindparam("version")))
_ITS_LINES = unscoped(sa.select(col(Line.id), *COUNTED_COLUMNS).where(col(Line.version_id) == sa.bindparam("version")))


def lock(session: Session, version_id: UUID) -> tuple[Report, str]:
    """Return the version, locked for update, and its operation's state. Raises NotFound.

    `submit` takes the same lock, so that a report and its correction are serialised.
    """
    known = existing(session.exec(_ITS_REPORT, params={"version": version_id}).one_or_none())
    state = hold_state(session, known[0])
    alone(session, known[1])
    return rows.hold(session, Report, version_id), state


def counted_lines(session: Session, found: Report, told: Collection[UUID]) -> list[totals.CountedLine]:
    """Return the version's lines as input to totals, without those `told` by events. Unscoped."""
    lines: Iterable[Any] = session.execute(_ITS_LINES, {"version": found.id}).mappings()
    return [columns_as_counted(line) for line in lines if line["id"] not in told]


def counted_line(row: Line) -> totals.CountedLine:
    """Return a line as input to totals."""
    facet = totals.Facet(**{name: getattr(row, name) for name in totals.FACETS})
    day, said = row.official_day.isoformat(), margins.line_margins(row.kind, row.attributes, row.quantity)
    return totals.CountedLine(row.operation_id, row.country, row.site_id, day, facet, row.quantity, said)


def columns_as_counted(row: Mapping[str, Any]) -> totals.CountedLine:
    """Return a line's columns as input to totals."""
    facet = totals.Facet(*(row[name] for name in totals.FACETS))
    day = row["official_day"].isoformat()
    said = margins.line_margins(facet.kind, row["attributes"], row["quantity"])
    return totals.CountedLine(row["operation_id"], row["country"], row["site_id"], day, facet, row["quantity"], said)


def counting_version(session: Session, report_id: UUID) -> Report | None:
    """Return the version of a report that is in the totals, if any."""
    query = select(Report).where(Report.report_id == report_id, col(Report.counted).is_(True))
    return session.exec(query).one_or_none()


def count_if_due(session: Session, found: Report) -> None:
    """Let a version count unless an earlier one has a higher level; the version that counted before is superseded."""
    if found.counted or found.level < Level.V1:
        return
    before = counting_version(session, found.report_id)
    found.counted = supersede(session, [] if before is None else [before], Level(found.level))
    if found.counted:
        session.add(found)
        session.flush()
        told = shared_events.event_ids(session, found.report_id)
        margins.move(session, counted_lines(session, found, told), into=Level(found.level))
        follow(session, found.report_id, told)
    note_waiting(session, found)


def supersede(session: Session, chain: Sequence[Report], level: Level) -> bool:
    """Supersede the counting version of a chain for a newer one at `level`, unless it has a higher level.

    Return whether the newer may count.
    """
    before = next((each for each in chain if each.counted), None)
    if before is None:
        return True
    if before.level > level:
        return False
    settle(session, before, ReportState.SUPERSEDED, Level(before.level), counted=False)
    return True


def count_waiting(session: Session, report_id: UUID) -> None:
    """After a version ceased to count: let a pending correction of the same report count, where it is due."""
    for version in versions(session, report_id):
        if version.state not in (*GONE, ReportState.SUPERSEDED):
            count_if_due(session, version)


def settle(
    session: Session,
    found: Report,
    state: ReportState,
    level: Level,
    *,
    counted: bool | None = None,
    others: Mapping[str, Any] | None = None,
) -> None:
    """Set the state and level of a version, and move the totals by the difference. V0 never counts.

    `others` are columns of the version that change with its state.
    """
    counts = (found.counted and level > Level.V0) if counted is None else counted
    counted, told = found.counted, shared_events.event_ids(session, found.report_id) if found.counted else {}
    if counted:
        lines = counted_lines(session, found, told)
        margins.move(session, lines, out_of=Level(found.level), into=level if counts else None)
    LIFE.go(found, state)
    for name, value in {**(others or {}), "level": int(level), "counted": counts}.items():
        setattr(found, name, value)
    session.add(found)
    session.flush()
    if counted:
        follow(session, found.report_id, told)
    note_waiting(session, found)


# ----------------------------------------------------------------------------------------------- shared events

Following = Callable[[Session, UUID], None]
_following: list[Following] = []


def register_follower(follows: Following) -> Following:
    """Register a function called when the lines of a report begin or cease to count, or change their level."""
    _following.append(follows)
    return follows


def follow(session: Session, report_id: UUID, told: Mapping[UUID, UUID]) -> None:
    """After a report's counted lines changed: recompute the events they tell, and call the registered functions."""
    if told:
        recompute_events(session, told.values())
    for each in _following:
        each(session, report_id)


def standing_lines(session: Session, reports: Iterable[UUID]) -> dict[tuple[UUID, UUID], tuple[Line, Report]]:
    """Return the counted lines of these reports by report and line, each with its version.

    Unscoped: rules need all of them.
    """
    query = (
        select(Line, Report)
        .join(Report, col(Line.version_id) == col(Report.id))
        .where(col(Report.report_id).in_(set(reports)), col(Report.counted).is_(True))
    )
    with unfenced(session):
        found = session.exec(unscoped(query.execution_options(populate_existing=True))).all()
    return {(report.report_id, line.id): (line, report) for line, report in found}


def recompute_events(session: Session, told: Iterable[UUID]) -> None:
    """Recompute the counting line of each event: the one at the highest level, the first among equals, merged with the
    fields that other lines lead for.

    Totals move by the change.
    """
    known = shared_events.lines_of(session, told)
    if not known:
        return
    alone(session, next(iter(known.values()))[0].operation_id)
    known = shared_events.lines_of(session, known)
    stands = standing_lines(session, (each.report_id for lines in known.values() for each in lines))
    for event_id in sorted(known, key=str):
        lines = known[event_id]
        count = counting_now([(each, *stands[key]) for each in lines if (key := _key(each)) in stands])
        before = [(each.version_id, each.level, each.gives_id) for each in lines]
        after = [count.at(each) if count else (None, 0, None) for each in lines]
        if before == after:
            continue
        _move_out(session, lines)
        for each, (version_id, level, gives_id) in zip(lines, after, strict=True):
            each.version_id, each.level, each.gives_id = version_id, level, gives_id
            session.add(each)
        session.flush()
        if count:
            margins.move(session, [counted_line(count.line)], into=count.level)


class EventCount(NamedTuple):
    """What an event counts as: the counting line merged with leading lines, its level, and the versions involved."""

    line: Line
    level: Level
    counts: shared_events.EventLine
    version: UUID
    gives: Mapping[tuple[UUID, UUID], UUID]

    def at(self, each: shared_events.EventLine) -> tuple[UUID | None, int, UUID | None]:
        """Return for a line of the event: version in which it counts, level, and version that gives its leading
        fields.
        """
        if each is self.counts:
            return self.version, int(self.level), None
        return None, 0, self.gives.get(_key(each))


def counting_now(standing: Sequence[tuple[shared_events.EventLine, Line, Report]]) -> EventCount | None:
    """Return what an event counts as, from its counted lines in their order; None without any.

    Leading fields that contradict each other are ignored.
    """
    if not standing:
        return None
    counts, first, report = min(standing, key=lambda each: (-each[2].level, each[0].place))
    beside = [each for each in standing if each[2].level == report.level and each[0].country == counts.country]
    gives = {_key(each): of.id for each, _line, of in beside if each.leads and each is not counts}
    line = first
    if gives:
        try:
            line = merged_line(first, [(line, each.leads) for each, line, _of in beside])
        except RuleBroken:
            gives = {}
    return EventCount(line, Level(report.level), counts, report.id, gives)


def _move_out(session: Session, lines: Sequence[shared_events.EventLine]) -> None:
    """Take an event out of the totals: its merged line as it counted until now."""
    before = next((each for each in lines if each.version_id is not None), None)
    if before is None:
        return
    told = [each for each in lines if each.says is not None]
    query = select(Line).where(col(Line.version_id).in_([each.says for each in told]))
    with unfenced(session):
        found = session.exec(unscoped(query)).all()
    key = before.version_id, before.line_id
    line = merged_lines(told, found).get(key) or next(each for each in found if (each.version_id, each.id) == key)
    margins.move(session, [counted_line(line)], out_of=Level(before.level))
    for each in told:
        each.version_id, each.level, each.gives_id = None, 0, None
        session.add(each)
    session.flush()


class Joining(NamedTuple):
    """A line to be joined into an event, and the fields it leads for."""

    report: UUID
    line: UUID
    country: str
    leads: Sequence[str] = ()


def join(session: Session, operation_id: UUID, lines: Sequence[Joining]) -> UUID:
    """Join lines into one event; the first is that of the place where it happened.

    Lines of an existing event bring all its lines along. The caller holds the locks of all these reports.
    """
    known = {each.report: shared_events.event_ids(session, each.report) for each in lines}
    told = [known[each.report].get(each.line) for each in lines]
    older = {event for event in told if event is not None}
    event_id = new_id()
    stands = standing_lines(session, known)
    alone(session, operation_id)
    before = shared_events.lines_of(session, older)
    for found in before.values():
        _move_out(session, found)
    joined = [each for found in before.values() for each in found]
    for each in joined:
        each.event_id = event_id
    for (of, line_id, country, _leads), event in zip(lines, told, strict=True):
        if event is None:
            keys: dict[str, Any] = {
                "report_id": of,
                "line_id": line_id,
                "event_id": event_id,
                "operation_id": operation_id,
            }
            joined.append(shared_events.EventLine(**keys, country=country, place=0))
            if (of, line_id) in stands:
                line, version = stands[of, line_id]
                margins.move(session, [counted_line(line)], out_of=Level(version.level))
    session.add_all(in_order(joined, lines))
    session.flush()
    recompute_events(session, [event_id])
    return event_id


def in_order(joined: Iterable[shared_events.EventLine], lines: Sequence[Joining]) -> list[shared_events.EventLine]:
    """Return the lines of an event in their new order, joined lines first, with their leading fields."""
    leads = {(each.report, each.line): each.leads for each in lines}
    every = list(joined)
    order = [*leads, *map(_key, every)]
    every.sort(key=lambda each: order.index(_key(each)))
    for place, each in enumerate(every):
        each.place = place
        each.leads = list(dict.fromkeys([*leads.get(_key(each), ()), *each.leads]))
    return every


def dissolve_events(session: Session, operation_id: UUID, told: Iterable[UUID]) -> None:
    """Dissolve these events: each of their counted lines counts by itself again.

    The caller holds the locks of all their reports, and joins again the lines that are still one event.
    """
    alone(session, operation_id)
    known = shared_events.lines_of(session, told)
    stands = standing_lines(session, {each.report_id for lines in known.values() for each in lines})
    for lines in known.values():
        if any(each.gives_id is not None for each in lines):
            _move_out(session, lines)
        for event_line in lines:
            if event_line.version_id is None and (key := _key(event_line)) in stands:  # it simply goes on counting
                line, version = stands[key]
                margins.move(session, [counted_line(line)], into=Level(version.level))
            session.delete(event_line)
    session.flush()


def _key(each: shared_events.EventLine) -> tuple[UUID, UUID]:
    return each.report_id, each.line_id


def note_waiting(session: Session, found: Report) -> None:
    """Record whether this version is a pending correction, whose predecessor still counts."""
    if found.version == 1:
        return
    kinds = None
    if not found.counted and found.state in STANDING:
        before = counting_version(session, found.report_id)
        ids = [found.id, *([before.id] if before is not None else [])]
        kinds = set(session.exec(unscoped(select(Line.kind).where(col(Line.version_id).in_(ids)))))
    pending_corrections.wait(session, found.id, found.operation_id, found.country, kinds)


def refresh_activity(session: Session, found: Report) -> None:
    """After a version was set aside or withdrawn: recompute the last activity of its site and country without it."""
    query = select(Report.received_at, Report.period_to).where(
        Report.site_id == found.site_id, col(Report.state).in_([state.value for state in STANDING])
    )
    moments = [activity.heard_at(*each) for each in session.exec(unscoped(query))]
    behind = select(Report.id).where(
        Report.operation_id == found.operation_id,
        Report.country == found.country,
        col(Report.counted).is_(True),
        Report.level >= int(Level.V3),
    )
    validated = session.exec(unscoped(behind.limit(1))).first() is not None
    activity.unheard(
        session, found.operation_id, found.country, found.site_id, max(moments, default=None), validated=validated
    )
