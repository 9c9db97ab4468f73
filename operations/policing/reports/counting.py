"""What counts, and at which level: how a version of a report begins and ceases to stand in the totals.

Of the versions of one report one at most counts: the newest of those that have climbed as high as the one before.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core.store import alone, locked, unscoped
from operations.core.vocabulary import Level, ReportState
from operations.measures import climbing, margins, totals
from operations.policing.reports.states import LIFE, STANDING, hold_state
from operations.policing.reports.versions import GONE, Line, Report, report, versions


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


def counted_lines(session: Session, found: Report) -> list[totals.Counted]:
    """The version's lines as totals see them, whoever moves it."""
    rows = session.exec(unscoped(select(Line).where(Line.version_id == found.id))).all()
    return [as_counted(row) for row in rows]


def as_counted(row: Line) -> totals.Counted:
    """A line as totals see it."""
    facet = totals.Facet(**{name: getattr(row, name) for name in totals.FACETS})
    day, said = row.official_day.isoformat(), margins.said(row.kind, row.attributes, row.quantity)
    return totals.Counted(row.operation_id, row.country, row.site_id, day, facet, row.quantity, said)


def columns_as_counted(row: Mapping[str, Any]) -> totals.Counted:
    """A line's columns as totals see them."""
    facet = totals.Facet(*(row[name] for name in totals.FACETS))
    day = row["official_day"].isoformat()
    said = margins.said(facet.kind, row["attributes"], row["quantity"])
    return totals.Counted(row["operation_id"], row["country"], row["site_id"], day, facet, row["quantity"], said)


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
        margins.move(session, counted_lines(session, found), into=Level(found.level))
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
    if found.counted:
        margins.move(session, counted_lines(session, found), out_of=Level(found.level), into=level if counts else None)
    LIFE.go(found, state)
    found.level, found.counted = int(level), counts
    session.add(found)
    session.flush()
    note_waiting(session, found)


def note_waiting(session: Session, found: Report) -> None:
    """Note whether this version is a correction that climbs while what it replaces still counts."""
    if found.version == 1:
        return
    kinds = None
    if not found.counted and found.state in STANDING:
        before = standing(session, found.report_id)
        ids = [found.id, *([before.id] if before is not None else [])]
        kinds = set(session.exec(unscoped(select(Line.kind).where(col(Line.version_id).in_(ids)))))
    climbing.wait(session, found.id, found.operation_id, found.country, kinds)


def fell_silent(session: Session, found: Report) -> None:
    """After a version was set aside or taken back: what its site and its country are known to have sent without it."""
    query = select(Report.received_at, Report.period_to).where(
        Report.site_id == found.site_id, col(Report.state).in_([state.value for state in STANDING])
    )
    moments = [totals.heard_at(*each) for each in session.exec(unscoped(query))]
    behind = select(Report.id).where(
        Report.operation_id == found.operation_id,
        Report.country == found.country,
        col(Report.counted).is_(True),
        Report.level >= int(Level.V3),
    )
    validated = session.exec(unscoped(behind.limit(1))).first() is not None
    totals.unheard(
        session, found.operation_id, found.country, found.site_id, max(moments, default=None), validated=validated
    )
