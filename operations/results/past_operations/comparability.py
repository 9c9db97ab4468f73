"""Comparability: published figures of several operations side by side, like for like or with a reason (domain 6.9).

Only the number of countries is known, so sums are never compared; the amount per country and day may be, where the same
things were counted.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from operations.catalogue.kpis import PARTNERS, Kpi
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.vocabulary import CheckKind, LineKind, codes
from operations.lines.kinds import KINDS
from operations.results.past_operations.arithmetic_checks import QualifiedAmount
from operations.results.past_operations.publications import PastOperation, PublishedFigure

ONLY_ONE = Flaw("", N_("Not comparable: only one operation published this figure."))
UNKNOWN_CHECKS = Flaw("", N_("Not comparable: the kind of checks was not published."))
OTHER_CHECKS = Flaw("", N_("Not comparable: other checks were counted."))
OTHER_DATABASES = Flaw("", N_("Not comparable: the databases queried differ or were not published."))
OTHER_ACTIONS = Flaw("", N_("Not comparable: seized in one, recovered or frozen in another."))
OTHER_UNITS = Flaw("", N_("Not comparable: counted in other units."))
NO_TOTAL = Flaw("", N_("Not comparable: numbers were published without their total."))
NO_RATE = Flaw("", N_("Not comparable: the number of countries or days is known for too few operations."))
OTHER_KINDS = Flaw("", N_("Not comparable: operations of another kind."))
PER_DAY = Flaw("", N_("The countries differ or are unknown. Compare figures per country and day, never totals."))
SHOWN = Flaw("", N_("Shown side by side; numbers of this kind are not compared."))
_KEYED = {LineKind.SEIZURE: "commodity", LineKind.NOTICE: "colour", LineKind.GROUP: "grade"}
"""Kinds of lines whose figures share a row only if they have the same code."""
_UNRATED = frozenset({LineKind.OFFICERS, LineKind.TRAINEES})
"""Kinds that count who was there, for which an amount per day has no meaning."""
_APART = frozenset({CheckKind.FLIGHT_MONITORED, CheckKind.VESSEL_INSPECTED, CheckKind.RADIATION_CHECK})


@dataclass(frozen=True)
class RunningOperation:
    """A running operation as its reader may see it: its kind, number of countries, days so far, and board.

    `asked`: the kinds of checks and databases of each figure.
    """

    kind: str
    countries: int
    days: int | None
    values: Mapping[Kpi, float | None] = field(default_factory=dict)
    asked: Mapping[str, Collection[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class ComparisonRow:
    """One figure in each of several operations. `rates`: the amount per country and day, where comparable.

    `of` and `code` identify the figure, or `kpi` where the running operation's figure is shown beside.
    """

    of: str
    code: str
    cells: tuple[tuple[PublishedFigure, ...], ...]
    rates: tuple[QualifiedAmount | None, ...]
    said: Flaw
    kpi: Kpi | None = None
    here: float | None = None

    @property
    def comparable(self) -> bool:
        """Whether anything is compared."""
        return self.said is PER_DAY


def wholes(operation: PastOperation) -> list[PublishedFigure]:
    """Return the whole figures of an operation: leading rows that are no part of a like figure, of this time only."""

    def apart(each: PublishedFigure) -> bool:
        whole = operation.whole(each)
        return whole is None or whole.of != each.of

    return [each for each in operation.leading if apart(each) and each.since is None and not each.count]


def side_by_side(operations: Sequence[PastOperation]) -> list[ComparisonRow]:
    """Return everything published of these operations, one row per figure, in the order of the kinds of lines."""
    by_key: dict[tuple[str, str], list[list[PublishedFigure]]] = {}
    for place, operation in enumerate(operations):
        for figure in wholes(operation):
            row = by_key.setdefault(_key(figure), [[] for _each in operations])
            row[place].append(figure)
    order = [*KINDS, *codes("CL-PUBLISHED")]
    keys = sorted(by_key, key=lambda key: order.index(key[0]))
    return [_row(*key, tuple(tuple(cell) for cell in by_key[key]), operations) for key in keys if key[0] != "countries"]


def compare_running(
    here: RunningOperation, wanted: Iterable[Kpi], operations: Sequence[PastOperation]
) -> list[ComparisonRow]:
    """Return the figures of a running operation's board with those published of others; none without any."""

    def cells(kpi: Kpi) -> tuple[tuple[PublishedFigure, ...], ...]:
        return tuple(tuple(figure for figure in wholes(operation) if kpi in figure.kpis) for operation in operations)

    told = [(kpi, cells(kpi)) for kpi in wanted]
    return [_row("", "", found, operations, here, kpi) for kpi, found in told if any(found)]


