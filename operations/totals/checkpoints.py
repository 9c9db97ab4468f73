"""Checkpoints: totals as of an entry, stored in parts, so that looking back reads few steps.

A whole checkpoint is made once an official day; the small parts, which every board reads, are stored more often where
there are many steps.
"""

import json
import zlib
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from operations.core.clock import now
from operations.core.store import alone, unscoped
from operations.totals import total_steps, totals
from operations.totals.total_steps import HEARD, MARGINS, Sums, TotalCheckpoint, TotalStep, part_of
from operations.totals.totals import FACETS, Grain

ENOUGH = 100
"""The number of steps after which another checkpoint of the small parts is made, whatever the day."""

MOST = 250
"""The number of steps that one checkpoint covers; the next follows in the timetable's next look."""

SMALL = (Grain.OPERATION, Grain.DAY, Grain.COUNTRY)
_STEP: sa.Table = TotalStep.__table__  # type: ignore[attr-defined]
_POINT: sa.Table = TotalCheckpoint.__table__  # type: ignore[attr-defined]


def checkpoint(session: Session, operation: UUID, *, whole: bool = True, most: int = MOST) -> int | None:
    """Store a checkpoint, whole or of the small parts. Return its entry, or None if nothing moved since the last."""
    alone(session, operation)
    return keep(session, operation, made(session, operation, whole=whole, most=most))


class Made(NamedTuple):
    """The content of a checkpoint: its entry, and its parts as they are stored."""

    seq: int
    parts: dict[str, bytes]


def made(session: Session, operation: UUID, *, whole: bool = True, most: int = MOST) -> Made | None:
    """A checkpoint, not kept yet, of what stands now or, where more than `most` steps have none, of the first of them.

    So no entry has more steps to read before it, even where the timetable did not run for long, or a year was played in
    an hour. Steps are never changed, so it stays true. None: nothing moved.
    """
    at = total_steps.reached(session, operation, part_of(Grain.SITE if whole else Grain.OPERATION), most)
    if at is None:
        return None

    def sums(grain: Grain, country: str = "") -> dict[str, Any]:
        return _packed(total_steps.sums_of(session, operation, at, grain, country))

    parts: dict[str, Any] = {part_of(grain): sums(grain) for grain in SMALL}
    parts[HEARD] = total_steps.heard_with(*total_steps.before(session, operation, HEARD, at))
    if whole:
        since = total_steps.before(session, operation, part_of(Grain.SITE), at)[1]
        parts[part_of(Grain.SITE)] = sums(Grain.SITE)
        for country in sorted({cell[0] for step in since for cell in step.cells}):
            parts[part_of(Grain.COUNTRY_DAY, country)] = sums(Grain.COUNTRY_DAY, country)
        parts[MARGINS] = _packed(total_steps.margins_of(session, operation, at))
    packed = {part: zlib.compress(json.dumps(each, separators=(",", ":")).encode()) for part, each in parts.items()}
    return Made(at, packed)


def keep(session: Session, operation: UUID, found: Made | None) -> int | None:
    """Keep a checkpoint that was made, but for what is kept already; its entry."""
    if found is None:
        return None
    here = {"operation_id": operation, "seq": found.seq, "at": now()}
    known = sa.select(_POINT.c.part).where(_POINT.c.operation_id == operation, _POINT.c.seq == found.seq)
    for part in found.parts.keys() - set(session.execute(unscoped(known)).scalars()):
        session.connection().execute(_POINT.insert(), {**here, "part": part, "content": found.parts[part]})
    return found.seq


class PendingSteps(NamedTuple):
    """The steps of an operation since its last checkpoint: their number, and the entry and moment of the first."""

    operation: UUID
    steps: int
    first: int
    since: datetime


def waiting(session: Session, *, whole: bool) -> list[PendingSteps]:
    """Return the steps that no whole checkpoint, or no checkpoint of the small parts, covers yet, by operation."""
    part = part_of(Grain.SITE if whole else Grain.OPERATION)
    last = sa.select(_POINT.c.operation_id, sa.func.max(_POINT.c.seq).label("seq")).where(_POINT.c.part == part)
    newest = last.group_by(_POINT.c.operation_id).subquery()
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
    return [PendingSteps(*row) for row in session.execute(unscoped(grouped))]


def _packed(sums: Sums) -> dict[str, Any]:
    facets: dict[tuple[str, ...], int] = {}
    rows = [
        [*key[:4], facets.setdefault(key[4:], len(facets)), *amounts] for key, amounts in sums.items() if any(amounts)
    ]
    sides = [{name: code for name, code in zip(FACETS, facet, strict=True) if code} for facet in facets]
    return {"facets": sides, "rows": rows}


# ------------------------------------------------------------------------------------------------ verification


def summed(session: Session, operation: UUID, *, whole: bool = True) -> dict[totals.Key, tuple[int, int]]:
    """Return the sum of all steps, or of the newest checkpoints and the steps since, by the keys of `totals.Total`."""
    sums_of: dict[Grain, Sums] = {grain: {} if whole else _held(session, operation, grain) for grain in Grain}
    for some in total_steps.parts(session, operation) if whole else ():
        for grain, sums in sums_of.items():
            total_steps.added(sums, some, grain)
    amounts_of: dict[totals.Key, tuple[int, int]] = {}
    for grain, sums in sums_of.items():
        for key, amounts in sums.items():
            if any(amounts):
                amounts_of[grain.value, operation, *key] = (amounts[0], amounts[1])
    return amounts_of


def summed_margins(session: Session, operation: UUID, *, whole: bool = True) -> dict[totals.Key, tuple[int, int]]:
    """Return the same sums of margins, by the keys of `margins.TotalMargin`."""
    sums = total_steps.margins_of(session, operation, None, whole=whole)
    return {
        (operation, country, level, *facet, dimension, code): (amounts[0], amounts[1])
        for (country, dimension, code, level, *facet), amounts in sums.items()
        if any(amounts)
    }


def _held(session: Session, operation: UUID, grain: Grain) -> Sums:
    """Return the sums of a grain for all countries, from the newest checkpoint and the steps since."""
    if grain is not Grain.COUNTRY_DAY:
        return total_steps.sums_of(session, operation, None, grain)
    sums: Sums = {}
    for country in {key[0] for key in total_steps.sums_of(session, operation, None, Grain.COUNTRY)}:
        sums |= total_steps.sums_of(session, operation, None, grain, country)
    return sums
