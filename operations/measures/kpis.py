"""Key figures, each declared once (domain 2): what it counts, of which lines, in which unit, and what to beware of.

All are pure functions of totals. Names, formulas and cautions are message ids of the dashboard's catalogues.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from operations.core.vocabulary import CheckKind, Confirmation, Level, LineKind, OperationType, VictimStatus
from operations.measures.lines import Counting, Lines
from operations.measures.totals import Facet, side

CORE_OFFENCES = frozenset({"migrant_smuggling", "trafficking_in_persons"})
UNSPECIFIED_OFFENCES = frozenset({"unspecified", "unknown"})
BLANKET = frozenset({"e_gate", "batch_api"})
"""Channels that ask of everybody: e-gates and batches of passenger data. People choose of whom they ask."""
UNTOLD = frozenset({"", "unknown"})
VICTIMS = frozenset({VictimStatus.POTENTIAL.value, VictimStatus.IDENTIFIED.value, VictimStatus.DECLINED.value})
INSPECTIONS = frozenset({CheckKind.BORDER_INSPECTION, CheckKind.POLICE_CHECK, CheckKind.VEHICLE_INSPECTED})


class Kpi(StrEnum):
    """The figures of this version, by their number in the catalogue."""

    DATABASE_CHECKS = "K01"
    INSPECTIONS = "K02"
    RAW_HITS = "K04"
    CONFIRMED_HITS = "K05"
    CONFIRMATION_RATE = "K06"
    HIT_RATE = "K08"
    ARRESTS = "K11"
    CORE_SHARE = "K13"
    LOCATED = "K43"
    DETECTIONS = "K15"
    POTENTIAL_VICTIMS = "K17"
    DOCUMENTS = "K23"
    COVERAGE = "K31"


@dataclass(frozen=True)
class Count:
    """A figure that is counted: it stands by country and by day. `pending` are lines beside it that may become of it.

    `pending` is told only where the figure `within` is, to which those lines belong.
    """

    lines: Lines
    pending: Lines | None = None
    within: Kpi | None = None


@dataclass(frozen=True)
class Rate:
    """A counted figure divided by another of the same code of field `by`, per million, with its interval.

    Where the divisor comes from codes of field `population` that are `blanket` and from others, two populations would
    be mixed: there is no rate.
    """

    count: Kpi
    of: Kpi
    by: str
    population: str
    blanket: frozenset[str]


@dataclass(frozen=True)
class Part:
    """A part of a share: its codes (None: all that no other part has), its name, and its words on the tile."""

    name: str
    beside: str
    codes: frozenset[str] | None = None


@dataclass(frozen=True)
class Share:
    """The lines of a counted figure in parts, by field `by`. The first part is the figure, in per cent of all parts.

    `whole` says what was divided by; the second part always stands beside the figure, further ones where there is any.
    """

    of: Kpi
    by: str
    parts: tuple[Part, ...]
    whole: str

    @property
    def lines(self) -> tuple[tuple[Part, Lines], ...]:
        """The parts with codes, each with its lines."""
        base = CATALOGUE[self.of].lines
        return tuple((part, base.but(self.by, part.codes)) for part in self.parts if part.codes is not None)

    def part(self, facet: Facet) -> Part | None:
        """To which part a facet belongs; None where it is left out."""
        if not CATALOGUE[self.of].lines.hold(facet):
            return None
        code = facet[side(CATALOGUE[self.of].lines.kind, self.by)]
        rest = next((part for part in self.parts if part.codes is None), None)
        return next((part for part in self.parts if part.codes is not None and code in part.codes), rest)


@dataclass(frozen=True)
class SitesHeard:
    """The share of planned sites that reported lately, as long as reports are due. It comes from no line."""

    whole: str


@dataclass(frozen=True)
class Definition:
    """One figure as the catalogue declares it; its place on every board is its place here.

    `persons`: it is guarded. `boards` are the kinds of operation that have it, where `reported` only if they report its
    lines. The charts of the kinds in `leads` begin with it, and the cards of those in `cards` show it. `aim`: an
    operation may aim at it. `level` is the level at which it stands, whatever is chosen. `split` names a field of its
    lines by whose codes (of a list) it is broken down for readers to whom all is shown.
    """

    kpi: Kpi
    name: str
    unit: str
    formula: str
    caution: str
    source: str
    measure: Count | Rate | Share | SitesHeard
    persons: bool = False
    boards: frozenset[OperationType] = frozenset(OperationType)
    reported: bool = False
    leads: frozenset[OperationType] = frozenset()
    cards: frozenset[OperationType] = frozenset()
    aim: bool = False
    level: Level | None = None
    split: tuple[str, str] | None = None

    @property
    def counting(self) -> Counting:
        """What one of it is."""
        if isinstance(self.measure, Count):
            return self.measure.lines.counting
        return Counting.RATE if isinstance(self.measure, Rate) else Counting.SHARE

    @property
    def lines(self) -> Lines:
        """The lines of a counted figure. Raises TypeError for any other."""
        if isinstance(self.measure, Count):
            return self.measure.lines
        raise TypeError(f"{self.kpi} is not counted")

    @property
    def kinds(self) -> frozenset[LineKind]:
        """As what it is reported: kinds of lines."""
        match self.measure:
            case Count(lines=lines):
                return frozenset({lines.kind})
            case Rate(count=count, of=of):
                return CATALOGUE[count].kinds | CATALOGUE[of].kinds
            case Share(of=of):
                return CATALOGUE[of].kinds
        return frozenset()

    @property
    def words(self) -> tuple[str, ...]:
        """All that a person reads of it."""
        said = (self.name, self.unit, self.formula, self.caution)
        match self.measure:
            case Share(parts=parts, whole=whole):
                return (*said, whole, *(words for part in parts for words in (part.name, part.beside) if words))
            case SitesHeard(whole=whole):
                return (*said, whole)
        return said


_QUERIES = Lines(LineKind.CHECK_TALLY, where={"check_kind": {CheckKind.DATABASE_QUERY}}, training=False)
_HITS = Lines(LineKind.HIT, Counting.RECORDS, training=False)
_SEARCHES = frozenset({OperationType.FUGITIVE, OperationType.INTELLIGENCE_DRIVEN})
_AT_BORDERS = frozenset({OperationType.BORDER_STOP, OperationType.REGIONAL})


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
            Count(_QUERIES),
            cards=frozenset({OperationType.BORDER_STOP}),
            aim=True,
        ),
        Definition(
            Kpi.INSPECTIONS,
            "Inspections",
            "inspections",
            "Sum of border inspections, police checks and vehicles inspected, training left out.",
            "Never added to database checks: one inspection can be several queries, or none.",
            "S22 S60 S74",
            Count(Lines(LineKind.CHECK_TALLY, where={"check_kind": INSPECTIONS}, training=False)),
            boards=_AT_BORDERS,
            reported=True,
            split=("check_kind", "CL-CHECKKIND"),
        ),
        Definition(
            Kpi.RAW_HITS,
            "Raw hits",
            "hits",
            "Number of hits, whatever became of them.",
            "One person may hit in several databases. A hit is not yet a confirmed one.",
            "S45 S54 S55",
            Count(_HITS),
        ),
        Definition(
            Kpi.CONFIRMED_HITS,
            "Confirmed hits",
            "hits",
            "Number of hits that the issuing country confirmed.",
            "Pending hits are shown beside it: pending is not zero.",
            "S79",
            Count(
                _HITS.but("confirmation", {Confirmation.CONFIRMED}),
                pending=_HITS.but("confirmation", {Confirmation.PENDING}),
                within=Kpi.RAW_HITS,
            ),
            aim=True,
        ),
        Definition(
            Kpi.CONFIRMATION_RATE,
            "Confirmation rate",
            "%",
            "Confirmed hits divided by the hits that the issuing country confirmed or refuted.",
            "Hits that are pending or remained unresolved are left out: they would depress it.",
            "S79",
            Share(
                Kpi.RAW_HITS,
                by="confirmation",
                parts=(
                    Part("Confirmed", "", frozenset({Confirmation.CONFIRMED})),
                    Part("Refuted", "{share} refuted", frozenset({Confirmation.REFUTED})),
                ),
                whole="of {whole} answered hits",
            ),
            boards=_AT_BORDERS,
            reported=True,
        ),
        Definition(
            Kpi.HIT_RATE,
            "Hit rate",
            "per million",
            "Raw hits divided by database checks of the same database.",
            "Targeted and blanket checks are different populations: each database stands alone, and has no rate where "
            "e-gates and people asked it.",
            "S06 S55",
            Rate(Kpi.RAW_HITS, Kpi.DATABASE_CHECKS, by="database", population="channel", blanket=BLANKET),
        ),
        Definition(
            Kpi.ARRESTS,
            "Arrests",
            "arrests",
            "Sum of persons over arrest events, all phases and offences.",
            "Includes other crimes and arrests before the operational phase.",
            "S25 S48 S55",
            Count(Lines(LineKind.ARREST)),
            persons=True,
            leads=_SEARCHES,
            cards=frozenset(OperationType) - {OperationType.BORDER_STOP},
            aim=True,
        ),
        Definition(
            Kpi.CORE_SHARE,
            "Core-crime share",
            "%",
            "Arrests for smuggling of migrants or trafficking in persons, divided by all arrests.",
            "Arrests whose offence nobody named are counted apart: they may be core or not.",
            "S23 S37 S39",
            Share(
                Kpi.ARRESTS,
                by="offence",
                parts=(
                    Part("Core offences", "", CORE_OFFENCES),
                    Part("Other offences", "{share} other"),
                    Part("Offence not specified", "{share} not specified", UNSPECIFIED_OFFENCES | {""}),
                ),
                whole="of {whole} arrests",
            ),
            persons=True,
            aim=True,
        ),
        Definition(
            Kpi.LOCATED,
            "Positive locations",
            "persons",
            "Sum of wanted persons who were found and not arrested.",
            "Located is not arrested: the two are never added up. It is no hit either.",
            "S09 S14",
            Count(Lines(LineKind.POSITIVE_LOCATION)),
            persons=True,
            reported=True,
        ),
        Definition(
            Kpi.DETECTIONS,
            "Irregular migrants detected",
            "detections",
            "Sum of detections.",
            "Detections are not persons: the same person can be met twice.",
            "S25 S35 S40",
            Count(Lines(LineKind.MIGRANT_DETECTION)),
            persons=True,
        ),
        Definition(
            Kpi.POTENTIAL_VICTIMS,
            "Potential victims",
            "persons",
            "Sum of persons who are potential or identified victims, or declined identification.",
            "Never added to detections: one person can be both.",
            "S23 S25",
            Count(Lines(LineKind.POTENTIAL_VICTIM, where={"status": VICTIMS})),
            persons=True,
        ),
        Definition(
            Kpi.DOCUMENTS,
            "Documents seized",
            "documents",
            "Sum of travel and identity documents seized.",
            "Some operations publish persons with false documents instead. A document is not a person.",
            "S21 S70",
            Count(Lines(LineKind.DOCUMENT_SEIZURE)),
            reported=True,
            split=("fraud_kind", "CL-FRAUDKIND"),
        ),
        Definition(
            Kpi.COVERAGE,
            "Coverage",
            "%",
            "Sites with a report in the last 24 hours, divided by sites planned.",
            "A nil report counts as reporting: silence does not.",
            "S104",
            SitesHeard("{part} of {whole} sites"),
            aim=True,
            level=Level.V1,
        ),
    )
}
COUNTED = tuple(kpi for kpi, each in CATALOGUE.items() if isinstance(each.measure, Count))
PERSON_KINDS = frozenset(kind for each in CATALOGUE.values() if each.persons for kind in each.kinds)
"""The kinds of lines that count persons: those of guarded figures."""


def on_board(kind: str, reported: Collection[str]) -> tuple[Kpi, ...]:
    """The figures of the board of a kind of operation that reports these kinds of lines, in their order."""
    return tuple(
        kpi
        for kpi, each in CATALOGUE.items()
        if kind in each.boards and (not each.reported or each.kinds.intersection(reported))
    )


def on_charts(kind: str, reported: Collection[str]) -> tuple[Kpi, ...]:
    """The counted figures of that board: what leads there first, then what is reported (all, where nothing is said)."""

    def rank(kpi: Kpi) -> int:
        asked = not reported or bool(CATALOGUE[kpi].kinds.intersection(reported))
        return 2 - asked - (asked and kind in CATALOGUE[kpi].leads)

    return tuple(sorted((kpi for kpi in on_board(kind, reported) if kpi in COUNTED), key=rank))


def on_card(kind: str) -> Kpi:
    """The figure by which a kind of operation is known."""
    return next(kpi for kpi, each in CATALOGUE.items() if kind in each.cards)


@lru_cache(maxsize=4096)
def figures(facet: Facet) -> tuple[tuple[Kpi, Counting], ...]:
    """The counted figures to which a facet belongs, and what each counts of it. Kept: totals hold few facets."""
    return tuple((kpi, CATALOGUE[kpi].counting) for kpi in COUNTED if CATALOGUE[kpi].lines.hold(facet))


def amount(kpi: Kpi, facet: Facet, records: int, quantity: int) -> int:
    """How much a total adds to a counted figure."""
    return CATALOGUE[kpi].lines.amount(facet, records, quantity)


def total(kpi: Kpi, amounts: Iterable[tuple[Facet, int, int]]) -> int:
    """The sum of a counted figure over (facet, records, quantity)."""
    return sum(amount(kpi, *each) for each in amounts)
