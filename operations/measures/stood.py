"""Reports as they stood: which versions there were where the session looks, which of them counted, and at which level.

What a version says never changes; that it counts, and how high it has climbed, is remembered with each entry. There
are ten thousands of them: of each the storage gives what figures need and no more, its ids in hexadecimal, since to
make an object of every id takes longer than to read it.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from operations.core import past
from operations.core.ids import hexadecimal
from operations.core.store import unfenced, unscoped
from operations.core.vocabulary import LineKind
from operations.measures.guard import Frame
from operations.policing.reports.versions import Line, Report


class Version(NamedTuple):
    """A version of a report."""

    id: str
    report_id: str
    version: int
    kind: str
    site_id: str
    phase_id: str
    official_day: date
    period_to: datetime
    recorded_at: datetime
    received_at: datetime
    level: int
    counted: bool


class Said(NamedTuple):
    """A line of one of them. `told`: the attributes that were asked for, in their order."""

    version_id: str
    id: str
    quantity: int
    status: str
    told: tuple[str | None, ...]


_IDS = ("id", "report_id", "site_id", "phase_id")
_REPORT, _LINE = Report.__table__.c, Line.__table__.c  # type: ignore[attr-defined]
_VERSIONS = sa.select(*(hexadecimal(_REPORT[name]) if name in _IDS else _REPORT[name] for name in Version._fields))


def versions(session: Session, frame: Frame) -> list[Version]:
    """Those of the operation, or of the frame's country, whoever asks."""
    query = _VERSIONS.where(_REPORT.operation_id == frame.operation)
    if frame.country is not None:
        query = query.where(_REPORT.country == frame.country)
    with unfenced(session):
        found = session.execute(unscoped(query)).all()
        known = past.contents(session, Report, frame.operation)
    if known is None:
        return [Version._make(each) for each in found]
    then = {key.replace("-", ""): (content["level"], content["counted"]) for key, content in known.items()}
    return [Version._make((*each[:-2], *then[each[0]])) for each in found if each[0] in then]


def counting(found: Iterable[Version], frame: Frame) -> dict[str, Version]:
    """Those that count at the level of the frame, by id."""
    return {each.id: each for each in found if each.counted and each.level >= frame.level}


def lines(session: Session, frame: Frame, kind: LineKind, of: dict[str, Version], *wanted: str) -> list[Said]:
    """The lines of one kind that these versions have, with the `wanted` of their attributes."""
    told = (_LINE.attributes[name].as_string() for name in wanted)
    query = sa.select(hexadecimal(_LINE.version_id), hexadecimal(_LINE.id), _LINE.quantity, _LINE.status, *told)
    query = query.where(_LINE.operation_id == frame.operation, _LINE.kind == kind)
    if frame.country is not None:
        query = query.where(_LINE.country == frame.country)
    with unfenced(session):
        found = session.execute(unscoped(query)).all()
    return [Said._make((*each[:4], tuple(each[4:]))) for each in found if each[0] in of]
