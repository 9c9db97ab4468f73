"""What a key figure is: how it is measured of the lines of reports, and what the catalogue says of it."""

from dataclasses import dataclass
from enum import StrEnum

from operations.catalogue.line_selection import CountingUnit, LineSelection
from operations.core.vocabulary import Level, OperationType
from operations.totals.totals import Facet, side


class Audience(StrEnum):
    """Who reads a figure that does not lie in the own chain: that of the country itself and the coordination's desk."""

    LEADERSHIP = "leadership"
    COUNTRIES = "countries"
    OUTSIDE = "outside"


PROTECTED = frozenset(Audience)
"""From whom persons in need of protection are guarded, and everything from which they follow."""
SUSPECTS = frozenset({Audience.COUNTRIES, Audience.OUTSIDE})
"""From whom suspects and targets are guarded: leadership sees them exactly."""

KNOWN: dict[str, "Definition"] = {}
"""The catalogue, by the number of each figure: `kpis` fills it."""


@dataclass(frozen=True)
class CountFigure:
    """A figure that is counted: it stands by country and by day. `pending` are lines beside it that may become of it.

    `pending` is told only where the figure `within` is, to which those lines belong.
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
    """A part of a share: its codes (None: all that no other part has), its name, and its words on the tile."""

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
        """To which part a facet belongs; None where it is left out."""
        if not self.base.hold(facet):
            return None
        code = facet[side(self.base.kind, self.by)]
        rest = next((part for part in self.parts if part.codes is None), None)
        return next((part for part in self.parts if part.codes is not None and code in part.codes), rest)


@dataclass(frozen=True)
class UnitFigure:
    """Lines by the codes of field `by` and by unit, never added up: other currencies, goods or databases of one thing.

    The largest is the figure, as far as amounts of different units can be compared; all others are told with it.
    """

    lines: LineSelection
    by: str
    listed: str


@dataclass(frozen=True)
class SitesHeard:
    """The share of planned sites that reported lately, as long as reports are due. It comes from no line."""

    whole: str


MOST_MISSING = 0.3
"""A figure can be relied on while a field that it rests on is missing in no more of its lines than that.

Official statistics examine what those who did not answer may have been where fewer than 70 % answered a question
(Office of Management and Budget, Standards and Guidelines for Statistical Surveys, 2006, guideline 3.2.10).
"""


@dataclass(frozen=True)
class Rests:
    """A field of the lines of counted figure `of` that another figure rests on: with a code of `missing` it says
    nothing. `told` names what has it, `words` what is said where too little has. `part` is the part of a share of the
    same lines that holds those without it.
    """

    of: str
    by: str
    missing: frozenset[str]
    told: str
    words: str
    part: str = ""

    @property
    def sides(self) -> ShareFigure:
        """The lines without the field, and those with it, as parts of a share: as secret as any."""
        return ShareFigure(self.of, self.by, (SharePart("missing", "", self.missing), SharePart("told", "")), "")


@dataclass(frozen=True)
class Definition:
    """One figure as the catalogue declares it; its place on every board is its place here.

    `guarded`: it counts persons, and small numbers of it are hidden from these audiences. `boards` are the kinds of
    operation that have it, where `reported` only if they report its lines. The charts of the kinds in `leads` begin
    with it, and the cards of those in `cards` show it. `aim`: an operation may aim at it. `level` is the level at which
    it stands, whatever is chosen. `split` names a field of its lines by whose codes (of a list) it is broken down for
    readers to whom all is shown. `rests`: the fields without which it cannot be relied on. `files`: the words beside it
    for how much countries report of it each for itself, where some of that is one.
    """

    kpi: str
    name: str
    unit: str
    formula: str
    caution: str
    source: str
    measure: CountFigure | RateFigure | ShareFigure | UnitFigure | SitesHeard
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

    @property
    def persons(self) -> bool:
        """Whether it counts persons, or is a share of them."""
        return bool(self.guarded)

    @property
    def counting(self) -> CountingUnit:
        """What one of it is."""
        if isinstance(self.measure, CountFigure):
            return self.measure.lines.counting
        if isinstance(self.measure, UnitFigure):
            return CountingUnit.APART
        return CountingUnit.RATE if isinstance(self.measure, RateFigure) else CountingUnit.SHARE

    @property
    def lines(self) -> LineSelection:
        """The lines of a counted figure. Raises TypeError for any other."""
        if isinstance(self.measure, CountFigure):
            return self.measure.lines
        raise TypeError(f"{self.kpi} is not counted")

    @property
    def kinds(self) -> frozenset[str]:
        """As what it is reported: kinds of lines."""
        match self.measure:
            case CountFigure(lines=lines) | UnitFigure(lines=lines):
                return frozenset({lines.kind})
            case RateFigure(count=count, of=of):
                return KNOWN[count].kinds | KNOWN[of].kinds
            case ShareFigure(of=of):
                return KNOWN[of].kinds
        return frozenset()

    @property
    def words(self) -> tuple[str, ...]:
        """All that a person reads of it."""
        rests = (words for each in self.rests for words in (each.told, each.words))
        said = (self.name, self.unit, self.formula, self.caution, *rests, *filter(None, [self.files]))
        match self.measure:
            case ShareFigure(parts=parts, whole=whole):
                return (*said, whole, *(words for part in parts for words in (part.name, part.beside) if words))
            case SitesHeard(whole=whole):
                return (*said, whole)
        return said
