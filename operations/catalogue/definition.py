"""Definitions of key figures: how each is measured from report lines, and its text in the catalogue."""

from dataclasses import dataclass, field
from enum import StrEnum

from operations.catalogue.line_selection import CountingUnit, LineSelection
from operations.core.vocabulary import Level, OperationType
from operations.totals.totals import Facet, side


class Audience(StrEnum):
    """A reader of figures outside the own chain, which is the country itself and the coordinating desk."""

    LEADERSHIP = "leadership"
    COUNTRIES = "countries"
    OUTSIDE = "outside"


PROTECTED = frozenset(Audience)
"""The audiences from whom counts of persons in need of protection are guarded, and all that follows from them."""
SUSPECTS = frozenset({Audience.COUNTRIES, Audience.OUTSIDE})
"""The audiences from whom counts of suspects and targets are guarded: leadership sees them exactly."""

KNOWN: dict[str, "Definition"] = {}
"""The catalogue, by the number of each figure; `kpis` fills it."""


@dataclass(frozen=True)
class CountFigure:
    """A counted figure, shown by country and by day. `pending`: lines beside it that may become part of it.

    `pending` is shown only where the figure `within`, to which those lines belong, is shown.
    """

    lines: LineSelection
    pending: LineSelection | None = None
    within: str | None = None


@dataclass(frozen=True)
class RateFigure:
    """A counted figure divided by another of the same code of field `by`, per million, with its interval.

    Where the divisor comes from codes of field `population` that are `blanket` and from others, two populations would
    be mixed: there is no rate.
    """

    count: str
    of: str
    by: str
    population: str
    blanket: frozenset[str]


@dataclass(frozen=True)
class SharePart:
    """A part of a share: its name, its words on the tile, and its codes (None: all that no other part has)."""

    name: str
    beside: str
    codes: frozenset[str] | None = None


@dataclass(frozen=True)
class ShareFigure:
    """The lines of a counted figure in parts, by field `by`. The first part is the figure, in per cent of all parts.

    `whole` says what was divided by; the second part always stands beside the figure, further ones where there is any.
    """

    of: str
    by: str
    parts: tuple[SharePart, ...]
    whole: str

    @property
    def base(self) -> LineSelection:
        """The lines that are divided."""
        return KNOWN[self.of].lines

    def part(self, facet: Facet) -> SharePart | None:
        """Return the part to which a facet belongs; None where it is left out."""
        if not self.base.hold(facet):
            return None
        code = facet[side(self.base.kind, self.by)]
        rest = next((part for part in self.parts if part.codes is None), None)
        return next((part for part in self.parts if part.codes is not None and code in part.codes), rest)


@dataclass(frozen=True)
class UnitFigure:
    """Amounts by the codes of field `by` and by unit, never added up: currencies, goods, or databases of one thing.

    The value is the largest, as far as amounts of different units can be compared; all others are shown with it.
    """

    lines: LineSelection
    by: str
    listed: str


@dataclass(frozen=True)
class PeakFigure:
    """The largest amount of one official day at each site, for each code of field `by`, added up over sites and codes.

    Days are never added up: the same officers work on several.
    """

    lines: LineSelection
    by: str


@dataclass(frozen=True)
class SitesHeard:
    """The share of planned sites that reported lately, while reports are due. No lines are needed for it."""

    whole: str


MOST_MISSING = 0.3
"""The share of lines in which a required field may be missing before a figure counts as not reliable.

Official statistics require an analysis of nonresponse bias where fewer than 70 % answered a question (Office of
Management and Budget, Standards and Guidelines for Statistical Surveys, 2006, guideline 3.2.10).
"""


@dataclass(frozen=True)
class Rests:
    """A field of counted figure `of` that another figure rests on; codes in `missing` mean that it is unknown.

    `told` names the lines that have the field, `words` is the warning where too few have it. `part` is the part of a
    share of the same lines that holds those without it.
    """

    of: str
    by: str
    missing: frozenset[str]
    told: str
    words: str
    part: str = ""

    @property
    def sides(self) -> ShareFigure:
        """The lines without the field and those with it, as parts of a share: as secret as any share."""
        return ShareFigure(self.of, self.by, (SharePart("missing", "", self.missing), SharePart("told", "")), "")


@dataclass(frozen=True)
class Definition:
    """A figure as the catalogue declares it. Figures stand on boards in the order of their declarations.

    `guarded`: it counts persons, and small numbers of it are hidden from these audiences. `boards`: the kinds of
    operation that have it; with `reported`, only if they report its lines. `leads`: the kinds whose charts begin with
    it; `cards`: those whose cards show it. `aim`: an operation may set a target for it. `level`: the level at which it
    is always shown. `split`: a field of its lines by whose codes (of a list) it is broken down for readers who see
    everything. `rests`: the fields without which it is not reliable. `files`: the words for the sum of what countries
    report each for itself, where some of that is one event. `quote`: what one may say with it; `misquote`: what not.
    """

    kpi: str
    name: str
    unit: str
    formula: str
    caution: str
    source: str
    measure: CountFigure | RateFigure | ShareFigure | UnitFigure | PeakFigure | SitesHeard
    guarded: frozenset[Audience] = frozenset()
    boards: frozenset[OperationType] = frozenset(OperationType)
    reported: bool = False
    leads: frozenset[OperationType] = frozenset()
    cards: frozenset[OperationType] = frozenset()
    aim: bool = False
    level: Level | None = None
    split: tuple[str, str] | None = None
    rests: tuple[Rests, ...] = ()
    files: str = ""
    quote: str = field(kw_only=True)
    misquote: str = field(kw_only=True)

    @property
    def persons(self) -> bool:
        """Whether it counts persons, or is a share of them."""
        return bool(self.guarded)

    @property
    def counting(self) -> CountingUnit:
        """The unit in which it counts."""
        if isinstance(self.measure, CountFigure):
            return self.measure.lines.counting
        if isinstance(self.measure, UnitFigure):
            return CountingUnit.APART
        if isinstance(self.measure, PeakFigure):
            return CountingUnit.PEAK
        return CountingUnit.RATE if isinstance(self.measure, RateFigure) else CountingUnit.SHARE

    @property
    def lines(self) -> LineSelection:
        """The lines of a counted figure. Raises TypeError for any other."""
        if isinstance(self.measure, CountFigure):
            return self.measure.lines
        raise TypeError(f"{self.kpi} is not counted")

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of lines that it is reported as."""
        match self.measure:
            case CountFigure(lines=lines) | UnitFigure(lines=lines) | PeakFigure(lines=lines):
                return frozenset({lines.kind})
            case RateFigure(count=count, of=of):
                return KNOWN[count].kinds | KNOWN[of].kinds
            case ShareFigure(of=of):
                return KNOWN[of].kinds
        return frozenset()

    @property
    def words(self) -> tuple[str, ...]:
        """All texts of it that a person reads."""
        rests = (words for each in self.rests for words in (each.told, each.words))
        own = (self.name, self.unit, self.formula, self.caution, self.quote, self.misquote)
        said = (*own, *rests, *filter(None, [self.files]))
        match self.measure:
            case ShareFigure(parts=parts, whole=whole):
                return (*said, whole, *(words for part in parts for words in (part.name, part.beside) if words))
            case SitesHeard(whole=whole):
                return (*said, whole)
        return said
