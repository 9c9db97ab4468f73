"""Key figures that are no sums of totals: nationalities and shares from margins, and how long things took.

Each is declared once, as those of the boards in `kpis`; they are read when somebody opens the catalogue.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import quantiles
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from operations.core.errors import Flaw
from operations.core.journal import Entry
from operations.core.people import Actor
from operations.core.said import N_
from operations.core.store import unscoped
from operations.core.vocabulary import Confirmation, LeadState, Level, LineKind, ReportKind
from operations.measures import claimed, margins
from operations.measures.board import Board, reader_of
from operations.measures.breakdowns import MINOR, breakdowns
from operations.measures.definition import Rests
from operations.measures.figures import Gap
from operations.measures.guard import Frame, guarded
from operations.measures.kpis import OUTCOMES, RESTS, Kpi
from operations.policing.leads.rows import LeadAnswer, LeadCountry
from operations.policing.reports.versions import Line, Report

A_DAY = timedelta(hours=24)


@dataclass(frozen=True)
class Found:
    """What a figure comes to, and what must be told beside it. Without `value` there is nothing to measure yet.

    `gaps`: the fields missing in so many lines that it cannot be relied on.
    """

    value: float | None = None
    notes: tuple[Flaw, ...] = ()
    hidden: bool = False
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True)
class Asked:
    """Of what a figure is read, and for whom."""

    session: Session
    frame: Frame
    by: Actor
    board: Board


@dataclass(frozen=True)
class Beside:
    """One figure. `digits` after the point; `rests`: the fields without which it cannot be relied on."""

    kpi: str
    name: str
    unit: str
    formula: str
    caution: str
    source: str
    read: Callable[[Asked], Found]
    digits: int = 0
    rests: tuple[Rests, ...] = ()


def found(beside: Beside, asked: Asked) -> Found:
    """The figure as this reader may see it: what countries keep back is in none."""
    reader = reader_of(asked.session, asked.frame, asked.by)
    if reader.hides(asked.frame.country):
        return Found(hidden=True)
    value = beside.read(asked)
    gaps = (_gap(asked, each) for each in beside.rests) if value.value is not None else ()
    return replace(value, gaps=tuple(each for each in gaps if each is not None and each.wide))


def _gap(asked: Asked, rests: Rests) -> Gap | None:
    """How much is missing of a field: of totals as the board has it, else of margins; None where it is not told."""
    if rests in RESTS:
        return asked.board.gaps.get(rests)
    whole, codes = asked.board.figures[Kpi(rests.of)].value, _codes(asked, Kpi(rests.of), rests.by)
    if codes is None or not whole:
        return None
    return Gap(rests, int(whole) - sum(many for code, many in codes.items() if not code.startswith("XX")), int(whole))


# ------------------------------------------------------------------------------------------------- from margins


def _codes(asked: Asked, kpi: Kpi, side: str) -> dict[str, int] | None:
    """How much falls to each code of a side; None where this reader is not told."""
    figure = asked.board.figures[kpi]
    if figure.hidden:
        return None
    sides = {each.side: dict(each.parts) for each in breakdowns(asked.session, asked.frame, kpi, asked.by)}
    reader = reader_of(asked.session, asked.frame, asked.by)
    return sides.get(side, None if figure.value and guarded(kpi, asked.frame, reader) else {})


def _nationalities(asked: Asked) -> Found:
    codes = _codes(asked, Kpi.DETECTIONS, "nationality")
    if codes is None:
        return Found(hidden=True)
    return Found(sum(not code.startswith("XX") for code in codes))


def _minors(kpi: Kpi) -> Callable[[Asked], Found]:
    def read(asked: Asked) -> Found:
        whole = asked.board.figures[kpi].value
        codes = _codes(asked, kpi, MINOR)
        if codes is None:
            return Found(hidden=True)
        if not whole:
            return Found()
        minors, told = codes.get("yes", 0), sum(codes.values())
        untold = int(whole) - told
        notes = [Flaw("", N_("{n} of {whole}"), {"n": minors, "whole": int(whole)})]
        if untold:
            notes.append(Flaw("", N_("age not stated: {count}"), {"count": untold}))
        return Found(minors / whole * 100, tuple(notes))

    return read


def _after_hits(asked: Asked) -> Found:
    codes, hits = _codes(asked, Kpi.ARRESTS, "after_hit"), asked.board.figures[Kpi.CONFIRMED_HITS]
    if codes is None or hits.hidden:
        return Found(hidden=True)
    if not hits.value:
        return Found()
    arrested = codes.get("yes", 0)
    return Found(
        arrested / hits.value * 100, (Flaw("", N_("{n} of {whole}"), {"n": arrested, "whole": int(hits.value)}),)
    )


# --------------------------------------------------------------------------------------------------- from times


def _hours(spans: list[timedelta], waiting: int = 0, more: tuple[Flaw, ...] = ()) -> Found:
    """The median in hours, with the ninetieth part in a hundred and how many are not over yet."""
    hours = sorted(span.total_seconds() / 3600 for span in spans)
    notes = [Flaw("", N_("waiting: {count}, not in the median"), {"count": waiting})] if waiting else []
    if not hours:
        return Found(None, (*notes, *more))
    median, most = (hours[0], hours[0]) if len(hours) == 1 else _cut(hours)
    told = Flaw("", N_("9 of 10 within {hours} h; {count} in all"), {"hours": round(most, 1), "count": len(hours)})
    return Found(median, (told, *notes, *more))


def _cut(hours: list[float]) -> tuple[float, float]:
    tenths = quantiles(hours, n=10, method="inclusive")
    return tenths[4], tenths[8]


def _of(asked: Asked, *wanted: Any) -> list[Any]:
    """Conditions on reports: of the operation, and of the frame's country."""
    of_country = [] if asked.frame.country is None else [Report.country == asked.frame.country]
    return [Report.operation_id == asked.frame.operation, *of_country, *wanted]


