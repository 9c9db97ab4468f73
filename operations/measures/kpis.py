"""Key figures, each declared once (domain 2): what it counts, of which lines, in which unit, and what to beware of.

All are pure functions of totals. Names, formulas and cautions are message ids of the dashboard's catalogues.
"""

from collections.abc import Collection, Iterable
from enum import StrEnum
from functools import lru_cache

from operations.core.vocabulary import CheckKind, Confirmation, Level, LineKind, OperationType, VictimStatus, codes
from operations.lines.kinds.arrest import CORE_OFFENCES
from operations.measures.definition import (
    KNOWN,
    PROTECTED,
    SUSPECTS,
    Apart,
    Count,
    Definition,
    Part,
    Rate,
    Rests,
    Share,
    SitesHeard,
)
from operations.measures.lines import Counting, Lines
from operations.measures.totals import Facet

UNSPECIFIED_OFFENCES = frozenset({"unspecified", "unknown"})
BLANKET = frozenset({"e_gate", "batch_api"})
"""Channels that ask of everybody: e-gates and batches of passenger data. People choose of whom they ask."""
PARTNERS = frozenset({"europol", "partner"})
"""Databases that are neither INTERPOL's nor a country's own."""
VICTIMS = frozenset({VictimStatus.POTENTIAL.value, VictimStatus.IDENTIFIED.value, VictimStatus.DECLINED.value})
INSPECTIONS = frozenset(
    {CheckKind.BORDER_INSPECTION, CheckKind.POLICE_CHECK, CheckKind.VEHICLE_INSPECTED, CheckKind.RADIATION_CHECK}
)


class Kpi(StrEnum):
    """The figures of this version, by their number in the catalogue of domain 2; M are those that it lacks."""

    DATABASE_CHECKS = "K01"
    INSPECTIONS = "K02"
    PERSONS_CHECKED = "K03"
    PARTNER_CHECKS = "M04"
    FLIGHTS_VESSELS = "M01"
    RAW_HITS = "K04"
    CONFIRMED_HITS = "K05"
    CONFIRMATION_RATE = "K06"
    HIT_RATE = "K08"
    ARRESTS = "K11"
    CORE_SHARE = "K13"
    LOCATED = "K43"
    DETECTIONS = "K15"
    SMUGGLED_SHARE = "M05"
    POTENTIAL_VICTIMS = "K17"
    IDENTIFIED_SHARE = "K18"
    REFERRALS = "M02"
    REFERRAL_RATE = "K20"
    CASUALTIES = "K21"
    DOCUMENTS = "K23"
    VEHICLES = "K24"
    ASSETS = "K25"
    GOODS = "K26"
    INVESTIGATIONS = "K27"
    GROUPS = "K28"
    NOTICES = "K29"
    OFFICERS = "K33"
    OFFICER_DAYS = "M03"
    TRAINED = "K57"
    COVERAGE = "K31"


OUTCOMES = Rests(
    Kpi.RAW_HITS,
    "confirmation",
    frozenset({Confirmation.PENDING.value, Confirmation.UNRESOLVED.value, ""}),
    "Hits with an outcome",
    "not reliable: outcome missing in {share} of hits",
)
OFFENCES = Rests(
    Kpi.ARRESTS,
    "offence",
    UNSPECIFIED_OFFENCES | {""},
    "Arrests with an offence",
    "not reliable: offence missing in {share} of arrests",
    "Offence not specified",
)
SMUGGLED = Rests(
    Kpi.DETECTIONS,
    "smuggled",
    frozenset({"unknown", ""}),
    "Detections with smuggled yes or no",
    "not reliable: smuggled not known in {share} of detections",
    "Not known whether smuggled",
)
REFERRAL_ANSWERS = Rests(
    Kpi.REFERRALS,
    "answer",
    frozenset({"waiting", ""}),
    "Referrals with an answer",
    "not reliable: the answer of the service is missing for {share} of persons in need",
    "Without an answer",
)
RESTS = (OUTCOMES, OFFENCES, SMUGGLED, REFERRAL_ANSWERS)
"""The fields by which it is told whether figures can be relied on, site by site."""

_QUERIES = Lines(LineKind.CHECK_TALLY, where={"check_kind": {CheckKind.DATABASE_QUERY}}, training=False)
_HITS = Lines(LineKind.HIT, Counting.RECORDS, training=False)
_SEARCHES = frozenset({OperationType.FUGITIVE, OperationType.INTELLIGENCE_DRIVEN})
_AT_BORDERS = frozenset({OperationType.BORDER_STOP, OperationType.REGIONAL})
_TRANSPORT = frozenset({"vehicle", "vessel", "aircraft"})
_MONEY = frozenset(codes("CL-CURRENCY"))
_GOODS = frozenset(codes("CL-COMMODITY")) - _TRANSPORT
_AMOUNTS = frozenset(codes("CL-MEASURE")) - {"money"}


