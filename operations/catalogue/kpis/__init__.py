"""Key figures, each declared once (domain 2): what it counts, of which lines, in which unit, and what to beware of.

All are pure functions of totals. Names, formulas and cautions are message ids of the dashboard's catalogues. Each group
is a table of its own; a board has them in the order of the groups, and of their tables.
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
from operations.totals.totals import Facet

if TYPE_CHECKING:

    class Kpi(checks.CheckKpis, persons.PersonKpis, seizures.SeizureKpis, work.WorkKpis, StrEnum):
        """The figures of this version, by their number in the catalogue of domain 2; M are those that it lacks."""

else:
    _GROUPS = (checks.CheckKpis, persons.PersonKpis, seizures.SeizureKpis, work.WorkKpis)
    _NUMBERS = {name: number for group in _GROUPS for name, number in vars(group).items() if name.isupper()}
    Kpi = StrEnum("Kpi", _NUMBERS, module=__name__)

RESTS = (OUTCOMES, OFFENCES, SMUGGLED, REFERRAL_ANSWERS)
"""The fields by which it is told whether figures can be relied on, site by site."""
CATALOGUE: dict[Kpi, Definition] = {
    Kpi(each.kpi): each for group in (checks, persons, seizures, work) for each in group.DECLARED
}
KNOWN.update({str(kpi): each for kpi, each in CATALOGUE.items()})
COUNTED = tuple(kpi for kpi, each in CATALOGUE.items() if isinstance(each.measure, CountFigure))
PERSON_KINDS = frozenset(kind for each in CATALOGUE.values() if each.persons for kind in each.kinds)
"""The kinds of lines that count persons: those of guarded figures."""


def on_board(kind: str, reported: Collection[str]) -> tuple[Kpi, ...]:
    """The figures of the board of a kind of operation that reports these kinds of lines, in their order."""
    return tuple(
        kpi
        for kpi, each in CATALOGUE.items()
        if kind in each.boards and (not each.reported or each.kinds.intersection(reported))
    )


def on_charts(kind: str, reported: Collection[str], board: Collection[Kpi]) -> tuple[Kpi, ...]:
    """The counted figures of a board: what leads there first, then what is reported (all, where nothing is said)."""

    def rank(kpi: Kpi) -> int:
        asked = not reported or bool(CATALOGUE[kpi].kinds.intersection(reported))
        return 2 - asked - (asked and kind in CATALOGUE[kpi].leads)

    return tuple(sorted((kpi for kpi in board if kpi in COUNTED), key=rank))


def on_card(kind: str) -> Kpi:
    """The figure by which a kind of operation is known."""
    return next(kpi for kpi, each in CATALOGUE.items() if kind in each.cards)


@lru_cache(maxsize=4096)
def figures(facet: Facet) -> tuple[tuple[Kpi, CountingUnit], ...]:
    """The counted figures to which a facet belongs, and what each counts of it. Kept: totals hold few facets."""
    return tuple((kpi, CATALOGUE[kpi].counting) for kpi in COUNTED if CATALOGUE[kpi].lines.hold(facet))


def amount(kpi: Kpi, facet: Facet, records: int, quantity: int) -> int:
    """How much a total adds to a counted figure."""
    return CATALOGUE[kpi].lines.amount(facet, records, quantity)


def total(kpi: Kpi, amounts: Iterable[tuple[Facet, int, int]]) -> int:
    """The sum of a counted figure over (facet, records, quantity)."""
    return sum(amount(kpi, *each) for each in amounts)
