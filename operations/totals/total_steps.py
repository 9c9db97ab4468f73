"""Total steps: the history of totals, as one step for each journal entry, written in the same transaction.

Totals as of an entry are the last checkpoint before it plus the steps since. A step holds the finest cells that moved;
every grain is a sum of them. The timetable makes checkpoints in parts: a whole one once an official day, and the small
parts, which every board reads, more often where there are many steps.
"""

import json
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import JSON, LargeBinary
from sqlmodel import Field, Session, SQLModel

from operations.core import history
from operations.core.clock import UtcDateTime, now
from operations.core.store import unscoped
from operations.totals import totals
from operations.totals.pending_moves import GONE, Side, taken
from operations.totals.totals import FACETS, Facet, Grain, TotalRow

_DEFAULTS = Facet._field_defaults


class TotalStep(SQLModel, table=True):
    """The changes that an entry made in an operation: cells, margins, sites' last reports and participating countries.

    `cells`: [country, official day, site, level, records, quantity, sides that are not empty]. `margins`: [country,
    level, sides that are not empty, [dimension, code, records, quantity] of each]. `sites`: country and last report by
    id; `countries`: whether it shares, has validated, and its choice on leaving; in both, "" means removed. `country`
    is the country of all cells, "" where they are of several. `n` counts the steps of one entry.
    """

    __tablename__ = "total_step"
    operation_id: UUID = Field(primary_key=True, foreign_key="operation.id")
    seq: int = Field(primary_key=True)
    n: int = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    country: str = Field(default="", max_length=3)
    cells: list[list[Any]] = Field(sa_type=JSON)
    margins: list[list[Any]] = Field(sa_type=JSON)
    sites: dict[str, Any] = Field(sa_type=JSON)
    countries: dict[str, Any] = Field(sa_type=JSON)


class TotalCheckpoint(SQLModel, table=True):
    """One part of the totals as of an entry: a grain, one country's days, margins, or activity. Packed JSON."""

    __tablename__ = "total_checkpoint"
    operation_id: UUID = Field(primary_key=True, foreign_key="operation.id")
    part: str = Field(primary_key=True, max_length=20)
    seq: int = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    content: bytes = Field(sa_type=LargeBinary)


_STEP: sa.Table = TotalStep.__table__  # type: ignore[attr-defined]
_POINT: sa.Table = TotalCheckpoint.__table__  # type: ignore[attr-defined]
HEARD, MARGINS = "heard", "margins"
Key = tuple[Any, ...]
"""Country, day, site, level, then the sides of a facet."""
Sums = dict[Key, list[int]]


_LAST = 2**31 - 1
AT_ONCE = 500
"""Rows that are read at once where all are."""

_OF: Any = sa.bindparam("operation")
_UNTIL: Any = sa.bindparam("until")
_BETWEEN = unscoped(
    sa.select(*(_STEP.c[name] for name in ("seq", "cells", "sites", "countries")))
    .where(_STEP.c.operation_id == _OF, _STEP.c.seq > sa.bindparam("after"), _STEP.c.seq <= _UNTIL)
    .order_by(_STEP.c.seq, _STEP.c.n)
)
_MARGINS = unscoped(
    sa.select(_STEP.c.margins)
    .where(_STEP.c.operation_id == _OF, _STEP.c.seq > sa.bindparam("after"), _STEP.c.seq <= _UNTIL)
    .order_by(_STEP.c.seq, _STEP.c.n)
)
_OF_COUNTRY = _BETWEEN.where(_STEP.c.country.in_(("", sa.bindparam("country"))))
_PART = unscoped(
    sa.select(_POINT.c.seq, _POINT.c.content)
    .where(_POINT.c.operation_id == _OF, _POINT.c.part == sa.bindparam("part"), _POINT.c.seq <= _UNTIL)
    .order_by(_POINT.c.seq.desc())
    .limit(1)
)
_PART_SEQ = unscoped(
    sa.select(sa.func.max(_POINT.c.seq)).where(
        _POINT.c.operation_id == _OF, _POINT.c.part == sa.bindparam("part"), _POINT.c.seq <= _UNTIL
    )
)
_OF_DAYS = _POINT.c.part.startswith(f"{Grain.COUNTRY_DAY.value}:", autoescape=True)
_NEWEST = (
    sa.select(_POINT.c.part, sa.func.max(_POINT.c.seq).label("seq"))
    .where(_POINT.c.operation_id == _OF, _OF_DAYS, _POINT.c.seq <= _UNTIL)
    .group_by(_POINT.c.part)
    .subquery()
)
_DAYS = unscoped(
    sa.select(_POINT.c.content)
    .join(_NEWEST, (_NEWEST.c.part == _POINT.c.part) & (_NEWEST.c.seq == _POINT.c.seq))
    .where(_POINT.c.operation_id == _OF)
    .order_by(_POINT.c.part)
)

