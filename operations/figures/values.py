"""Figure values: counts, rates and shares of a board, at a level and for a reader.

Each value is at the chosen level; amounts below it are a separate, unverified amount.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import NamedTuple

from operations.catalogue import kpis
from operations.catalogue.definition import (
    MOST_MISSING,
    CountFigure,
    RateFigure,
    Rests,
    ShareFigure,
    UnitFigure,
)
from operations.catalogue.intervals import IntervalRate, share_interval
from operations.catalogue.kpis import CATALOGUE, Kpi
from operations.core.vocabulary import Level
from operations.disclosure.figure_cube import Amounts, Cube
from operations.disclosure.releases import EarlierNumber, ReleasedFigure
from operations.disclosure.suppression import BoardFrame, FigureGuard, at_least, below, guarded
from operations.lines.line import EXACT
from operations.totals import claim_adjustments
from operations.totals.totals import TotalRow, side


class Unrated(NamedTuple):
    """A database with hits but without a rate: hits, queries of everybody (`blanket`) and queries of chosen persons."""

    database: str
    hits: int
    blanket: int
    others: int


class UnitAmount(NamedTuple):
    """An amount of one code in one unit, which is never added to another."""

    code: str
    unit: str
    quantity: int


class Gap(NamedTuple):
    """A field that a figure rests on: missing in `missing` of `of` lines."""

    rests: Rests
    missing: int
    of: int

    @property
    def share(self) -> float:
        """The share of lines in which the field is missing, 0 to 1."""
        return self.missing / self.of if self.of else 0.0

    @property
    def wide(self) -> bool:
        """Whether so much is missing that figures resting on the field are not reliable."""
        return self.share > MOST_MISSING


class Released(NamedTuple):
    """The release of a figure: when its sum, and its countries and days, were released; None where they never were."""

    sums: datetime | None
    tables: datetime | None
    undecided: bool = False
    """Whether the newest decision took too long, so that the figure stands as it was told."""


@dataclass(frozen=True)
class Figure:
    """One key figure. `value` and `unverified` are None where undefined (a rate of nothing) or hidden (`hidden`).

    `few`: the hidden value is from 1 to 10; without it, the value is hidden because it would reveal others, and
    `keeps_back` says that a country that keeps its totals back may be among those.
    `earlier`: the number that was told last, where it is hidden now.
    `validated`: the value that goals are measured by, at V3 or at the level of the board where that is higher.
    `rates`: a rate by database; `without_rate`: the databases that have none.
    `part` of `of` is a share; `parts`: its parts by name, or the codes of a count that is broken down.
    `apart`: amounts that are never added up, the largest first.
    `qualifier` (of CL-QUAL): the real number is more or less, as a line says.
    `trend`: the latest official days and their values, None for a hidden day; as many as a small trend shows, or more.
    `today` and `yesterday`: the values of the last two days.
    `corrections`: how many pending corrections would change it.
    `gaps`: the fields missing in so many lines that it is not reliable.
    `review`: by how much it changes if open claims are agreed as they are; None where that is hidden.
    `elsewhere`: amounts a country reported that count in another country's place, by its role (of CL-CLAIMROLE).
    `files`: the sum of what its countries report each for itself, where it may be shown and exceeds the count.
    `released`: when it was last released, for a figure that moves in releases.
    """

    kpi: Kpi
    value: float | None
    unverified: float | None = None
    hidden: bool = False
    few: bool = False
    keeps_back: bool = False
    earlier: EarlierNumber | None = None
    validated: float | None = None
    of: int | None = None
    part: int | None = None
    parts: Mapping[str, int] = field(default_factory=dict)
    pending: int | None = None
    apart: tuple[UnitAmount, ...] = ()
    qualifier: str = ""
    rates: dict[str, IntervalRate] = field(default_factory=dict)
    without_rate: tuple[Unrated, ...] = ()
    trend: tuple[tuple[str, int | None], ...] = ()
    today: int | None = None
    yesterday: int | None = None
    corrections: int = 0
    gaps: tuple[Gap, ...] = ()
    review: int | None = 0
    elsewhere: Mapping[str, int] = field(default_factory=dict)
    files: int = 0
    released: Released | None = None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of a share of fewer than 50, in per cent; None where there is none to tell."""
        return share_interval(self.part, self.of)


