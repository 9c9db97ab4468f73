"""Totals as they were: each movement is a step with the number of its entry, in the same transaction.

What stood when an entry was the newest is the checkpoint before it and the steps since. A step holds the finest cells
that moved; every grain is a sum of them. A checkpoint is kept in parts, and only those that moved since the last one
are written again; the timetable makes them.
"""

import json
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import JSON, LargeBinary
from sqlmodel import Field, Session, SQLModel

from operations.core import past
from operations.core.clock import UtcDateTime, now
from operations.core.store import alone, unscoped
from operations.measures import totals
from operations.measures.moves import GONE, taken
from operations.measures.totals import FACETS, Facet, Grain, Row

ENOUGH = 250
"""After so many steps there is a checkpoint more, whatever the day: so that no more have to be read."""

_DEFAULTS = Facet._field_defaults


class TotalStep(SQLModel, table=True):
    """What moved in an operation with an entry: cells, when sites were heard from, which countries take part.

    `cells`: [country, official day, site, level, records, quantity, sides that are not empty]. `sites`: by id country
    and moment; `countries`: whether it shares and has validated; of both, "" is gone. `n` counts within the entry.
    """

    __tablename__ = "total_step"
    operation_id: UUID = Field(primary_key=True, foreign_key="operation.id")
    seq: int = Field(primary_key=True)
    n: int = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    cells: list[list[Any]] = Field(sa_type=JSON)
    sites: dict[str, Any] = Field(sa_type=JSON)
    countries: dict[str, Any] = Field(sa_type=JSON)


class TotalCheckpoint(SQLModel, table=True):
    """A part of what stood with an entry: one grain, the days of one country, or who was heard from. Packed JSON."""

    __tablename__ = "total_checkpoint"
    operation_id: UUID = Field(primary_key=True, foreign_key="operation.id")
    part: str = Field(primary_key=True, max_length=20)
    seq: int = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    content: bytes = Field(sa_type=LargeBinary)


_STEP: sa.Table = TotalStep.__table__  # type: ignore[attr-defined]
_POINT: sa.Table = TotalCheckpoint.__table__  # type: ignore[attr-defined]
HEARD = "heard"
T = TypeVar("T")
Key = tuple[Any, ...]
"""Country, day, site, level, then the sides of a facet."""
Sums = dict[Key, list[int]]


_LAST = 2**31 - 1
_OF: Any = sa.bindparam("operation")
_UNTIL: Any = sa.bindparam("until")
_BETWEEN = unscoped(
    sa.select(*(_STEP.c[name] for name in ("seq", "cells", "sites", "countries")))
    .where(_STEP.c.operation_id == _OF, _STEP.c.seq > sa.bindparam("after"), _STEP.c.seq <= _UNTIL)
    .order_by(_STEP.c.seq, _STEP.c.n)
)
_NEWEST = unscoped(sa.select(sa.func.max(_POINT.c.seq)).where(_POINT.c.operation_id == _OF, _POINT.c.seq <= _UNTIL))
_PART = unscoped(
    sa.select(_POINT.c.content)
    .where(_POINT.c.operation_id == _OF, _POINT.c.part == sa.bindparam("part"), _POINT.c.seq <= _UNTIL)
    .order_by(_POINT.c.seq.desc())
    .limit(1)
)


@past.drained
def _write(session: Session, seq: int, n: Callable[[sa.Table], int]) -> None:
    for operation, moves in taken(session).items():
        cells = [packed(*cell, *sums) for cell, sums in moves.cells.items() if any(sums)]
        if cells or moves.sites or moves.countries:
            row = {"operation_id": operation, "seq": seq, "n": n(_STEP), "at": now(), "cells": cells}
            session.connection().execute(_STEP.insert(), row | {"sites": moves.sites, "countries": moves.countries})


def packed(
    country: str, day: str, site: str, level: int, facet: tuple[str, ...], records: int, quantity: int
) -> list[Any]:
    """A cell as a step holds it."""
    sides = {name: code for name, code in zip(FACETS, facet, strict=True) if code}
    return [country, day, site, level, records, quantity, sides]


def facet_of(sides: Mapping[str, str]) -> Facet:
    """The facet of a cell of a step."""
    return Facet(**{**_DEFAULTS, **sides})


# ----------------------------------------------------------------------------------------------------- reading


class Step(NamedTuple):
    """A step as it is read."""

    seq: int
    cells: list[list[Any]]
    sites: dict[str, Any]
    countries: dict[str, Any]


def between(session: Session, operation: UUID, after: int, until: int | None = None) -> list[Step]:
    """The steps of an operation after one entry, until another, in their order."""
    values = {"operation": operation, "after": after, "until": _LAST if until is None else until}
    return [Step(*each) for each in session.execute(_BETWEEN, values)]


def entries(operation: UUID) -> Any:
    """A subquery: the entries of an operation with a step."""
    return sa.select(_STEP.c.seq).where(_STEP.c.operation_id == operation)


def of_entries(session: Session, operation: UUID, seqs: Collection[int]) -> list[Step]:
    """The steps of these entries."""
    query = sa.select(*(_STEP.c[name] for name in Step._fields)).where(
        _STEP.c.operation_id == operation, _STEP.c.seq.in_(seqs)
    )
    return [Step(*each) for each in session.execute(unscoped(query))]


