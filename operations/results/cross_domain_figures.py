"""Key figures that put results beside what other rooms keep: what posts were asked before, claims, what was signed.

They are declared and read as those of `derived_figures`; `EVERY` has both.
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
from operations.figures.composition import OfLines, OfReports
from operations.figures.cost_figures import COSTS
from operations.figures.derived_figures import BESIDE, DerivedFigure
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
    """Of each site: what it asked on its days of reports, and what its post would have asked on such days before."""
    if not may(asked.by, Act.USAGE_READ) or (asked.by.national and asked.frame.country is None):
        return MeasuredValue(hidden=True)
    days, before = site_days(asked), before_of(asked)
    lines, done = _CHECKS, Counter[tuple[UUID, str]]()
    for row in read(asked.session, asked.frame.operation, Grain.SITE, asked.frame.country, (LineKind.CHECK_TALLY,)):
        if row.level >= asked.frame.level:
            done[UUID(row.site), row.facet.database] += lines.amount(row.facet, row.records, row.quantity)
    known = sorted(site for site in days if before.get(site))
    usual = sum(each.on(days[site]) for site in known for each in before[site].values())
    notes = (Flaw("", N_("{n} of {whole} sites have a baseline"), {"n": len(known), "whole": len(days)}),)
    if not usual:
        return MeasuredValue(None, notes)
    made = sum(done[site, database] for site in known for database in before[site])
    whole = sum(days[site].total() for site in known)
    alike = sum(days[site].total() for site in known if all(each.weekdays for each in before[site].values()))
    words = N_("{n} of {whole} days compared with the same day of the week")
    return MeasuredValue(made / usual, (*notes, Flaw("", words, {"n": alike, "whole": whole})))


def _with_a_baseline(asked: FigureRequest) -> Callable[[UUID, Facet], bool]:
    """Whether what was asked at a site is divided by what its post was asked of the same database before."""
    days, before = site_days(asked), before_of(asked)
    return lambda site, facet: site in days and facet.database in before.get(site, {})


# ------------------------------------------------------------------------------------------------ persons, once


def _persons(asked: FigureRequest) -> MeasuredValue:
    """Persons arrested: once those arrested on one notice, which is of one person, and those whom a claim joined."""
    if guarded(Kpi.ARRESTS, asked.frame, asked.reader):
        return MeasuredValue(hidden=True)  # beside the arrests it would tell how few were arrested again
    found = arrested_persons.of_one(asked.session, asked.frame, asked.counting)
    words = N_("arrested again on the same notice: {count}")
    return MeasuredValue(found.number, (Flaw("", words, {"count": found.again}),) if found.again else ())


# ------------------------------------------------------------------------------------------------------- in claims


def _in_claims(asked: FigureRequest) -> Counter[str]:
    """How many lines of claims the newest version of each report has."""
    claims = [each.claim_id for each in durations.of_claims(asked)]
    newest = {each.report_id: each.id for each in sorted(asked.versions, key=lambda each: each.version)}
    query = select(ClaimLine.report_id).where(col(ClaimLine.claim_id).in_(claims))
    with unfenced(asked.session):
        told = [report.hex for report in asked.session.exec(unscoped(query))]
    return Counter(newest[report] for report in told if report in newest)


# ------------------------------------------------------------------------------------------------ until it was final


def _lag(asked: FigureRequest) -> MeasuredValue:
    """Days from the end of the last phase with results to the publication of the first final snapshot."""
    ends = [
        phase.ends for phase in plan.phases(asked.session, asked.frame.operation) if phase.kind == PhaseKind.OPERATIONAL
    ]
    if not ends or max(ends) > now():
        return MeasuredValue()
    ended = max(ends)
    query = sa.select(*map(col, (Snapshot.id, Snapshot.published_at))).where(
        col(Snapshot.operation_id) == asked.frame.operation, col(Snapshot.status).in_(FINAL)
    )
    told = history.as_then(asked.session, Snapshot, query, asked.frame.operation)
    final = min((each["published_at"] for each in told if each["published_at"] is not None), default=None)
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
        of=OfLines((_CHECKS,), CATALOGUE[Kpi.DATABASE_CHECKS].unit, only=_with_a_baseline, act=Act.USAGE_READ),
    ),
    DerivedFigure(
        "K12",
        N_("Persons arrested"),
        N_("persons"),
        N_("Arrests, those on one notice counted once: a notice is of one person."),
        N_("Who was arrested twice without a notice, or by two countries for one another, is known by claims only."),
        "I",
        _persons,
        of=OfLines((_ARRESTS,), CATALOGUE[Kpi.ARRESTS].unit),
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
        of=OfReports(_in_claims, lines=True, persons=True),
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
    ),
    *COSTS,
)


def _in_order(kpi: str) -> tuple[int, str]:
    return int(kpi[1:3]), kpi


EVERY: dict[str, DerivedFigure] = dict(
    sorted((BESIDE | {each.kpi: each for each in _ACROSS}).items(), key=lambda pair: _in_order(pair[0]))
)
"""The key figures that are no sums of totals, in the order of the catalogue of domain 2."""
