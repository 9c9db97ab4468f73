"""Durations and data quality: figures of reports, hits, leads and claims that no total holds.

Each covers the operation, or one country of it, as of the session's entry. `derived_figures` declares them.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from itertools import pairwise
from operator import attrgetter
from typing import Self
from uuid import UUID

from sqlmodel import Session

from operations.catalogue.intervals import share_interval
from operations.catalogue.kpis import CATALOGUE, COUNTED, Kpi
from operations.catalogue.waiting_times import quantile
from operations.core import history
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.core.store import unfenced
from operations.core.vocabulary import Confirmation, LeadState, Level, LineKind, PhaseKind, ReportKind
from operations.disclosure.figure_cube import Reader
from operations.disclosure.suppression import BoardFrame
from operations.figures import report_versions, verification_times
from operations.figures.board import FigureBoard, reader_of
from operations.figures.breakdowns import Breakdown, breakdowns
from operations.figures.values import Gap
from operations.policing.leads.rows import LeadCountry
from operations.policing.operation import plan
from operations.totals import claim_adjustments

A_DAY, _AN_HOUR = timedelta(hours=24), timedelta(hours=1)
_REACHED = {
    verification_times.VERIFY: Level.V2,
    verification_times.VALIDATE: Level.V3,
    verification_times.CONSOLIDATE: Level.V4,
}


@dataclass(frozen=True)
class MeasuredValue:
    """The value of a figure with the notes shown beside it. Without `value` there is nothing to measure yet.

    `gaps`: fields missing in so many lines that the value is not reliable. `sums` replaces the value by an amount in
    each currency, never added up. A share is `part` of `whole`.
    """

    value: float | None = None
    notes: tuple[Flaw, ...] = ()
    hidden: bool = False
    gaps: tuple[Gap, ...] = ()
    sums: Mapping[str, float] = field(default_factory=dict)
    part: int | None = None
    whole: int | None = None

    @classmethod
    def share(cls, part: int, whole: int, *notes: Flaw) -> Self:
        """Return `part` of `whole` in per cent, the two as its first note; undefined where the whole is 0."""
        if not whole:
            return cls(None, notes)
        said = Flaw("", N_("{n} of {whole}"), {"n": part, "whole": whole})
        return cls(part / whole * 100, (said, *notes), part=part, whole=whole)

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of a share of fewer than 50, in per cent; None where there is none to tell."""
        return share_interval(self.part, self.whole)


@dataclass(frozen=True)
class FigureRequest:
    """The context in which a figure is read, for one reader. What several figures need is read once and cached.

    `told`: the breakdowns of guarded figures that a snapshot tells this reader.
    """

    session: Session
    frame: BoardFrame
    by: Actor
    board: FigureBoard
    told: Mapping[Kpi, list[Breakdown]] = field(default_factory=dict)

    @cached_property
    def reader(self) -> Reader:
        """What this person may see of the frame."""
        return reader_of(self.session, self.frame, self.by)

    @cached_property
    def owner(self) -> plan.Operation:
        """The operation of the frame."""
        return plan.operation(self.session, self.frame.operation, self.by)

    @cached_property
    def versions(self) -> list[report_versions.Version]:
        """The report versions of the frame, as of the session's entry."""
        return report_versions.versions(self.session, self.frame)

    @cached_property
    def counting(self) -> dict[str, report_versions.Version]:
        """The versions that count at the level of the frame, by id."""
        return report_versions.counting(self.versions, self.frame)

    @cached_property
    def sent(self) -> dict[str, datetime]:
        """When each version of the frame was received, by id."""
        return {each.id: each.received_at for each in self.versions}

    @cached_property
    def standing(self) -> dict[int, list[str]]:
        """The ids of the versions that count at any level, by the level that they have reached."""
        by_level: dict[int, list[str]] = {}
        for version in self.versions:
            if version.counted:
                by_level.setdefault(version.level, []).append(version.id)
        return by_level

    @cached_property
    def lifted(self) -> dict[str, dict[str, datetime]]:
        """When versions of the operation were last lifted, by act and id."""
        return verification_times.lifted(self.session, self.frame.operation)

    def since(self, act: str) -> dict[str, datetime]:
        """Return when versions reached the level of an act, by id.

        A version that the answer to a hit made has the level of the one before it, and waits since that one reached it.
        """
        moments = dict(self.lifted[act])
        unlifted = {v.report_id for v in self.versions if v.level >= _REACHED[act] and v.id not in moments}
        newest: dict[str, datetime] = {}
        for version in sorted((v for v in self.versions if v.report_id in unlifted), key=attrgetter("version")):
            if version.id in moments:
                newest[version.report_id] = moments[version.id]
            elif version.level >= _REACHED[act] and version.report_id in newest:
                moments[version.id] = newest[version.report_id]
        return moments

    @cached_property
    def sides(self) -> Callable[..., list[Breakdown]]:
        """The breakdowns of a counted figure that this reader may see, or one of them by its name."""
        return cache(
            lambda kpi, only="": self.told.get(kpi) or breakdowns(self.session, self.frame, kpi, self.by, only)
        )