def read(
    session: Session, operation: UUID, grain: Grain, country: str | None = None, kinds: Collection[str] = ()
) -> list[Row]:
    """The totals of an operation as `totals.read` gives them, at the entry at which the session looks."""
    at = past.at(session)
    if at is None:
        return totals.read(session, operation, grain, country, kinds)
    if grain is Grain.COUNTRY_DAY and country is None:
        countries = {key[0] for key in _sums(session, operation, at, Grain.COUNTRY)}
    else:
        countries = {country or ""}
    found = [row for each in sorted(countries) for row in _rows(session, operation, at, grain, each)]
    names = frozenset(kinds)
    return [
        row for row in found if (not names or row.facet.kind in names) and (country is None or row.country == country)
    ]


def _rows(session: Session, operation: UUID, at: int, grain: Grain, country: str) -> list[Row]:
    """All totals of a grain; of the days of countries those of one."""

    def made() -> list[Row]:
        sums = _sums(session, operation, at, grain, country)
        return [
            Row(key[0], key[1], key[2], key[3], Facet(*key[4:]), *amounts)
            for key, amounts in sums.items()
            if amounts[0]
        ]

    part = part_of(grain, country)
    return _once(session, (operation, at, part), made)


class Heard(NamedTuple):
    """Who is waited for: sites by id with their country and when they were heard from; countries that take part.

    Of a country: whether it shares its totals, whether it has validated anything, and what it kept of its figures when
    it left ("" for one that takes part).
    """

    sites: dict[str, tuple[str, datetime | None]]
    countries: dict[str, tuple[bool, bool, str]]


def heard(session: Session, operation: UUID) -> Heard | None:
    """Who is waited for at the entry at which the session looks; None where it reads what is now."""
    at = past.at(session)
    return None if at is None else _once(session, (operation, at, HEARD), lambda: _heard_at(session, operation, at))


def _heard_at(session: Session, operation: UUID, at: int) -> Heard:
    sites, countries = _heard(_base(session, operation, HEARD, at), _since(session, operation, at))
    return Heard(
        {site: (country, datetime.fromisoformat(last) if last else None) for site, (country, last) in sites.items()},
        {country: (shares, validated, kept) for country, (shares, validated, kept) in countries.items()},
    )


def _once(session: Session, key: tuple[Any, ...], make: Callable[[], T]) -> T:
    """What never changes, read once in a session."""
    kept: dict[tuple[Any, ...], T] = session.info.setdefault("muster_looked", {})
    if key not in kept:
        kept[key] = make()
    return kept[key]


def _heard(base: Any, steps: Iterable[Step]) -> tuple[dict[str, Any], dict[str, Any]]:
    found: tuple[dict[str, Any], dict[str, Any]] = base or ({}, {})
    for step in steps:
        for known, moved in zip(found, (step.sites, step.countries), strict=True):
            for name, what in moved.items():
                if what == GONE:
                    known.pop(name, None)
                else:
                    known[name] = what
    return found


def _sums(session: Session, operation: UUID, at: int, grain: Grain, country: str = "") -> Sums:
    """All cells of a grain; of the days of countries those of one."""
    part = part_of(grain, country)
    base = _unpacked(_base(session, operation, part, at))
    return _added(base, _since(session, operation, at), grain, country if grain is Grain.COUNTRY_DAY else "")


def part_of(grain: Grain, country: str = "") -> str:
    """The name of a part of a checkpoint."""
    return f"{grain.value}:{country}" if grain is Grain.COUNTRY_DAY else grain.value


_PLACES: dict[Grain, Callable[[str, str, str], tuple[str, str, str]]] = {
    Grain.OPERATION: lambda _country, _day, _site: ("", "", ""),
    Grain.DAY: lambda _country, day, _site: ("", day, ""),
    Grain.COUNTRY: lambda country, _day, _site: (country, "", ""),
    Grain.COUNTRY_DAY: lambda country, day, _site: (country, day, ""),
    Grain.SITE: lambda country, _day, site: (country, "", site),
}


def _added(sums: Sums, steps: Iterable[Step], grain: Grain, country: str = "") -> Sums:
    """The sums with the steps, at a grain; `country` leaves out all others."""
    place = _PLACES[grain]
    known: dict[tuple[tuple[str, str], ...], tuple[str, ...]] = {}
    for step in steps:
        for of, day, site, level, records, quantity, sides in step.cells:
            if country and of != country:
                continue
            named = tuple(sides.items())
            facet = known.get(named) or known.setdefault(named, tuple(facet_of(sides)))
            found = sums.setdefault((*place(of, day, site), level, *facet), [0, 0])
            found[0] += records
            found[1] += quantity
    return sums


def _since(session: Session, operation: UUID, at: int) -> list[Step]:
    """The steps since the checkpoint before an entry."""
    return _once(session, (operation, at), lambda: between(session, operation, _latest(session, operation, at), at))


