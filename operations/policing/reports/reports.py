"""Reports of results: an envelope and typed lines (domain 1.4), written, corrected and withdrawn by the country alone.

A report is a chain of versions under one `report_id`; each version has an id made on the client. Nothing is edited: a
correction is a new version that names the one it replaces and why. It counts once it has reached the level of the
version it replaces; until then the older version counts, so that a total never loses validated figures.

Drafts are in `draft`, versions in `versions`, unsent forms in `forms`; `counting` decides which version counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from operations.core import history, journal
from operations.core.clock import day_bounds, now, official_day
from operations.core.errors import Conflict, Flaw, NotFound, RuleBroken, Stale
from operations.core.ids import fingerprint
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.rows import written
from operations.core.store import alone, asked_for
from operations.core.vocabulary import Confirmation, Level, ReportState, Role
from operations.lines.kinds import AnyLine, as_json, from_json
from operations.lines.kinds.hit import Hit
from operations.policing.map_plan import report_context as sites_stage
from operations.policing.operation import plan
from operations.policing.reports import repeat_hits, shared_events
from operations.policing.reports import states as report_states
from operations.policing.reports.counting import (
    columns_as_counted,
    count_waiting,
    follow,
    lock,
    note_waiting,
    refresh_activity,
    settle,
    supersede,
)
from operations.policing.reports.draft import KEPT_BY, DeviceVersion, ReportDraft, questions
from operations.policing.reports.forms import KEPT as FORM_KEPT
from operations.policing.reports.forms import (
    SavedForm,
    delete_sent_form,
    discard_form,
    save_form,
    saved_forms,
)
from operations.policing.reports.outliers import outlier_questions
from operations.policing.reports.states import LIFE, Deed
from operations.policing.reports.versions import (
    GONE,
    Line,
    Report,
    SiteDay,
    beyond_officer,
    latest_days,
    lines_of,
    newest,
    of_site_day,
    report,
    site_days,
    versions,
)
from operations.totals import activity, margins, totals

__all__ = [
    "REPORTING_OPEN",
    "Line",
    "Officer",
    "Report",
    "ReportDraft",
    "SavedForm",
    "SiteDay",
    "beyond_officer",
    "discard_form",
    "latest_days",
    "lines_of",
    "newest",
    "of_site_day",
    "questions",
    "report",
    "save_form",
    "saved_forms",
    "sent_already",
    "site_days",
    "submit",
    "versions",
    "withdraw",
]

REPORTING_OPEN = tuple(state.value for state in report_states.RUNNING)

# ----------------------------------------------------------------------------------------------------- verbs


_OF_REPORT = col(Report.report_id) == bindparam("report")
_CHAIN = select(Report).where(_OF_REPORT).order_by(col(Report.version).desc()).execution_options(populate_existing=True)
_THERE = sa.select(select(Report.id).where(_OF_REPORT).exists(), FORM_KEPT)
_WRITE_LINES = Line.__table__.insert()
_OF_SENDING = {"confirmed", "recorded_at", "clock_offset"}
"""What may differ where the same report is sent again."""


class Officer(NamedTuple):
    """The officer for whom the coordination keys a report: the account and the name of its author."""

    id: UUID
    name: str


def submit(
    session: Session,
    draft: ReportDraft,
    by: Actor,
    officer: Officer | None = None,
    device: DeviceVersion | None = None,
    signed_key: str | None = None,
) -> Report:
    """Submit a report (V1): a first version, or a correction that names the version it replaces.

    With an `officer`, who is then its author, the coordination keys what the officer said (`voice`). `device`: where a
    device without a network had it in its chain. `signed_key`: the public key of the other Muster that signed it.

    1. Idempotent for the same id and content; the same id with other content raises Conflict.
    2. The site, the phase and the operation must be the officer's and open, the period inside the phase; a hit
       repeats an earlier one of the country.
    3. A validated report is corrected by the country's team leader or coordinator, not by an officer.
    4. The version and its lines are written; it counts at once, unless the replaced one has a higher level. A hit is
       pending, whatever the draft says of it, unless it was answered in the version it replaces.
    """
    author = officer or Officer(by.account_id, by.name)
    digest = _digest(draft, author.id)
    stage = sites_stage.stage(session, draft.site_id)
    if stage.operation != draft.operation_id:
        raise NotFound
    require(by, Act.OPERATION_READ, stage.subject)
    writes = Act.REPORT_WRITE if draft.supersedes_id is None else Act.REPORT_CORRECT
    require(by, Act.REPORT_KEY if officer else writes, stage.subject)
    alone(session, draft.report_id)
    has_versions, was_kept = asked_for(session, _THERE, {"report": draft.report_id, "form": draft.id}).one()
    chain = session.exec(_CHAIN, params={"report": draft.report_id}).all() if has_versions else ()
    known = next((each for each in chain if each.id == draft.id), None)
    if known is not None:
        if known.content_hash == digest:
            return known
        raise Conflict(
            "This report was already sent with other content. Reload the page and correct the report instead."
        )
    day = _place_in_time(stage, draft)
    replaced = _replaced(chain, draft, by)
    if replaced is not None:
        draft = _same_lines(draft, lines_of(session, replaced.id))
    if flaws := list(repeat_hits.flaws(session, stage.operation, stage.country, draft.lines)):
        raise RuleBroken.all(flaws)
    if not draft.confirmed:
        stood = lines_of(session, replaced.id) if replaced is not None and draft.correction_reason in KEPT_BY else ()
        doubts = [
            *questions(draft, stood),
            *outlier_questions(session, stage.operation, stage.country, stage.site, draft.lines),
        ]
        if doubts:
            raise RuleBroken.all([Flaw("confirmed", doubt.template, doubt.params) for doubt in doubts])
    if replaced is not None and not replaced.counted and replaced.state not in GONE:
        settle(session, replaced, ReportState.SUPERSEDED, Level(replaced.level))
    moment = now()
    version = {
        "id": draft.id,
        "report_id": draft.report_id,
        "version": replaced.version + 1 if replaced else 1,
        "supersedes_id": draft.supersedes_id,
        "correction_reason": draft.correction_reason,
        "operation_id": stage.operation,
        "country": stage.country,
        "site_id": stage.site,
        "phase_id": draft.phase_id,
        "kind": draft.kind.value,
        "period_from": draft.period_from,
        "period_to": draft.period_to,
        "zone": draft.zone,
        "official_day": day,
        "remarks": draft.remarks,
        "impact": draft.impact,
        "level": int(Level.V1),
        "counted": supersede(session, chain, Level.V1),
        "late": stage.state in report_states.AFTERWARDS,
        "author_id": author.id,
        "author_name": author.name,
        "keyed_by": by.account_id if officer else None,
        "signed_key": signed_key,
        "recorded_at": _recorded_at(draft, moment),
        "clock_offset": draft.clock_offset,
        "received_at": moment,
        "content_hash": digest,
    }
    made = written(session, Report, version)
    history.note(session, Report, version)
    answers = _answers(session, draft, by)
    rows = [_row(made, position, line, stage, answers.get(line.id)) for position, line in enumerate(draft.lines)]
    if rows:
        session.connection().execute(_WRITE_LINES, rows)
    if was_kept:
        delete_sent_form(session, draft.id, by)
    told = {} if replaced is None else shared_events.event_ids(session, made.report_id)
    if made.counted:
        margins.move(session, [columns_as_counted(row) for row in rows if row["id"] not in told], into=Level.V1)
        if replaced is not None:
            follow(session, made.report_id, told)
    note_waiting(session, made)
    since = activity.heard_at(moment, draft.period_to)
    activity.heard(session, stage.operation, stage.country, stage.site, Level.V1, since)
    journal.record(
        session,
        by,
        "report.key" if officer else "report.correct" if replaced else "report.submit",
        "report",
        made.id,
        operation=stage.operation,
        country=made.country,
        report=str(made.report_id),
        version=made.version,
        report_kind=made.kind,
        day=day.isoformat(),
        site=str(stage.site),
        reason=draft.correction_reason,
        **report_states.marked(late=made.late),
        **(device._asdict() if device else {}),
    )
    return made


def sent_already(session: Session, draft: ReportDraft) -> Report | None:
    """Return the version with the id and the content of the draft, whoever sent it; None where there is none."""
    known = session.exec(select(Report).where(Report.id == draft.id)).one_or_none()
    return known if known is not None and known.content_hash == _digest(draft, known.author_id) else None


def withdraw(session: Session, version_id: UUID, reason: str, by: Actor) -> Report:
    """Withdraw a report (its author or the national coordinator): it ceases to count, and stays readable."""
    found, state = lock(session, version_id)
    owner = plan.operation(session, found.operation_id, by)
    require(by, Act.REPORT_WITHDRAW, plan.subject(owner, found.country, found.site_id))
    if by.role is not Role.NATIONAL_COORDINATOR and found.author_id != by.account_id:
        raise RuleBroken("", "Only the author of a report or the national coordinator can withdraw it.")
    if found.state in (*GONE, ReportState.SUPERSEDED):
        raise Conflict("This report is no longer valid. Reload the page.")
    _step, reason = LIFE.allow(found, report_states.ReportFacts(state, by), ReportState.WITHDRAWN, by, reason)
    late = state in report_states.AFTERWARDS
    before = Level(found.level)
    found.late = found.late or late
    settle(session, found, ReportState.WITHDRAWN, Level.V0)
    count_waiting(session, found.report_id)
    refresh_activity(session, found)
    journal.record(
        session,
        by,
        "report.withdraw",
        "report",
        found.id,
        operation=owner.id,
        country=found.country,
        report=str(found.report_id),
        before=before.name,
        reason=reason,
        **report_states.marked(late=late),
    )
    return found


# --------------------------------------------------------------------------------------------------- internal


def _place_in_time(stage: sites_stage.ReportContext, draft: ReportDraft) -> date:
    """Return the official day of the report. Raises RuleBroken with every flaw of period, phase, site and lines."""
    phase = stage.phases.get(draft.phase_id)
    if phase is None or any(line.phase_id not in stage.phases for line in draft.lines if line.phase_id is not None):
        raise NotFound
    calendar = stage.zone, stage.day_cut
    closed = report_states.obstacle(stage.state, Deed.REPORT if draft.supersedes_id is None else Deed.CORRECT)
    flaws = [closed] if closed is not None else []
    if not stage.taking_part:
        flaws.append(
            Flaw("", "The country has not confirmed that it takes part. Ask its national coordinator to confirm.")
        )
    if stage.closed:
        flaws.append(Flaw("site_id", "This site was taken out of the plan."))
    if draft.period_from > now():
        flaws.append(Flaw("period_from", "The period begins in the future."))
    day = official_day(draft.period_from, *calendar)
    last = official_day(phase.ends - timedelta(microseconds=1), *calendar)
    if not official_day(phase.starts, *calendar) <= day <= last:
        flaws.append(
            Flaw(
                "period_from",
                "This is outside the phase {name}: choose a time within it, or another phase.",
                {"name": phase.name},
            )
        )
    elif draft.period_to > max(day_bounds(last, *calendar)[1], phase.ends):
        flaws.append(Flaw("period_to", "This is after the end of the phase {name}.", {"name": phase.name}))
    flaws += [
        replace(flaw, field=f"lines.{index}.{flaw.field}")
        for index, line in enumerate(draft.lines)
        for flaw in line.at_odds(day, draft.period_from, draft.period_to)
    ]
    if flaws:
        raise RuleBroken.all(flaws)
    return day


def _digest(draft: ReportDraft, author_id: UUID) -> str:
    return fingerprint([draft.model_dump(mode="json", exclude=_OF_SENDING), str(author_id)])


def _recorded_at(draft: ReportDraft, received_at: datetime) -> datetime:
    """Return when the report was written: the clock of the device with its offset, and never after it came."""
    try:
        return min((draft.recorded_at or received_at) + timedelta(seconds=draft.clock_offset or 0), received_at)
    except OverflowError:
        return received_at


def _replaced(chain: Sequence[Report], draft: ReportDraft, by: Actor) -> Report | None:
    """Return the version that the draft replaces, which must be the newest. Raises Conflict, NotFound, RuleBroken."""
    if draft.supersedes_id is None:
        if chain:
            raise Conflict("This report was already sent. Reload the page and correct it instead.")
        return None
    before = next((each for each in chain if each.id == draft.supersedes_id), None)
    if before is None or before.operation_id != draft.operation_id or before.site_id != draft.site_id:
        raise NotFound
    if before.id != chain[0].id:
        raise Stale(
            "Somebody corrected this report while you were writing. Compare with the correction, then send yours again."
        )
    if before.state in GONE and not any(each.counted for each in chain):
        raise Conflict("This report is no longer valid. Send a new one.")
    if beyond_officer(chain, by):
        raise RuleBroken(
            "",
            "The country has validated this report. Only the team leader or the national coordinator can correct it.",
        )
    return before


def _same_lines(draft: ReportDraft, before: Sequence[Line]) -> ReportDraft:
    """Return the draft with line ids restored: a new line equal in content to a missing line of the version before gets
    its id.

    A corrected file that is sent again has other ids; decisions about a line, such as joining it into an event, stay
    with its id.
    """
    kept = {line.id for line in draft.lines}
    lost: dict[str, list[UUID]] = {}
    for row in before:
        if row.id not in kept:
            lost.setdefault(_content(row.attributes), []).append(row.id)
    known = {row.id for row in before}
    lines = tuple(
        line.model_copy(update={"id": lost[said].pop(0)})
        if line.id not in known and lost.get(said := _content(as_json(line)))
        else line
        for line in draft.lines
    )
    return draft.model_copy(update={"lines": lines})


def _content(attributes: Mapping[str, Any]) -> str:
    return fingerprint([{name: value for name, value in attributes.items() if name != "id"}])


def _answers(session: Session, draft: ReportDraft, by: Actor) -> dict[UUID, Line]:
    """Return the hits of the replaced version that were answered by anybody but `by`."""
    if draft.supersedes_id is None or not any(isinstance(line, Hit) for line in draft.lines):
        return {}
    query = select(Line).where(
        Line.version_id == draft.supersedes_id, col(Line.answered_by).is_not(None), Line.answered_by != by.account_id
    )
    return {line.id: line for line in session.exec(query)}


def _row(
    made: Report, position: int, line: AnyLine, stage: sites_stage.ReportContext, answered: Line | None
) -> dict[str, Any]:
    """Return the columns of a line.

    A hit belongs to the official day of its own time, and keeps the answer to the same hit.
    """
    phase_id = line.phase_id or made.phase_id
    day = made.official_day
    own: dict[str, Any] = {"answered_by": None}
    if isinstance(line, Hit):
        last = made.period_to - timedelta(microseconds=1)
        day = official_day(min(line.raw_at, last), stage.zone, stage.day_cut)
        before = None if answered is None else from_json(answered.attributes)
        if answered is not None and isinstance(before, Hit) and line.same_hit(before):
            line = line.model_copy(update={name: getattr(before, name) for name in Hit.ANSWER})
            own = {"answered_by": answered.answered_by}
        else:
            own |= {"status": Confirmation.PENDING.value}
    return {
        "version_id": made.id,
        "id": line.id,
        "position": position,
        "operation_id": made.operation_id,
        "country": made.country,
        "site_id": made.site_id,
        "phase_id": phase_id,
        "official_day": day,
        "quantity": line.quantity,
        "attributes": as_json(line),
        **totals.facet_of(line, stage.phases[phase_id].kind)._asdict(),
        **own,
    }