def goal_level(frame: BoardFrame) -> Level:
    """Return the level that goals are measured at: V3, for which countries answer, or the board's level if higher."""
    return max(frame.level, Level.V3)


def counted(
    kpi: Kpi,
    rows: list[TotalRow],
    daily: Mapping[Kpi, Amounts],
    frame: BoardFrame,
    days: tuple[str, str],
    guard: FigureGuard | None,
    *,
    live: bool,
) -> Figure:
    """Return a counted figure; `days` are today and yesterday, `guard` applies disclosure control where needed."""
    if guard is not None and (shown := guard.stands(kpi)) is not None:
        return _released(kpi, shown, frame, guard, live=live)
    wanted, waits, stands = at_least(frame.level), below(frame.level), at_least(goal_level(frame))
    if guard is None or not guarded(kpi, frame, guard.reader):
        guard, cells = None, Cube({}, {}, daily[kpi])
        value: int | None = _sum(kpi, rows, wanted)
        waiting: int | None = _sum(kpi, rows, waits)
        validated: int | None = _sum(kpi, rows, stands)
    else:
        cells = guard.cube(kpi)
        if frame.country is None:
            value, waiting, validated = (cells.total(levels) for levels in (wanted, waits, stands))
        else:
            value, waiting, validated = (cells.country(frame.country, levels) for levels in (wanted, waits, stands))
    trend = cells.by_day(wanted) if value is not None and (frame.country is None or guard is None) else None
    hidden = value is None
    return Figure(
        kpi,
        value,
        unverified=waiting if live else None,
        hidden=hidden,
        few=hidden
        and guard is not None
        and guard.reader.guarded(kpi)
        and cells.few(wanted, guard.reader.own, frame.country),
        keeps_back=hidden and guard is not None and bool(guard.reader.kept_back),
        validated=validated,
        pending=None if hidden or _apart(frame, guard) else _pending(kpi, rows, frame.level),
        qualifier="" if hidden else qualifier(kpi, rows, frame.level),
        parts=_split(kpi, rows, frame.level) if guard is None else {},
        trend=tuple((trend or {}).items()),
        today=None if trend is None else trend.get(days[0], 0),
        yesterday=None if trend is None else trend.get(days[1], 0),
    )


def with_claims(
    figure: Figure,
    rows: list[claim_adjustments.ClaimAdjustment],
    told: list[claim_adjustments.ClaimedLine],
    frame: BoardFrame,
    guard: FigureGuard | None,
    live: bool,
) -> Figure:
    """Return a counted figure with the effect of claims: the amount under review, and lines counted in another's place.

    `told` are those lines (`claim_adjustments.beside`). Readers who are not `live` see settled claims only.
    """
    if figure.hidden or figure.released or not rows:  # a released figure neither waits for claims nor reveals them
        return figure
    amount = partial(kpis.amount, figure.kpi)
    review = abs(claim_adjustments.under_review(rows, frame.level, frame.country, amount)) if live else 0
    if guard is not None and guarded(figure.kpi, frame, guard.reader):
        return replace(figure, review=None) if review else figure
    elsewhere: Counter[str] = Counter()
    for line in told:
        elsewhere[line.role] += amount(line.facet, 1, line.quantity)
    more = elsewhere.total() if CATALOGUE[figure.kpi].files else 0
    files = int(figure.value or 0) + more if more else 0
    elsewhere.pop(claim_adjustments.AGAIN, None)
    return replace(figure, review=review, elsewhere=dict(+elsewhere) if frame.country else {}, files=files)