def _latest(session: Session, operation: UUID, at: int | None = None) -> int:
    """The entry of the newest checkpoint, at most `at`; 0 for none."""
    return session.execute(_NEWEST, {"operation": operation, "until": _LAST if at is None else at}).scalar() or 0


def _base(session: Session, operation: UUID, part: str, at: int | None) -> Any:
    """A part as the newest checkpoint has it that is not after an entry; None before the first."""
    values = {"operation": operation, "part": part, "until": _LAST if at is None else at}
    content = session.execute(_PART, values).scalar()
    return None if content is None else json.loads(zlib.decompress(content))


# ------------------------------------------------------------------------------------------------- checkpoints


def _packed(sums: Sums) -> dict[str, Any]:
    facets: dict[tuple[str, ...], int] = {}
    rows = [
        [*key[:4], facets.setdefault(key[4:], len(facets)), *amounts] for key, amounts in sums.items() if any(amounts)
    ]
    sides = [{name: code for name, code in zip(FACETS, facet, strict=True) if code} for facet in facets]
    return {"facets": sides, "rows": rows}


def _unpacked(content: Any) -> Sums:
    if content is None:
        return {}
    facets = [tuple(facet_of(sides)) for sides in content["facets"]]
    return {
        (country, day, site, level, *facets[facet]): [records, quantity]
        for country, day, site, level, facet, records, quantity in content["rows"]
    }


def checkpoint(session: Session, operation: UUID) -> int | None:
    """Keep what stands now, in the parts that moved since the last checkpoint; its entry, or None where nothing did."""
    alone(session, operation)
    before = _latest(session, operation)
    steps = between(session, operation, before)
    if not steps:
        return None
    parts: dict[str, Any] = {}
    countries = {cell[0] for step in steps for cell in step.cells}
    wanted = [(grain, "") for grain in Grain if grain is not Grain.COUNTRY_DAY and countries]
    for grain, country in [*wanted, *((Grain.COUNTRY_DAY, each) for each in sorted(countries))]:
        base = _unpacked(_base(session, operation, part_of(grain, country), None))
        parts[part_of(grain, country)] = _packed(_added(base, steps, grain, country))
    if any(step.sites or step.countries for step in steps):
        parts[HEARD] = _heard(_base(session, operation, HEARD, None), steps)
    rows = [
        {
            "operation_id": operation,
            "part": part,
            "seq": steps[-1].seq,
            "at": now(),
            "content": zlib.compress(json.dumps(content, separators=(",", ":")).encode()),
        }
        for part, content in parts.items()
    ]
    session.connection().execute(_POINT.insert(), rows)
    return steps[-1].seq


class Waiting(NamedTuple):
    """The steps of an operation since its last checkpoint: how many, and the first of them with its moment."""

    operation: UUID
    steps: int
    first: int
    since: datetime


def waiting(session: Session) -> list[Waiting]:
    """What no checkpoint holds yet, by operation."""
    last = sa.select(_POINT.c.operation_id, sa.func.max(_POINT.c.seq).label("seq")).group_by(_POINT.c.operation_id)
    newest = last.subquery()
    counted = (
        sa.select(_STEP.c.operation_id, sa.func.count().label("steps"), sa.func.min(_STEP.c.seq).label("first"))
        .join_from(_STEP, newest, newest.c.operation_id == _STEP.c.operation_id, isouter=True)
        .where(_STEP.c.seq > sa.func.coalesce(newest.c.seq, 0))
        .group_by(_STEP.c.operation_id)
        .subquery()
    )
    query = sa.select(counted.c.operation_id, counted.c.steps, counted.c.first, sa.func.min(_STEP.c.at)).join_from(
        counted, _STEP, (_STEP.c.operation_id == counted.c.operation_id) & (_STEP.c.seq == counted.c.first)
    )
    grouped = query.group_by(counted.c.operation_id, counted.c.steps, counted.c.first)
    return [Waiting(*each) for each in session.execute(unscoped(grouped))]


# ------------------------------------------------------------------------------------------------ verification


def summed(session: Session, operation: UUID, *, whole: bool = True) -> dict[totals.Key, tuple[int, int]]:
    """What the steps come to, as keys of `totals.Total`: all of them, or what the checkpoints hold and those since."""
    found: dict[totals.Key, tuple[int, int]] = {}
    steps = between(session, operation, 0 if whole else _latest(session, operation))
    for grain in Grain:
        sums: Sums = {} if whole else _bases(session, operation, grain)
        for key, amounts in _added(sums, steps, grain).items():
            if any(amounts):
                found[grain.value, operation, *key] = (amounts[0], amounts[1])
    return found


def _bases(session: Session, operation: UUID, grain: Grain) -> Sums:
    """What the newest checkpoint has of a grain, of all countries."""
    parts = [part_of(grain)]
    if grain is Grain.COUNTRY_DAY:
        query = sa.select(_POINT.c.part).where(_POINT.c.operation_id == operation).distinct()
        named = _POINT.c.part.startswith(f"{grain.value}:")
        parts = list(session.execute(unscoped(query.where(named))).scalars())
    sums: Sums = {}
    for part in parts:
        sums |= _unpacked(_base(session, operation, part, None))
    return sums
