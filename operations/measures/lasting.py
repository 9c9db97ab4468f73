"""How long things took, and how good what was told is: figures of reports, hits, leads and claims that no total holds.

Each reads the operation, or one country of it, from what people did. `beside` declares them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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
from operations.core.vocabulary import Confirmation, LeadState, Level, LineKind, PhaseKind, ReportKind
from operations.measures import claimed
from operations.measures.board import Board
from operations.measures.figures import Gap
from operations.measures.guard import Frame
from operations.policing.leads.rows import LeadAnswer, LeadCountry
from operations.policing.operation import plan
from operations.policing.reports.versions import Line, Report

A_DAY = timedelta(hours=24)


@dataclass(frozen=True)
class Found:
    """What a figure comes to, and what must be told beside it. Without `value` there is nothing to measure yet.

    `gaps`: the fields missing in so many lines that it cannot be relied on. `sums` stand in the place of a value: an
    amount in each currency, never added up.
    """

    value: float | None = None
    notes: tuple[Flaw, ...] = ()
    hidden: bool = False
    gaps: tuple[Gap, ...] = ()
    sums: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """Of what a figure is read, and for whom."""

    session: Session
    frame: Frame
    by: Actor
    board: Board


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


def answers(asked: Asked) -> Found:
    """From a hit to the answer of the country that issued it (K07)."""
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


def site_days(asked: Asked) -> dict[UUID, int]:
    """Of how many official days the reports of a site count, training left out."""
    phase = plan.Phase
    query = (
        sa.select(col(Report.site_id), sa.func.count(sa.distinct(col(Report.official_day))))
        .join(phase, col(phase.id) == col(Report.phase_id))
        .where(
            col(Report.operation_id) == asked.frame.operation,
            col(Report.counted),
            col(Report.level) >= int(asked.frame.level),
            col(phase.kind) != PhaseKind.TRAINING.value,
        )
        .group_by(col(Report.site_id))
    )
    if asked.frame.country is not None:
        query = query.where(col(Report.country) == asked.frame.country)
    return {site: count for site, count in asked.session.execute(unscoped(query))}  # noqa: C416


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def timely(asked: Asked) -> Found:
    """Single events that were written down within a day after they ended (K34)."""
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


def climbed(act: str, before: str | None) -> Callable[[Asked], Found]:
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


def duplicates(asked: Asked) -> Found:
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


def corrected(asked: Asked) -> Found:
    """Reports with more than one version (K36)."""
    newest = select(sa.func.max(Report.version)).where(*_of(asked)).group_by(col(Report.report_id))
    versions = [found[0] for found in asked.session.execute(unscoped(newest))]
    if not versions:
        return Found()
    corrected = sum(version > 1 for version in versions)
    return Found(
        corrected / len(versions) * 100, (Flaw("", N_("{n} of {whole}"), {"n": corrected, "whole": len(versions)}),)
    )


_DONE = frozenset({LeadState.ACTIONED, LeadState.NEGATIVE, LeadState.POSITIVE})


def leads(asked: Asked) -> Found:
    """Leads on which the country that they were shared with acted, and the time to its first answer (K30)."""
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