_ALL = unscoped(
    sa.select(*(_STEP.c[name] for name in ("seq", "country", "cells", "margins")))
    .where(_STEP.c.operation_id == _OF)
    .order_by(_STEP.c.seq, _STEP.c.n)
)
_LATEST = (
    sa.select(_POINT.c.part, sa.func.max(_POINT.c.seq).label("seq"))
    .where(_POINT.c.operation_id == _OF, _POINT.c.part != HEARD)
    .group_by(_POINT.c.part)
    .subquery()
)
_NEWEST_PARTS = unscoped(
    sa.select(_POINT.c.part, _POINT.c.seq, _POINT.c.content)
    .join(_LATEST, (_LATEST.c.part == _POINT.c.part) & (_LATEST.c.seq == _POINT.c.seq))
    .where(_POINT.c.operation_id == _OF)
    .execution_options(yield_per=1)
)


@history.drained
def _write(session: Session, seq: int, n: Callable[[sa.Table], int]) -> None:
    for operation, moves in taken(session).items():
        cells = [packed(*cell, *sums) for cell, sums in moves.cells.items() if any(sums)]
        margins = packed_margins(moves.margins)
        if cells or margins or moves.sites or moves.countries:
            countries = {cell[0] for cell in cells}
            country = countries.pop() if len(countries) == 1 else ""
            row = {
                "operation_id": operation,
                "seq": seq,
                "n": n(_STEP),
                "at": now(),
                "country": country,
                "cells": cells,
                "margins": margins,
            }
            session.connection().execute(_STEP.insert(), row | {"sites": moves.sites, "countries": moves.countries})


def packed(
    country: str, day: str, site: str, level: int, facet: tuple[str, ...], records: int, quantity: int
) -> list[Any]:
    """Return a cell in the form that a step stores."""
    return [country, day, site, level, records, quantity, _sides(facet)]


def packed_margins(moved: Mapping[Side, Sequence[int]]) -> list[list[Any]]:
    """Return margins in the form that a step stores, grouped by country, level and facet."""
    groups: dict[tuple[Any, ...], list[Any]] = {}
    for (country, level, facet, dimension, code), (records, quantity) in moved.items():
        if records or quantity:
            groups.setdefault((country, level, facet), []).append([dimension, code, records, quantity])
    return [[country, level, _sides(facet), told] for (country, level, facet), told in groups.items()]


def _sides(facet: tuple[str, ...]) -> dict[str, str]:
    return {name: code for name, code in zip(FACETS, facet, strict=True) if code}


def facet_of(sides: Mapping[str, str]) -> Facet:
    """Return the facet of a step's cell."""
    return Facet(**{**_DEFAULTS, **sides})


# ----------------------------------------------------------------------------------------------------- reading


class TotalMovement(NamedTuple):
    """A step, as read."""

    seq: int
    cells: list[list[Any]]
    sites: dict[str, Any]
    countries: dict[str, Any]