def _released(kpi: Kpi, shown: ReleasedFigure, frame: BoardFrame, guard: FigureGuard, *, live: bool) -> Figure:
    """Return a counted figure as released. Today's amount is left out: it may belong to a day that is over."""

    def amount(levels: Callable[[int], bool]) -> int | None:
        return shown.total(levels) if frame.country is None else shown.country(frame.country, levels)

    value = amount(at_least(frame.level))
    hidden = value is None
    trend = shown.by_day(at_least(frame.level)) if frame.country is None and not hidden else None
    return Figure(
        kpi,
        value,
        unverified=amount(below(frame.level)) if live else None,
        hidden=hidden,
        few=hidden and shown.is_few(frame.level, frame.country),
        keeps_back=hidden and bool(guard.reader.kept_back),
        earlier=shown.earlier(frame.level, frame.country) if hidden else None,
        validated=amount(at_least(goal_level(frame))),
        qualifier="" if hidden else shown.qualifier(frame.level),
        trend=tuple((trend or {}).items()),
        released=released_at(shown),
    )


def released_at(shown: ReleasedFigure) -> Released:
    """Return the moments of the release that is shown."""
    sums, tables = (release.state_at if release else None for release in (shown.sums, shown.tables))
    return Released(sums, tables, shown.undecided)


def _apart(frame: BoardFrame, guard: FigureGuard | None) -> bool:
    """Whether this is one country seen by a reader of all who has another hidden: then parts of figures are hidden."""
    return guard is not None and frame.country is not None and guard.reader.hides(frame.country)


def _sum(kpi: Kpi, rows: Iterable[TotalRow], wanted: Callable[[int], bool]) -> int:
    return kpis.total(kpi, ((row.facet, row.records, row.quantity) for row in rows if wanted(row.level)))


def _pending(kpi: Kpi, rows: Iterable[TotalRow], level: Level) -> int | None:
    """Return how much of a figure waits for an answer; None where nothing can."""
    measure = CATALOGUE[kpi].measure
    if not isinstance(measure, CountFigure) or measure.pending is None:
        return None
    return sum(measure.pending.amount(row.facet, row.records, row.quantity) for row in rows if row.level >= level)


def _split(kpi: Kpi, rows: Iterable[TotalRow], level: Level) -> dict[str, int]:
    """Return a counted figure by the codes of its split field, the largest first."""
    definition = CATALOGUE[kpi]
    if definition.split is None:
        return {}
    place = side(definition.lines.kind, definition.split[0])
    amounts: Counter[str] = Counter()
    for row in rows:
        if row.level >= level:
            amounts[row.facet[place]] += definition.lines.amount(row.facet, row.records, row.quantity)
    ordered = sorted(amounts.items(), key=lambda item: (-item[1], item[0]))
    return {code: count for code, count in ordered if count}


def qualifier(kpi: Kpi, rows: Iterable[TotalRow], level: Level) -> str:
    """Return the qualifier of a figure whose lines say "more than" or "about"; "" where all are exact."""
    lines = CATALOGUE[kpi].lines
    return of_sum(row.facet.qualifier for row in rows if row.level >= level and row.records and lines.hold(row.facet))


def of_sum(qualifiers: Iterable[str]) -> str:
    """Return the qualifier of a sum from those of its parts; "" where all are exact."""
    said = {*qualifiers} - {"", EXACT}
    if len(said) == 1:
        return said.pop()
    return ">" if said == {">", "≥"} else "~" if said else ""


