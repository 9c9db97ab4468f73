"""Reports as they stood: which versions there were where the session looks, which of them counted, and at which level.

What a version says never changes; that it counts, and how high it has climbed, is remembered with each entry.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from operations.core import past
from operations.core.store import unfenced, unscoped
from operations.core.vocabulary import LineKind
from operations.measures.guard import Frame
from operations.policing.reports.versions import Line, Report


class Version(NamedTuple):
    """A version of a report."""

    id: UUID
    report_id: UUID
    version: int
    kind: str
    site_id: UUID
    phase_id: UUID
    official_day: date
    period_to: datetime
    recorded_at: datetime
    received_at: datetime
    level: int
    counted: bool


class Said(NamedTuple):
    """A line of one of them."""

    version_id: UUID
    id: UUID
    quantity: int
    status: str
    attributes: dict[str, Any]


_VERSIONS = sa.select(*(col(getattr(Report, name)) for name in Version._fields))
_LINES = sa.select(*(col(getattr(Line, name)) for name in Said._fields))


def versions(session: Session, frame: Frame) -> list[Version]:
    """Those of the operation, or of the frame's country, whoever asks."""
    query = _VERSIONS.where(col(Report.operation_id) == frame.operation)
    if frame.country is not None:
        query = query.where(col(Report.country) == frame.country)
    with unfenced(session):
        return [Version(**each) for each in past.as_then(session, Report, unscoped(query), frame.operation)]


def counting(found: Iterable[Version], frame: Frame) -> dict[UUID, Version]:
    """Those that count at the level of the frame, by id."""
    return {each.id: each for each in found if each.counted and each.level >= frame.level}


def lines(session: Session, frame: Frame, kind: LineKind, of: dict[UUID, Version]) -> list[Said]:
    """The lines of one kind that these versions have."""
    query = _LINES.where(col(Line.operation_id) == frame.operation, col(Line.kind) == kind)
    with unfenced(session):
        found = session.execute(unscoped(query)).all()
    return [Said(*each) for each in found if each.version_id in of]
