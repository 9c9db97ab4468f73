"""Tables of report versions and their lines, their visibility, and queries on them.

Read-only: `reports` writes versions, `verification` raises their level.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, UniqueConstraint, case, false, func, text
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import change_tracking, history, rows
from operations.core.clock import UtcDateTime
from operations.core.field_labels import N_
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.store import reused, scoped
from operations.core.vocabulary import Level, ReportKind, ReportState, Role
from operations.lines.kinds import PERSON_KINDS
from operations.policing.map_plan import places
from operations.policing.operation import plan
from operations.policing.reports.states import LIFE
from operations.totals.totals import sided

GONE = (ReportState.WITHDRAWN.value, ReportState.REJECTED.value)
"""The states of versions that were withdrawn or rejected for good."""

# ---------------------------------------------------------------------------------------------------- tables

_SCOPE = ("operation_id", "country")
"""Columns that every scope condition adds.

An index that ends with them is preferred to one that begins with them: SQLite, which does not know how many rows share
a country, would otherwise scan all of them for the versions or lines of one report.
"""


change_tracking.declare_tables(
    "report",
    *("report", "line", "event_line", "pending_correction", "saved_form", "claim_adjustment"),
    *("total", "total_step", "total_margin", "site_activity", "country_activity"),
    *("entry", "access_entry", "journal_head", "heard", "heard_step", "row_step", "webhook_event", "layer_upload"),
)


@history.versioned("level", "counted", screened=True)
class Report(SQLModel, table=True):
    """A version of a report. `verification` changes `level` and `state`; `counted`: it is in the totals.

    `late`: it was written or withdrawn after the operation was debriefed. `keyed_by`: who of the coordination keyed it
    for its author, from a code. `signed_key`: the public key of the other Muster that sent it signed, where one did.
    """

    __table_args__ = (
        UniqueConstraint("report_id", "version"),
        LIFE.known(),
        CheckConstraint("verified_by IS NULL OR verified_by <> author_id", name="four_eyes_local"),
        CheckConstraint(
            "validated_by IS NULL OR (validated_by <> author_id AND validated_by <> verified_by)",
            name="four_eyes_national",
        ),
        CheckConstraint(
            "consolidated_by IS NULL OR (consolidated_by <> author_id AND consolidated_by <> verified_by "
            "AND consolidated_by <> validated_by)",
            name="four_eyes_central",
        ),
        CheckConstraint("level BETWEEN 0 AND 5", name="level"),
        CheckConstraint(
            "(level < 2 OR verified_by IS NOT NULL) AND (level < 3 OR validated_by IS NOT NULL) "
            "AND (level < 4 OR consolidated_by IS NOT NULL)",
            name="no_level_skipped",
        ),
        CheckConstraint("NOT counted OR level > 0", name="drafts_never_count"),
        Index("ix_report_worklist", "operation_id", "country", "state"),
        Index("ix_report_chain", "report_id", *_SCOPE),
        Index(
            "uq_report_one_counts",
            "report_id",
            unique=True,
            sqlite_where=text("counted"),
            postgresql_where=text("counted"),
        ),
    )
    id: UUID = Field(primary_key=True)
    report_id: UUID
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
    impact: str | None = Field(default=None, max_length=16)
    state: str = Field(default=LIFE.first.value, max_length=24)
    level: int
    counted: bool = False
    late: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    author_id: UUID
    author_name: str = Field(max_length=120)
    keyed_by: UUID | None = None
    signed_key: str | None = Field(default=None, max_length=64)
    verified_by: UUID | None = None
    validated_by: UUID | None = None
    consolidated_by: UUID | None = None
    returned_reason: str | None = Field(default=None, max_length=32)
    returned_note: str = Field(default="", max_length=2000)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    clock_offset: int | None = None
    received_at: datetime = Field(sa_type=UtcDateTime)
    content_hash: str = Field(max_length=64)


places.ties(
    col(Report.site_id),
    (each for each in places.CORRECTED if each != "name"),
    N_("This site has reported: only its name can be corrected. Close it and add the right one."),
)


class Line(sided("_Sided"), table=True):  # type: ignore[misc, call-arg]
    """A line of a version of a report: its facet as columns, its typed attributes as validated JSON.

    A hit's `status` is pending until a person who neither wrote nor verified nor validated the version has answered it
    (`answered_by`), whatever its attributes say; the database enforces this as well.
    """

    __table_args__ = (
        Index("ix_line_kind", "operation_id", "kind"),
        Index("ix_line_version", "version_id", *_SCOPE),
        Index(
            "ix_line_answered_by",
            "answered_by",
            sqlite_where=text("answered_by IS NOT NULL"),
            postgresql_where=text("answered_by IS NOT NULL"),
        ),
    )
    version_id: UUID = Field(primary_key=True, foreign_key="report.id")
    id: UUID = Field(primary_key=True)
    position: int
    operation_id: UUID = Field(foreign_key="operation.id")
    country: str = Field(max_length=3)
    site_id: UUID = Field(foreign_key="site.id")
    phase_id: UUID = Field(foreign_key="phase.id")
    official_day: date
    quantity: int = Field(sa_type=BigInteger)
    attributes: dict[str, Any] = Field(sa_type=JSON)
    answered_by: UUID | None = None


# ------------------------------------------------------------------------------------------------ visibility


def _in_reach(model: type[Report] | type[Line], actor: Actor) -> Any:
    """Return an SQL condition: a country's own rows (of posted sites, for bound officers), or those of a desk's
    operations.
    """
    if not actor.national:
        hidden = plan.hidden_departure(model.operation_id, model.country)
        return plan.within_reach(model.operation_id, actor) & ~hidden
    reach = plan.former_reach(model.operation_id, actor)
    reach &= col(model.country) == actor.country
    return reach & col(model.site_id).in_(actor.sites) if actor.bound else reach


_DESKS = (Role.OCU_ANALYST, Role.OPERATION_COORDINATOR)


@scoped(Report)
def _reports_seen(actor: Actor) -> object:
    """A country sees its own reports; analysts and coordinators those of their operations; all others none."""
    return _in_reach(Report, actor) if actor.national or actor.role in _DESKS else false()


@scoped(Line)
def _lines_seen(actor: Actor) -> object:
    """Visible as reports are; a coordinator sees no lines about persons, only their sums."""
    if not actor.national and actor.role not in _DESKS:
        return false()
    seen = _in_reach(Line, actor)
    if not may(actor, Act.PERSON_LINES_READ):
        return seen & col(Line.kind).not_in(PERSON_KINDS)
    return seen


# ------------------------------------------------------------------------------------------------- questions


def report(session: Session, version_id: UUID) -> Report:
    """Return a version of a report. Raises NotFound."""
    return rows.one(session, Report, version_id)


def newest(session: Session, operation_id: UUID, states: Sequence[ReportState] = (), limit: int = 500) -> list[Report]:
    """Return the newest versions that the asker may see, latest received first, optionally only those in `states`."""
    replaced = select(Report.supersedes_id).where(
        Report.operation_id == operation_id, col(Report.supersedes_id).is_not(None)
    )
    query = select(Report).where(Report.operation_id == operation_id, col(Report.id).not_in(replaced))
    if states:
        query = query.where(col(Report.state).in_([state.value for state in states]))
    return list(session.exec(query.order_by(col(Report.received_at).desc()).limit(limit)))


class SiteDay(NamedTuple):
    """A site's valid reports for an official day, summed up."""

    site: UUID
    day: date
    reports: int
    level: Level  # the lowest of them
    returned: bool  # whether one of them is
    nil: bool  # whether all of them are


