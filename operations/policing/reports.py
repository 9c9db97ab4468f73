"""Reports of results: an envelope and typed lines (domain 1.4), written, corrected and withdrawn by the country alone.

A report is a chain of versions under one `report_id`; each version has an id made on the client. Nothing is edited: a
correction is a new version that names the one it replaces and why. It counts from the moment it has climbed as high as
what it replaces; until then the older figure stands, so that a total never loses what its country stands behind.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field as Rule
from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Index,
    UniqueConstraint,
    bindparam,
    delete,
    false,
    text,
)
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import journal
from operations.core.clock import UtcDateTime, day_bounds, now, official_day
from operations.core.drafts import Draft, Moment, Words, Zone, rule, screen
from operations.core.drafts import reason as checked_reason
from operations.core.errors import Conflict, Flaw, NotFound, RuleBroken
from operations.core.ids import fingerprint
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import alone, locked, scoped, unscoped
from operations.core.vocabulary import InList, Level, OperationState, ReportKind, ReportState, Role
from operations.measures import totals
from operations.policing import places, plan
from operations.policing.lines import PERSON_KINDS, AnyLine, CheckTally, Hit, as_json

REPORTING_OPEN = (
    OperationState.PRE_OPERATIONAL.value,
    OperationState.ACTIVE.value,
    OperationState.CONSOLIDATION.value,
)
_GONE = (ReportState.WITHDRAWN.value, ReportState.REJECTED.value)
_NIL_EMPTY = rule("nil_has_lines", "A nil report has no lines: remove them, or choose another kind of report.")
_LINES_NEEDED = rule("lines_needed", "A report needs at least one line. If nothing happened, send a nil report.")
_PERIOD = rule("period_reversed", "The period must end after it begins.")
_TWICE = rule("line_twice", "Two lines have the same identifier: reload the page.")
_REASON = rule("reason_needed", "A correction needs its reason.")

# ---------------------------------------------------------------------------------------------------- tables


class Report(SQLModel, table=True):
    """One version of a report. `level` and `state` are moved by `verification`; `counted` says that totals hold it."""

    __table_args__ = (
        UniqueConstraint("report_id", "version"),
        CheckConstraint("verified_by IS NULL OR verified_by <> author_id", name="four_eyes_local"),
        CheckConstraint(
            "validated_by IS NULL OR (validated_by <> author_id AND validated_by <> verified_by)",
            name="four_eyes_national",
        ),
        CheckConstraint("level BETWEEN 0 AND 5", name="level"),
        CheckConstraint(
            "(level < 2 OR verified_by IS NOT NULL) AND (level < 3 OR validated_by IS NOT NULL)",
            name="no_level_skipped",
        ),
        CheckConstraint("NOT counted OR level > 0", name="drafts_never_count"),
        Index("ix_report_worklist", "operation_id", "country", "state"),
        Index(
            "uq_report_one_counts",
            "report_id",
            unique=True,
            sqlite_where=text("counted"),
            postgresql_where=text("counted"),
        ),
    )
    id: UUID = Field(primary_key=True)
    report_id: UUID = Field(index=True)
    version: int
    supersedes_id: UUID | None = Field(default=None, foreign_key="report.id", unique=True)
    correction_reason: str | None = Field(default=None, max_length=32)
    operation_id: UUID = Field(foreign_key="operation.id")
    country: str = Field(max_length=3)
    site_id: UUID = Field(foreign_key="site.id", index=True)
    phase_id: UUID = Field(foreign_key="phase.id")
    kind: str = Field(max_length=16)
    period_from: datetime = Field(sa_type=UtcDateTime)
    period_to: datetime = Field(sa_type=UtcDateTime)
    zone: str = Field(max_length=64)
    official_day: date
    remarks: str = Field(default="", max_length=2000)
    state: str = Field(max_length=24)
    level: int
    counted: bool = False
    author_id: UUID
    author_name: str = Field(max_length=120)
    verified_by: UUID | None = None
    validated_by: UUID | None = None
    returned_reason: str | None = Field(default=None, max_length=32)
    returned_note: str = Field(default="", max_length=2000)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    received_at: datetime = Field(sa_type=UtcDateTime)
    content_hash: str = Field(max_length=64)


class Line(SQLModel, table=True):
    """One line of one version of a report: its facet as columns, its typed attributes as validated JSON."""

    version_id: UUID = Field(primary_key=True, foreign_key="report.id")
    id: UUID = Field(primary_key=True)
    position: int
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    country: str = Field(max_length=3)
    site_id: UUID = Field(foreign_key="site.id")
    phase_id: UUID = Field(foreign_key="phase.id")
    official_day: date
    kind: str = Field(max_length=24)
    phase_kind: str = Field(default="", max_length=24)
    check_kind: str = Field(default="", max_length=32)
    database: str = Field(default="", max_length=32)
    entity: str = Field(default="", max_length=24)
    offence: str = Field(default="", max_length=32)
    status: str = Field(default="", max_length=32)
    quantity: int = Field(sa_type=BigInteger)
    unit: str = Field(max_length=16)
    attributes: dict[str, Any] = Field(sa_type=JSON)


class SavedForm(SQLModel, table=True):
    """V0: what an officer has typed and not sent, as typed, so that it is never lost. Only its author sees it."""

    __tablename__ = "saved_form"
    id: UUID = Field(primary_key=True)
    author_id: UUID = Field(foreign_key="account.id", index=True)
    operation_id: UUID = Field(foreign_key="operation.id")
    site_id: UUID | None = None
    content: dict[str, Any] = Field(sa_type=JSON)
    saved_at: datetime = Field(sa_type=UtcDateTime)


# --------------------------------------------------------------------------------------------- who sees what


def _in_reach(model: type[Report] | type[Line], actor: Actor) -> Any:
    """A country's rows (of the sites of their postings, where officers have any), or those of a desk's operations."""
    reach = plan.within_reach(model.operation_id, actor)
    if not actor.national:
        return reach
    reach &= col(model.country) == actor.country
    return reach & col(model.site_id).in_(actor.sites) if actor.sites else reach


_DESKS = (Role.OCU_ANALYST, Role.OPERATION_COORDINATOR)


@scoped(Report)
def _reports_seen(actor: Actor) -> object:
    """A country its own; analysts and coordinators those of their operations; all others none."""
    return _in_reach(Report, actor) if actor.national or actor.role in _DESKS else false()


@scoped(Line)
def _lines_seen(actor: Actor) -> object:
    """As reports; a coordinator sees no lines about persons, only their sums."""
    if not actor.national and actor.role not in _DESKS:
        return false()
    seen = _in_reach(Line, actor)
    if actor.role is Role.OPERATION_COORDINATOR:
        return seen & col(Line.kind).not_in([kind.value for kind in PERSON_KINDS])
    return seen


@scoped(SavedForm)
def _forms_seen(actor: Actor) -> object:
    return (col(SavedForm.author_id) == actor.account_id) if actor.national else false()


# ---------------------------------------------------------------------------------------------------- drafts


class ReportDraft(Draft):
    """What an officer sends. `id` names this version, `report_id` the report; both are made on the client.

    The country is that of the site, and must be the officer's own. `confirmed` says that the questions of `questions`
    were read and the figures stand.
    """

    id: UUID
    report_id: UUID
    supersedes_id: UUID | None = None
    correction_reason: Annotated[str, InList("CL-CORRECTION")] | None = None
    operation_id: UUID
    site_id: UUID
    phase_id: UUID
    kind: ReportKind
    period_from: Moment
    period_to: Moment
    zone: Zone
    lines: Annotated[tuple[AnyLine, ...], Rule(max_length=500)] = ()
    remarks: Words = ""
    recorded_at: Moment | None = None
    confirmed: bool = False

    @model_validator(mode="after")
    def _whole(self) -> "ReportDraft":
        if self.period_to <= self.period_from:
            raise PydanticCustomError(_PERIOD, "period reversed")
        if self.kind is ReportKind.NIL and self.lines:
            raise PydanticCustomError(_NIL_EMPTY, "nil has lines")
        if self.kind is not ReportKind.NIL and not self.lines:
            raise PydanticCustomError(_LINES_NEEDED, "lines needed")
        if len({line.id for line in self.lines}) != len(self.lines):
            raise PydanticCustomError(_TWICE, "line twice")
        if self.supersedes_id is not None and self.correction_reason is None:
            raise PydanticCustomError(_REASON, "reason needed")
        return self


def questions(draft: ReportDraft) -> list[Flaw]:
    """Figures that are possible and unlikely (domain 2.8): asked about once, never refused."""
    found = []
    queries = sum(
        line.count for line in draft.lines if isinstance(line, CheckTally) and line.check_kind == "database_query"
    )
    hits = sum(isinstance(line, Hit) for line in draft.lines)
    if queries and hits / queries > 0.005:
        found.append(
            Flaw(
                "lines",
                "{hits} hits in {queries} database queries is more than 5 in 1,000. Are both figures right?",
                {"hits": hits, "queries": queries},
            )
        )
    if queries > 50_000 and not hits:
        found.append(Flaw("lines", "More than 50,000 database queries and no hit: is that right?"))
    return found


# ------------------------------------------------------------------------------------------------- questions


def report(session: Session, version_id: UUID) -> Report:
    """One version of a report. Raises NotFound."""
    found = session.exec(select(Report).where(Report.id == version_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def newest(session: Session, operation_id: UUID, states: Sequence[ReportState] = (), limit: int = 500) -> list[Report]:
    """The newest versions that the asker may see, the latest received first, optionally only those in `states`."""
    replaced = select(Report.supersedes_id).where(
        Report.operation_id == operation_id, col(Report.supersedes_id).is_not(None)
    )
    query = select(Report).where(Report.operation_id == operation_id, col(Report.id).not_in(replaced))
    if states:
        query = query.where(col(Report.state).in_([state.value for state in states]))
    return list(session.exec(query.order_by(col(Report.received_at).desc()).limit(limit)))


def versions(session: Session, report_id: UUID) -> list[Report]:
    """All versions of a report, newest first."""
    query = select(Report).where(Report.report_id == report_id).order_by(col(Report.version).desc())
    return list(session.exec(query))


def lines_of(session: Session, version_id: UUID) -> list[Line]:
    """The lines of one version that the asker may see, in the order in which they were written."""
    return list(session.exec(select(Line).where(Line.version_id == version_id).order_by(col(Line.position))))


def beyond_officer(chain: Sequence[Report], by: Actor) -> bool:
    """Whether the country stands behind this report (V3) and `by` is an officer: then others correct it."""
    return by.role is Role.NATIONAL_OFFICER and any(each.counted and each.level >= Level.V3 for each in chain)


# ----------------------------------------------------------------------------------------------------- verbs


_CHAIN = (
    select(Report)
    .where(Report.report_id == bindparam("report"))
    .order_by(col(Report.version).desc())
    .execution_options(populate_existing=True)
)
_WRITE_LINES = Line.__table__.insert()  # type: ignore[attr-defined]
_SENT = SavedForm.__table__.delete().where(  # type: ignore[attr-defined]
    col(SavedForm.id) == bindparam("form"), col(SavedForm.author_id) == bindparam("author")
)


def submit(session: Session, draft: ReportDraft, by: Actor) -> Report:
    """Send a report (V1): a first version, or a correction that names what it replaces.

    1. The same id and content again is answered as before; the same id with other content is a Conflict.
    2. The site, the phase and the operation must be the officer's and open, the period inside the phase.
    3. What the country has validated is corrected by its team leader or coordinator, not by the officer alone.
    4. The version and its lines are written; it counts at once, unless what it replaces stands higher.
    """
    digest = fingerprint([draft.model_dump(mode="json", exclude={"confirmed", "recorded_at"}), str(by.account_id)])
    stage = places.stage(session, draft.site_id)
    if stage.operation != draft.operation_id:
        raise NotFound
    require(by, Act.OPERATION_READ, stage.subject)
    require(by, Act.REPORT_WRITE if draft.supersedes_id is None else Act.REPORT_CORRECT, stage.subject)
    alone(session, draft.report_id)
    chain = session.exec(_CHAIN, params={"report": draft.report_id}).all()
    known = next((each for each in chain if each.id == draft.id), None)
    if known is not None:
        if known.content_hash == digest:
            return known
        raise Conflict(
            "This report was already sent with other content. Reload the page and correct the report instead."
        )
    day = _place_in_time(stage, draft)
    replaced = _replaced(chain, draft, by)
    if not draft.confirmed and (doubts := questions(draft)):
        raise RuleBroken.all([Flaw("confirmed", doubt.template, doubt.params) for doubt in doubts])
    if replaced is not None and not replaced.counted and replaced.state not in _GONE:
        settle(session, replaced, ReportState.SUPERSEDED, Level(replaced.level))
    moment = now()
    made = Report(
        id=draft.id,
        report_id=draft.report_id,
        version=replaced.version + 1 if replaced else 1,
        supersedes_id=draft.supersedes_id,
        correction_reason=draft.correction_reason,
        operation_id=stage.operation,
        country=stage.country,
        site_id=stage.site,
        phase_id=draft.phase_id,
        kind=draft.kind.value,
        period_from=draft.period_from,
        period_to=draft.period_to,
        zone=draft.zone,
        official_day=day,
        remarks=draft.remarks,
        state=ReportState.SUBMITTED.value,
        level=int(Level.V1),
        counted=_give_way(session, chain, Level.V1),
        author_id=by.account_id,
        author_name=by.name,
        recorded_at=min(draft.recorded_at or moment, moment),
        received_at=moment,
        content_hash=digest,
    )
    session.add(made)
    session.flush()
    rows = [_row(made, position, line, stage) for position, line in enumerate(draft.lines)]
    if rows:
        session.connection().execute(_WRITE_LINES, rows)
    session.connection().execute(_SENT, {"form": draft.id, "author": by.account_id})
    if made.counted:
        totals.move(session, map(_counted, rows), into=Level.V1)
    totals.heard(session, stage.operation, stage.country, stage.site, Level.V1)
    journal.record(
        session,
        by,
        "report.correct" if replaced else "report.submit",
        "report",
        made.id,
        operation=stage.operation,
        country=made.country,
        report=str(made.report_id),
        version=made.version,
        report_kind=made.kind,
        day=day.isoformat(),
        lines=len(draft.lines),
        site=str(stage.site),
        reason=draft.correction_reason,
    )
    return made


def withdraw(session: Session, version_id: UUID, reason: str, by: Actor) -> Report:
    """Take a report back (its author or the national coordinator): it ceases to count, and stays readable."""
    found = lock(session, version_id)
    owner = plan.operation(session, found.operation_id, by)
    require(by, Act.REPORT_WITHDRAW, plan.subject(owner, found.country, found.site_id))
    if by.role is not Role.NATIONAL_COORDINATOR and found.author_id != by.account_id:
        raise RuleBroken("", "Only its author or the national coordinator withdraws a report.")
    if found.state in (*_GONE, ReportState.SUPERSEDED):
        raise Conflict("This report does not stand any more. Reload the page.")
    reason = checked_reason(reason)
    before = Level(found.level)
    settle(session, found, ReportState.WITHDRAWN, Level.V0)
    count_waiting(session, found.report_id)
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
    )
    return found


def save_form(
    session: Session, form_id: UUID, operation_id: UUID, site_id: UUID | None, content: dict[str, Any], by: Actor
) -> datetime:
    """Keep what was typed so far (V0), however unfinished, and say when. Never counted, seen by its author only.

    Personal data are refused here already: what an officer must not send is not kept either.
    """
    owner = plan.operation(session, operation_id, by)
    require(by, Act.REPORT_CORRECT, plan.subject(owner, by.country, next(iter(by.sites), None)))
    screen(content)
    kept = session.exec(select(SavedForm).where(SavedForm.id == form_id)).one_or_none()
    if kept is None and session.exec(unscoped(select(SavedForm.id).where(SavedForm.id == form_id))).first() is not None:
        raise NotFound  # somebody else's form
    kept = kept or SavedForm(id=form_id, author_id=by.account_id, operation_id=operation_id, content={}, saved_at=now())
    kept.site_id, kept.content, kept.saved_at = site_id, content, now()
    session.add(kept)
    session.flush()
    return kept.saved_at


def saved_forms(session: Session, operation_id: UUID) -> list[SavedForm]:
    """The asker's unsent forms of an operation, newest first."""
    query = select(SavedForm).where(SavedForm.operation_id == operation_id)
    return list(session.exec(query.order_by(col(SavedForm.saved_at).desc())))


