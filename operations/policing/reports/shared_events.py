"""Shared events: one event that several lines describe, of which only one counts.

A line is identified by its report and its own id, through all corrections. The line at the highest level counts and,
among equals, that of the place where it happened: a total never loses validated figures. Only `claims.claims` decides
which lines describe one event.
"""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import JSON, CheckConstraint, Index, text
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import history
from operations.core.store import unscoped


@history.versioned(screened=True)
class EventLine(SQLModel, table=True):
    """A line that describes an event. `place` 0 is the line of the place where it happened.

    `version_id` names the version in which the line counts, at `level`: one line of an event at most has it. `leads`
    are the fields that it supplies (`event_masters.fields`), `gives_id` names the version that supplies them to the
    counting line: totals hold the event as merged from these versions.
    """

    __tablename__ = "event_line"
    __table_args__ = (
        CheckConstraint("(version_id IS NULL) = (level = 0)", name="counts_at_a_level"),
        CheckConstraint("version_id IS NULL OR gives_id IS NULL", name="counts_or_gives"),
        Index(
            "uq_event_line_one_counts",
            "event_id",
            unique=True,
            sqlite_where=text("version_id IS NOT NULL"),
            postgresql_where=text("version_id IS NOT NULL"),
        ),
    )
    report_id: UUID = Field(primary_key=True)
    line_id: UUID = Field(primary_key=True)
    event_id: UUID = Field(index=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    country: str = Field(max_length=3)
    place: int
    version_id: UUID | None = Field(default=None, foreign_key="report.id")
    level: int = 0
    leads: list[str] = Field(default_factory=list, sa_type=JSON)
    gives_id: UUID | None = Field(default=None, foreign_key="report.id")

    @property
    def says(self) -> UUID | None:
        """The version with which the line enters the totals of the event."""
        return self.version_id or self.gives_id


_OF_REPORT = unscoped(
    sa.select(col(EventLine.line_id), col(EventLine.event_id)).where(col(EventLine.report_id) == sa.bindparam("report"))
)


def event_ids(session: Session, report_id: UUID) -> dict[UUID, UUID]:
    """Return the lines of a report that describe an event, each with its event. Most reports have none."""
    return {line: event for line, event in session.execute(_OF_REPORT, {"report": report_id})}  # noqa: C416


def lines_of(session: Session, events: Iterable[UUID]) -> dict[UUID, list[EventLine]]:
    """Return all lines of these events, freshly read, in their order. Unscoped."""
    query = select(EventLine).where(col(EventLine.event_id).in_(set(events))).order_by(col(EventLine.place))
    found: defaultdict[UUID, list[EventLine]] = defaultdict(list)
    for each in session.exec(unscoped(query.execution_options(populate_existing=True))):
        found[each.event_id].append(each)
    return found


def contributing_lines(lines: Iterable[EventLine]) -> dict[UUID, list[EventLine]]:
    """Return by event the lines that enter its totals, in their order."""
    found: defaultdict[UUID, list[EventLine]] = defaultdict(list)
    for each in sorted(lines, key=lambda each: each.place):
        if each.says is not None:
            found[each.event_id].append(each)
    return found


def counting(session: Session, keys: Iterable[tuple[UUID, UUID]]) -> set[tuple[UUID, UUID]]:
    """Return those of these lines, by report and line, that count for their event. Unscoped."""
    wanted = set(keys)
    query = select(EventLine.report_id, EventLine.line_id).where(
        col(EventLine.report_id).in_({report for report, _line in wanted}), col(EventLine.version_id).is_not(None)
    )
    return wanted & {(report, line) for report, line in session.exec(unscoped(query))}