class StepMargins(NamedTuple):
    """The cells and margins of a step, as read, and the country of all its cells ("" where they are of several)."""

    seq: int
    country: str
    cells: list[list[Any]]
    margins: list[list[Any]]


def with_margins(session: Session, operation: UUID, until: int) -> list[StepMargins]:
    """Return an operation's steps up to an entry with their margins, in order."""
    query = (
        sa.select(*(_STEP.c[name] for name in StepMargins._fields))
        .where(_STEP.c.operation_id == operation, _STEP.c.seq <= until)
        .order_by(_STEP.c.seq, _STEP.c.n)
    )
    return [StepMargins(*row) for row in session.execute(unscoped(query))]


def between(
    session: Session, operation: UUID, after: int, until: int | None = None, country: str = ""
) -> list[TotalMovement]:
    """Return an operation's steps after one entry and up to another, in order, of all countries or one."""
    values: dict[str, Any] = {"operation": operation, "after": after, "until": _LAST if until is None else until}
    query = _OF_COUNTRY if country else _BETWEEN
    return [TotalMovement(*row) for row in session.execute(query, values | ({"country": country} if country else {}))]


def parts(session: Session, operation: UUID) -> Iterator[list[StepMargins]]:
    """Yield all steps of an operation in order, AT_ONCE at a time: those of a year need not fit into memory."""
    for some in session.execute(_ALL, {"operation": operation}, execution_options={"yield_per": AT_ONCE}).partitions():
        yield [StepMargins(*row) for row in some]


def newest(session: Session, operation: UUID) -> Iterator[tuple[str, int, Sums]]:
    """Yield the newest checkpoint of each part that holds sums, with its entry and the sums, one part at a time."""
    for part, seq, content in session.execute(_NEWEST_PARTS, {"operation": operation, "until": _LAST}):
        yield part, seq, _unpacked(json.loads(zlib.decompress(content)))


def entries(operation: UUID) -> Any:
    """Return a subquery of the entries of an operation that have a step."""
    return sa.select(_STEP.c.seq).where(_STEP.c.operation_id == operation)


def of_entries(session: Session, operation: UUID, seqs: Collection[int]) -> list[TotalMovement]:
    """Return the steps of these entries."""
    query = sa.select(*(_STEP.c[name] for name in TotalMovement._fields)).where(
        _STEP.c.operation_id == operation, _STEP.c.seq.in_(seqs)
    )
    return [TotalMovement(*row) for row in session.execute(unscoped(query))]


def read(
    session: Session, operation: UUID, grain: Grain, country: str | None = None, kinds: Collection[str] = ()
) -> list[TotalRow]:
    """Return the totals as `totals.read` does, as of the session's entry."""
    at = history.at(session)
    if at is None:
        return totals.read(session, operation, grain, country, kinds)
    names = frozenset(kinds)
    return [
        row
        for row in _rows(session, operation, at, grain, country or "")
        if (not names or row.facet.kind in names) and (country is None or row.country == country)
    ]


def countries(session: Session, operation: UUID) -> frozenset[str]:
    """Return the countries with totals, as of the session's entry."""
    if history.at(session) is None:
        return totals.countries(session, operation)
    return frozenset(row.country for row in read(session, operation, Grain.COUNTRY))


def with_days(
    session: Session, operation: UUID, country: str | None, days: int
) -> tuple[list[TotalRow], list[TotalRow]]:
    """Return the totals as `totals.with_days` does, as of the session's entry."""
    at = history.at(session)
    if at is None:
        return totals.with_days(session, operation, country, days)
    grains = (Grain.OPERATION, Grain.DAY) if country is None else (Grain.COUNTRY, Grain.COUNTRY_DAY)
    whole, daily = read(session, operation, grains[0], country), _sums(session, operation, at, grains[1], country or "")
    last = max((key[1] for key, amounts in daily.items() if amounts[0]), default="")
    if not last:
        return whole, []
    since = (date.fromisoformat(last) - timedelta(days=days)).isoformat()
    return whole, _as_rows({key: amounts for key, amounts in daily.items() if key[1] >= since})