def _hours(over: list[timedelta], waiting: Sequence[timedelta] = (), more: tuple[Flaw, ...] = ()) -> MeasuredValue:
    """Return the median in hours of all that began, with the 90th percentile and the number still waiting as notes.

    Without a value, more than half of them still wait.
    """
    ended, lasting = ([span.total_seconds() / 3600 for span in spans] for spans in (over, waiting))
    notes = [Flaw("", N_("still waiting: {count}"), {"count": len(lasting)})] if lasting else []
    if not ended:
        return MeasuredValue(None, (*notes, *more))
    median, most = (quantile(ended, lasting, part) for part in (0.5, 0.9))
    if median is None:
        told = Flaw("", N_("more than half still wait; {count} are over"), {"count": len(ended)})
    elif most is None:
        told = Flaw("", N_("more than 1 in 10 still wait; {count} are over"), {"count": len(ended)})
    else:
        told = Flaw(
            "", N_("9 of 10 within {hours} h; {count} are over"), {"hours": round(most, 1), "count": len(ended)}
        )
    return MeasuredValue(median, (told, *notes, *more))


def answers(asked: FigureRequest) -> MeasuredValue:
    """Return the time from a hit to the answer of the issuing country (K07), hits in training left out."""
    spans, waiting = [], []
    for hit in report_versions.lines(
        asked.session, asked.frame, LineKind.HIT, asked.counting, "raw_at", "confirmed_at"
    ):
        if hit.phase_kind == PhaseKind.TRAINING:
            continue
        if hit.status in (Confirmation.CONFIRMED, Confirmation.REFUTED):
            raw, confirmed = (datetime.fromisoformat(str(each)) for each in hit.told)
            spans.append(confirmed - raw)
        else:
            waiting.append(asked.board.as_of - datetime.fromisoformat(str(hit.told[0])))
    return _hours(spans, waiting)


def of_site_days(asked: FigureRequest) -> list[report_versions.Version]:
    """Return the reports that count, training left out."""
    phases = plan.phases(asked.session, asked.frame.operation)
    training = {phase.id.hex for phase in phases if phase.kind == PhaseKind.TRAINING}
    return [version for version in asked.counting.values() if version.phase_id not in training]


def site_days(asked: FigureRequest) -> dict[UUID, Counter[int]]:
    """Count the official days on which each site reported, by day of the week (0: Monday), training left out."""
    days: dict[str, set[date]] = {}
    for version in of_site_days(asked):
        days.setdefault(version.site_id, set()).add(version.official_day)
    return {UUID(site): Counter(day.weekday() for day in of_site) for site, of_site in days.items()}


def of_events(asked: FigureRequest) -> list[report_versions.Version]:
    """Return the first versions of reports of single events that ended a day ago or earlier.

    Of a younger event, only a quick report can be known: to count it would flatter.
    """
    return [event for event in _events(asked) if asked.board.as_of - event.period_to >= A_DAY]


def _events(asked: FigureRequest) -> list[report_versions.Version]:
    return [each for each in asked.versions if each.version == 1 and each.kind == ReportKind.SINGLE_EVENT]


def timely(asked: FigureRequest) -> MeasuredValue:
    """Return the share of single events recorded within a day after their end (K34); the network's lag stands apart."""
    events, everything = of_events(asked), _events(asked)
    young = len(everything) - len(events)
    notes = [Flaw("", N_("less than a day old, not counted yet: {count}"), {"count": young})] if young else []
    if not events:
        return MeasuredValue(None, tuple(notes))
    quick = sum(event.recorded_at - event.period_to <= A_DAY for event in events)
    parts = (
        (N_("event to report: median {hours} h, 9 of 10 within {most} h"), "period_to", "recorded_at"),
        (N_("device to server: median {hours} h, 9 of 10 within {most} h"), "recorded_at", "received_at"),
    )
    lags = []
    for words, since, until in parts:
        spans = [max(0.0, (getattr(event, until) - getattr(event, since)) / _AN_HOUR) for event in events]
        hours, most = (quantile(spans, (), part) for part in (0.5, 0.9))
        lags.append(Flaw("", words, {"hours": round(hours or 0.0, 1), "most": round(most or 0.0, 1)}))
    return MeasuredValue.share(quick, len(events), *lags, *notes)


