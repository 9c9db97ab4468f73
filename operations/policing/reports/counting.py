"""What counts, and at which level: how a version of a report begins and ceases to stand in the totals.

Of the versions of one report one at most counts: the newest of those that have climbed as high as the one before. Of
the lines that tell one event (`shared_events`) one at most counts: they follow whatever becomes of their reports.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core.errors import RuleBroken
from operations.core.ids import new_id
from operations.core.store import alone, locked, unfenced, unscoped
from operations.core.vocabulary import Level, ReportState
from operations.policing.reports import shared_events
from operations.policing.reports.event_masters import as_they_count, led
from operations.policing.reports.states import LIFE, STANDING, hold_state
from operations.policing.reports.versions import GONE, Line, Report, report, versions
from operations.totals import activity, margins, pending_corrections, totals


def lock(session: Session, version_id: UUID) -> tuple[Report, str]:
    """The version and its operation's state as they are now, kept until the transaction ends. Raises NotFound.

    As in `submit`, so that a report and its correction never pass each other.
    """
    query = select(Report).where(Report.id == version_id)
    known = report(session, version_id)
    state = hold_state(session, known.operation_id)
    alone(session, known.report_id)
    found: Report = session.exec(locked(query)).one()
    return found, state


def counted_lines(session: Session, found: Report, told: Collection[UUID]) -> list[totals.CountedLine]:
    """The version's lines as totals see them, whoever moves it, but for those `told` by events."""
    rows = session.exec(unscoped(select(Line).where(Line.version_id == found.id))).all()
    return [as_counted(row) for row in rows if row.id not in told]


def as_counted(row: Line) -> totals.CountedLine:
    """A line as totals see it."""
    facet = totals.Facet(**{name: getattr(row, name) for name in totals.FACETS})
    day, said = row.official_day.isoformat(), margins.said(row.kind, row.attributes, row.quantity)
    return totals.CountedLine(row.operation_id, row.country, row.site_id, day, facet, row.quantity, said)


def columns_as_counted(row: Mapping[str, Any]) -> totals.CountedLine:
    """A line's columns as totals see them."""
    facet = totals.Facet(*(row[name] for name in totals.FACETS))
    day = row["official_day"].isoformat()
    said = margins.said(facet.kind, row["attributes"], row["quantity"])
    return totals.CountedLine(row["operation_id"], row["country"], row["site_id"], day, facet, row["quantity"], said)


def standing(session: Session, report_id: UUID) -> Report | None:
    """The version of a report that totals hold now, if any."""
    query = select(Report).where(Report.report_id == report_id, col(Report.counted).is_(True))
    return session.exec(query).one_or_none()


def count_if_due(session: Session, found: Report) -> None:
    """Let a version count when no earlier one stands higher; the one that stood then ceases to."""
    if found.counted or found.level < Level.V1:
        return
    before = standing(session, found.report_id)
    found.counted = give_way(session, [] if before is None else [before], Level(found.level))
    if found.counted:
        session.add(found)
        session.flush()
        told = shared_events.told_by(session, found.report_id)
        margins.move(session, counted_lines(session, found, told), into=Level(found.level))
        follow(session, found.report_id, told)
    note_waiting(session, found)


def give_way(session: Session, chain: Sequence[Report], level: Level) -> bool:
    """Let the version that stands cease to count for one at `level`, unless it stands higher. Whether it did."""
    before = next((each for each in chain if each.counted), None)
    if before is None:
        return True
    if before.level > level:
        return False
    settle(session, before, ReportState.SUPERSEDED, Level(before.level), counted=False)
    return True


def count_waiting(session: Session, report_id: UUID) -> None:
    """When what stood has ceased to count: let the correction count that was waiting to climb as high."""
    for version in versions(session, report_id):
        if version.state not in (*GONE, ReportState.SUPERSEDED):
            count_if_due(session, version)


def settle(session: Session, found: Report, state: ReportState, level: Level, *, counted: bool | None = None) -> None:
    """Put a version into a state and at a level, and move the totals by exactly that. V0 never counts."""
    counts = (found.counted and level > Level.V0) if counted is None else counted
    counted, told = found.counted, shared_events.told_by(session, found.report_id) if found.counted else {}
    if counted:
        lines = counted_lines(session, found, told)
        margins.move(session, lines, out_of=Level(found.level), into=level if counts else None)
    LIFE.go(found, state)
    found.level, found.counted = int(level), counts
    session.add(found)
    session.flush()
    if counted:
        follow(session, found.report_id, told)
    note_waiting(session, found)


# ------------------------------------------------------------------------------------ one event, several lines

Following = Callable[[Session, UUID], None]
_following: list[Following] = []


def when_it_moves(follows: Following) -> Following:
    """Declare what follows where the lines of a report begin or cease to count, or change their level."""
    _following.append(follows)
    return follows


def follow(session: Session, report_id: UUID, told: Mapping[UUID, UUID]) -> None:
    """After what counts of a report has moved: its lines that are `told` by events, and whoever else follows."""
    if told:
        weigh(session, told.values())
    for each in _following:
        each(session, report_id)


def standing_lines(session: Session, reports: Iterable[UUID]) -> dict[tuple[UUID, UUID], tuple[Line, Report]]:
    """By report and line: the lines that stand of these reports, each with its version. For rules: whoever asks."""
    query = (
        select(Line, Report)
        .join(Report, col(Line.version_id) == col(Report.id))
        .where(col(Report.report_id).in_(set(reports)), col(Report.counted).is_(True))
    )
    with unfenced(session):
        found = session.exec(unscoped(query.execution_options(populate_existing=True))).all()
    return {(report.report_id, line.id): (line, report) for line, report in found}


