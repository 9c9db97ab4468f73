"""What reports a figure is made of, as it is declared: lines that count, or reports themselves.

A figure that is made of none (of cases, teams, leads, costs, snapshots, boards) declares none: then there is nothing to
be listed behind it.
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
class OfLines:
    """Lines of the reports that count at the level of a frame. `unit`: in what they are added up, "" for lines.

    `side`: of each so much as falls to this code of a margin. `only`: those of them of which this is true, by site and
    facet. `again`: also lines that tell an event once more. `act`: what whoever looks must be permitted besides.
    """

    lines: tuple[LineSelection, ...]
    unit: str = ""
    side: tuple[str, str] | None = None
    only: Callable[[FigureRequest], Callable[[UUID, Facet], bool]] | None = None
    again: bool = False
    act: Act | None = None

    @property
    def persons(self) -> bool:
        """Whether some of them are about persons."""
        return any(each.kind in PERSON_KINDS for each in self.lines)


@dataclass(frozen=True)
class OfReports:
    """Versions of reports, by their id in hexadecimal: how many of their lines, or 1 where they are counted themselves.

    `persons`: lines about persons are counted among others.
    """

    amounts: Callable[[FigureRequest], Mapping[str, int]]
    lines: bool = False
    persons: bool = False
    act: Act | None = None


MadeOf = OfLines | OfReports


def of_kpi(kpi: Kpi, side: tuple[str, str] | None = None) -> OfLines:
    """The lines of a counted figure, or so much of them as falls to a code of a margin."""
    return OfLines((CATALOGUE[kpi].lines,), CATALOGUE[kpi].unit, side)


def climbed(act: str, before: str | None) -> OfReports:
    """The versions of which it is told how long they took to an act of the journal, and those that wait for it."""

    def amounts(asked: FigureRequest) -> dict[str, int]:
        _begun, ended, waiting = durations.ways(asked, act, before)
        return dict.fromkeys([*ended, *waiting], 1)

    return OfReports(amounts)
