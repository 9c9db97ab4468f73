"""Key figures of checks and of the hits that they produce."""

from operations.catalogue.definition import (
    CountFigure,
    Definition,
    RateFigure,
    Rests,
    ShareFigure,
    SharePart,
    UnitFigure,
)
from operations.catalogue.kpis.numbering import AT_BORDERS, numbered
from operations.catalogue.line_selection import CountingUnit, LineSelection
from operations.core.vocabulary import CheckKind, Confirmation, LineKind, OperationType

BLANKET = frozenset({"e_gate", "batch_api"})
"""Channels that query everybody: e-gates and batches of passenger data. Officers choose whom they query."""
PARTNERS = frozenset({"europol", "partner"})
"""Databases that belong neither to INTERPOL nor to the country itself."""
INSPECTIONS = frozenset(
    {CheckKind.BORDER_INSPECTION, CheckKind.POLICE_CHECK, CheckKind.VEHICLE_INSPECTED, CheckKind.RADIATION_CHECK}
)


class CheckKpis:
    """The figures of this group, by number."""

    DATABASE_CHECKS = numbered("K01")
    INSPECTIONS = numbered("K02")
    PERSONS_CHECKED = numbered("K03")
    PARTNER_CHECKS = numbered("M04")
    FLIGHTS_VESSELS = numbered("M01")
    RAW_HITS = numbered("K04")
    CONFIRMED_HITS = numbered("K05")
    CONFIRMATION_RATE = numbered("K06")
    HIT_RATE = numbered("K08")


OUTCOMES = Rests(
    CheckKpis.RAW_HITS,
    "confirmation",
    frozenset({Confirmation.PENDING.value, Confirmation.UNRESOLVED.value, ""}),
    "Hits with an outcome",
    "not reliable: outcome missing in {share} of hits",
)

_QUERIES = LineSelection(LineKind.CHECK_TALLY, where={"check_kind": {CheckKind.DATABASE_QUERY}}, training=False)
_HITS = LineSelection(LineKind.HIT, CountingUnit.RECORDS, training=False)


DECLARED = (
    Definition(
        CheckKpis.DATABASE_CHECKS,
        "Database checks",
        "queries",
        "Sum of database queries, training left out.",
        "One traveller can be several queries, and e-gates outnumber manual work.",
        "S23 S46 S55",
        CountFigure(_QUERIES),
        cards=frozenset({OperationType.BORDER_STOP}),
        aim=True,
        quote="Databases were asked so many times.",
        misquote="So many travellers were checked.",
    ),
    Definition(
        CheckKpis.INSPECTIONS,
        "Inspections",
        "inspections",
        "Sum of border inspections, police checks, vehicles inspected and radiological checks, training left out.",
        "Never added to database checks: one inspection can be several queries, or none.",
        "S22 S60 S74",
        CountFigure(LineSelection(LineKind.CHECK_TALLY, where={"check_kind": INSPECTIONS}, training=False)),
        boards=AT_BORDERS,
        reported=True,
        split=("check_kind", "CL-CHECKKIND"),
        quote="Officers carried out so many inspections.",
        misquote="So many checks, together with those of databases.",
    ),
    Definition(
        CheckKpis.PERSONS_CHECKED,
        "Persons checked",
        "passages",
        "Database queries about persons in the database that was asked most about them, training left out.",
        "Passages, not people: who commutes is checked every day. Databases are never added up.",
        "S72 S74",
        UnitFigure(
            LineSelection(
                LineKind.CHECK_TALLY,
                where={"check_kind": {CheckKind.DATABASE_QUERY}, "entity_type": {"person"}},
                training=False,
            ),
            "database",
            "CL-DB",
        ),
        boards=AT_BORDERS,
        reported=True,
        quote="So many passages of persons were checked.",
        misquote="So many different persons were checked.",
    ),
    Definition(
        CheckKpis.PARTNER_CHECKS,
        "Checks in partners' databases",
        "queries",
        "Sum of database queries in databases of partners, training left out. They are among the database checks.",
        "Partners cross-check persons who were chosen before: never compared with checks of all travellers.",
        "S79 S80",
        CountFigure(_QUERIES.but("database", PARTNERS)),
        boards=AT_BORDERS,
        reported=True,
        split=("database", "CL-DB"),
        quote="Partners' databases were asked so many times about chosen persons.",
        misquote="Travellers were checked so many times with partners.",
    ),
    Definition(
        CheckKpis.FLIGHTS_VESSELS,
        "Flights and vessels",
        "checked",
        "Sum of flights monitored and vessels inspected, training left out.",
        "A flight is one, however many passengers were screened.",
        "S23 S30",
        CountFigure(
            LineSelection(
                LineKind.CHECK_TALLY,
                where={"check_kind": {CheckKind.FLIGHT_MONITORED, CheckKind.VESSEL_INSPECTED}},
                training=False,
            )
        ),
        boards=AT_BORDERS,
        reported=True,
        split=("check_kind", "CL-CHECKKIND"),
        quote="So many flights and vessels were checked.",
        misquote="So many passengers were checked.",
    ),
    Definition(
        CheckKpis.RAW_HITS,
        "Raw hits",
        "hits",
        "Number of hits, whatever became of them, training left out.",
        "One person may hit in several databases. A hit is not yet a confirmed one.",
        "S45 S54 S55",
        CountFigure(_HITS),
        quote="Checks led to so many hits, most not yet answered on the first days.",
        misquote="So many wanted persons were found.",
    ),
    Definition(
        CheckKpis.CONFIRMED_HITS,
        "Confirmed hits",
        "hits",
        "Number of hits that the issuing country confirmed, training left out.",
        "Pending hits are shown beside it: pending is not zero.",
        "S79",
        CountFigure(
            _HITS.but("confirmation", {Confirmation.CONFIRMED}),
            pending=_HITS.but("confirmation", {Confirmation.PENDING}),
            within=CheckKpis.RAW_HITS,
        ),
        aim=True,
        rests=(OUTCOMES,),
        quote="The issuing countries confirmed so many hits.",
        misquote="The other hits were false.",
    ),
    Definition(
        CheckKpis.CONFIRMATION_RATE,
        "Confirmation rate",
        "%",
        "Confirmed hits divided by the hits that the issuing country confirmed or refuted.",
        "Hits that are pending or remained unresolved are left out: they would depress it.",
        "S79",
        ShareFigure(
            CheckKpis.RAW_HITS,
            by="confirmation",
            parts=(
                SharePart("Confirmed", "", frozenset({Confirmation.CONFIRMED})),
                SharePart("Refuted", "{share} refuted", frozenset({Confirmation.REFUTED})),
            ),
            whole="of {whole} answered hits",
        ),
        boards=AT_BORDERS,
        reported=True,
        rests=(OUTCOMES,),
        quote="Of the hits that were answered, this share was confirmed.",
        misquote="This share of all hits is right.",
    ),
    Definition(
        CheckKpis.HIT_RATE,
        "Hit rate",
        "per million",
        "Raw hits divided by database checks of the same database.",
        "Targeted and blanket checks are different populations: each database stands alone, and has no rate where "
        "e-gates and people asked it.",
        "S06 S55",
        RateFigure(CheckKpis.RAW_HITS, CheckKpis.DATABASE_CHECKS, by="database", population="channel", blanket=BLANKET),
        quote="A million checks of this database led to so many hits.",
        misquote="One country or operation searches better than another.",
    ),
)