def per_day(value: float, countries: int | None, days: int | None, qualifier: str = "=") -> QualifiedAmount | None:
    """Return the amount per country and day; None where either number is unknown."""
    return QualifiedAmount(value / (countries * days), qualifier) if countries and days else None


def _key(figure: PublishedFigure) -> tuple[str, str]:
    """Return the row of a figure: checks of travellers apart from flights and from partners' cross-checks."""
    if figure.of == LineKind.CHECK_TALLY and figure.codes["check_kind"] in _APART:
        return figure.of, figure.codes["check_kind"]
    if figure.codes.get("database") in PARTNERS:
        return figure.of, figure.codes["database"]
    keyed = _KEYED.get(LineKind(figure.of)) if figure.of_line else None
    return figure.of, figure.codes.get(keyed, "") if keyed else ""


def _row(
    of: str,
    code: str,
    cells: tuple[tuple[PublishedFigure, ...], ...],
    operations: Sequence[PastOperation],
    here: RunningOperation | None = None,
    kpi: Kpi | None = None,
) -> ComparisonRow:
    value = here.values.get(kpi) if here and kpi else None
    said = _why([figure for cell in cells for figure in cell], cells, here, kpi, value)
    none: tuple[QualifiedAmount | None, ...] = tuple(None for _cell in cells)
    if said is not PER_DAY:
        return ComparisonRow(of, code, cells, none, said, kpi, value)
    pairs = list(zip(cells, operations, strict=True))
    alike = [_total(cell) and (here is None or operation.kind == here.kind) for cell, operation in pairs]
    rates = tuple(
        per_day(cell[0].value, operation.countries, operation.length, cell[0].qualifier) if fits else None
        for fits, (cell, operation) in zip(alike, pairs, strict=True)
    )
    own = per_day(value, here.countries, here.days) if here and value is not None else None
    if sum(rate is not None for rate in (*rates, own)) > 1:
        return ComparisonRow(of, code, cells, rates, PER_DAY, kpi, value)
    told = value is not None
    few = NO_RATE if sum(alike) + told > 1 else OTHER_KINDS if sum(map(_total, cells)) + told > 1 else NO_TOTAL
    return ComparisonRow(of, code, cells, none, few, kpi, value)


def _why(
    flat: list[PublishedFigure],
    cells: tuple[tuple[PublishedFigure, ...], ...],
    here: RunningOperation | None,
    kpi: Kpi | None,
    value: float | None,
) -> Flaw:
    """Return why figures are not compared, or PER_DAY."""
    if len([cell for cell in cells if cell]) + (value is not None) < 2:
        return ONLY_ONE
    if not all(figure.of_line for figure in flat) or _UNRATED.intersection(figure.of for figure in flat):
        return SHOWN
    totals = [figure for figure in flat if not figure.partial]
    checks = {figure.codes["check_kind"] for figure in totals if figure.of == LineKind.CHECK_TALLY}
    if CheckKind.UNKNOWN in checks:
        return UNKNOWN_CHECKS
    asked = set(here.asked.get(kpi, ())) if here and kpi else set()
    known = {code for code in asked if code in codes("CL-CHECKKIND")}
    if len(checks | (known if checks else set())) > 1:
        return OTHER_CHECKS
    databases = {figure.codes.get("database", "unknown") for figure in totals if _of_database(figure)}
    here_asked = asked - known if databases and asked else set()
    if len(databases) > 1 or (here_asked and here_asked != databases):
        return OTHER_DATABASES
    if len({figure.unit for figure in totals}) > 1:
        return OTHER_UNITS
    if len({figure.codes.get("action", "seized") for figure in totals if figure.of == LineKind.SEIZURE}) > 1:
        return OTHER_ACTIONS
    return PER_DAY


def _total(cell: Sequence[PublishedFigure]) -> bool:
    """Whether an operation gives one number for the figure, and a total."""
    return len(cell) == 1 and not cell[0].partial


def _of_database(each: PublishedFigure) -> bool:
    """Whether the figure depends on the databases queried: checks always, hits where one is named."""
    hit_in_one = each.of == LineKind.HIT and each.codes.get("database", "unknown") != "unknown"
    return hit_in_one or each.codes.get("check_kind") == CheckKind.DATABASE_QUERY
