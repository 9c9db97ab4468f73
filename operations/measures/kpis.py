"""Key figures, each declared once (domain 2): what it counts, of which lines, in which unit, and what to beware of.

All are pure functions of totals. Names, formulas and cautions are message ids of the dashboard's catalogues.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from operations.core.vocabulary import CheckKind, Confirmation, LineKind, PhaseKind, VictimStatus
from operations.measures.totals import Facet

CORE_OFFENCES = frozenset({"migrant_smuggling", "trafficking_in_persons"})
UNSPECIFIED_OFFENCES = frozenset({"unspecified", "unknown"})
GATES, STAFFED, UNTOLD = "gates", "staffed", "untold"
"""Who asks a database: e-gates and batches of passenger data, which ask of everybody; people, who choose; not told."""
_ASKED_BY = {"e_gate": GATES, "batch_api": GATES, "": UNTOLD, "unknown": UNTOLD}
VICTIMS = frozenset({VictimStatus.POTENTIAL.value, VictimStatus.IDENTIFIED.value, VictimStatus.DECLINED.value})


class Kpi(StrEnum):
    """The figures of this version, by their number in the catalogue."""

    DATABASE_CHECKS = "K01"
    RAW_HITS = "K04"
    CONFIRMED_HITS = "K05"
    HIT_RATE = "K08"
    ARRESTS = "K11"
    CORE_SHARE = "K13"
    LOCATED = "K43"
    DETECTIONS = "K15"
    POTENTIAL_VICTIMS = "K17"
    COVERAGE = "K31"


class Offences(StrEnum):
    """The parts of all arrests (K13)."""

    CORE = "core"
    OTHER = "other"
    UNSPECIFIED = "unspecified"


class Counting(StrEnum):
    """What one of a figure is (domain 2.1): never mixed."""

    RECORDS = "records"
    QUANTITY = "quantity"
    RATE = "rate"
    SHARE = "share"


@dataclass(frozen=True)
class Definition:
    """One figure as the catalogue declares it. `counts` says whether a facet belongs to it."""

    kpi: Kpi
    name: str
    unit: str
    formula: str
    caution: str
    source: str
    counting: Counting
    persons: bool
    counts: Callable[[Facet], bool]


def _not_training(facet: Facet) -> bool:
    return facet.phase_kind != PhaseKind.TRAINING


def is_query(facet: Facet) -> bool:
    """A database query outside training."""
    return facet.kind == LineKind.CHECK_TALLY and facet.check_kind == CheckKind.DATABASE_QUERY and _not_training(facet)


def asked_by(facet: Facet) -> str:
    """Who asked, of a database query: GATES, STAFFED or UNTOLD."""
    return _ASKED_BY.get(facet.status, STAFFED)


def offences(facet: Facet) -> Offences:
    """To which part of the arrests an arrest belongs."""
    if facet.offence in CORE_OFFENCES:
        return Offences.CORE
    return Offences.UNSPECIFIED if facet.offence in UNSPECIFIED_OFFENCES or not facet.offence else Offences.OTHER


def is_located(facet: Facet) -> bool:
    """A wanted person who was found and not arrested."""
    return facet.kind == LineKind.POSITIVE_LOCATION


def is_hit(facet: Facet) -> bool:
    """A raw hit outside training."""
    return facet.kind == LineKind.HIT and _not_training(facet)


def is_confirmed(facet: Facet) -> bool:
    """A hit that the issuing country confirmed."""
    return is_hit(facet) and facet.status == Confirmation.CONFIRMED


def is_arrest(facet: Facet) -> bool:
    """An arrest, in whichever phase."""
    return facet.kind == LineKind.ARREST


def is_core_arrest(facet: Facet) -> bool:
    """An arrest for smuggling of migrants or trafficking in persons."""
    return is_arrest(facet) and facet.offence in CORE_OFFENCES


def is_detection(facet: Facet) -> bool:
    """A detection of irregular migrants."""
    return facet.kind == LineKind.MIGRANT_DETECTION


def is_victim(facet: Facet) -> bool:
    """A potential or identified victim, or one who declined identification."""
    return facet.kind == LineKind.POTENTIAL_VICTIM and facet.status in VICTIMS


CATALOGUE: dict[Kpi, Definition] = {
    definition.kpi: definition
    for definition in (
        Definition(
            Kpi.DATABASE_CHECKS,
            "Database checks",
            "queries",
            "Sum of database queries, training left out.",
            "One traveller can be several queries, and e-gates outnumber manual work.",
            "S23 S46 S55",
            Counting.QUANTITY,
            False,
            is_query,
        ),
        Definition(
            Kpi.RAW_HITS,
            "Raw hits",
            "hits",
            "Number of hits, whatever became of them.",
            "One person may hit in several databases. A hit is not yet a confirmed one.",
            "S45 S54 S55",
            Counting.RECORDS,
            False,
            is_hit,
        ),
        Definition(
            Kpi.CONFIRMED_HITS,
            "Confirmed hits",
            "hits",
            "Number of hits that the issuing country confirmed.",
            "Pending hits are shown beside it: pending is not zero.",
            "S79",
            Counting.RECORDS,
            False,
            is_confirmed,
        ),
        Definition(
            Kpi.HIT_RATE,
            "Hit rate",
            "per million",
            "Raw hits divided by database checks of the same database.",
            "Targeted and blanket checks are different populations: each database stands alone, and has no rate where "
            "e-gates and people asked it.",
            "S06 S55",
            Counting.RATE,
            False,
            is_hit,
        ),
        Definition(
            Kpi.ARRESTS,
            "Arrests",
            "arrests",
            "Sum of persons over arrest events, all phases and offences.",
            "Includes other crimes and arrests before the operational phase.",
            "S25 S48 S55",
            Counting.QUANTITY,
            True,
            is_arrest,
        ),
        Definition(
            Kpi.CORE_SHARE,
            "Core-crime share",
            "%",
            "Arrests for smuggling of migrants or trafficking in persons, divided by all arrests.",
            "Arrests whose offence nobody named are counted apart: they may be core or not.",
            "S23 S37 S39",
            Counting.SHARE,
            True,
            is_core_arrest,
        ),
        Definition(
            Kpi.LOCATED,
            "Positive locations",
            "persons",
            "Sum of wanted persons who were found and not arrested.",
            "Located is not arrested: the two are never added up. It is no hit either.",
            "S09 S14",
            Counting.QUANTITY,
            True,
            is_located,
        ),
        Definition(
            Kpi.DETECTIONS,
            "Irregular migrants detected",
            "detections",
            "Sum of detections.",
            "Detections are not persons: the same person can be met twice.",
            "S25 S35 S40",
            Counting.QUANTITY,
            True,
            is_detection,
        ),
        Definition(
            Kpi.POTENTIAL_VICTIMS,
            "Potential victims",
            "persons",
            "Sum of persons who are potential or identified victims, or declined identification.",
            "Never added to detections: one person can be both.",
            "S23 S25",
            Counting.QUANTITY,
            True,
            is_victim,
        ),
        Definition(
            Kpi.COVERAGE,
            "Coverage",
            "%",
            "Sites with a report in the last 24 hours, divided by sites planned.",
            "A nil report counts as reporting: silence does not.",
            "S104",
            Counting.SHARE,
            False,
            lambda facet: False,
        ),
    )
}
COUNTED = tuple(
    kpi for kpi, definition in CATALOGUE.items() if definition.counting in (Counting.RECORDS, Counting.QUANTITY)
)


@lru_cache(maxsize=4096)
def figures(facet: Facet) -> tuple[tuple[Kpi, Counting], ...]:
    """The counted figures to which a facet belongs, and what each counts of it. Kept: totals hold few facets."""
    return tuple((kpi, CATALOGUE[kpi].counting) for kpi in COUNTED if CATALOGUE[kpi].counts(facet))


def amount(kpi: Kpi, facet: Facet, records: int, quantity: int) -> int:
    """How much a total adds to a counted figure."""
    definition = CATALOGUE[kpi]
    if not definition.counts(facet):
        return 0
    return records if definition.counting is Counting.RECORDS else quantity


def total(kpi: Kpi, amounts: Iterable[tuple[Facet, int, int]]) -> int:
    """The sum of a counted figure over (facet, records, quantity)."""
    return sum(amount(kpi, *each) for each in amounts)