def _rows(session: Session, operation: UUID, at: int, grain: Grain, country: str) -> list[TotalRow]:
    """Return all totals of a grain; for countries' days, those of one country or, with "", of all."""
    key = (operation, at, part_of(grain, country))
    return history.once(session, key, lambda: _as_rows(_sums(session, operation, at, grain, country)))


def _as_rows(sums: Sums) -> list[TotalRow]:
    return [
        TotalRow(key[0], key[1], key[2], key[3], Facet(*key[4:]), *amounts)
        for key, amounts in sums.items()
        if amounts[0]
    ]


def _sums(session: Session, operation: UUID, at: int, grain: Grain, country: str) -> Sums:
    """Return the cells of `_rows`, read once in a session."""

    def made() -> Sums:
        if grain is Grain.COUNTRY_DAY and not country:
            return _days_of_countries(session, operation, at)
        return sums_of(session, operation, at, grain, country)

    return history.once(session, (operation, at, part_of(grain, country), "sums"), made)


class SitesHeardFrom(NamedTuple):
    """The expected sites by id, each with its country and last report, and the participating countries.

    For a country: whether it shares its totals, whether it has validated anything, and its choice for its figures on
    leaving ("" for one that takes part).
    """

    sites: dict[str, tuple[str, datetime | None]]
    countries: dict[str, tuple[bool, bool, str]]


def heard(session: Session, operation: UUID) -> SitesHeardFrom | None:
    """Return activity as of the session's entry; None where the session reads the present."""
    at = history.at(session)
    return (
        None if at is None else history.once(session, (operation, at, HEARD), lambda: _heard_at(session, operation, at))
    )


def _heard_at(session: Session, operation: UUID, at: int) -> SitesHeardFrom:
    sites, countries = heard_with(*before(session, operation, HEARD, at))
    return SitesHeardFrom(
        {site: (country, datetime.fromisoformat(last) if last else None) for site, (country, last) in sites.items()},
        {country: (shares, validated, kept) for country, (shares, validated, kept) in countries.items()},
    )


