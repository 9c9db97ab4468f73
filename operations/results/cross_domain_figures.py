"""Cross-domain figures: key figures that compare results with baselines, claims and published snapshots.

They are declared and read like those of `derived_figures`; `COMPUTED_FIGURES` holds both.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from operations.catalogue.kpis import CATALOGUE, Kpi
from operations.claims.claim_rows import ClaimLine
from operations.core import history
from operations.core.clock import now
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.permissions import Act, may
from operations.core.store import unfenced, unscoped
from operations.core.vocabulary import LineKind, PhaseKind
from operations.disclosure.suppression import guarded
from operations.figures import arrested_persons, durations
from operations.figures.baselines import before_of
from operations.figures.composition import LineComposition, ReportComposition
from operations.figures.cost_figures import COSTS
from operations.figures.derived_figures import DERIVED_FIGURES, DerivedFigure
from operations.figures.durations import FigureRequest, MeasuredValue, site_days
from operations.policing.operation import plan
from operations.results.snapshot_rows import Snapshot
from operations.totals.total_steps import read
from operations.totals.totals import Facet, Grain

FINAL = ("final", "restated")
_CHECKS, _ARRESTS = CATALOGUE[Kpi.DATABASE_CHECKS].lines, CATALOGUE[Kpi.ARRESTS].lines
_A_DAY = timedelta(days=1)


# ------------------------------------------------------------------------------------------- beside what was before


def _intensity(asked: FigureRequest) -> MeasuredValue:
    """Divide the queries of sites on their reporting days by those of their posts' baseline for such days."""
    if not may(asked.by, Act.USAGE_READ) or (asked.by.national and asked.frame.country is None):
        return MeasuredValue(hidden=True)
    days, before = site_days(asked), before_of(asked)
    known = sorted(site for site in days if before.get(site))
    usual = sum(baseline.on(days[site]) for site in known for baseline in before[site].values())
    notes = (Flaw("", N_("{n} of {whole} sites have a baseline"), {"n": len(known), "whole": len(days)}),)
    if not usual:
        return MeasuredValue(None, notes)
    lines, done = _CHECKS, Counter[tuple[UUID, str]]()
    for row in read(asked.session, asked.frame.operation, Grain.SITE, asked.frame.country, (LineKind.CHECK_TALLY,)):
        if row.level >= asked.frame.level:
            done[UUID(row.site), row.facet.database] += lines.amount(row.facet, row.records, row.quantity)
    made = sum(done[site, database] for site in known for database in before[site])
    whole = sum(days[site].total() for site in known)
    alike = sum(days[site].total() for site in known if all(baseline.weekdays for baseline in before[site].values()))
    words = N_("{n} of {whole} days compared with the same day of the week")
    return MeasuredValue(made / usual, (*notes, Flaw("", words, {"n": alike, "whole": whole})))


def _with_a_baseline(asked: FigureRequest) -> Callable[[UUID, Facet], bool]:
    """Return a filter of the check lines with a baseline for their site and database."""
    days, before = site_days(asked), before_of(asked)
    return lambda site, facet: site in days and facet.database in before.get(site, {})


# ------------------------------------------------------------------------------------------------ persons, once


def _persons(asked: FigureRequest) -> MeasuredValue:
    """Count persons arrested: arrests on one notice, which is of one person, and those joined by a claim count once."""
    if guarded(Kpi.ARRESTS, asked.frame, asked.reader):
        return MeasuredValue(hidden=True)  # beside the arrests it would reveal how few were arrested again
    persons = arrested_persons.of_one(asked.session, asked.frame, asked.counting)
    words = N_("arrested again on the same notice: {count}")
    return MeasuredValue(persons.number, (Flaw("", words, {"count": persons.again}),) if persons.again else ())


# ------------------------------------------------------------------------------------------------------- in claims


def _in_claims(asked: FigureRequest) -> Counter[str]:
    """Count the lines in claims by the newest version of their report, by its id."""
    claims = [claim.claim_id for claim in durations.of_claims(asked)]
    newest = {version.report_id: version.id for version in sorted(asked.versions, key=lambda version: version.version)}
    query = select(ClaimLine.report_id).where(col(ClaimLine.claim_id).in_(claims))
    with unfenced(asked.session):
        told = [report.hex for report in asked.session.exec(unscoped(query))]
    return Counter(newest[report] for report in told if report in newest)