def _oldest(wait: timedelta) -> Flaw:
    return Flaw("", N_("the oldest waits for {hours} h"), {"hours": int(wait.total_seconds() // 3600)})


def ways(
    asked: FigureRequest, act: str, before: str | None
) -> tuple[Mapping[str, datetime], dict[str, datetime], list[str]]:
    """Return when versions began to wait for an act of the journal, when it came, and which versions still wait for it.

    The wait begins with the act `before`, or with receipt where there is none.
    """
    sent = asked.sent
    begun = sent if before is None else asked.since(before)
    ended = {version: at for version, at in asked.lifted[act].items() if version in sent and version in begun}
    return begun, ended, asked.standing.get(_REACHED[act] - 1, [])


def climbed(act: str, before: str | None) -> Callable[[FigureRequest], MeasuredValue]:
    """Return a reader of the time from one act of the journal, or from receipt, to the next, over all versions."""

    def read(asked: FigureRequest) -> MeasuredValue:
        begun, ended, waiting = ways(asked, act, before)
        spans = [at - begun[version] for version, at in ended.items()]
        waits = [asked.board.as_of - begun[version] for version in waiting if version in begun]
        return _hours(spans, waits, (_oldest(max(waits)),) if waits else ())

    return read


def of_claims(asked: FigureRequest) -> list[claim_adjustments.ClaimAdjustment]:
    """Return the claims that were opened and not withdrawn, of the operation or with a line of one country.

    Claims about persons who are guarded from this reader are left out: that two lines are alike says something of their
    numbers.
    """
    reader = asked.reader
    guarded = {kind for kpi in COUNTED if reader.guarded(kpi) for kind in CATALOGUE[kpi].kinds}
    rows = claim_adjustments.adjustments_of(asked.session, asked.frame.operation)
    rows = [claim for claim in rows if not guarded & claim_adjustments.kinds(claim)]
    if asked.frame.country is not None:
        rows = [claim for claim in rows if asked.frame.country in {line[0] for line in claim.lines}]
    return [claim for claim in rows if claim.found != claim_adjustments.NONE]


def duplicates(asked: FigureRequest) -> MeasuredValue:
    """Return the share of repeated lines among the lines in claims, and how long open claims wait (K37)."""
    rows = of_claims(asked)
    lines, again = sum(len(claim.lines) for claim in rows), claim_adjustments.said_again(rows)
    waits = [asked.board.as_of - claim.opened_at for claim in rows if claim.found == claim_adjustments.OPEN]
    notes = []
    if waits:
        hours = int(max(waits).total_seconds() // 3600)
        words = N_("open claims: {count}, the oldest for {hours} h")
        notes.append(Flaw("", words, {"count": len(waits), "hours": hours}))
    return MeasuredValue.share(again, lines, *notes) if lines else MeasuredValue()


def corrections(asked: FigureRequest) -> tuple[dict[str, int], int]:
    """Count the lines that later versions changed, added or removed, by the report's newest version, and all lines."""
    later = {each.report_id for each in asked.versions if each.version > 1}
    chains: dict[str, list[report_versions.Version]] = {each: [] for each in later}
    once = []
    for version in asked.versions:
        if version.report_id in later:
            chains[version.report_id].append(version)
        else:
            once.append(version.id)
    many = report_versions.many_lines(asked.session, asked.frame, once)
    total = sum(many.get(each, 0) for each in once)
    changed: dict[str, int] = {}
    again = [each.id for chain in chains.values() for each in chain]
    said = report_versions.contents(asked.session, asked.frame, again) if again else {}
    for chain in chains.values():
        chain.sort(key=lambda each: each.version)
        told = [said.get(version.id, {}) for version in chain]
        known = {line for lines in told for line in lines}
        total += len(known)
        changed[chain[-1].id] = sum(
            any(one.get(line) != other.get(line) for one, other in pairwise(told)) for line in known
        )
    return changed, total


def corrected(asked: FigureRequest) -> MeasuredValue:
    """Return the share of lines that a correction changed (K36)."""
    changed, total = corrections(asked)
    return MeasuredValue.share(sum(changed.values()), total)


_ACTED = frozenset({LeadState.ACTIONED, LeadState.NEGATIVE, LeadState.POSITIVE})


def leads(asked: FigureRequest) -> MeasuredValue:
    """Return the share of leads on which the receiving country acted, and the time to its first answer (K30)."""
    with unfenced(asked.session):
        parts = history.read(asked.session, LeadCountry, asked.frame.operation)
    sent = {
        (part.lead_id.hex, part.country): (part.state, part.shared_at)
        for part in parts
        if part.shared_at is not None and part.revoked_at is None and asked.frame.country in (None, part.country)
    }
    if not sent:
        return MeasuredValue()
    first: dict[tuple[str, str], datetime] = {}
    for lead, country, _act, at, _seq in verification_times.acts(asked.session, asked.frame.operation, Act.LEAD_ANSWER):
        first.setdefault((lead, country or ""), at)
    done = sum(state in _ACTED for state, _at in sent.values())
    spans = [first[part] - at for part, (_state, at) in sent.items() if part in first]
    told = _hours(spans, [asked.board.as_of - at for part, (_state, at) in sent.items() if part not in first])
    words = N_("median to the first answer: {hours} h")
    median = () if told.value is None else (Flaw("", words, {"hours": round(told.value, 1)}),)
    return MeasuredValue.share(done, len(sent), *median, *told.notes)
