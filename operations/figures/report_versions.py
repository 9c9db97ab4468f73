"""Report versions as of a journal entry: which counted, and at which level.

The content of a version and its lines never change; whether it counts, and its level, are recorded with each entry.
There are tens of thousands of versions, so a process reads each once and caches it, with ids in hexadecimal: making a
UUID object of each takes longer than reading it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from sys import intern
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from operations.catalogue.kpis import PERSON_KINDS
from operations.core import change_tracking, history, process_cache
from operations.core.ids import hexadecimal
from operations.core.store import unfenced, unscoped
from operations.core.vocabulary import LineKind
from operations.disclosure.suppression import BoardFrame
from operations.lines.kinds.hit import Hit
from operations.policing.reports.versions import Line, Report

T = TypeVar("T")


class Version(NamedTuple):
    """A version of a report. Ids are hexadecimal; `counted` and `level` are as of an entry."""

    id: str
    report_id: str
    version: int
    country: str
    kind: str
    site_id: str
    phase_id: str
    official_day: date
    period_to: datetime
    recorded_at: datetime
    received_at: datetime
    level: int
    counted: bool


class LineVersion(NamedTuple):
    """A line of a version. `told` holds the attributes that were asked for, in their order."""

    version_id: str
    id: str
    quantity: int
    status: str
    phase_kind: str
    unit: str
    told: tuple[str | None, ...]


Content = tuple[int, dict[str, Any]]
"""The quantity of a line and its other attributes."""
MANY = 500
"""Above this number of versions a query reads the whole operation instead of naming them."""
_IDS = ("id", "report_id", "site_id", "phase_id")
_REPORT, _LINE = Report.__table__.c, Line.__table__.c  # type: ignore[attr-defined]
_OF_NOBODY = _LINE.kind.not_in(PERSON_KINDS)
_VERSIONS = sa.select(*(hexadecimal(_REPORT[name]) if name in _IDS else _REPORT[name] for name in Version._fields))


class _Kept(process_cache.CachedState):
    """The cache of an operation's reports: `versions` as of entry `seq`, and `said`, their content by question."""

    def begin(self) -> None:
        super().begin()
        self.versions: dict[str, Version] = {}
        self.said: dict[Any, dict[str, Any]] = {}


def versions(session: Session, frame: BoardFrame) -> list[Version]:
    """Return the versions of the operation, or of the frame's country. Applies no permissions."""
    change_tracking.note_read("report")
    with unfenced(session), change_tracking.untracked():
        newest, known = _newest(session, frame.operation), history.contents(session, Report, frame.operation)
    if known is not None:
        then = {key.replace("-", ""): content for key, content in known.items()}
        newest = [
            version._replace(level=then[version.id]["level"], counted=then[version.id]["counted"])
            for version in newest
            if version.id in then
        ]
    return newest if frame.country is None else [each for each in newest if each.country == frame.country]


def _newest(session: Session, operation: UUID) -> list[Version]:
    """Return all versions as of now."""
    held, everything = process_cache.cached_state(session, operation, _Kept), _REPORT.operation_id == operation
    if held is None:
        return _read(session, everything)
    with held.lock:
        head = held.brought_to(session)
        if head is None:
            return _read(session, everything)
        if not held.versions:
            held.versions = {each.id: each for each in _read(session, everything)}
        else:
            _bring_on(session, operation, held)
        held.seq = head
        return list(held.versions.values())


def _bring_on(session: Session, operation: UUID, held: _Kept) -> None:
    """Apply the changes since the cached entry."""
    steps = history.since(session, Report, operation, held.seq)
    new = [UUID(key) for key in steps if UUID(key).hex not in held.versions]
    if new:
        asked = _REPORT.operation_id == operation if len(new) > MANY else _REPORT.id.in_(new)
        held.versions |= {each.id: each for each in _read(session, asked)}
    for key, content in steps.items():
        ident = UUID(key).hex
        if content is None:
            held.versions.pop(ident, None)
        elif ident in held.versions:
            now = held.versions[ident]._replace(level=content["level"], counted=content["counted"])
            held.versions[ident] = now


def _read(session: Session, where: sa.ColumnElement[bool]) -> list[Version]:
    found = session.execute(unscoped(_VERSIONS.where(where)))
    return [Version(*row[:3], *map(intern, row[3:7]), *row[7:]) for row in found]


def counting(found: Iterable[Version], frame: BoardFrame) -> dict[str, Version]:
    """Return the versions that count at the level of the frame, by id."""
    return {each.id: each for each in found if each.counted and each.level >= frame.level}


def _of_each(
    session: Session,
    frame: BoardFrame,
    what: Any,
    of: Collection[str],
    read: Callable[[sa.ColumnElement[bool]], Mapping[str, T]],
    nothing: T,
    everything: sa.ColumnElement[bool] | None = None,
) -> Mapping[str, T]:
    """Return the content of each version: from the cache, or by `read`, which takes a condition on lines.

    `everything`: the condition that covers all versions that are ever asked for; by default the whole operation.
    """
    held = process_cache.cached_state(session, frame.operation, _Kept)
    if everything is None:
        everything = _LINE.operation_id == frame.operation
    with unfenced(session), change_tracking.untracked():
        if held is None:
            return read(everything)
        with held.lock:
            said: dict[str, T] = held.said.setdefault(what, {})
            missing = [each for each in of if each not in said]
            if missing:
                few = _LINE.version_id.in_([UUID(each) for each in missing])
                answers = read(everything if len(missing) > MANY else few)
                said |= {each: answers.get(each, nothing) for each in missing}
            return said