def _answers(asked: Asked) -> Found:
    query = (
        select(Line.status, Line.attributes)
        .join(Report, col(Line.version_id) == col(Report.id))
        .where(*_of(asked, Line.kind == LineKind.HIT, col(Report.counted), Report.level >= int(asked.frame.level)))
    )
    spans, waiting = [], 0
    for status, attributes in asked.session.execute(unscoped(query)):
        if status in (Confirmation.CONFIRMED, Confirmation.REFUTED):
            spans.append(_moment(attributes["confirmed_at"]) - _moment(attributes["raw_at"]))
        else:
            waiting += 1
    return _hours(spans, waiting)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _timely(asked: Asked) -> Found:
    query = select(Report.period_to, Report.recorded_at, Report.received_at).where(
        *_of(asked, Report.version == 1, Report.kind == ReportKind.SINGLE_EVENT)
    )
    rows = asked.session.execute(unscoped(query)).all()
    if not rows:
        return Found()
    quick = sum(recorded - ended <= A_DAY for ended, recorded, _received in rows)
    lag = _hours([received - recorded for _ended, recorded, received in rows]).value
    notes = (
        Flaw("", N_("{n} of {whole}"), {"n": quick, "whole": len(rows)}),
        Flaw("", N_("median from device to server: {hours} h"), {"hours": round(lag or 0, 1)}),
    )
    return Found(quick / len(rows) * 100, notes)