def _standing(operation_id: UUID) -> list[Any]:
    """Return the SQL conditions of newest, valid versions."""
    replaced = select(Report.supersedes_id).where(
        Report.operation_id == operation_id, col(Report.supersedes_id).is_not(None)
    )
    return [
        col(Report.operation_id) == operation_id,
        col(Report.id).not_in(replaced),
        col(Report.state).not_in([*GONE, ReportState.SUPERSEDED.value]),
    ]


def latest_days(session: Session, operation_id: UUID, until: date, limit: int) -> list[date]:
    """Return the last official days up to `until` with a valid report that the asker may see, latest first."""
    day = col(Report.official_day)
    days = sa.select(day).where(*_standing(operation_id), day <= until).distinct()
    return list(session.execute(days.order_by(day.desc()).limit(limit)).scalars())


def site_days(session: Session, operation_id: UUID, first: date, last: date) -> list[SiteDay]:
    """Return the summed-up reports of each site and official day from `first` to `last` that the asker may see."""
    query = (
        sa.select(
            col(Report.site_id),
            col(Report.official_day),
            func.count(),
            func.min(Report.level),
            func.max(case((col(Report.state) == ReportState.RETURNED.value, 1), else_=0)),
            func.min(case((col(Report.kind) == ReportKind.NIL.value, 1), else_=0)),
        )
        .where(*_standing(operation_id), col(Report.official_day).between(first, last))
        .group_by(col(Report.site_id), col(Report.official_day))
    )
    return [
        SiteDay(site, day, number, Level(level), bool(returned), bool(nil))
        for site, day, number, level, returned, nil in session.execute(query)
    ]


def of_site_day(session: Session, operation_id: UUID, site_id: UUID, day: date) -> list[Report]:
    """Return the newest valid versions of a site and an official day, latest received first."""
    query = select(Report).where(*_standing(operation_id), Report.site_id == site_id, Report.official_day == day)
    return list(session.exec(query.order_by(col(Report.received_at).desc())))


def versions(session: Session, report_id: UUID) -> list[Report]:
    """Return all versions of a report, newest first."""
    query = select(Report).where(Report.report_id == report_id).order_by(col(Report.version).desc())
    return list(session.exec(query))


def lines_of(session: Session, version_id: UUID) -> list[Line]:
    """Return the lines of one version that the asker may see, in the order in which they were written."""
    return list(session.exec(select(Line).where(Line.version_id == version_id).order_by(col(Line.position))))


_ANSWERERS = reused(
    sa.select(col(Line.answered_by))
    .where(col(Line.version_id) == sa.bindparam("version"), col(Line.answered_by).is_not(None))
    .distinct()
)


def answerers(session: Session, version_id: UUID) -> list[UUID]:
    """Return who answered the hits of one version, of the lines that the asker may see."""
    found = session.execute(_ANSWERERS, {"version": version_id}).scalars()
    return [each for each in found if each is not None]


def beyond_officer(chain: Sequence[Report], by: Actor) -> bool:
    """Return whether the report is validated (V3) and `by` is an officer, who then may not correct it."""
    return by.role is Role.NATIONAL_OFFICER and any(each.counted and each.level >= Level.V3 for each in chain)


class Received(NamedTuple):
    """The place of a version in the order in which reports arrived."""

    at: datetime
    id: UUID


def page(session: Session, operation_id: UUID, after: Received | None, limit: int) -> list[Report]:
    """Return versions that the asker may see in the order in which they arrived, after one of them."""
    at, ident = col(Report.received_at), col(Report.id)
    query = select(Report).where(Report.operation_id == operation_id)
    if after is not None:
        query = query.where((at > after.at) | ((at == after.at) & (ident > after.id)))
    return list(session.exec(query.order_by(at, ident).limit(limit)))