def discard_form(session: Session, form_id: UUID) -> None:
    """Throw an unsent form of the asker away."""
    session.execute(delete(SavedForm).where(col(SavedForm.id) == form_id))


# ---------------------------------------------------------------------------------- what counts, and at which level


def lock(session: Session, version_id: UUID) -> Report:
    """The version as it is now, kept with all of its report until the transaction ends. Raises NotFound.

    As in `submit`, so that a report and its correction never pass each other.
    """
    query = select(Report).where(Report.id == version_id)
    alone(session, report(session, version_id).report_id)
    found: Report = session.exec(locked(query)).one()
    return found


def counted_lines(session: Session, found: Report) -> list[totals.Counted]:
    """The version's lines as totals see them, whoever moves it."""
    rows = session.exec(unscoped(select(Line).where(Line.version_id == found.id))).all()
    return [as_counted(row) for row in rows]


def as_counted(row: Line) -> totals.Counted:
    """A line as totals see it."""
    facet = totals.Facet(**{name: getattr(row, name) for name in totals.FACETS})
    return totals.Counted(row.operation_id, row.country, row.site_id, row.official_day.isoformat(), facet, row.quantity)


def standing(session: Session, report_id: UUID) -> Report | None:
    """The version of a report that totals hold now, if any."""
    query = select(Report).where(Report.report_id == report_id, col(Report.counted).is_(True))
    return session.exec(query).one_or_none()


