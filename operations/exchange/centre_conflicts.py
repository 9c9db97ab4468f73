"""Conflicts with a centre: somebody corrected there what a country sent, and the country decides which version stands.

What was corrected is told with the centre's refusal of the next correction, or within the hour (`centre_delivery`).
"""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core import rows
from operations.core.errors import Conflict
from operations.core.people import Actor
from operations.exchange import centres
from operations.exchange.centre_rows import CentreReport, Settlement, tells_of_the_centre
from operations.exchange.centres import CONNECTION


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
    same = [
        getattr(CentreReport, name) == getattr(found, name) for name in ("connection_id", "site_id", "day", "phase_id")
    ]
    later = select(CentreReport.id).where(*same, col(CentreReport.number) > found.number, tells_of_the_centre())
    return session.exec(later.limit(1)).first() is None