def apart(
    kpi: Kpi, measure: UnitFigure, rows: Iterable[TotalRow], frame: BoardFrame, guard: FigureGuard | None
) -> Figure:
    """Return amounts that are never added up. Hidden from others where a country keeps its totals back."""
    if guard is not None and guarded(kpi, frame, guard.reader):
        return Figure(kpi, None, hidden=True, keeps_back=True)
    place = side(measure.lines.kind, measure.by)
    sums: Counter[tuple[str, str]] = Counter()
    for row in rows:
        if row.level >= frame.level:
            many = measure.lines.amount(row.facet, row.records, row.quantity)
            sums[row.facet[place], row.facet.unit] += many
    amounts = tuple(
        UnitAmount(*which, many) for which, many in sorted(sums.items(), key=lambda item: (-item[1], item[0])) if many
    )
    return Figure(kpi, amounts[0].quantity if amounts else 0, apart=amounts)


def peak(
    kpi: Kpi,
    rows: Iterable[tuple[tuple[Hashable, ...], Hashable, int, str]],
    frame: BoardFrame,
    guard: FigureGuard | None,
) -> Figure:
    """Return the sum of the largest days of each place from (place, day, quantity, qualifier).

    As secret as amounts that are never added up.
    """
    if guard is not None and guarded(kpi, frame, guard.reader):
        return Figure(kpi, None, hidden=True, keeps_back=True)
    days: Counter[tuple[tuple[Hashable, ...], Hashable]] = Counter()
    qualifiers = set()
    for place, day, many, said in rows:
        days[place, day] += many
        qualifiers.add(said)
    largest: dict[tuple[Hashable, ...], int] = {}
    for (place, _day), many in days.items():
        largest[place] = max(many, largest.get(place, 0))
    return Figure(kpi, sum(largest.values()), qualifier=of_sum(qualifiers))


def rate(
    kpi: Kpi,
    measure: RateFigure,
    rows: Iterable[TotalRow],
    frame: BoardFrame,
    figures: Mapping[Kpi, Figure],
    guard: FigureGuard | None,
) -> Figure:
    """Return a rate by the codes of one field (hits and queries by database). Its value is that of the largest divisor.

    E-gates query everybody, officers query chosen persons. A database queried by both gets no rate: it would mix two
    populations, and hits do not say which of the two led to them. Hits without queries get none either. For the whole
    operation, rates are as secret as the figures that they are made of.
    """
    count, of, level = Kpi(measure.count), Kpi(measure.of), frame.level
    if figures[count].hidden or figures[of].hidden or _apart(frame, guard):
        return Figure(kpi, None, hidden=True, keeps_back=True)
    hit, divided = CATALOGUE[count].lines, CATALOGUE[of].lines
    of_count, of_divisor = side(hit.kind, measure.by), side(divided.kind, measure.by)
    population = side(divided.kind, measure.population)
    asked: Counter[str] = Counter()
    blanket: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for row in rows:
        if row.level >= level and (many := divided.amount(row.facet, row.records, row.quantity)):
            asked[row.facet[of_divisor]] += many
            blanket[row.facet[of_divisor]] += many if row.facet[population] in measure.blanket else 0
        if row.level >= level and (many := hit.amount(row.facet, row.records, row.quantity)):
            hits[row.facet[of_count]] += many
    rates, without = {}, []
    for code in sorted({*asked, *hits} - {""}, key=lambda each: (-asked[each], each)):
        if asked[code] and not 0 < blanket[code] < asked[code]:
            rates[code] = IntervalRate(hits[code], asked[code])
        elif asked[code] or hits[code]:
            without.append(Unrated(code, hits[code], blanket[code], asked[code] - blanket[code]))
    first = next(iter(rates.values()), None)
    return Figure(
        kpi,
        first.per_million if first else None,
        of=first.of if first else None,
        rates=rates,
        without_rate=tuple(without),
    )