def count_if_due(session: Session, found: Report) -> None:
    """Let a version count when no earlier one stands higher; the one that stood then ceases to."""
    if found.counted or found.level < Level.V1:
        return
    before = standing(session, found.report_id)
    found.counted = _give_way(session, [] if before is None else [before], Level(found.level))
    if found.counted:
        session.add(found)
        session.flush()
        totals.move(session, counted_lines(session, found), into=Level(found.level))


def _give_way(session: Session, chain: Sequence[Report], level: Level) -> bool:
    """Let the version that stands cease to count for one at `level`, unless it stands higher. Whether it did."""
    before = next((each for each in chain if each.counted), None)
    if before is None:
        return True
    if before.level > level:
        return False
    settle(session, before, ReportState.SUPERSEDED, Level(before.level), counted=False)
    return True


def count_waiting(session: Session, report_id: UUID) -> None:
    """When what stood has ceased to count: let the correction count that was waiting to climb as high."""
    for version in versions(session, report_id):
        if version.state not in (*_GONE, ReportState.SUPERSEDED):
            count_if_due(session, version)


def settle(session: Session, found: Report, state: ReportState, level: Level, *, counted: bool | None = None) -> None:
    """Put a version into a state and at a level, and move the totals by exactly that. V0 never counts."""
    counts = (found.counted and level > Level.V0) if counted is None else counted
    if found.counted:
        totals.move(session, counted_lines(session, found), out_of=Level(found.level), into=level if counts else None)
    found.state, found.level, found.counted = state.value, int(level), counts
    session.add(found)
    session.flush()