def _climbed(act: str, before: str | None) -> Callable[[Asked], Found]:
    """From what came before (sent, where nothing did) to an act of the journal, of all versions."""

    def read(asked: Asked) -> Found:
        sent = dict(asked.session.execute(unscoped(select(Report.id, Report.received_at).where(*_of(asked)))).all())
        acts = [act, before] if before else [act]
        query = sa.select(col(Entry.object_id), col(Entry.act), col(Entry.at)).where(
            col(Entry.operation_id) == asked.frame.operation, col(Entry.act).in_(acts)
        )
        begun: dict[UUID, datetime] = sent if before is None else {}
        ended: dict[UUID, datetime] = {}
        for version, done, at in asked.session.execute(unscoped(query)):
            if version in sent:
                (ended if done == act else begun)[version] = at
        reached = Level.V2 if before is None else Level.V3
        behind = select(sa.func.count()).where(*_of(asked, col(Report.counted), Report.level == int(reached) - 1))
        waiting = asked.session.execute(unscoped(behind)).scalar_one()
        return _hours([at - begun[version] for version, at in ended.items() if version in begun], waiting)

    return read


def _duplicates(asked: Asked) -> Found:
    """Of the whole operation, or of the claims in which one country has a line, with how long open ones wait."""
    rows = claimed.claimed(asked.session, asked.frame.operation)
    if asked.frame.country is not None:
        rows = [each for each in rows if asked.frame.country in {line[0] for line in each.lines}]
    rows = [each for each in rows if each.found != claimed.NONE]
    lines, again = sum(len(each.lines) for each in rows), claimed.said_again(rows)
    waits = [asked.board.as_of - each.opened_at for each in rows if each.found == claimed.OPEN]
    notes = [Flaw("", N_("{n} of {whole}"), {"n": again, "whole": lines})] if lines else []
    if waits:
        hours = int(max(waits).total_seconds() // 3600)
        words = N_("open claims: {count}, the oldest for {hours} h")
        notes.append(Flaw("", words, {"count": len(waits), "hours": hours}))
    return Found(again / lines * 100, tuple(notes)) if lines else Found()


def _corrected(asked: Asked) -> Found:
    newest = select(sa.func.max(Report.version)).where(*_of(asked)).group_by(col(Report.report_id))
    versions = [found[0] for found in asked.session.execute(unscoped(newest))]
    if not versions:
        return Found()
    corrected = sum(version > 1 for version in versions)
    return Found(
        corrected / len(versions) * 100, (Flaw("", N_("{n} of {whole}"), {"n": corrected, "whole": len(versions)}),)
    )


_DONE = frozenset({LeadState.ACTIONED, LeadState.NEGATIVE, LeadState.POSITIVE})


def _leads(asked: Asked) -> Found:
    of_country = [] if asked.frame.country is None else [LeadCountry.country == asked.frame.country]
    sent = select(LeadCountry.lead_id, LeadCountry.country, LeadCountry.state, LeadCountry.shared_at).where(
        LeadCountry.operation_id == asked.frame.operation,
        col(LeadCountry.shared_at).is_not(None),
        col(LeadCountry.revoked_at).is_(None),
        *of_country,
    )
    rows = asked.session.execute(unscoped(sent)).all()
    if not rows:
        return Found()
    answers = sa.select(col(LeadAnswer.lead_id), col(LeadAnswer.country), sa.func.min(LeadAnswer.made_at)).where(
        col(LeadAnswer.lead_id).in_({lead for lead, *_rest in rows})
    )
    first = {
        (lead, country): at
        for lead, country, at in asked.session.execute(
            unscoped(answers.group_by(col(LeadAnswer.lead_id), col(LeadAnswer.country)))
        )
    }
    done = sum(state in _DONE for _lead, _country, state, _at in rows)
    spans = [first[lead, country] - at for lead, country, _state, at in rows if (lead, country) in first]
    told = _hours(spans, len(rows) - len(spans)).notes
    return Found(done / len(rows) * 100, (Flaw("", N_("{n} of {whole}"), {"n": done, "whole": len(rows)}), *told))


_UNSAID = frozenset(code or "" for code in margins.UNSAID)
_NATIONALITIES = Rests(
    Kpi.DETECTIONS,
    "nationality",
    _UNSAID,
    N_("Detections with a nationality"),
    N_("not reliable: nationality missing in {share} of detections"),
)
_AGES_OF_VICTIMS = Rests(
    Kpi.POTENTIAL_VICTIMS,
    MINOR,
    _UNSAID,
    N_("Potential victims with an age"),
    N_("not reliable: age missing for {share} of potential victims"),
)
_AGES_OF_DETECTIONS = Rests(
    Kpi.DETECTIONS,
    MINOR,
    _UNSAID,
    N_("Detections with an age"),
    N_("not reliable: age missing in {share} of detections"),
)
BESIDE: dict[str, Beside] = {
    each.kpi: each
    for each in (
        Beside(
            "K07",
            N_("Time to confirm"),
            N_("hours"),
            N_("Median of the time from a hit to the answer of the issuing country."),
            N_("Hits without an answer are named beside it and not dropped. Weekends and time zones tell."),
            "I",
            _answers,
            1,
            (OUTCOMES,),
        ),
        Beside(
            "K14",
            N_("Arrests after a hit"),
            "%",
            N_("Persons arrested after a confirmed hit, divided by confirmed hits."),
            N_("A hit on a Blue Notice is no request for arrest."),
            "S54 S55",
            _after_hits,
            1,
            (OUTCOMES,),
        ),
        Beside(
            "K16",
            N_("Nationalities"),
            N_("nationalities"),
            N_("Number of different nationalities among the detections."),
            N_("Not known is no nationality. Claimed and established ones are not told apart."),
            "S21 S32 S35",
            _nationalities,
            rests=(_NATIONALITIES,),
        ),
        Beside(
            "K19",
            N_("Minors among potential victims"),
            "%",
            N_("Minors divided by all potential victims."),
            N_("Where the age is not stated nobody is taken for an adult: the share is the least that it can be."),
            "S62 S65 S66",
            _minors(Kpi.POTENTIAL_VICTIMS),
            1,
            (_AGES_OF_VICTIMS,),
        ),
        Beside(
            "K19 b",
            N_("Minors among detections"),
            "%",
            N_("Minors divided by all detections."),
            N_("Where the age is not stated nobody is taken for an adult: the share is the least that it can be."),
            "S62 S67",
            _minors(Kpi.DETECTIONS),
            1,
            (_AGES_OF_DETECTIONS,),
        ),
        Beside(
            "K30",
            N_("Leads actioned"),
            "%",
            N_("Leads that a country acted on, divided by those shared with it; and the time to its first answer."),
            N_("Negative is an answer too."),
            "S14 S52",
            _leads,
            1,
        ),
        Beside(
            "K34",
            N_("Timeliness"),
            "%",
            N_("Reports of single events that were written within 24 hours after the event, divided by all of them."),
            N_("When the authority learnt of the event is not recorded: the end of the event stands in its place."),
            "S104",
            _timely,
            1,
        ),
        Beside(
            "K35",
            N_("Until locally verified"),
            N_("hours"),
            N_("Median of the time from a report's arrival to its verification (V1 to V2)."),
            N_("Night shifts tell. Reports that wait are named beside it."),
            "S90",
            _climbed("report.verify", None),
            1,
        ),
        Beside(
            "K35 b",
            N_("Until nationally validated"),
            N_("hours"),
            N_("Median of the time from verification to validation (V2 to V3)."),
            N_("Office hours of national coordinators tell. Reports that wait are named beside it."),
            "S90",
            _climbed("report.validate", "report.verify"),
            1,
        ),
        Beside(
            "K36",
            N_("Correction rate"),
            "%",
            N_("Reports that were corrected at least once, divided by all reports."),
            N_("Late corrections are quality, not failure."),
            "S97",
            _corrected,
            1,
        ),
        Beside(
            "K37",
            N_("Duplicate rate"),
            "%",
            N_("Lines that tell an event once more, divided by all lines in claims that were opened."),
            N_("Lines of open claims are in the divisor: the rate is lower than it may become."),
            "I",
            _duplicates,
            1,
        ),
    )
}
"""By their numbers in the catalogue of domain 2, in its order."""
