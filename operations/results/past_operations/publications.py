"""Published figures of past operations, read from one file: each number with its qualifier and source.

A figure names what it counts as a report line would, by a kind of line and its codes, or by a code of CL-PUBLISHED
where no report counts it. Rows of one operation with the same `id` are sources of one figure.
"""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, model_validator

from operations.core.drafts import Draft
from operations.core.vocabulary import Country, InList, OperationType
from operations.lines.kinds import KINDS
from operations.lines.line import EXACT, parts_of
from operations.results.past_operations.line_equivalents import codes_of, kpis_of, unit_of

FILE = Path(__file__).with_name("operations.toml")
PartDate = Annotated[str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
"""A day, a month or a year, as much of it as is known: "2013-06-24", "2013-06", "2013"."""
Number = Annotated[int | float, Field(gt=0)]


class Rank(StrEnum):
    """How close a source is to those who counted. The closest leads."""

    PRIMARY = "primary"
    COPY = "copy"
    REPORT = "report"


class PublishedSource(Draft):
    """A publication."""

    code: str
    title: str
    urls: Annotated[tuple[str, ...], Field(min_length=1)]
    rank: Rank
    published: PartDate | None = None


class PublishedPeriod(Draft):
    """A period with both ends included; without an end where none was published."""

    start: Annotated[PartDate, Field(alias="from")]
    end: Annotated[PartDate | None, Field(alias="to")] = None
    source: str = ""

    @property
    def days(self) -> int | None:
        """The number of days; None where one of its ends is not a day."""
        if self.end is None or len(self.start) < 10 or len(self.end) < 10:
            return None
        return (date.fromisoformat(self.end) - date.fromisoformat(self.start)).days + 1


class PublishedFigure(Draft):
    """One number as one source gives it.

    `part_of` is the id of its whole and `by` the breakdown; `complete`, on a whole, names the breakdowns with all their
    parts; `partial`: it is not a total, and no total was published. `count` is "minors" where the number counts the
    minors of its whole (or of itself). `phase` and `country` are those of the reports that would hold it; `since`: the
    year from which it counts, where it is not of this operation alone. `words` are the source's own.
    """

    of: str
    codes: dict[str, str] = Field(default_factory=dict)
    value: Number
    qualifier: Annotated[str, InList("CL-QUAL"), Field(alias="q")] = EXACT
    status: Annotated[str, InList("CL-STATUS")] = "preliminary"
    as_of: PartDate | None = None
    source: PublishedSource
    id: str = ""
    part_of: str = ""
    by: Annotated[str, InList("CL-BREAKDOWN")] | None = None
    complete: frozenset[str] = frozenset()
    partial: bool = False
    count: str = ""
    phase: Annotated[str, InList("CL-PHASE")] | None = None
    country: Country | None = None
    since: int | None = None
    words: str = ""

    @model_validator(mode="after")
    def _known(self) -> "PublishedFigure":
        codes_of(self.of, self.codes)
        if self.count and self.count not in parts_of(KINDS[self.of]):
            raise ValueError(f"{self.of} has no part called {self.count}")
        if bool(self.part_of) != (self.by is not None):
            raise ValueError(f"a part names its whole and its breakdown: {self}")
        return self

    @property
    def of_line(self) -> bool:
        """Whether lines of reports count it."""
        return self.of in KINDS

    @property
    def unit(self) -> str:
        """The unit: a code of CL-UNIT, or a currency."""
        return unit_of(self.of, self.codes)

    @cached_property
    def kpis(self) -> tuple[str, ...]:
        """The key figures that would count it, by their numbers in the catalogue."""
        return kpis_of(self.of, self.codes)


class PastOperation(Draft):
    """An operation of the past. `kind` and `regions` are our mapping; `inferred`: the fields that sources do not state.

    `rivals`: periods given by other sources; `days`: the number of days in the text; `announced`: the day its figures
    were announced, which its first source may not state.
    """

    number: int
    name: str
    series: str = ""
    kind: OperationType
    regions: Annotated[tuple[Annotated[str, InList("CL-REGION")], ...], Field(min_length=1)]
    sources: Annotated[tuple[PublishedSource, ...], Field(min_length=1)]
    periods: tuple[PublishedPeriod, ...] = ()
    rivals: tuple[PublishedPeriod, ...] = ()
    reported: PartDate | None = None
    announced: PartDate | None = None
    when: str = ""
    days: int | None = None
    inferred: frozenset[str] = frozenset()
    also: tuple[str, ...] = ()
    figures: tuple[PublishedFigure, ...]

    @model_validator(mode="after")
    def _whole_and_parts(self) -> "PastOperation":
        ids = {each.id for each in self.figures}
        lost = [figure.part_of for figure in self.figures if figure.part_of and figure.part_of not in ids]
        if lost or not (self.periods or self.reported):
            raise ValueError(f"{self.name}: no whole {lost}, or no time")
        return self

    @property
    def year(self) -> int:
        """The year in which it began, or was reported."""
        return int((self.periods[0].start if self.periods else self.reported or "")[:4])

    @property
    def order(self) -> tuple[str, int]:
        """The sort key by time."""
        return (self.periods[0].start if self.periods else self.reported or "", self.number)

    @property
    def length(self) -> int | None:
        """The number of its days; None where a day of its periods is unknown."""
        days = [each.days for each in self.periods]
        return sum(each or 0 for each in days) if days and None not in days else None

    @cached_property
    def countries(self) -> int | None:
        """The number of countries that took part, by its first source; None where none says so."""
        return next((int(figure.value) for figure in self.leading if figure.of == "countries"), None)

    def rank(self, source: PublishedSource) -> tuple[int, int]:
        """Return the rank of a source: the closest first, equals in the order of the file."""
        known = self.sources.index(source) if source in self.sources else len(self.sources)
        return [*Rank].index(source.rank), known

    def rows(self, figure: PublishedFigure) -> tuple[PublishedFigure, ...]:
        """Return all sources' rows of one figure, the primary first."""
        same = [row for row in self.figures if row is figure or (figure.id and row.id == figure.id)]
        return tuple(sorted(same, key=lambda row: self.rank(row.source)))

    @cached_property
    def leading(self) -> tuple[PublishedFigure, ...]:
        """One row of each figure: that of the primary source."""
        return tuple(each for each in self.figures if self.rows(each)[0] is each)

    def whole(self, figure: PublishedFigure) -> PublishedFigure | None:
        """Return the leading row of a figure's whole."""
        return next((leading for leading in self.leading if leading.id and leading.id == figure.part_of), None)


def read(content: Mapping[str, Any]) -> tuple[PastOperation, ...]:
    """Return the operations in a file, oldest first. Raises pydantic's ValidationError, or KeyError for a source."""
    sources = {code: PublishedSource(code=code, **each) for code, each in content["source"].items()}

    def figure(row: dict[str, Any], each: Mapping[str, Any]) -> dict[str, Any]:
        first = each["sources"][0]
        source = sources[row.get("source", first)]
        known = source.published or (each.get("announced") if source.code == first else None)
        return {"as_of": known, **row, "source": source}

    made = [
        PastOperation(
            **{
                **entry,
                "sources": tuple(sources[code] for code in entry["sources"]),
                "figures": tuple(PublishedFigure(**figure(row, entry)) for row in entry["figures"]),
            }
        )
        for entry in content["operation"]
    ]
    return tuple(sorted(made, key=lambda each: each.order))


@cache
def past_operations() -> tuple[PastOperation, ...]:
    """Return all past operations, oldest first."""
    return read(tomllib.loads(FILE.read_text(encoding="utf-8")))


def past_operation(number: int) -> PastOperation | None:
    """Return the past operation with this number; None where there is none."""
    return next((each for each in past_operations() if each.number == number), None)


def series(name: str) -> tuple[PastOperation, ...]:
    """Return the editions of a series, oldest first; none for an empty name."""
    return tuple(each for each in past_operations() if name and each.series == name)


def chosen(
    kind: str = "", region: str = "", year: str = "", among: Iterable[PastOperation] | None = None
) -> list[PastOperation]:
    """Return the operations of a kind, a region and a year, oldest first; "" leaves a choice open."""
    return [
        operation
        for operation in (past_operations() if among is None else among)
        if kind in ("", operation.kind)
        and (not region or region in operation.regions)
        and year in ("", str(operation.year))
    ]
