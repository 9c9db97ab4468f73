"""One event that several lines tell: which of them counts, so that it counts once.

A line is known by its report and its own id, through all corrections. Of the lines of an event the one counts that has
climbed highest, and among equals the one of the place where it happened: a total never loses what a country stands
behind. `claims.claims` says which lines tell one event; nobody else does.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import JSON, CheckConstraint, Index, text
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import history
from operations.core.store import unscoped


@history.remembered(screened=True)
class EventLine(SQLModel, table=True):
    """A line that tells of an event. `place` 0 is the line of the place where it happened.

    `version_id` names the version in which the line counts, at `level`: one line of an event at most has it. `leads`
    are the fields that were chosen of it (`event_masters.fields`), `gives_id` names the version that gives them to the
    line that counts: what totals hold of the event is what these versions say.
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
        """The version with which it says something of what totals hold of the event."""
        return self.version_id or self.gives_id


_OF_REPORT = unscoped(
    sa.select(col(EventLine.line_id), col(EventLine.event_id)).where(col(EventLine.report_id) == sa.bindparam("report"))
)


def told_by(session: Session, report_id: UUID) -> dict[UUID, UUID]:
    """The lines of a report that tell of an event, each with it. Of most reports there are none."""
    return {line: event for line, event in session.execute(_OF_REPORT, {"report": report_id})}  # noqa: C416


def lines_of(session: Session, events: Iterable[UUID]) -> dict[UUID, list[EventLine]]:
    """All lines of these events as they are now, in their order, whoever asks."""
    query = select(EventLine).where(col(EventLine.event_id).in_(set(events))).order_by(col(EventLine.place))
    found: defaultdict[UUID, list[EventLine]] = defaultdict(list)
    for each in session.exec(unscoped(query.execution_options(populate_existing=True))):
        found[each.event_id].append(each)
    return found


def of_operation(session: Session, operation_id: UUID) -> Sequence[EventLine]:
    """All lines of an operation that tell of events, whoever asks."""
    found: Sequence[EventLine] = session.exec(
        unscoped(select(EventLine).where(EventLine.operation_id == operation_id))
    ).all()
    return found


def saying(lines: Iterable[EventLine]) -> dict[UUID, list[EventLine]]:
    """Of each event the lines that say what totals hold of it, in their order."""
    found: defaultdict[UUID, list[EventLine]] = defaultdict(list)
    for each in sorted(lines, key=lambda each: each.place):
        if each.says is not None:
            found[each.event_id].append(each)
    return found


def counting(session: Session, keys: Iterable[tuple[UUID, UUID]]) -> set[tuple[UUID, UUID]]:
    """Those of these lines, by report and line, that count for the event they tell, whoever asks."""
    wanted = set(keys)
    query = select(EventLine.report_id, EventLine.line_id).where(
        col(EventLine.report_id).in_({report for report, _line in wanted}), col(EventLine.version_id).is_not(None)
    )
    return wanted & {(report, line) for report, line in session.exec(unscoped(query))}