def heard_with(base: Any, steps: Iterable[TotalMovement]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the sites and countries of a checkpoint after applying the steps."""
    activity: tuple[dict[str, Any], dict[str, Any]] = base or ({}, {})
    for step in steps:
        for known, moved in zip(activity, (step.sites, step.countries), strict=True):
            for name, what in moved.items():
                if what == GONE:
                    known.pop(name, None)
                else:
                    known[name] = what
    return activity


def sums_of(session: Session, operation: UUID, at: int | None, grain: Grain, country: str = "") -> Sums:
    """Return all cells of a grain; for countries' days, those of one country."""
    of = country if grain is Grain.COUNTRY_DAY else ""
    base, steps = before(session, operation, part_of(grain, country), at, of)
    return added(_unpacked(base), steps, grain, of)


def _days_of_countries(session: Session, operation: UUID, at: int) -> Sums:
    """Return the days of all countries as of an entry, in the order of countries: two questions, however many they are.

    A whole checkpoint holds each country that moved since the one before, so every step of interest is after the last.
    """
    values = {"operation": operation, "until": at}
    sums: Sums = {}
    for (content,) in session.execute(_DAYS, values):
        sums |= _unpacked(json.loads(zlib.decompress(content)))
    whole = session.execute(_PART_SEQ, values | {"part": part_of(Grain.SITE)}).scalar()
    added(sums, passed(session, operation, whole or 0, at), Grain.COUNTRY_DAY)
    return dict(sorted(sums.items(), key=lambda each: each[0][0]))


def margins_of(session: Session, operation: UUID, at: int) -> Sums:
    """Return all margins as of an entry by (country, dimension, code, level, then the sides of a facet)."""
    values = {"operation": operation, "part": MARGINS, "until": at}
    point = session.execute(_PART, values).first()
    sums = _unpacked(_content(point))
    values["after"] = point[0] if point else 0
    for (margins,) in session.execute(_MARGINS, values):
        for country, level, sides, told in margins:
            facet = tuple(facet_of(sides))
            for dimension, code, records, quantity in told:
                amounts = sums.setdefault((country, dimension, code, level, *facet), [0, 0])
                amounts[0] += records
                amounts[1] += quantity
    return sums


def margins_at(session: Session, operation: UUID, at: int) -> Sums:
    """Return the margins as of an entry, read once in a session."""
    return history.once(session, (operation, at, MARGINS), lambda: margins_of(session, operation, at))


def part_of(grain: Grain, country: str = "") -> str:
    """Return the name of a part of a checkpoint."""
    return f"{grain.value}:{country}" if grain is Grain.COUNTRY_DAY else grain.value


_PLACES: dict[Grain, Callable[[str, str, str], tuple[str, str, str]]] = {
    Grain.OPERATION: lambda _country, _day, _site: ("", "", ""),
    Grain.DAY: lambda _country, day, _site: ("", day, ""),
    Grain.COUNTRY: lambda country, _day, _site: (country, "", ""),
    Grain.COUNTRY_DAY: lambda country, day, _site: (country, day, ""),
    Grain.SITE: lambda country, _day, site: (country, "", site),
}


def added(sums: Sums, steps: Iterable[TotalMovement], grain: Grain, country: str = "") -> Sums:
    """Add the steps to the sums at a grain; with `country`, only its cells."""
    place = _PLACES[grain]
    known: dict[tuple[tuple[str, str], ...], tuple[str, ...]] = {}
    for step in steps:
        for of, day, site, level, records, quantity, sides in step.cells:
            if country and of != country:
                continue
            named = tuple(sides.items())
            facet = known.get(named) or known.setdefault(named, tuple(facet_of(sides)))
            amounts = sums.setdefault((*place(of, day, site), level, *facet), [0, 0])
            amounts[0] += records
            amounts[1] += quantity
    return sums


def before(
    session: Session, operation: UUID, part: str, at: int | None, country: str = ""
) -> tuple[Any, list[TotalMovement]]:
    """Return a part of the last checkpoint before an entry (None before the first) and the steps since."""
    values = {"operation": operation, "part": part, "until": _LAST if at is None else at}
    point = session.execute(_PART, values).first()
    seq: int = point[0] if point else 0
    if at is None:
        steps = between(session, operation, seq, None, country)
    else:
        steps = passed(session, operation, seq, at, country)
    return _content(point), steps


def reached(session: Session, operation: UUID, part: str, most: int) -> int | None:
    """Return the entry of the last of the first `most` steps that no checkpoint of a part covers; None: no step."""
    values = {"operation": operation, "part": part, "until": _LAST}
    after = session.execute(_PART_SEQ, values).scalar() or 0
    query = sa.select(_STEP.c.seq).where(_STEP.c.operation_id == operation, _STEP.c.seq > after)
    ahead = query.order_by(_STEP.c.seq, _STEP.c.n).limit(most).subquery()
    found: int | None = session.execute(unscoped(sa.select(sa.func.max(ahead.c.seq)))).scalar()
    return found


def _content(found: Any) -> Any:
    return json.loads(zlib.decompress(found[1])) if found else None


def passed(session: Session, operation: UUID, after: int, until: int, country: str = "") -> list[TotalMovement]:
    """Return the steps between two entries as `between` does, read once in a session that looks at the past."""
    key = (operation, after, until, country)
    return history.once(session, key, lambda: between(session, *key))


def _unpacked(content: Any) -> Sums:
    if content is None:
        return {}
    facets = [tuple(facet_of(sides)) for sides in content["facets"]]
    return {
        (country, day, site, level, *facets[facet]): [records, quantity]
        for country, day, site, level, facet, records, quantity in content["rows"]
    }
