"""Composition: the lines or reports that a figure is made of, as its declaration names them.

A figure made of something else (cases, teams, leads, costs, snapshots, boards) declares none and has no drill-down.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from operations.catalogue.kpis import CATALOGUE, Kpi
from operations.catalogue.line_selection import LineSelection
from operations.core.permissions import Act
from operations.figures import durations
from operations.figures.durations import FigureRequest
from operations.lines.kinds import PERSON_KINDS
from operations.totals.totals import Facet


@dataclass(frozen=True)
class LineComposition:
    """Lines of the reports that count at the level of a frame. `unit`: the unit of their sum, "" for a number of lines.

    `side`: counts only the amount that falls to this code of a margin. `only`: a filter by site and facet. `again`:
    includes repeated lines of an event. `act`: a further permission that the reader needs.
    """

    lines: tuple[LineSelection, ...]
    unit: str = ""
    side: tuple[str, str] | None = None
    only: Callable[[FigureRequest], Callable[[UUID, Facet], bool]] | None = None
    again: bool = False
    act: Act | None = None

    @property
    def persons(self) -> bool:
        """Whether some of the lines are about persons."""
        return any(each.kind in PERSON_KINDS for each in self.lines)


@dataclass(frozen=True)
class ReportComposition:
    """Versions of reports by id in hexadecimal, each with a number of its lines, or 1 where reports are counted.

    `persons`: whether lines about persons are among those counted.
    """

    amounts: Callable[[FigureRequest], Mapping[str, int]]
    lines: bool = False
    persons: bool = False
    act: Act | None = None


Composition = LineComposition | ReportComposition


def kpi_composition(kpi: Kpi, side: tuple[str, str] | None = None) -> LineComposition:
    """Return the lines of a counted figure, or only the amount that falls to one code of a margin."""
    return LineComposition((CATALOGUE[kpi].lines,), CATALOGUE[kpi].unit, side)


def climbed(act: str, before: str | None) -> ReportComposition:
    """Return the versions that an act of the journal has lifted since `before`, and those that wait for it."""

    def amounts(asked: FigureRequest) -> dict[str, int]:
        _begun, ended, waiting = durations.ways(asked, act, before)
        return dict.fromkeys([*ended, *waiting], 1)

    return ReportComposition(amounts)