def lines(
    session: Session, frame: BoardFrame, kind: LineKind, of: Mapping[str, Version], *wanted: str
) -> list[LineVersion]:
    """Return the lines of one kind in these versions, with the `wanted` attributes."""

    def read(where: sa.ColumnElement[bool]) -> Mapping[str, Sequence[LineVersion]]:
        told = (_LINE.attributes[name].as_string() for name in wanted)
        query = sa.select(
            hexadecimal(_LINE.version_id),
            hexadecimal(_LINE.id),
            *(_LINE[name] for name in ("quantity", "status", "phase_kind", "unit")),
            *told,
        )
        by_version: dict[str, list[LineVersion]] = {}
        for row in session.execute(unscoped(query.where(where, _LINE.kind == kind))):
            by_version.setdefault(row[0], []).append(LineVersion._make((*row[:6], tuple(row[6:]))))
        return by_version

    nothing: Sequence[LineVersion] = ()
    known = _of_each(session, frame, (kind, wanted), of, read, nothing)
    return [line for version in of for line in known.get(version, ())]


class CountingLine(NamedTuple):
    """A line of a version that counts; `told` is the one attribute that was asked for."""

    operation: UUID
    version_id: str
    report_id: str
    id: str
    quantity: int
    told: str


def counting_lines(
    session: Session, frames: Sequence[BoardFrame], level: int, country: str | None, kind: LineKind, wanted: str
) -> list[CountingLine]:
    """Return the lines of one kind that count at a level in several operations, for all countries or one.

    One query in the present: the process keeps the reports of a few operations only. Applies no permissions.
    """
    if history.at(session) is not None:
        return [
            line
            for frame in frames
            for line in lines_of(session, frame, counting(versions(session, frame), frame), kind, wanted)
        ]
    query = sa.select(
        _REPORT.operation_id,
        hexadecimal(_REPORT.id),
        hexadecimal(_REPORT.report_id),
        hexadecimal(_LINE.id),
        _LINE.quantity,
        sa.func.coalesce(_LINE.attributes[wanted].as_string(), ""),
    ).where(
        _LINE.operation_id.in_([frame.operation for frame in frames]),
        _LINE.kind == kind,
        _LINE.version_id == _REPORT.id,
        _REPORT.counted,
        _REPORT.level >= level,
    )
    if country is not None:
        query = query.where(_REPORT.country == country)
    with unfenced(session):
        return [CountingLine(*row) for row in session.execute(unscoped(query))]


def lines_of(
    session: Session, frame: BoardFrame, of: Mapping[str, Version], kind: LineKind, wanted: str
) -> list[CountingLine]:
    """Return the lines of one kind in the versions that count in a frame."""
    return [
        CountingLine(
            frame.operation, line.version_id, of[line.version_id].report_id, line.id, line.quantity, line.told[0] or ""
        )
        for line in lines(session, frame, kind, of, wanted)
    ]


def many_lines(session: Session, frame: BoardFrame, of: Collection[str]) -> Mapping[str, int]:
    """Count the lines of each version that are not about persons, by version id. Applies no permissions."""

    def read(where: sa.ColumnElement[bool]) -> dict[str, int]:
        query = sa.select(hexadecimal(_LINE.version_id), sa.func.count()).where(where, _OF_NOBODY)
        return {version: int(many) for version, many in session.execute(unscoped(query.group_by(_LINE.version_id)))}

    return _of_each(session, frame, "many", of, read, 0)


def contents(session: Session, frame: BoardFrame, of: Collection[str]) -> Mapping[str, dict[str, Content]]:
    """Return the content of each line that is not about persons, by version and line, in reports with several versions.

    The same for every reader, as the number of lines about persons is guarded. The issuing country's answer to a hit is
    left out: it comes later and corrects nothing.
    """

    def read(where: sa.ColumnElement[bool]) -> dict[str, dict[str, Content]]:
        query = sa.select(hexadecimal(_LINE.version_id), hexadecimal(_LINE.id), _LINE.quantity, _LINE.attributes)
        by_version: dict[str, dict[str, Content]] = {}
        for version, line, quantity, told in session.execute(unscoped(query.where(where, _OF_NOBODY))):
            said = {name: value for name, value in told.items() if name not in Hit.ANSWER}
            by_version.setdefault(version, {})[line] = quantity, said
        return by_version

    later = sa.select(_REPORT.report_id).where(_REPORT.operation_id == frame.operation, _REPORT.version > 1)
    all_of_them = sa.select(_REPORT.id).where(_REPORT.operation_id == frame.operation, _REPORT.report_id.in_(later))
    return _of_each(session, frame, "contents", of, read, {}, _LINE.version_id.in_(all_of_them))
