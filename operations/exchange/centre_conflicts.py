"""Conflicts with a centre: somebody corrected there what a country sent, and the country decides which version stands.

What was corrected is told with the centre's refusal of the next correction, or within the hour (`centre_delivery`). It
is a work item of the country's coordinator until it is decided; so is what the centre refused until it is sent again.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from operations.core import rows
from operations.core.errors import Conflict
from operations.core.field_labels import N_
from operations.core.people import Actor
from operations.core.worklist import DAYS, DECIDE, CandidateRow, Waits, WorkItem, entry
from operations.exchange import centres
from operations.exchange.centre_rows import CentreConnection, CentreReport, Settlement, tells_of_the_centre
from operations.exchange.centres import CONNECTION, LONGEST, PeriodDraft

_PLACE = "/centre?show={connection}"
_DECIDE = Waits(
    N_("Reports of {site} that somebody corrected at {host}: {reports}. Decide which stand."),
    _PLACE,
    "scale",
    "since",
    within=3 * DAYS,
    told=False,
    button=DECIDE,
)
_SEND = Waits(
    N_("Reports of {site} that {host} refused: {reports}. See why, and send them again."),
    _PLACE,
    "send",
    "since",
    within=3 * DAYS,
    told=False,
    button=N_("See why"),
)
_CELL = ("connection_id", "site_id", "day", "phase_id")
_NEAR = timedelta(days=7)


def conflicts(session: Session, connection_id: UUID) -> Sequence[CentreReport]:
    """Return the reports at whose place a version of another hand stands at the centre, undecided, the oldest first."""
    query = select(CentreReport).where(
        CentreReport.connection_id == connection_id,
        col(CentreReport.conflict).is_not(None),
        CentreReport.settlement == "",
    )
    return [each for each in session.exec(query.order_by(col(CentreReport.number))) if _is_last(session, each)]


def replace_there(session: Session, report_id: UUID, by: Actor) -> CentreReport:
    """Decide that the own figures replace what was corrected at the centre: they leave when they are sent next."""
    return _settle(session, report_id, Settlement.OURS, by)


def leave_there(session: Session, report_id: UUID, by: Actor) -> CentreReport:
    """Decide that what was corrected at the centre stands, until the own figures change."""
    return _settle(session, report_id, Settlement.THEIRS, by)


def _settle(session: Session, report_id: UUID, settlement: Settlement, by: Actor) -> CentreReport:
    """Store a decision. The same again changes nothing. Raises Conflict where nothing is to be decided any more."""
    of = centres.held(session, rows.one(session, CentreReport, report_id).connection_id, by)
    found = rows.hold(session, CentreReport, report_id)
    if found.settlement == settlement:
        return found
    if found.conflict is None or found.settlement or not _is_last(session, found):
        raise Conflict("This was decided already. Reload the page.")
    found.settlement = settlement.value
    session.add(found)
    CONNECTION.entry(session, by, "centre.settle", of, report=found.number, decided=settlement.value)
    return found


def _is_last(session: Session, found: CentreReport) -> bool:
    """Return whether no later report of the same site, day and phase tells more of the centre."""
    same = [getattr(CentreReport, name) == getattr(found, name) for name in _CELL]
    later = select(CentreReport.id).where(*same, col(CentreReport.number) > found.number, tells_of_the_centre())
    return session.exec(later.limit(1)).first() is None


# ------------------------------------------------------------------------------------------------------ work items


def refused(session: Session, connection: CentreConnection) -> Sequence[CentreReport]:
    """Return the reports that the centre refused, and whose figures would leave again, the oldest first."""
    later = aliased(CentreReport)
    same = (getattr(later, name) == col(getattr(CentreReport, name)) for name in _CELL)
    query = select(CentreReport).where(
        CentreReport.connection_id == connection.id,
        CentreReport.refusal != "",
        col(CentreReport.conflict).is_(None),
        ~sa.exists().where(*same, col(later.number) > col(CentreReport.number)),
    )
    found = session.exec(query.order_by(col(CentreReport.number))).all()
    leaving = {
        (row.sum.cell.site, row.sum.cell.day)
        for period in _periods(each.day for each in found)
        for row in centres.shown(session, connection, period).leaving
    }
    return [each for each in found if (each.site_id, each.day) in leaving]


def _periods(days: Iterable[date]) -> Iterator[PeriodDraft]:
    """Yield short periods that hold some days."""
    first = last = None
    for day in sorted(days):
        if first is None or last is None or day - last > _NEAR or day - first >= LONGEST:
            if first is not None and last is not None:
                yield PeriodDraft(first=first, last=last)
            first = day
        last = day
    if first is not None and last is not None:
        yield PeriodDraft(first=first, last=last)


def waiting(session: Session, _by: Actor, owners: Mapping[UUID, Any], _at: datetime) -> Iterator[WorkItem]:
    """Yield work items, by connection and site: what was corrected at a centre, and what a centre refused."""
    for of in centres.connections(session):
        if of.operation_id not in owners:
            continue
        host = of.address.removeprefix("https://")
        for waits, found in ((_DECIDE, conflicts(session, of.id)), (_SEND, refused(session, of))):
            names, by_site = centres.site_names(session, found), defaultdict[UUID, list[CentreReport]](list)
            for each in found:
                by_site[each.site_id].append(each)
            for site, these in by_site.items():
                since = (each.there.received_at if each.there else each.answered_at or each.made_at for each in these)
                shown = {
                    "id": f"{of.id}:{site}",
                    "connection": of.id,
                    "site": names.get(site, ""),
                    "host": host,
                    "reports": len(these),
                    "since": min(since),
                }
                yield entry("figures for a centre", waits, CandidateRow(of, None, of.operation_id, shown))