def weigh(session: Session, told: Iterable[UUID]) -> None:
    """Let of each event the line count that stands highest, among equals the first, with what others lead for.

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
        found = counting_now([(each, *stands[key]) for each in lines if (key := _key(each)) in stands])
        before = [(each.version_id, each.level, each.gives_id) for each in lines]
        after = [found.at(each) if found else (None, 0, None) for each in lines]
        if before == after:
            continue
        _move_out(session, lines)
        for each, (version_id, level, gives_id) in zip(lines, after, strict=True):
            each.version_id, each.level, each.gives_id = version_id, level, gives_id
            session.add(each)
        session.flush()
        if found:
            margins.move(session, [as_counted(found.line)], into=found.level)


class EventCount(NamedTuple):
    """What an event counts: the line in which it does, as it is with what others lead for, and by which versions."""

    line: Line
    level: Level
    counts: shared_events.EventLine
    version: UUID
    gives: Mapping[tuple[UUID, UUID], UUID]

    def at(self, each: shared_events.EventLine) -> tuple[UUID | None, int, UUID | None]:
        """The version in which a line of the event counts, its level, and the version that gives what it leads for."""
        if each is self.counts:
            return self.version, int(self.level), None
        return None, 0, self.gives.get(_key(each))


def counting_now(standing: Sequence[tuple[shared_events.EventLine, Line, Report]]) -> EventCount | None:
    """What the lines of an event that stand, in their order, let it count. What does not fit together leads nothing."""
    if not standing:
        return None
    counts, first, report = min(standing, key=lambda each: (-each[2].level, each[0].place))
    beside = [each for each in standing if each[2].level == report.level and each[0].country == counts.country]
    gives = {_key(each): of.id for each, _line, of in beside if each.leads and each is not counts}
    line = first
    if gives:
        try:
            line = led(first, [(line, each.leads) for each, line, _of in beside])
        except RuleBroken:
            gives = {}
    return EventCount(line, Level(report.level), counts, report.id, gives)


def _move_out(session: Session, lines: Sequence[shared_events.EventLine]) -> None:
    """What an event counted ceases to: its line as it was with the versions that counted and led."""
    before = next((each for each in lines if each.version_id is not None), None)
    if before is None:
        return
    told = [each for each in lines if each.says is not None]
    query = select(Line).where(col(Line.version_id).in_([each.says for each in told]))
    with unfenced(session):
        found = session.exec(unscoped(query)).all()
    key = before.version_id, before.line_id
    line = as_they_count(told, found).get(key) or next(each for each in found if (each.version_id, each.id) == key)
    margins.move(session, [as_counted(line)], out_of=Level(before.level))
    for each in told:
        each.version_id, each.level, each.gives_id = None, 0, None
        session.add(each)
    session.flush()


class Joining(NamedTuple):
    """A line that is joined into an event, and for which fields it leads."""

    report: UUID
    line: UUID
    country: str
    leads: Sequence[str] = ()


def join(session: Session, operation_id: UUID, lines: Sequence[Joining]) -> UUID:
    """From here on these lines tell one event, the first at the place where it happened.

    Where one of them tells of an event already, the others join that. The caller is alone with all these reports.
    """
    known = {each.report: shared_events.told_by(session, each.report) for each in lines}
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
                margins.move(session, [as_counted(line)], out_of=Level(version.level))
    session.add_all(in_order(joined, lines))
    session.flush()
    weigh(session, [event_id])
    return event_id


def in_order(joined: Iterable[shared_events.EventLine], lines: Sequence[Joining]) -> list[shared_events.EventLine]:
    """The lines of an event as they follow one another, and lead, once these are joined: these come first."""
    leads = {(each.report, each.line): each.leads for each in lines}
    every = list(joined)
    order = [*leads, *map(_key, every)]
    every.sort(key=lambda each: order.index(_key(each)))
    for place, each in enumerate(every):
        each.place = place
        each.leads = list(dict.fromkeys([*leads.get(_key(each), ()), *each.leads]))
    return every


def part(session: Session, operation_id: UUID, told: Iterable[UUID]) -> None:
    """Undo all that was joined into these events: each of their lines that stands counts by itself again.

    The caller is alone with all their reports, and joins again what is still one event.
    """
    alone(session, operation_id)
    known = shared_events.lines_of(session, told)
    stands = standing_lines(session, {each.report_id for lines in known.values() for each in lines})
    for lines in known.values():
        if any(each.gives_id is not None for each in lines):
            _move_out(session, lines)
        for each in lines:
            if each.version_id is None and (key := _key(each)) in stands:  # the one that counts goes on counting
                line, version = stands[key]
                margins.move(session, [as_counted(line)], into=Level(version.level))
            session.delete(each)
    session.flush()


def _key(each: shared_events.EventLine) -> tuple[UUID, UUID]:
    return each.report_id, each.line_id


def note_waiting(session: Session, found: Report) -> None:
    """Note whether this version is a correction that climbs while what it replaces still counts."""
    if found.version == 1:
        return
    kinds = None
    if not found.counted and found.state in STANDING:
        before = standing(session, found.report_id)
        ids = [found.id, *([before.id] if before is not None else [])]
        kinds = set(session.exec(unscoped(select(Line.kind).where(col(Line.version_id).in_(ids)))))
    pending_corrections.wait(session, found.id, found.operation_id, found.country, kinds)


def fell_silent(session: Session, found: Report) -> None:
    """After a version was set aside or taken back: what its site and its country are known to have sent without it."""
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