CATALOGUE: dict[Kpi, Definition] = {
    Kpi(definition.kpi): definition
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
            "Sum of border inspections, police checks, vehicles inspected and radiological checks, training left out.",
            "Never added to database checks: one inspection can be several queries, or none.",
            "S22 S60 S74",
            Count(Lines(LineKind.CHECK_TALLY, where={"check_kind": INSPECTIONS}, training=False)),
            boards=_AT_BORDERS,
            reported=True,
            split=("check_kind", "CL-CHECKKIND"),
        ),
        Definition(
            Kpi.PERSONS_CHECKED,
            "Persons checked",
            "passages",
            "Database queries about persons in the database that was asked most about them, training left out.",
            "Passages, not people: who commutes is checked every day. Databases are never added up.",
            "S72 S74",
            Apart(
                Lines(
                    LineKind.CHECK_TALLY,
                    where={"check_kind": {CheckKind.DATABASE_QUERY}, "entity_type": {"person"}},
                    training=False,
                ),
                "database",
                "CL-DB",
            ),
            boards=_AT_BORDERS,
            reported=True,
        ),
        Definition(
            Kpi.PARTNER_CHECKS,
            "Checks in partners' databases",
            "queries",
            "Sum of database queries in databases of partners, training left out. They are among the database checks.",
            "Partners cross-check persons who were chosen before: never compared with checks of all travellers.",
            "S79 S80",
            Count(_QUERIES.but("database", PARTNERS)),
            boards=_AT_BORDERS,
            reported=True,
            split=("database", "CL-DB"),
        ),
        Definition(
            Kpi.FLIGHTS_VESSELS,
            "Flights and vessels",
            "checked",
            "Sum of flights monitored and vessels inspected, training left out.",
            "A flight is one, however many passengers were screened.",
            "S23 S30",
            Count(
                Lines(
                    LineKind.CHECK_TALLY,
                    where={"check_kind": {CheckKind.FLIGHT_MONITORED, CheckKind.VESSEL_INSPECTED}},
                    training=False,
                )
            ),
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
            rests=(OUTCOMES,),
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
            rests=(OUTCOMES,),
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
            guarded=SUSPECTS,
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
            guarded=SUSPECTS,
            aim=True,
            rests=(OFFENCES,),
        ),
        Definition(
            Kpi.LOCATED,
            "Positive locations",
            "persons",
            "Sum of wanted persons who were found and not arrested.",
            "Located is not arrested: the two are never added up. It is no hit either.",
            "S09 S14",
            Count(Lines(LineKind.POSITIVE_LOCATION)),
            guarded=SUSPECTS,
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
            guarded=PROTECTED,
        ),
        Definition(
            Kpi.SMUGGLED_SHARE,
            "Smuggled among detections",
            "%",
            "Detections with signs that a smuggler procured the entry, divided by all detections.",
            "Where nobody said whether they were smuggled they are counted apart: they may have been or not.",
            "S118",
            Share(
                Kpi.DETECTIONS,
                by="smuggled",
                parts=(
                    Part("Smuggled", "", frozenset({"yes"})),
                    Part("Not smuggled", "{share} not smuggled", frozenset({"no"})),
                    Part("Not known whether smuggled", "{share} not known"),
                ),
                whole="of {whole} detections",
            ),
            guarded=PROTECTED,
            reported=True,
            rests=(SMUGGLED,),
        ),
        Definition(
            Kpi.POTENTIAL_VICTIMS,
            "Potential victims",
            "persons",
            "Sum of persons who are potential or identified victims, or declined identification.",
            "Never added to detections: one person can be both.",
            "S23 S25",
            Count(Lines(LineKind.POTENTIAL_VICTIM, where={"status": VICTIMS})),
            guarded=PROTECTED,
        ),
        Definition(
            Kpi.IDENTIFIED_SHARE,
            "Formally identified",
            "%",
            "Formally identified victims divided by all potential victims.",
            "Identification comes weeks later: an operation is never judged by it on its fifth day.",
            "S124",
            Share(
                Kpi.POTENTIAL_VICTIMS,
                by="status",
                parts=(
                    Part("Formally identified", "", frozenset({VictimStatus.IDENTIFIED})),
                    Part("Potential victims", "{share} potential", frozenset({VictimStatus.POTENTIAL})),
                    Part("Declined identification", "{share} declined", frozenset({VictimStatus.DECLINED})),
                ),
                whole="of {whole} potential victims",
            ),
            guarded=PROTECTED,
            reported=True,
        ),
        Definition(
            Kpi.REFERRALS,
            "In need of protection",
            "persons",
            "Sum of persons who needed a service, whatever it answered.",
            "Never added to victims or detections: it is what became of some of them.",
            "S62 S66",
            Count(Lines(LineKind.PROTECTION_REFERRAL)),
            guarded=PROTECTED,
            reported=True,
        ),
        Definition(
            Kpi.REFERRAL_RATE,
            "Protection referral rate",
            "%",
            "Persons whom a service accepted, divided by persons who needed one.",
            "Referred is not accepted. Whoever declined is counted apart.",
            "S32 S62 S125",
            Share(
                Kpi.REFERRALS,
                by="answer",
                parts=(
                    Part("Accepted by a service", "", frozenset({"accepted"})),
                    Part("Without an answer", "{share} waiting", frozenset({"waiting"})),
                    Part("Declined by the person", "{share} declined", frozenset({"declined_by_person"})),
                    Part("Not accepted", "{share} not accepted"),
                ),
                whole="of {whole} persons in need",
            ),
            guarded=PROTECTED,
            reported=True,
            rests=(REFERRAL_ANSWERS,),
        ),
        Definition(
            Kpi.CASUALTIES,
            "Deaths, injured and missing",
            "persons",
            "Sum of persons who died, were injured or are missing.",
            "A person who dies later moves from injured to dead, and the sum stays. Never ranked.",
            "S97",
            Count(Lines(LineKind.CASUALTY)),
            guarded=PROTECTED,
            reported=True,
            split=("fate", "CL-FATE"),
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
            Kpi.VEHICLES,
            "Vehicles, vessels, aircraft",
            "pieces",
            "Sum of vehicles, vessels and aircraft seized or recovered as stolen.",
            "Seized and recovered are told apart: press sentences mix them.",
            "S42 S46",
            Count(Lines(LineKind.SEIZURE, where={"commodity": _TRANSPORT, "unit": {"piece"}})),
            reported=True,
            split=("action", "CL-SEIZED"),
        ),
        Definition(
            Kpi.ASSETS,
            "Cash and assets",
            "money",
            "Sum of amounts of money by currency; frozen apart from seized.",
            "Currencies are never added up, a freeze is no seizure, and the turnover of a network is neither.",
            "S29 S42 S56 S70",
            Apart(Lines(LineKind.SEIZURE, where={"unit": _MONEY}), "action", "CL-SEIZED"),
            reported=True,
        ),
        Definition(
            Kpi.GOODS,
            "Drugs, firearms and other goods",
            "goods",
            "Sum of goods seized, by what they are and by unit.",
            "Kilograms and pieces are never added up; estimated street values are not taken.",
            "S46 S54",
            Apart(Lines(LineKind.SEIZURE, where={"commodity": _GOODS, "unit": _AMOUNTS}), "commodity", "CL-COMMODITY"),
            reported=True,
        ),
        Definition(
            Kpi.INVESTIGATIONS,
            "New investigations",
            "cases",
            "Sum of investigations opened.",
            "A transnational case counts once, for the country that leads it.",
            "S21 S25 S40 S59",
            Count(Lines(LineKind.INVESTIGATION)),
            reported=True,
            split=("reach", "CL-REACH"),
        ),
        Definition(
            Kpi.GROUPS,
            "Groups dismantled",
            "groups",
            "Sum of criminal groups that work no longer.",
            "Each country names its own cell of one network. Groups that were disrupted are not counted.",
            "S21 S69",
            Count(Lines(LineKind.GROUP, where={"grade": {"dismantled"}})),
            reported=True,
        ),
        Definition(
            Kpi.NOTICES,
            "Notices published",
            "notices",
            "Sum of notices and diffusions that were published.",
            "Requested is not published: a legal review lies between. Those requested are shown beside it.",
            "S31 S62",
            Count(
                Lines(LineKind.NOTICE, where={"action": {"published"}}),
                pending=Lines(LineKind.NOTICE, where={"action": {"requested"}}),
            ),
            reported=True,
            split=("colour", "CL-NOTICE"),
        ),
        Definition(
            Kpi.OFFICERS,
            "Officers deployed",
            "officers",
            "Sum of officers, each counted once.",
            "How many worked, not how well. Days of officers are another figure.",
            "S25 S73",
            Count(Lines(LineKind.OFFICERS, where={"unit": {"officer"}})),
            reported=True,
        ),
        Definition(
            Kpi.OFFICER_DAYS,
            "Days of officers",
            "days",
            "Sum of days that officers worked.",
            "How much was worked, not how well. Officers are another figure.",
            "S25 S73",
            Count(Lines(LineKind.OFFICERS, where={"unit": {"officer_day"}})),
            reported=True,
        ),
        Definition(
            Kpi.TRAINED,
            "Officers trained",
            "officers",
            "Sum of officers who passed a training.",
            "The same officer in three courses is three.",
            "S01 S05",
            Count(Lines(LineKind.TRAINEES)),
            reported=True,
            split=("topic", "CL-TOPIC"),
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
KNOWN.update({str(kpi): each for kpi, each in CATALOGUE.items()})
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
def figures(facet: Facet) -> tuple[tuple[Kpi, Counting], ...]:
    """The counted figures to which a facet belongs, and what each counts of it. Kept: totals hold few facets."""
    return tuple((kpi, CATALOGUE[kpi].counting) for kpi in COUNTED if CATALOGUE[kpi].lines.hold(facet))


def amount(kpi: Kpi, facet: Facet, records: int, quantity: int) -> int:
    """How much a total adds to a counted figure."""
    return CATALOGUE[kpi].lines.amount(facet, records, quantity)


def total(kpi: Kpi, amounts: Iterable[tuple[Facet, int, int]]) -> int:
    """The sum of a counted figure over (facet, records, quantity)."""
    return sum(amount(kpi, *each) for each in amounts)
