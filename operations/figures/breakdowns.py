"""Breakdowns: a counted figure by offence, basis, sex, minor, nationality, database, phase, site kind and the like.

Each side adds up to the figure; lines without a code are its rest. Readers who see the figure through disclosure
control get no side here: small numbers could be derived by watching them move. They read those of a snapshot
(`releases.breakdown_releases`).
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa
from sqlmodel import Session

from operations.catalogue.kpis import CATALOGUE, Kpi
from operations.catalogue.line_selection import CountingUnit, LineSelection
from operations.core import history
from operations.core.code_lists import InList
from operations.core.people import Actor
from operations.core.store import unscoped
from operations.disclosure.suppression import BoardFrame, guarded
from operations.figures.board import reader_of
from operations.lines.kinds import KINDS
from operations.lines.line import breakdown_fields
from operations.policing.map_plan.places import Site
from operations.totals import margins
from operations.totals.total_steps import read
from operations.totals.totals import Grain, TotalRow, side

PHASE, SITE_KIND, MINOR = "phase", "site_kind", "minor"
LISTS = {PHASE: "CL-PHASE", SITE_KIND: "CL-SITETYPE"}
Cells = dict[str, Counter[tuple[str, int, str]]]
"""By side: amounts by code, level and country."""


@dataclass(frozen=True)
class Breakdown:
    """One side of a figure. `listed` names the code list of its codes, "" where they are yes and no.

    `hidden` are codes whose amount this reader may not know; their sum is in the rest.
    """

    side: str
    listed: str
    parts: tuple[tuple[str, int], ...]
    rest: int
    hidden: frozenset[str] = frozenset()


def breakdowns(session: Session, frame: BoardFrame, kpi: Kpi, by: Actor, only: str = "") -> list[Breakdown]:
    """Return the sides of a counted figure at the frame's level that this reader may see, without empty ones.

    With `frame.at`, as of that entry; with `only`, that side alone.
    """
    with history.as_of(session, frame.at):
        return [] if guarded(kpi, frame, reader_of(session, frame, by)) else _breakdowns(session, frame, kpi, only)


def _breakdowns(session: Session, frame: BoardFrame, kpi: Kpi, only: str) -> list[Breakdown]:
    lines = CATALOGUE[kpi].lines
    rows = read(session, frame.operation, Grain.COUNTRY, frame.country, (lines.kind,))
    cells = _of_totals(lines, rows, only) | _of_margins(session, frame, lines, only)
    if only in ("", SITE_KIND):
        cells |= _of_sites(session, frame, lines)
    whole = Counter[tuple[int, str]]()
    for row in rows:
        whole[row.level, row.country] += lines.amount(row.facet, row.records, row.quantity)
    listed = code_lists(lines.kind)
    sides = []
    for name, counted in cells.items():
        sums: Counter[str] = Counter()
        for (code, level, _country), many in counted.items():
            if level >= frame.level:
                sums[code] += many
        parts = tuple(
            sorted(((code, many) for code, many in sums.items() if many), key=lambda each: (-each[1], each[0]))
        )
        everything = sum(many for (level, _country), many in whole.items() if level >= frame.level)
        if parts:
            sides.append(Breakdown(name, listed.get(name, ""), parts, everything - sum(sums.values())))
    return sides


@cache
def code_lists(kind: str) -> Mapping[str, str]:
    """Return the code list of each side of a kind of lines, "" where it is of yes and no."""
    fields = KINDS[kind].model_fields
    return LISTS | {
        name: next((code_list.name for code_list in _rules(fields[name].annotation, fields[name].metadata)), "")
        for name in breakdown_fields(KINDS[kind])
    }


def _rules(annotation: object, metadata: list[object]) -> list[InList]:
    inside = [part for each in getattr(annotation, "__args__", ()) for part in getattr(each, "__metadata__", ())]
    return [each for each in (*metadata, *inside) if isinstance(each, InList)]


def _of_totals(lines: LineSelection, rows: list[TotalRow], only: str) -> Cells:
    places = {name: side(lines.kind, name) for name, by in breakdown_fields(KINDS[lines.kind]).items() if by.side}
    places.pop("qualifier", None)
    if only:
        places = {name: place for name, place in places.items() if name == only}
    cells: Cells = {name: Counter() for name in (PHASE, *places) if only in ("", name)}
    if not cells:
        return cells
    for row in rows:
        if many := lines.amount(row.facet, row.records, row.quantity):
            if PHASE in cells:
                cells[PHASE][row.facet.phase_kind, row.level, row.country] += many
            for name, place in places.items():
                if row.facet[place] not in margins.UNSAID:
                    cells[name][row.facet[place], row.level, row.country] += many
    return cells


def _of_margins(session: Session, frame: BoardFrame, lines: LineSelection, only: str) -> Cells:
    if frame.country is None:
        wanted: Callable[[str], bool] = bool
    else:
        wanted = frame.country.__eq__
    cells: Cells = {}
    for row in margins.read(session, frame.operation, lines.kind):
        if only in ("", row.dimension) and wanted(row.country) and lines.hold(row.facet):
            many = row.records if lines.counting is CountingUnit.RECORDS else row.quantity
            cells.setdefault(row.dimension, Counter())[row.code, row.level, row.country] += many
    return dict(sorted(cells.items()))


def _of_sites(session: Session, frame: BoardFrame, lines: LineSelection) -> Cells:
    query = unscoped(sa.select(Site.id, Site.site_type).where(Site.operation_id == frame.operation))  # type: ignore[call-overload]
    kinds = {str(site): kind for site, kind in session.execute(query)}
    cells: Counter[tuple[str, int, str]] = Counter()
    for row in read(session, frame.operation, Grain.SITE, frame.country, (lines.kind,)):
        if row.site in kinds and (many := lines.amount(row.facet, row.records, row.quantity)):
            cells[kinds[row.site], row.level, row.country] += many
    return {SITE_KIND: cells}
