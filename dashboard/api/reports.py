"""Routes of reports: submit, correct and withdraw them, and read the own country's with their states."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlmodel import Session

from dashboard.api.access import Reader, SenderKey, StrictRoute, Writer, write
from dashboard.wording import N_
from operations.core import journal
from operations.core.clock import now
from operations.core.drafts import Draft, NeededWords
from operations.core.errors import NotFound
from operations.core.store import Store
from operations.core.vocabulary import Level
from operations.lines.kinds import AnyLine
from operations.policing.operation import plan
from operations.policing.reports import reports
from operations.policing.reports.desk_queries import lines_by_version
from operations.policing.reports.reports import Report, ReportDraft
from operations.policing.reports.versions import Received, page

UNSETTLED = timedelta(seconds=10)
"""Reports that arrived so lately may come again: one that is committed later may have arrived before."""


_SUBMIT = N_(
    "Make `id` and `report_id` yourself. The same content under the same `id` gets the same answer; other content gets "
    "409. A correction has a new `id`, the same `report_id`, the version that it replaces as `supersedes_id`, and a "
    "`correction_reason`. Where a figure is unlikely, the refusal asks on the field `confirmed`: check the figures and "
    "send them again with `confirmed` true."
)
_WITHDRAW = N_("Name the newest version. The report ceases to count and stays readable.")
_LIST = N_(
    "Versions come in the order in which they arrived. Ask again with the cursor `next`. A version of the last ten "
    "seconds may come twice; its id tells."
)
_READ = N_("All versions with their lines, the newest first. This is written into the access trail.")


class ReportHead(BaseModel):
    """A version of a report and how far it has come. `state` and `level` are codes of CL-REPORTSTATE and CL-LEVEL."""

    id: UUID = Field(description=N_("This version."))
    report_id: UUID = Field(description=N_("The report, the same through all corrections."))
    version: int
    supersedes_id: UUID | None
    correction_reason: str | None
    operation_id: UUID
    country: str
    site_id: UUID
    phase_id: UUID
    kind: str
    period_from: datetime
    period_to: datetime
    zone: str
    official_day: date
    remarks: str
    impact: str | None = Field(description=N_("The impact of a single event: a code of CL-IMPACT-EVENT."))
    state: str
    level: str
    counted: bool = Field(description=N_("Whether this version is in the totals."))
    late: bool
    returned_reason: str | None
    returned_note: str
    received_at: datetime


class ReportAnswer(ReportHead):
    """A version of a report with its lines."""

    lines: list[AnyLine]


class ReportVersions(BaseModel):
    """All versions of a report, the newest first."""

    items: list[ReportAnswer]


class ReportPage(BaseModel):
    """Versions of reports in the order in which they arrived, and the cursor that goes on after them."""

    items: list[ReportHead]
    next: str
    more: bool


class Withdrawal(Draft, defer_build=False):
    """Why a report is withdrawn: it is written into the journal."""

    reason: NeededWords


def router(store: Store) -> APIRouter:
    """Return the routes of reports."""
    routes = APIRouter(tags=["reports"], route_class=StrictRoute)

    @routes.post("/reports", status_code=201, summary=N_("Submit a report, or correct one"), description=_SUBMIT)
    def submit_report(draft: ReportDraft, by: Writer, sender: SenderKey) -> ReportAnswer:
        """Submit a report, or correct one."""

        def work(session: Session) -> ReportAnswer:
            return _whole(session, [reports.submit(session, draft, by, signed_key=sender)])[0]

        return write(store, by, work)

    @routes.post("/reports/{version_id}/withdrawal", summary=N_("Withdraw a report"), description=_WITHDRAW)
    def withdraw_report(version_id: UUID, draft: Withdrawal, by: Writer) -> ReportHead:
        """Withdraw a report."""
        return write(store, by, lambda session: _head(reports.withdraw(session, version_id, draft.reason, by)))

    @routes.get("/reports", summary=N_("Read the reports of your country"), description=_LIST)
    def list_reports(
        by: Reader,
        operation: UUID,
        after: Annotated[str, Query(max_length=200, description=N_("The cursor `next` of the page before."))] = "",
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> ReportPage:
        """Read the versions of the reports of the country."""
        with store.reading(by) as session:
            plan.operation(session, operation, by)
            since = _cursor(after)
            found = page(session, operation, since, limit + 1)
            more, found = len(found) > limit, found[:limit]
        last = Received(found[-1].received_at, found[-1].id) if found else since
        if last is not None and not more:
            settled = Received(now() - UNSETTLED, UUID(int=0))
            last = max(min(last, settled), since or last._replace(at=datetime.min.replace(tzinfo=UTC)))
        return ReportPage(items=[_head(each) for each in found], next=_written(last), more=more)

    @routes.get("/reports/{report_id}", summary=N_("Read one report"), description=_READ)
    def read_report(report_id: UUID, by: Reader) -> ReportVersions:
        """Read all versions of a report of the country."""
        with journal.disclosing(store, by) as session:
            found = reports.versions(session, report_id)
            if not found:
                raise NotFound
            newest = found[0]
            journal.record_download(
                session,
                by,
                "api.read",
                newest.id,
                "json",
                operation=newest.operation_id,
                country=newest.country,
                what="reports",
            )
            return ReportVersions(items=_whole(session, found))

    return routes


def _head(found: Report) -> ReportHead:
    return ReportHead(**_columns(found))


def _whole(session: Session, found: list[Report]) -> list[ReportAnswer]:
    session.flush()
    lines = lines_by_version(session, [each.id for each in found])
    return [
        ReportAnswer(**_columns(each), lines=[line.attributes for line in lines[each.id]])  # type: ignore[misc]
        for each in found
    ]


def _columns(found: Report) -> dict[str, Any]:
    columns = {name: getattr(found, name) for name in ReportHead.model_fields}
    return columns | {"level": Level(found.level).name}


def _written(cursor: Received | None) -> str:
    if cursor is None:
        return ""
    return urlsafe_b64encode(f"{cursor.at.astimezone(UTC).isoformat()}|{cursor.id}".encode()).decode()


def _cursor(text: str) -> Received | None:
    """Return where a page goes on. Raises NotFound for what is no cursor of this interface."""
    if not text:
        return None
    try:
        at, _mark, ident = urlsafe_b64decode(text.encode()).decode().partition("|")
        return Received(datetime.fromisoformat(at).astimezone(UTC), UUID(ident))
    except (ValueError, UnicodeError, OverflowError):
        raise NotFound from None
