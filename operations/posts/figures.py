"""Key figures of the programme as they are declared, beside those of operations in `catalogue.kpis`.

They count no lines: each is measured of posts, assessments, equipment and months of queries as they are now.
"""

from dataclasses import dataclass

from operations.core.vocabulary import Level


@dataclass(frozen=True)
class ProgrammeFigure:
    """One figure of the catalogue (domain 2.6, 2.7). Its texts are message ids of the dashboard's catalogues.

    `level`: V3 where a country stands behind what it counts, V1 where it is counted as it was written down.
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
        """What tells it from every other: several figures may stand under one number of the catalogue."""
        return f"{self.kpi} {self.name}"


@dataclass(frozen=True)
class Value:
    """A figure as it is now; `number` is None where it is not defined, or cannot be told: then `why` says what lacks.

    `part` of `whole` stands beside it. `review`: it may be so much less, as open claims say.
    """

    figure: ProgrammeFigure
    number: float | None
    part: int | None = None
    whole: int | None = None
    why: str = ""
    review: int = 0


def share(figure: ProgrammeFigure, part: int, whole: int) -> Value:
    """A figure in per cent; not defined where the whole is 0.

    >>> share(Figure("K50", "", "%", "", "", ""), 1, 4).number
    25.0
    """
    return Value(figure, 100 * part / whole if whole else None, part, whole)
