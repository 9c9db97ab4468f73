"""Consultations: opening a report with lines about persons writes an entry into the access trail (domain 5.3)."""

from uuid import UUID

from sqlmodel import Session, col, select

from operations.core import journal
from operations.core.journal import AccessEntry
from operations.core.people import Actor
from operations.core.vocabulary import InList
from operations.lines.kinds import PERSON_KINDS
from operations.policing.reports.versions import Line, report

WROTE, VERIFY, READ = "wrote", "verify", "read"
"""Why a report is opened, codes of CL-OPENED: by its author, to decide about it, or to read it."""


_ACT = "report.consult"


def consulted(session: Session, version_id: UUID, by: Actor) -> bool:
    """Return whether `by` has opened a version before, by the access trail, or where it has no lines about persons."""
    query = select(AccessEntry.seq).where(
        AccessEntry.act == _ACT, AccessEntry.object_id == version_id, AccessEntry.actor_id == by.account_id
    )
    return session.exec(query.limit(1)).first() is not None or not _about_persons(session, version_id)


def _about_persons(session: Session, version_id: UUID) -> bool:
    query = select(Line.id).where(Line.version_id == version_id, col(Line.kind).in_(PERSON_KINDS))
    return session.exec(query.limit(1)).first() is not None


def consult(session: Session, version_id: UUID, why: str, by: Actor) -> None:
    """Record that `by` opens a version of a report, where it has lines about persons that `by` reads.

    `why` is a code of CL-OPENED: it follows from the page that opens the report, so nobody is asked for it. For an
    author it is always WROTE. Raises NotFound.
    """
    InList("CL-OPENED").check(why)
    opened = report(session, version_id)
    if not _about_persons(session, opened.id):
        return
    journal.record(
        session,
        by,
        _ACT,
        "report",
        opened.id,
        operation=opened.operation_id,
        country=opened.country,
        chain=journal.Chain.ACCESS,
        reason=WROTE if opened.author_id == by.account_id else why,
    )
