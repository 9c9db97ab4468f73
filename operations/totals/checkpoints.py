"""Checkpoints: totals as of an entry, stored in parts, so that looking back reads few steps.

A whole checkpoint is made once an official day; the small parts, which every board reads, are stored more often where
there are many steps.
"""

import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from operations.core.clock import now
from operations.core.comparison import SumFingerprint
from operations.core.store import alone, unscoped
from operations.totals import margins, total_steps, totals
from operations.totals.pending_moves import Cell
from operations.totals.total_steps import HEARD, MARGINS, StepMargins, Sums, TotalCheckpoint, TotalStep, part_of
from operations.totals.totals import FACETS, Grain

ENOUGH = 100
"""The number of steps after which another checkpoint of the small parts is made, whatever the day."""

MOST = 250
"""The number of steps that one checkpoint covers; the next follows in the timetable's next look."""

SMALL = (Grain.OPERATION, Grain.DAY, Grain.COUNTRY)
_ONE_PART = (*SMALL, Grain.SITE)
"""The grains that a checkpoint holds in one part; days of countries have one for each country."""
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


def add_up(session: Session, operation: UUID, whole: SumFingerprint, resumed: SumFingerprint) -> None:
    """Add up all steps to `whole`, and the newest checkpoints with the steps since to `resumed`, in one pass.

    Keys are those of `totals.kept_key` and `margins.kept_key`.
    """
    after: dict[str, int] = {}
    for part, seq, sums in total_steps.newest(session, operation):
        after[part] = seq
        grain = part.partition(":")[0]
        for key, amounts in sums.items():
            kept = (
                margins.kept_key(key[0], key[3], key[4:], *key[1:3]) if part == MARGINS else totals.kept_key(grain, key)
            )
            resumed.add(kept, *amounts)
    for some in total_steps.parts(session, operation):
        _add_cells(some, after, whole, resumed)
        _add_margins(some, after.get(MARGINS, 0), whole, resumed)


def _add_cells(
    steps: Iterable[StepMargins], after: Mapping[str, int], whole: SumFingerprint, resumed: SumFingerprint
) -> None:
    """Add cells to the totals of all grains; to `resumed` where the step is later than the part that holds them."""
    every: defaultdict[Cell, list[int]] = defaultdict(lambda: [0, 0])
    since: defaultdict[tuple[tuple[Grain, ...], Cell], list[int]] = defaultdict(lambda: [0, 0])
    known: dict[tuple[tuple[str, str], ...], tuple[str, ...]] = {}
    for step in steps:
        later = tuple(grain for grain in _ONE_PART if step.seq > after.get(part_of(grain), 0))
        for of, day, site, level, records, quantity, sides in step.cells:
            named = tuple(sides.items())
            facet = known.get(named) or known.setdefault(named, tuple(total_steps.facet_of(sides)))
            grains = later
            if step.country in ("", of) and step.seq > after.get(part_of(Grain.COUNTRY_DAY, of), 0):
                grains = (*later, Grain.COUNTRY_DAY)
            cell = of, day, site, level, facet
            for amounts in (every[cell], since[grains, cell]) if grains else (every[cell],):
                amounts[0] += records
                amounts[1] += quantity

    for cell, amounts in every.items():
        _spread(whole, Grain, cell, amounts)
    for (grains, cell), amounts in since.items():
        _spread(resumed, grains, cell, amounts)


def _spread(tally: SumFingerprint, grains: Iterable[Grain], cell: Cell, amounts: Sequence[int]) -> None:
    """Add a cell to the totals of these grains."""
    if any(amounts):
        of, day, site, level, facet = cell
        places = totals.places(of, day, site)
        for grain in grains:
            tally.add(totals.kept_key(grain, (*places[grain], level, *facet)), *amounts)


def _add_margins(steps: Iterable[StepMargins], after: int, whole: SumFingerprint, resumed: SumFingerprint) -> None:
    """Add margins; to `resumed` where the step is later than the entry `after`."""
    for step in steps:
        for country, level, sides, told in step.margins:
            facet = total_steps.facet_of(sides)
            for dimension, code, *amounts in told:
                key = margins.kept_key(country, level, facet, dimension, code)
                whole.add(key, *amounts)
                if step.seq > after:
                    resumed.add(key, *amounts)
