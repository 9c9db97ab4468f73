"""Guarded counts: how much each report holds of guarded figures, and at which level as of each entry.

Read from the total steps.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from operations.catalogue.definition import ShareFigure
from operations.catalogue.kpis import CATALOGUE, COUNTED, Kpi
from operations.core.journal import Entry
from operations.core.store import unscoped
from operations.figures.releases import judge
from operations.figures.releases.judge import ReportHolding
from operations.totals import total_steps
from operations.totals.total_steps import TotalMovement
from operations.totals.totals import Facet

SHARES: dict[Kpi, tuple[Kpi, ShareFigure]] = {
    Kpi(definition.measure.of): (kpi, definition.measure)
    for kpi, definition in CATALOGUE.items()
    if isinstance(definition.measure, ShareFigure)
}
"""The share that divides the lines of a figure."""
GUARDED = tuple(kpi for kpi in COUNTED if CATALOGUE[kpi].guarded)
"""The counted figures that move in releases for some audience."""


@dataclass
class _Unit:
    """An amount of one report that always moves as a whole."""

    country: str
    day: str
    part: str
    amount: int
    levels: list[tuple[int, int]]


class Ledger:
    """The amounts that each report holds of each figure. Units keep their indices: later steps only append."""

    def __init__(self, found: Iterable[TotalMovement], reports: Mapping[int, str]) -> None:
        self._units: dict[Kpi, list[_Unit]] = defaultdict(list)
        self._open: dict[tuple[str, Kpi, str], dict[judge.Place, list[_Unit]]] = defaultdict(dict)
        self._facets: dict[tuple[tuple[str, str], ...], tuple[tuple[Kpi, str], ...]] = {}
        last = 0
        for step in found:
            # Further steps of an entry are changes without an entry of their own, so their report is unknown.
            self._step(step, "" if step.seq == last else reports.get(step.seq, ""))
            last = step.seq

    def held(self, kpi: Kpi) -> list[ReportHolding]:
        """Return all holdings of one figure."""
        return [
            ReportHolding(unit.country, unit.day, unit.part, unit.amount, tuple(unit.levels))
            for unit in self._units[kpi]
        ]

    def _of(self, sides: dict[str, str]) -> tuple[tuple[Kpi, str], ...]:
        named = tuple(sides.items())
        if named not in self._facets:
            facet = total_steps.facet_of(sides)
            self._facets[named] = tuple((kpi, _part(kpi, facet)) for kpi in GUARDED if CATALOGUE[kpi].lines.hold(facet))
        return self._facets[named]

    def _step(self, step: TotalMovement, report: str) -> None:
        moved: defaultdict[tuple[Kpi, str], defaultdict[judge.Place, int]] = defaultdict(lambda: defaultdict(int))
        for country, day, _site, level, records, quantity, sides in step.cells:
            for kpi, part in self._of(sides):
                amount = CATALOGUE[kpi].lines.amount(total_steps.facet_of(sides), records, quantity)
                moved[kpi, part][country, day, level] += amount
        for (kpi, part), changes in moved.items():
            known = self._open[report, kpi, part]
            taken: defaultdict[tuple[str, str], list[_Unit]] = defaultdict(list)
            put: dict[judge.Place, int] = {}
            for place, change in changes.items():
                there = sum(unit.amount for unit in known.get(place, ())) if report else 0
                if there + change < 0:
                    self._take_unknown(kpi, part, place, -change, step.seq)
                    continue
                if there:  # the amount there was replaced; what remains of it cannot be told apart
                    taken[place[:2]] += self._take(known.pop(place), step.seq)
                if there + change:
                    put[place] = there + change
            for place, amount in put.items():
                units = taken.pop(place[:2], [])
                if sum(unit.amount for unit in units) != amount or place in known:
                    units = [_Unit(*place[:2], part, amount, [])]
                    self._units[kpi] += units
                for unit in units:
                    unit.levels.append((step.seq, place[2]))
                known.setdefault(place, []).extend(units)

    def _take(self, units: list[_Unit], seq: int) -> list[_Unit]:
        for unit in units:
            unit.levels.append((seq, 0))
        return units

    def _take_unknown(self, kpi: Kpi, part: str, place: judge.Place, amount: int, seq: int) -> None:
        """Take an amount of an unknown report from a place: all that is there, or a negative unit of its own."""
        pools = [pool for (_report, *of), pool in self._open.items() if of == [kpi, part] and place in pool]
        units = [unit for pool in pools for unit in pool[place]]
        if sum(unit.amount for unit in units) == amount:
            for pool in pools:
                pool.pop(place)
            self._take(units, seq)
        else:
            self._units[kpi].append(_Unit(*place[:2], part, -amount, [(seq, place[2])]))


def _part(kpi: Kpi, facet: Facet) -> str:
    share_part = SHARES[kpi][1].part(facet) if kpi in SHARES else None
    return share_part.name if share_part else ""


def ledger(session: Session, operation: UUID, until: int) -> Ledger:
    """Return the holdings of an operation's reports up to an entry."""
    return Ledger(total_steps.passed(session, operation, 0, until), report_entries(session, operation, until))


def report_entries(session: Session, operation: UUID, until: int) -> dict[int, str]:
    """Return the report that each entry about one concerns, up to an entry."""
    query = sa.select(col(Entry.seq), col(Entry.detail)).where(
        col(Entry.operation_id) == operation, col(Entry.object_kind) == "report", col(Entry.seq) <= until
    )
    return {seq: str(detail.get("report", "")) for seq, detail in session.execute(unscoped(query))}