# ----------------------------------------------------------------------------------------------------- inside


def _place_in_time(stage: places.Stage, draft: ReportDraft) -> date:
    """The official day of the report. Raises RuleBroken for what does not fit."""
    phase = stage.phases.get(draft.phase_id)
    if phase is None or any(line.phase_id not in stage.phases for line in draft.lines if line.phase_id is not None):
        raise NotFound
    calendar = stage.zone, stage.day_cut
    flaws = []
    if stage.state not in REPORTING_OPEN:
        flaws.append(Flaw("", "Reporting is not open: the operation is not running."))
    if not stage.taking_part:
        flaws.append(Flaw("", "The country has not confirmed that it takes part: its national coordinator does."))
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
    for index, line in enumerate(draft.lines):
        if isinstance(line, Hit) and not draft.period_from <= line.raw_at <= draft.period_to:
            flaws.append(Flaw(f"lines.{index}.raw_at", "The hit is outside the period of the report."))
        elif isinstance(line, Hit) and max(line.raw_at, line.confirmed_at or line.raw_at) > now():
            flaws.append(Flaw(f"lines.{index}.raw_at", "The hit or its answer is in the future."))
    if flaws:
        raise RuleBroken.all(flaws)
    return day


def _replaced(chain: Sequence[Report], draft: ReportDraft, by: Actor) -> Report | None:
    """The version that the draft replaces, which must be the newest. Raises Conflict, NotFound, RuleBroken."""
    if draft.supersedes_id is None:
        if chain:
            raise Conflict("This report was already sent. Reload the page and correct it instead.")
        return None
    before = next((each for each in chain if each.id == draft.supersedes_id), None)
    if before is None or before.operation_id != draft.operation_id or before.site_id != draft.site_id:
        raise NotFound
    if before.id != chain[0].id:
        raise Conflict("Somebody corrected this report while you were writing. Reload the page to see the correction.")
    if before.state in _GONE and not any(each.counted for each in chain):
        raise Conflict("This report does not stand any more: send a new one.")
    if beyond_officer(chain, by):
        raise RuleBroken(
            "", "The country has validated this report: the team leader or the national coordinator corrects it."
        )
    return before


def _row(made: Report, position: int, line: AnyLine, stage: places.Stage) -> dict[str, Any]:
    """The columns of a line."""
    phase_id = line.phase_id or made.phase_id
    return {
        "version_id": made.id,
        "id": line.id,
        "position": position,
        "operation_id": made.operation_id,
        "country": made.country,
        "site_id": made.site_id,
        "phase_id": phase_id,
        "official_day": made.official_day,
        "quantity": line.quantity,
        "unit": line.UNIT,
        "attributes": as_json(line),
        **line.facet(stage.phases[phase_id].kind)._asdict(),
    }


def _counted(row: Mapping[str, Any]) -> totals.Counted:
    """A line's columns as totals see them."""
    facet = totals.Facet(*(row[name] for name in totals.FACETS))
    day = row["official_day"].isoformat()
    return totals.Counted(row["operation_id"], row["country"], row["site_id"], day, facet, row["quantity"])
