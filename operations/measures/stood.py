"""Reports as they stood: which versions there were where the session looks, which of them counted, and at which level.

What a version says never changes; that it counts, and how high it has climbed, is remembered with each entry. There
are ten thousands of them: of each the storage gives what figures need and no more, its ids in hexadecimal, since to
make an object of every id takes longer than to read it.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from operations.core import past
from operations.core.ids import hexadecimal
from operations.core.store import unfenced, unscoped
from operations.core.vocabulary import LineKind
from operations.lines.kinds.hit import Hit
from operations.measures.guard import Frame
from operations.measures.kpis import PERSON_KINDS
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
    phase_kind: str
    told: tuple[str | None, ...]


Content = tuple[int, dict[str, Any]]
"""How much a line counts, and what else it says."""
_IDS = ("id", "report_id", "site_id", "phase_id")
_REPORT, _LINE = Report.__table__.c, Line.__table__.c  # type: ignore[attr-defined]
_OF_NOBODY = _LINE.kind.not_in(PERSON_KINDS)
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
    query = sa.select(
        hexadecimal(_LINE.version_id), hexadecimal(_LINE.id), _LINE.quantity, _LINE.status, _LINE.phase_kind, *told
    )
    query = query.where(_LINE.operation_id == frame.operation, _LINE.kind == kind)
    if frame.country is not None:
        query = query.where(_LINE.country == frame.country)
    with unfenced(session):
        found = session.execute(unscoped(query)).all()
    return [Said._make((*each[:5], tuple(each[5:]))) for each in found if each[0] in of]


def many_lines(session: Session, frame: Frame) -> dict[str, int]:
    """How many lines each version has that are not about persons, by its id, whoever asks."""
    query = sa.select(hexadecimal(_LINE.version_id), sa.func.count())
    query = query.where(_LINE.operation_id == frame.operation, _OF_NOBODY)
    if frame.country is not None:
        query = query.where(_LINE.country == frame.country)
    with unfenced(session):
        found = session.execute(unscoped(query.group_by(_LINE.version_id)))
        return {version: int(many) for version, many in found}


def contents(session: Session, frame: Frame) -> dict[str, dict[str, Content]]:
    """What each line of a report with several versions says that is not about persons, by version and by line.

    Whoever asks is told the same: how many lines about persons there are is guarded. What the issuing country answered
    to a hit is left out: the answer comes later, and corrects nothing.
    """
    later = sa.select(_REPORT.report_id).where(_REPORT.operation_id == frame.operation, _REPORT.version > 1)
    of = sa.select(_REPORT.id).where(_REPORT.operation_id == frame.operation, _REPORT.report_id.in_(later))
    if frame.country is not None:
        of = of.where(_REPORT.country == frame.country)
    query = sa.select(hexadecimal(_LINE.version_id), hexadecimal(_LINE.id), _LINE.quantity, _LINE.attributes)
    found: dict[str, dict[str, Content]] = {}
    with unfenced(session):
        told_of = session.execute(unscoped(query.where(_LINE.version_id.in_(of), _OF_NOBODY)))
        for version, line, quantity, told in told_of:
            said = {name: value for name, value in told.items() if name not in Hit.ANSWER}
            found.setdefault(version, {})[line] = quantity, said
    return found
