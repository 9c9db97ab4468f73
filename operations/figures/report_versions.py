"""Reports as they stood: which versions there were where the session looks, which of them counted, and at which level.

What a version says never changes, nor do its lines; that it counts, and how high it has climbed, is remembered with
each entry. There are ten thousands of them, so a process reads each once and keeps it, with its ids in hexadecimal,
since to make an object of every id takes longer than to read it.
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
    """A version of a report."""

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
    """A line of one of them. `told`: the attributes that were asked for, in their order."""

    version_id: str
    id: str
    quantity: int
    status: str
    phase_kind: str
    told: tuple[str | None, ...]


Content = tuple[int, dict[str, Any]]
"""How much a line counts, and what else it says."""
MANY = 500
"""More versions than that are not asked for by name: all of the operation are read."""
_IDS = ("id", "report_id", "site_id", "phase_id")
_REPORT, _LINE = Report.__table__.c, Line.__table__.c  # type: ignore[attr-defined]
_OF_NOBODY = _LINE.kind.not_in(PERSON_KINDS)
_VERSIONS = sa.select(*(hexadecimal(_REPORT[name]) if name in _IDS else _REPORT[name] for name in Version._fields))


class _Kept(process_cache.CachedState):
    """What a process knows of the reports of an operation: `versions` as with entry `seq`, and what they say."""

    def begin(self) -> None:
        super().begin()
        self.versions: dict[str, Version] = {}
        self.said: dict[Any, dict[str, Any]] = {}


def versions(session: Session, frame: BoardFrame) -> list[Version]:
    """Those of the operation, or of the frame's country, whoever asks."""
    change_tracking.asks("report")
    with unfenced(session), change_tracking.settled():
        found, known = _newest(session, frame.operation), history.contents(session, Report, frame.operation)
    if known is not None:
        then = {key.replace("-", ""): content for key, content in known.items()}
        found = [
            each._replace(level=then[each.id]["level"], counted=then[each.id]["counted"])
            for each in found
            if each.id in then
        ]
    return found if frame.country is None else [each for each in found if each.country == frame.country]


def _newest(session: Session, operation: UUID) -> list[Version]:
    """All versions as they are now."""
    held, everything = process_cache.of(session, operation, _Kept), _REPORT.operation_id == operation
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
    """What changed since then."""
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
    return [Version(*each[:3], *map(intern, each[3:7]), *each[7:]) for each in found]


def counting(found: Iterable[Version], frame: BoardFrame) -> dict[str, Version]:
    """Those that count at the level of the frame, by id."""
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
    """What each of these versions says: kept, and what is not yet is `read`, of the lines that hold a condition.

    `everything`: which lines those are of all versions that are ever asked for; where not given, of the operation.
    """
    held = process_cache.of(session, frame.operation, _Kept)
    if everything is None:
        everything = _LINE.operation_id == frame.operation
    with unfenced(session), change_tracking.settled():
        if held is None:
            return read(everything)
        with held.lock:
            said: dict[str, T] = held.said.setdefault(what, {})
            missing = [each for each in of if each not in said]
            if missing:
                few = _LINE.version_id.in_([UUID(each) for each in missing])
                found = read(everything if len(missing) > MANY else few)
                said |= {each: found.get(each, nothing) for each in missing}
            return said


def lines(
    session: Session, frame: BoardFrame, kind: LineKind, of: Mapping[str, Version], *wanted: str
) -> list[LineVersion]:
    """The lines of one kind that these versions have, with the `wanted` of their attributes."""

    def read(where: sa.ColumnElement[bool]) -> Mapping[str, Sequence[LineVersion]]:
        told = (_LINE.attributes[name].as_string() for name in wanted)
        query = sa.select(
            hexadecimal(_LINE.version_id), hexadecimal(_LINE.id), _LINE.quantity, _LINE.status, _LINE.phase_kind, *told
        )
        found: dict[str, list[LineVersion]] = {}
        for each in session.execute(unscoped(query.where(where, _LINE.kind == kind))):
            found.setdefault(each[0], []).append(LineVersion._make((*each[:5], tuple(each[5:]))))
        return found

    nothing: Sequence[LineVersion] = ()
    known = _of_each(session, frame, (kind, wanted), of, read, nothing)
    return [line for version in of for line in known.get(version, ())]


def many_lines(session: Session, frame: BoardFrame, of: Collection[str]) -> Mapping[str, int]:
    """How many lines each of these versions has that are not about persons, by its id, whoever asks."""

    def read(where: sa.ColumnElement[bool]) -> dict[str, int]:
        query = sa.select(hexadecimal(_LINE.version_id), sa.func.count()).where(where, _OF_NOBODY)
        return {version: int(many) for version, many in session.execute(unscoped(query.group_by(_LINE.version_id)))}

    return _of_each(session, frame, "many", of, read, 0)


def contents(session: Session, frame: BoardFrame, of: Collection[str]) -> Mapping[str, dict[str, Content]]:
    """What each line of these versions, of reports with several, says that is not about persons, by version and line.

    Whoever asks is told the same: how many lines about persons there are is guarded. What the issuing country answered
    to a hit is left out: the answer comes later, and corrects nothing.
    """

    def read(where: sa.ColumnElement[bool]) -> dict[str, dict[str, Content]]:
        query = sa.select(hexadecimal(_LINE.version_id), hexadecimal(_LINE.id), _LINE.quantity, _LINE.attributes)
        found: dict[str, dict[str, Content]] = {}
        for version, line, quantity, told in session.execute(unscoped(query.where(where, _OF_NOBODY))):
            said = {name: value for name, value in told.items() if name not in Hit.ANSWER}
            found.setdefault(version, {})[line] = quantity, said
        return found

    later = sa.select(_REPORT.report_id).where(_REPORT.operation_id == frame.operation, _REPORT.version > 1)
    all_of_them = sa.select(_REPORT.id).where(_REPORT.operation_id == frame.operation, _REPORT.report_id.in_(later))
    return _of_each(session, frame, "contents", of, read, {}, _LINE.version_id.in_(all_of_them))
