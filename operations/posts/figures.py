"""Key figures of the programme: their declarations, beside those of operations in `catalogue.kpis`.

They count no report lines: each is computed from the current posts, assessments, equipment and months of queries.
"""

from dataclasses import dataclass

from operations.catalogue.intervals import share_interval
from operations.core.vocabulary import Level


@dataclass(frozen=True)
class ProgrammeFigure:
    """A figure of the catalogue (domain 2.6, 2.7). Its texts are message ids of the dashboard's catalogues.

    `level`: V3 where a country has validated what it counts, V1 where it is counted as recorded.
    """

    kpi: str
    name: str
    unit: str
    formula: str
    caution: str
    source: str
    level: Level = Level.V1

    @property
    def code(self) -> str:
        """The unique key of the figure: several figures may share one number of the catalogue."""
        return f"{self.kpi} {self.name}"


@dataclass(frozen=True)
class Value:
    """The current value of a figure; `number` is None where it is undefined or unknown: then `why` says what lacks.

    It is `part` of `whole`. `review`: it may be lower by this much, because of open claims.
    """

    figure: ProgrammeFigure
    number: float | None
    part: int | None = None
    whole: int | None = None
    why: str = ""
    review: int = 0

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of a share of fewer than 50, in per cent; None where there is none to tell."""
        return share_interval(self.part, self.whole) if self.figure.unit == "%" else None


def share(figure: ProgrammeFigure, part: int, whole: int) -> Value:
    """Return a figure in per cent; undefined where the whole is 0.

    >>> share(ProgrammeFigure("K50", "", "%", "", "", ""), 1, 4).number
    25.0
    """
    return Value(figure, 100 * part / whole if whole else None, part, whole)