def share(
    kpi: Kpi, measure: ShareFigure, rows: list[TotalRow], frame: BoardFrame, whole: Figure, guard: FigureGuard | None
) -> Figure:
    """Return a share with its parts. It is as secret as the figure whose lines it divides, and as each of its parts.

    A share of persons is hidden where any part is small, as percentages reveal counts; the share of one country is for
    readers who may see its small counts.
    """
    if guard is not None and (shown := guard.stands(Kpi(measure.of))) is not None:
        return _released_share(kpi, measure, shown, frame, whole)
    share, parts = _parts(measure, rows, frame.level)
    validated, _of_them = _parts(measure, rows, goal_level(frame))
    everyone = sum(parts.values())
    if guard is not None and guarded(kpi, frame, guard.reader):

        def gives_away(level: Level) -> bool:
            few = guard.reader.guarded(kpi) and guard.parts_are_small(measure, level)
            return few or guard.keeps(measure, level)

        of_one = frame.country is not None
        if whole.hidden or of_one or gives_away(frame.level):
            persons = guard.reader.guarded(kpi)
            hidden = everyone > 0 or whole.hidden or not persons
            keeps_back = hidden and (whole.keeps_back or not persons)
            return Figure(kpi, None, hidden=hidden, keeps_back=keeps_back)
        if whole.validated is None or gives_away(goal_level(frame)):
            validated = None
    part = next(iter(parts.values()))
    return Figure(kpi, share, validated=validated, of=everyone, part=part, parts=parts)


def gap(
    rests: Rests, rows: Iterable[TotalRow], frame: BoardFrame, whole: Figure, guard: FigureGuard | None
) -> Gap | None:
    """Return in how many lines a field is missing at the level of the frame; None without lines, or where hidden.

    It is told where a share of the same two parts would be, and never for figures that move in releases: it would move
    sooner than they do.
    """
    if guard is not None and guard.stands(Kpi(rests.of)) is not None:
        return None
    sides = rests.sides
    missing = share(whole.kpi, sides, list(rows), frame, whole, guard)
    if whole.hidden or missing.hidden or not missing.of:
        return None
    return Gap(rests, missing.part or 0, missing.of)


def gap_released(rests: Rests, figure: Figure) -> Gap | None:
    """Return the gap of a share that moves in releases, from the parts released with it, so that it moves no sooner."""
    missing = figure.parts.get(rests.part) if figure.released is not None else None
    return None if missing is None or not figure.of else Gap(rests, missing, figure.of)


def _released_share(kpi: Kpi, measure: ShareFigure, shown: ReleasedFigure, frame: BoardFrame, whole: Figure) -> Figure:
    """Return a share as released with the figure whose lines it divides."""
    parts, stood_at = shown.parts_at(frame.level), shown.parts_at(goal_level(frame))
    if whole.hidden or frame.country is not None or parts is None:
        return Figure(kpi, None, hidden=True, keeps_back=whole.keeps_back, released=released_at(shown))
    parts = {part.name: parts[part.name] for part in measure.parts}
    everyone, first = sum(parts.values()), measure.parts[0].name
    return Figure(
        kpi,
        _per_cent(parts[first], everyone),
        validated=None if stood_at is None else _per_cent(stood_at[first], sum(stood_at.values())),
        of=everyone,
        part=parts[first],
        parts=parts,
        released=released_at(shown),
    )


def _per_cent(part: int, whole: int) -> float | None:
    return part / whole * 100 if whole else None


def parts_of(share: ShareFigure, rows: Iterable[TotalRow], level: Level) -> dict[str, int]:
    """Return the amount of each part of a share, from a level up."""
    return _parts(share, rows, level)[1]


def _parts(share: ShareFigure, rows: Iterable[TotalRow], level: Level) -> tuple[float | None, dict[str, int]]:
    """Return the first part in per cent (None where the whole is 0), and the amount of each part."""
    lines = share.base
    parts = {part.name: 0 for part in share.parts}
    for row in rows:
        if row.level >= level and (part := share.part(row.facet)):
            parts[part.name] += lines.amount(row.facet, row.records, row.quantity)
    return _per_cent(next(iter(parts.values())), sum(parts.values())), parts
