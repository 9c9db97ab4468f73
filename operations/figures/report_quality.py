"""Report quality: what a country's reports say of themselves (Regulation (EU) 2021/581, Articles 9, 16, 17, 22, 23).

How soon, how complete, how often corrected, how often silent, how sure and of what impact: over the last 30 days of
reporting, beside the 30 days before. A country is compared with its own past, never with another. Seen by the country,
and by those who coordinate.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from operations.catalogue.definition import Rests
from operations.catalogue.intervals import Share
from operations.catalogue.kpis import CATALOGUE, RESTS, Kpi
from operations.catalogue.line_selection import CountingUnit
from operations.catalogue.waiting_times import quantile
from operations.core.clock import day_bounds, now, official_day
from operations.core.errors import NotPermitted
from operations.core.people import Actor
from operations.core.store import unfenced, unscoped
from operations.core.vocabulary import Classification, Level, LineKind, PhaseKind, ReportKind
from operations.disclosure.suppression import BoardFrame
from operations.figures import report_versions
from operations.figures.board import REPORTING_PHASES, reader_of
from operations.figures.report_versions import Version
from operations.policing.leads.rows import Lead, LeadVersion
from operations.policing.map_plan import places
from operations.policing.operation import plan
from operations.policing.reports.versions import Report
from operations.totals import claim_adjustments
from operations.totals.activity import SILENT_AFTER
from operations.totals.claim_adjustments import OPEN, OTHER, SAME
from operations.totals.totals import HELD

MONTH, A_DAY, _AN_HOUR = timedelta(days=30), timedelta(days=1), timedelta(hours=1)
_UNRATED = (None, "unknown")
"""The levels of impact of an event that nobody assessed."""
_UNJUDGED_SOURCE, _UNJUDGED_INFORMATION = "x", "4"
"""The grades (4x4) that say that source and information cannot be judged."""


class Lag(NamedTuple):
    """The hours within which half and nine of ten of something came; None where there was none."""

    median: float | None
    most: float | None


class ClaimOutcomes(NamedTuple):
    """The claims that were opened on lines of the country: one event, several events, or not settled yet."""

    same: int
    other: int
    open: int

    @property
    def settled(self) -> Share:
        """The claims that were settled, of all: reports of one event are joined, or known to be of several."""
        return Share(self.same + self.other, sum(self))


class SiteQuality(NamedTuple):
    """What the reports of one site say of themselves.

    `silent`: official days without a report, of those on which one was due. `complete`: the fields that figures rest
    on, those that were given. `corrections` of its reports.
    """

    site: UUID
    name: str
    silent: Share
    complete: Share
    corrections: int


@dataclass(frozen=True)
class ReportQuality:
    """What the reports of one country say of themselves between two moments.

    `timely`: single events written within a day, of those that are a day old; `told` and `arrived` are the two parts of
    their way. `complete`: lines with each field that figures rest on. `corrections` for so many `received` reports, by
    reason. `silent`: site-days without a report or a nil report. `validated`: reports that the country validated;
    `graded`: leads of the country whose source and information were judged, of those that the reader may know.
    `impacts`: single events that count by their level of impact, None where nobody gave one; `rerated`: corrections
    that gave another level than the version before.
    """

    since: datetime
    until: datetime
    timely: Share
    told: Lag
    arrived: Lag
    complete: Mapping[Rests, Share]
    received: int
    corrections: Mapping[str, int]
    claims: ClaimOutcomes
    silent: Share
    validated: Share
    graded: Share
    impacts: Mapping[str | None, int]
    rerated: int
    sites: Sequence[SiteQuality]

    @property
    def corrections_per_hundred(self) -> float | None:
        """The corrections for a hundred reports; None without reports."""
        return sum(self.corrections.values()) / self.received * 100 if self.received else None

    @property
    def rated(self) -> Share:
        """The single events whose impact was assessed, of all."""
        whole = sum(self.impacts.values())
        return Share(whole - sum(self.impacts.get(level, 0) for level in _UNRATED), whole)


def report_quality(session: Session, operation: plan.Operation, country: str, by: Actor) -> list[ReportQuality] | None:
    """Return the quality of a country's reports in the last 30 days of reporting, and in the 30 days before.

    None where the figures of another country would be given away by it. Raises NotFound and NotPermitted as a board of
    the country does, and NotPermitted for readers from whom small numbers are hidden.
    """
    zone, cut = operation.zone, operation.day_cut
    frame = BoardFrame(operation.id, zone, Classification(operation.classification), cut, Level.V1, country)
    reader = reader_of(session, frame, by)
    if not reader.full:
        raise NotPermitted
    if reader.hides(country):
        return None
    facts = _Facts(session, operation, frame, _grades(session, frame))
    with unfenced(session):
        ends = [phase.ends for phase in facts.phases]
        until = min(now(), max(ends) + SILENT_AFTER) if ends else now()
        return [_between(facts, until - (back + 1) * MONTH, until - back * MONTH) for back in (0, 1)]


@dataclass(frozen=True)
class _Facts:
    session: Session
    operation: plan.Operation
    frame: BoardFrame
    grades: list[tuple[datetime, str, str]]

    @cached_property
    def phases(self) -> list[plan.Phase]:
        found = plan.phases(self.session, self.operation.id)
        return [phase for phase in found if phase.kind in REPORTING_PHASES]

    @cached_property
    def versions(self) -> list[Version]:
        return report_versions.versions(self.session, self.frame)

    @cached_property
    def counting(self) -> dict[str, Version]:
        return report_versions.counting(self.versions, self.frame)

    @cached_property
    def sites(self) -> list[places.Site]:
        return [site for site in places.sites(self.session, self.operation.id) if site.country == self.frame.country]

    @cached_property
    def reasons(self) -> dict[str, str]:
        query = sa.select(col(Report.id), col(Report.correction_reason)).where(
            col(Report.operation_id) == self.operation.id,
            col(Report.country) == self.frame.country,
            col(Report.version) > 1,
        )
        return {version.hex: reason or "" for version, reason in self.session.execute(unscoped(query))}

    @cached_property
    def impacts(self) -> dict[str, str | None]:
        query = sa.select(col(Report.id), col(Report.impact)).where(
            col(Report.operation_id) == self.operation.id,
            col(Report.country) == self.frame.country,
            col(Report.kind) == ReportKind.SINGLE_EVENT.value,
        )
        return {version.hex: impact for version, impact in self.session.execute(unscoped(query))}


def _grades(session: Session, frame: BoardFrame) -> list[tuple[datetime, str, str]]:
    """Return when each lead of the country was last written, and its grades, of the leads that the reader may know."""
    newest: dict[UUID, LeadVersion] = {}
    leads = select(Lead).where(Lead.operation_id == frame.operation, Lead.origin_country == frame.country)
    known = [lead.id for lead in session.exec(leads)]
    query = select(LeadVersion).where(col(LeadVersion.lead_id).in_(known)).order_by(col(LeadVersion.version))
    for version in session.exec(query) if known else ():
        newest[version.lead_id] = version
    return [(version.made_at, version.source, version.information) for version in newest.values()]


def _between(facts: _Facts, since: datetime, until: datetime) -> ReportQuality:
    def within(moment: datetime) -> bool:
        return since < moment <= until

    first = [version for version in facts.versions if version.version == 1]
    events = [
        version
        for version in first
        if version.kind == ReportKind.SINGLE_EVENT and within(version.period_to) and now() - version.period_to >= A_DAY
    ]
    standing = [version for version in facts.counting.values() if within(version.period_to)]
    corrections = [version for version in facts.versions if version.version > 1 and within(version.received_at)]
    reasons = Counter(facts.reasons[version.id] for version in corrections)
    before = {(version.report_id, version.version): facts.impacts.get(version.id) for version in facts.versions}
    grades = [(source, told) for made, source, told in facts.grades if within(made)]
    complete = _complete(facts, {version.id: version for version in standing})
    sites = _sites(facts, _silence(facts, since, until), complete, Counter(version.site_id for version in corrections))
    return ReportQuality(
        since,
        until,
        timely=Share(sum(event.recorded_at - event.period_to <= A_DAY for event in events), len(events)),
        told=_lag(event.recorded_at - event.period_to for event in events),
        arrived=_lag(event.received_at - event.recorded_at for event in events),
        complete={rests: _given(told.values()) for rests, told in complete.items()},
        received=sum(within(version.received_at) for version in first),
        corrections=dict(reasons.most_common()),
        claims=_claims(facts, since, until),
        silent=_summed(site.silent for site in sites),
        validated=Share(sum(version.level >= Level.V3 for version in standing), len(standing)),
        graded=Share(
            sum(source != _UNJUDGED_SOURCE and told != _UNJUDGED_INFORMATION for source, told in grades), len(grades)
        ),
        impacts=Counter(facts.impacts[version.id] for version in standing if version.kind == ReportKind.SINGLE_EVENT),
        rerated=sum(
            before.get((version.report_id, version.version - 1)) not in (None, facts.impacts.get(version.id))
            for version in corrections
        ),
        sites=sites,
    )


def _lag(spans: Iterable[timedelta]) -> Lag:
    hours = [max(0.0, span / _AN_HOUR) for span in spans]
    return Lag(*(quantile(hours, (), part) for part in (0.5, 0.9)))


def _summed(shares: Iterable[Share]) -> Share:
    found = list(shares)
    return Share(sum(share.part for share in found), sum(share.whole for share in found))


_Given = Counter[bool]
"""The lines with a field (True) and without."""


def _given(told: Iterable[_Given]) -> Share:
    return _summed(Share(lines[True], lines.total()) for lines in told)


def _complete(facts: _Facts, counting: Mapping[str, Version]) -> dict[Rests, dict[str, _Given]]:
    """Return of each field that figures rest on, where any line has it, the lines with it and without by site."""
    found: dict[Rests, dict[str, _Given]] = {}
    for rests in RESTS:
        lines = CATALOGUE[Kpi(rests.of)].lines
        told: defaultdict[str, _Given] = defaultdict(Counter)
        for line in report_versions.lines(facts.session, facts.frame, LineKind(lines.kind), counting, rests.by):
            if lines.training or line.phase_kind != PhaseKind.TRAINING:
                code = line.status if HELD[lines.kind].get(rests.by) == "status" else line.told[0] or ""
                amount = 1 if lines.counting is CountingUnit.RECORDS else line.quantity
                told[counting[line.version_id].site_id][code not in rests.missing] += amount
        if any(told.values()):
            found[rests] = told
    return found


def _claims(facts: _Facts, since: datetime, until: datetime) -> ClaimOutcomes:
    rows = claim_adjustments.adjustments_of(facts.session, facts.operation.id)
    found = Counter(
        claim.found
        for claim in rows
        if since < claim.opened_at <= until and facts.frame.country in {line[0] for line in claim.lines}
    )
    return ClaimOutcomes(found[SAME], found[OTHER], found[OPEN])


def _silence(facts: _Facts, since: datetime, until: datetime) -> dict[UUID, Share]:
    """Return of each site the silent days, of those that are over.

    A site is expected to report from the first official day that begins after it was placed.
    """
    reported = {(UUID(version.site_id), version.official_day) for version in facts.counting.values()}
    due = [(begins, day) for begins, ends, day in _days(facts, facts.operation.zone) if since < ends <= until]
    asked = {site.id: [day for begins, day in due if begins >= site.placed_at] for site in facts.sites}
    return {site: Share(sum((site, day) not in reported for day in days), len(days)) for site, days in asked.items()}


def _sites(
    facts: _Facts,
    silent: Mapping[UUID, Share],
    complete: Mapping[Rests, Mapping[str, _Given]],
    corrections: Mapping[str, int],
) -> list[SiteQuality]:
    """Return the quality of each site that was expected to report or did, the most silent first."""
    found = [
        SiteQuality(
            site.id,
            site.name,
            silent[site.id],
            _given(told[site.id.hex] for told in complete.values() if site.id.hex in told),
            corrections[site.id.hex],
        )
        for site in facts.sites
    ]
    known = [site for site in found if site.silent.whole or site.complete.whole or site.corrections]
    return sorted(known, key=lambda site: (-site.silent.part, site.name))


def _days(facts: _Facts, zone: str) -> Iterator[tuple[datetime, datetime, date]]:
    """Yield first moment, last moment and date of the official days on which reports are due."""
    cut, days = facts.operation.day_cut, set()
    for phase in facts.phases:
        day, last = (
            official_day(moment, zone, cut) for moment in (phase.starts, phase.ends - timedelta(microseconds=1))
        )
        days |= {day + timedelta(days=step) for step in range((last - day).days + 1)}
    for day in sorted(days):
        begins, ends = day_bounds(day, zone, cut)
        if ends > begins:
            yield begins, ends, day
