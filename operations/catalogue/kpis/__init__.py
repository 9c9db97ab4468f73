"""Key figures, each declared once (domain 2): the lines it counts, its unit, and its cautions.

All are pure functions of totals. Names, formulas and cautions are message ids of the dashboard's catalogues. Each group
is a table of its own; a board shows them in the order of the groups and of their tables.
"""

from collections.abc import Collection, Iterable
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from operations.catalogue.definition import KNOWN, CountFigure, Definition
from operations.catalogue.kpis import checks, persons, seizures, work
from operations.catalogue.kpis.checks import OUTCOMES as OUTCOMES
from operations.catalogue.kpis.checks import PARTNERS as PARTNERS
from operations.catalogue.kpis.persons import OFFENCES as OFFENCES
from operations.catalogue.kpis.persons import REFERRAL_ANSWERS
from operations.catalogue.kpis.persons import SMUGGLED as SMUGGLED
from operations.catalogue.line_selection import CountingUnit
from operations.core.vocabulary import OperationType
from operations.totals.totals import Facet

if TYPE_CHECKING:

    class Kpi(checks.CheckKpis, persons.PersonKpis, seizures.SeizureKpis, work.WorkKpis, StrEnum):
        """The key figures of this version, by number in the catalogue (domain 2); numbers with M are those it lacks."""

else:
    _GROUPS = (checks.CheckKpis, persons.PersonKpis, seizures.SeizureKpis, work.WorkKpis)
    _NUMBERS = {name: number for group in _GROUPS for name, number in vars(group).items() if name.isupper()}
    Kpi = StrEnum("Kpi", _NUMBERS, module=__name__)

RESTS = (OUTCOMES, OFFENCES, SMUGGLED, REFERRAL_ANSWERS)
"""The fields whose completeness decides whether figures are reliable, site by site."""
CATALOGUE: dict[Kpi, Definition] = {
    Kpi(definition.kpi): definition for group in (checks, persons, seizures, work) for definition in group.DECLARED
}
KNOWN.update({str(kpi): each for kpi, each in CATALOGUE.items()})
COUNTED = tuple(kpi for kpi, each in CATALOGUE.items() if isinstance(each.measure, CountFigure))
PERSON_KINDS = frozenset(kind for each in CATALOGUE.values() if each.persons for kind in each.kinds)
"""The kinds of lines that count persons: those of guarded figures."""
HEADLINES: dict[str, tuple[Kpi, Kpi, Kpi]] = {
    OperationType.BORDER_STOP: (Kpi.DATABASE_CHECKS, Kpi.CONFIRMED_HITS, Kpi.COVERAGE),
    OperationType.FUGITIVE: (Kpi.ARRESTS, Kpi.LOCATED, Kpi.COVERAGE),
    OperationType.INTELLIGENCE_DRIVEN: (Kpi.ARRESTS, Kpi.CORE_SHARE, Kpi.COVERAGE),
    OperationType.REGIONAL: (Kpi.ARRESTS, Kpi.DATABASE_CHECKS, Kpi.COVERAGE),
}
"""The three figures with which the situation begins, by the kind of operation; coverage says who is silent."""


def on_board(kind: str, reported: Collection[str]) -> tuple[Kpi, ...]:
    """Return the figures on the board of a kind of operation that reports these kinds of lines, in order."""
    return tuple(
        kpi
        for kpi, definition in CATALOGUE.items()
        if kind in definition.boards and (not definition.reported or definition.kinds.intersection(reported))
    )


def on_charts(kind: str, reported: Collection[str], board: Collection[Kpi]) -> tuple[Kpi, ...]:
    """Return the counted figures of a board: the leading ones first, then those reported (all, if none is known)."""

    def rank(kpi: Kpi) -> int:
        asked = not reported or bool(CATALOGUE[kpi].kinds.intersection(reported))
        return 2 - asked - (asked and kind in CATALOGUE[kpi].leads)

    return tuple(sorted((kpi for kpi in board if kpi in COUNTED), key=rank))


def on_card(kind: str) -> Kpi:
    """Return the figure by which a kind of operation is known."""
    return next(kpi for kpi, each in CATALOGUE.items() if kind in each.cards)


@lru_cache(maxsize=4096)
def figures(facet: Facet) -> tuple[tuple[Kpi, CountingUnit], ...]:
    """Return the counted figures that include a facet, each with its counting unit. Cached: totals hold few facets."""
    return tuple((kpi, CATALOGUE[kpi].counting) for kpi in COUNTED if CATALOGUE[kpi].lines.hold(facet))


def amount(kpi: Kpi, facet: Facet, records: int, quantity: int) -> int:
    """Return how much a total adds to a counted figure."""
    return CATALOGUE[kpi].lines.amount(facet, records, quantity)


def total(kpi: Kpi, amounts: Iterable[tuple[Facet, int, int]]) -> int:
    """Return the sum of a counted figure over (facet, records, quantity)."""
    return sum(amount(kpi, *each) for each in amounts)
