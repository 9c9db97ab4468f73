"""Results per effort of several operations in a region: compared like for like, or the reason why not.

Operations of one kind are compared, both those that Muster counts and published ones. The rate is results per hundred
officer-days, or per hundred thousand checks of the same kind in the same databases; sums are never compared, and
operations of different kinds not at all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session

from operations.catalogue.kpis import Kpi
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.people import Actor
from operations.core.vocabulary import CheckKind, LineKind, codes
from operations.policing.operation import plan
from operations.results.past_operations import running_comparison
from operations.results.past_operations.arithmetic_checks import QualifiedAmount
from operations.results.past_operations.comparability import (
    ONLY_ONE,
    OTHER_CHECKS,
    OTHER_DATABASES,
    OTHER_KINDS,
    UNKNOWN_CHECKS,
    wholes,
)
from operations.results.past_operations.publications import PastOperation, PublishedFigure, chosen

NO_OFFICERS = Flaw("", N_("Not comparable: the working days of officers are known for too few operations."))
NO_CHECKS = Flaw("", N_("Not comparable: the number of checks is known for too few operations."))
BY_EFFORT = Flaw("", N_("The countries differ or are unknown. Compare results per effort, never totals."))


class Effort(StrEnum):
    """Measures of effort."""

    OFFICER_DAYS = "officer_days"
    CHECKS = "checks"


OF = {Effort.OFFICER_DAYS: 100, Effort.CHECKS: 100_000}
"""The amount of effort that a rate is given for."""
RESULTS = (
    Kpi.RAW_HITS,
    Kpi.CONFIRMED_HITS,
    Kpi.ARRESTS,
    Kpi.DETECTIONS,
    Kpi.POTENTIAL_VICTIMS,
    Kpi.DOCUMENTS,
    Kpi.VEHICLES,
)


@dataclass(frozen=True)
class Worked:
    """One operation of a comparison: its effort and results. `asked` gives kind of check and database by figure.

    `past` is the published operation; None: Muster counts it. Where it is unknown which checks they were, their `asked`
    is empty.
    """

    name: str
    kind: str
    effort: Mapping[Effort, QualifiedAmount]
    results: Mapping[Kpi, QualifiedAmount]
    asked: Mapping[Kpi, frozenset[str]]
    past: PastOperation | None = None


@dataclass(frozen=True)
class EffortComparison:
    """A result by an effort: the rate of each operation, or why nothing is compared."""

    kpi: Kpi
    effort: Effort
    rates: tuple[QualifiedAmount | None, ...]
    said: Flaw

    @property
    def comparable(self) -> bool:
        """Whether anything is compared."""
        return self.said is BY_EFFORT


@dataclass(frozen=True)
class KindResults:
    """The operations of one kind, and their results by effort; `said`: why none is compared."""

    kind: str
    operations: tuple[Worked, ...]
    rows: tuple[EffortComparison, ...]
    said: Flaw | None = None


def of_region(session: Session, region: str, own: Iterable[plan.Operation], by: Actor) -> list[KindResults]:
    """Return operations of a region by kind: `own`, which Muster counts, as `by` may see them, and published ones."""
    here = [counted(session, each, by) for each in own]
    return kind_comparisons([*here, *map(past_effort, chosen(region=region))])


def kind_comparisons(found: Sequence[Worked]) -> list[KindResults]:
    """Return a comparison for each kind; a kind with a single operation has none."""
    made = []
    for kind in codes("CL-OPTYPE"):
        alike = tuple(each for each in found if each.kind == kind)
        if len(alike) == 1:
            made.append(KindResults(kind, alike, (), OTHER_KINDS))
        elif alike:
            rows = [rate_comparison(alike, kpi, effort) for kpi in RESULTS for effort in Effort]
            made.append(KindResults(kind, alike, tuple(each for each in rows if each.said is not ONLY_ONE)))
    return made


def rate_comparison(found: Sequence[Worked], kpi: Kpi, effort: Effort) -> EffortComparison:
    """Return the comparison of one result of operations of one kind by one effort."""
    told = [each for each in found if kpi in each.results]
    known = [each for each in told if effort in each.effort and each.effort[effort].value]  # no rate without effort
    said = _why(told, known, kpi, effort)
    rates = tuple(_rate(each, kpi, effort) if said is BY_EFFORT and each in known else None for each in found)
    return EffortComparison(kpi, effort, rates, said)


def _why(told: Sequence[Worked], known: Sequence[Worked], kpi: Kpi, effort: Effort) -> Flaw:
    if len(told) < 2:
        return ONLY_ONE
    if len(known) < 2:
        return NO_CHECKS if effort is Effort.CHECKS else NO_OFFICERS
    if len({each.asked.get(kpi, frozenset()) for each in known}) > 1:
        return OTHER_DATABASES
    checks = {each.asked.get(Kpi.DATABASE_CHECKS, frozenset()) for each in known}
    if effort is Effort.CHECKS and (frozenset() in checks or len(checks) > 1):
        return UNKNOWN_CHECKS if frozenset() in checks else OTHER_CHECKS
    return BY_EFFORT


def _rate(of: Worked, kpi: Kpi, effort: Effort) -> QualifiedAmount:
    result, put_in = of.results[kpi], of.effort[effort]
    # The quotient has the qualifier of the difference: both rise with the first number and fall with the second.
    qualifier = (QualifiedAmount(0, result.qualifier) - QualifiedAmount(0, put_in.qualifier)).qualifier
    return QualifiedAmount(OF[effort] * result.value / put_in.value, qualifier)


def counted(session: Session, operation: plan.Operation, by: Actor) -> Worked:
    """Return an operation that Muster counts, at the level that countries validated, as `by` may see it."""
    here, _board = running_comparison.here(session, operation, by)
    values = {kpi: QualifiedAmount(value) for kpi, value in here.values.items() if value is not None}
    effort = {Effort.OFFICER_DAYS: Kpi.OFFICER_DAYS, Effort.CHECKS: Kpi.DATABASE_CHECKS}
    return Worked(
        operation.title,
        operation.type,
        {each: values[kpi] for each, kpi in effort.items() if kpi in values},
        {kpi: values[kpi] for kpi in RESULTS if kpi in values},
        {Kpi(kpi): frozenset(found) for kpi, found in here.asked.items()},
    )


def past_effort(operation: PastOperation) -> Worked:
    """Return a published operation: single whole numbers, and officer-days where its days are known."""
    whole = [each for each in wholes(operation) if not each.partial]
    results = {kpi: found[0] for kpi in RESULTS if len(found := [each for each in whole if kpi in each.kpis]) == 1}
    effort, asked = {}, {kpi: _asked(found) for kpi, found in results.items()}
    officers = [each for each in whole if each.of == LineKind.OFFICERS]
    if len(officers) == 1 and operation.length:
        effort[Effort.OFFICER_DAYS] = QualifiedAmount(officers[0].value * operation.length, officers[0].qualifier)
    checks = [each for each in whole if each.of == LineKind.CHECK_TALLY]
    if len(checks) == 1:
        effort[Effort.CHECKS] = _amount(checks[0])
        asked[Kpi.DATABASE_CHECKS] = _asked(checks[0])
    amounts = {kpi: _amount(found) for kpi, found in results.items()}
    return Worked(operation.name, operation.kind, effort, amounts, asked, operation)


def _amount(found: PublishedFigure) -> QualifiedAmount:
    return QualifiedAmount(found.value, found.qualifier)


def _asked(found: PublishedFigure) -> frozenset[str]:
    """Return the kind of check and the database of a figure; empty where unknown."""
    told = {found.codes.get("check_kind", ""), found.codes.get("database", "")} - {""}
    return frozenset() if told & {CheckKind.UNKNOWN.value, "unknown"} else frozenset(told)