# ------------------------------------------------------------------------------------------------ until it was final


def _lag(asked: FigureRequest) -> MeasuredValue:
    """Return the days from the end of the last phase with results to the first final snapshot's publication."""
    ends = [
        phase.ends for phase in plan.phases(asked.session, asked.frame.operation) if phase.kind == PhaseKind.OPERATIONAL
    ]
    if not ends or max(ends) > now():
        return MeasuredValue()
    ended = max(ends)
    query = sa.select(*map(col, (Snapshot.id, Snapshot.published_at))).where(
        col(Snapshot.operation_id) == asked.frame.operation, col(Snapshot.status).in_(FINAL)
    )
    told = history.query_as_of(asked.session, Snapshot, query, asked.frame.operation)
    final = min((snapshot["published_at"] for snapshot in told if snapshot["published_at"] is not None), default=None)
    if final is not None:
        return MeasuredValue((final - ended) / _A_DAY)
    return MeasuredValue(
        None, (Flaw("", N_("nothing final is published, {days} days after the end"), {"days": (now() - ended).days}),)
    )


_ACROSS = (
    DerivedFigure(
        "K10",
        N_("Check intensity"),
        N_("times as before"),
        N_(
            "Database checks of the sites, divided by what their posts made on as many of the same days of the week in "
            "the year before, of the same databases."
        ),
        N_(
            "Days of the week are told apart where a post tells them, and months that tell them stand for those that "
            "do not. Sites whose post has no count are in neither, and days without a report are not counted."
        ),
        "S00",
        _intensity,
        2,
        of=LineComposition((_CHECKS,), CATALOGUE[Kpi.DATABASE_CHECKS].unit, only=_with_a_baseline, act=Act.USAGE_READ),
        quote=N_("The sites asked so many times as often as on the same days before."),
        misquote=N_("Traffic grew so much."),
    ),
    DerivedFigure(
        "K12",
        N_("Persons arrested"),
        N_("persons"),
        N_("Arrests, those on one notice counted once: a notice is of one person."),
        N_("Who was arrested twice without a notice, or by two countries for one another, is known by claims only."),
        "I",
        _persons,
        of=LineComposition((_ARRESTS,), CATALOGUE[Kpi.ARRESTS].unit),
        quote=N_("So many persons were arrested, as far as notices and claims tell."),
        misquote=N_("So many persons were convicted, or the persons of several operations added up."),
    ),
    DerivedFigure(
        "K37",
        N_("Duplicate rate"),
        "%",
        N_("Lines that tell an event once more, divided by all lines in claims that were opened."),
        N_(
            "Lines of open claims are in the divisor: the rate is lower than it may become. "
            "Claims about persons whose numbers the reader is told in releases are left out."
        ),
        "I",
        durations.duplicates,
        1,
        of=ReportComposition(_in_claims, lines=True, persons=True),
        quote=N_("Of the lines that were asked about, this share tells an event again."),
        misquote=N_("This share of all reports is told twice."),
    ),
    DerivedFigure(
        "K38",
        N_("Consolidation lag"),
        N_("days"),
        N_("From the end of the operational phases to the publication of the first final snapshot."),
        N_("Preliminary figures may be told before, and are called so."),
        "S23 S35 S37 S46 S55",
        _lag,
        1,
        quote=N_("The final figures were published so many days after the end."),
        misquote=N_("Nothing was known before."),
    ),
    *COSTS,
)


def _in_order(kpi: str) -> tuple[int, str]:
    return int(kpi[1:3]), kpi


COMPUTED_FIGURES: dict[str, DerivedFigure] = dict(
    sorted((DERIVED_FIGURES | {figure.kpi: figure for figure in _ACROSS}).items(), key=lambda pair: _in_order(pair[0]))
)
"""The key figures that are not sums of totals, in the order of the catalogue (domain 2)."""
