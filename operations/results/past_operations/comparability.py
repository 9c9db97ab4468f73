"""Published figures of several operations side by side, like for like or a sentence why not (domain 6.9).

What is known of the countries is only how many they were, so that sums are never compared: what may be is how much came
to each country and day, where the same things were counted.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from operations.catalogue.kpis import PARTNERS, Kpi
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.vocabulary import CheckKind, LineKind, codes
from operations.lines.kinds import KINDS
from operations.results.past_operations.arithmetic_checks import QualifiedAmount
from operations.results.past_operations.published import PastOperation, PublishedFigure

ONLY_ONE = Flaw("", N_("Nothing to compare with: one operation tells it."))
UNKNOWN_CHECKS = Flaw("", N_("Not comparable: of which kind the checks were was not published."))
OTHER_CHECKS = Flaw("", N_("Not comparable: other checks were counted."))
OTHER_DATABASES = Flaw("", N_("Not comparable: other databases were asked, or it was not published which."))
OTHER_ACTIONS = Flaw("", N_("Not comparable: seized in one, recovered or frozen in another."))
OTHER_UNITS = Flaw("", N_("Not comparable: counted in other units."))
NO_TOTAL = Flaw("", N_("Not comparable: numbers were published without their total."))
NO_RATE = Flaw("", N_("Not comparable: how many countries or days there were is not known of enough of them."))
OTHER_KINDS = Flaw("", N_("Not comparable: operations of another kind."))
PER_DAY = Flaw("", N_("Not the same countries, or not known which: compare a country's part of a day, never the sums."))
SHOWN = Flaw("", N_("Shown side by side; numbers of this kind are not compared."))
_KEYED = {LineKind.SEIZURE: "commodity", LineKind.NOTICE: "colour", LineKind.GROUP: "grade"}
"""Kinds of lines of which only those with the same code stand in one row."""
_UNRATED = frozenset({LineKind.OFFICERS, LineKind.TRAINEES})
"""Who was there, not what came of a day."""
_APART = frozenset({CheckKind.FLIGHT_MONITORED, CheckKind.VESSEL_INSPECTED, CheckKind.RADIATION_CHECK})


@dataclass(frozen=True)
class Here:
    """A running operation, as its reader may see it: its kind, who takes part, its days so far, and its board.

    `asked` are the kinds of checks and the databases of each figure.
    """

    kind: str
    countries: int
    days: int | None
    values: Mapping[Kpi, float | None] = field(default_factory=dict)
    asked: Mapping[str, Collection[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class ComparisonRow:
    """One thing in each of several operations. `rates` are a country and day's part, where that may be compared.

    `of` and `code` say what it is, or `kpi`, where the running operation's figure stands beside.
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
    """The figures of an operation as a whole: the leading rows that are no part of their like, and of no other time."""

    def apart(each: PublishedFigure) -> bool:
        whole = operation.whole(each)
        return whole is None or whole.of != each.of

    return [each for each in operation.leading if apart(each) and each.since is None and not each.count]


def side_by_side(operations: Sequence[PastOperation]) -> list[ComparisonRow]:
    """Everything that was published of these operations, a row each, in the order of the kinds of lines."""
    found: dict[tuple[str, str], list[list[PublishedFigure]]] = {}
    for place, operation in enumerate(operations):
        for each in wholes(operation):
            row = found.setdefault(_key(each), [[] for _each in operations])
            row[place].append(each)
    order = [*KINDS, *codes("CL-PUBLISHED")]
    keys = sorted(found, key=lambda key: order.index(key[0]))
    return [_row(*key, tuple(tuple(cell) for cell in found[key]), operations) for key in keys if key[0] != "countries"]


def beside(here: Here, wanted: Iterable[Kpi], operations: Sequence[PastOperation]) -> list[ComparisonRow]:
    """The figures of a running operation's board with what was published of others; those of none are left out."""

    def cells(kpi: Kpi) -> tuple[tuple[PublishedFigure, ...], ...]:
        return tuple(tuple(each for each in wholes(operation) if kpi in each.kpis) for operation in operations)

    told = [(kpi, cells(kpi)) for kpi in wanted]
    return [_row("", "", found, operations, here, kpi) for kpi, found in told if any(found)]


def per_day(value: float, countries: int | None, days: int | None, qualifier: str = "=") -> QualifiedAmount | None:
    """How much came to each country and day."""
    return QualifiedAmount(value / (countries * days), qualifier) if countries and days else None


def _key(figure: PublishedFigure) -> tuple[str, str]:
    """What stands in one row: of checks, those of travellers apart from flights and from partners' cross-checks."""
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
    here: Here | None = None,
    kpi: Kpi | None = None,
) -> ComparisonRow:
    value = here.values.get(kpi) if here and kpi else None
    said = _why([each for cell in cells for each in cell], cells, here, kpi, value)
    none: tuple[QualifiedAmount | None, ...] = tuple(None for _cell in cells)
    if said is not PER_DAY:
        return ComparisonRow(of, code, cells, none, said, kpi, value)
    pairs = list(zip(cells, operations, strict=True))
    alike = [_total(cell) and (here is None or each.kind == here.kind) for cell, each in pairs]
    rates = tuple(
        per_day(cell[0].value, each.countries, each.length, cell[0].qualifier) if fits else None
        for fits, (cell, each) in zip(alike, pairs, strict=True)
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
    here: Here | None,
    kpi: Kpi | None,
    value: float | None,
) -> Flaw:
    """Why figures are not compared, or PER_DAY."""
    if len([cell for cell in cells if cell]) + (value is not None) < 2:
        return ONLY_ONE
    if not all(each.of_line for each in flat) or _UNRATED.intersection(each.of for each in flat):
        return SHOWN
    totals = [each for each in flat if not each.partial]
    checks = {each.codes["check_kind"] for each in totals if each.of == LineKind.CHECK_TALLY}
    if CheckKind.UNKNOWN in checks:
        return UNKNOWN_CHECKS
    asked = set(here.asked.get(kpi, ())) if here and kpi else set()
    known = {code for code in asked if code in codes("CL-CHECKKIND")}
    if len(checks | (known if checks else set())) > 1:
        return OTHER_CHECKS
    databases = {each.codes.get("database", "unknown") for each in totals if _of_database(each)}
    here_asked = asked - known if databases and asked else set()
    if len(databases) > 1 or (here_asked and here_asked != databases):
        return OTHER_DATABASES
    if len({each.unit for each in totals}) > 1:
        return OTHER_UNITS
    if len({each.codes.get("action", "seized") for each in totals if each.of == LineKind.SEIZURE}) > 1:
        return OTHER_ACTIONS
    return PER_DAY


def _total(cell: Sequence[PublishedFigure]) -> bool:
    """Whether what one operation tells is one number, and the whole of it."""
    return len(cell) == 1 and not cell[0].partial


def _of_database(each: PublishedFigure) -> bool:
    """Whether it rests on the databases that were asked: checks always, hits where one is named."""
    hit_in_one = each.of == LineKind.HIT and each.codes.get("database", "unknown") != "unknown"
    return hit_in_one or each.codes.get("check_kind") == CheckKind.DATABASE_QUERY
