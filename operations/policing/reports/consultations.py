"""Opening a report: whoever reads lines about persons leaves a consultation in the access trail (domain 5.3)."""

from uuid import UUID

from sqlmodel import Session, col, select

from operations.core import journal
from operations.core.journal import AccessEntry
from operations.core.people import Actor
from operations.core.vocabulary import InList
from operations.lines.kinds import PERSON_KINDS
from operations.policing.reports.versions import Line, report

WROTE, VERIFY, READ = "wrote", "verify", "read"
"""What a report is opened for, of CL-OPENED: by its author, to decide about it, or to read what was reported."""


_ACT = "report.consult"


def consulted(session: Session, version_id: UUID, by: Actor) -> bool:
    """Whether `by` has opened a version before, as the access trail knows: what draws it anew opens nothing."""
    query = select(AccessEntry.seq).where(
        AccessEntry.act == _ACT, AccessEntry.object_id == version_id, AccessEntry.actor_id == by.account_id
    )
    return session.exec(query.limit(1)).first() is not None or not _about_persons(session, version_id)


def _about_persons(session: Session, version_id: UUID) -> bool:
    query = select(Line.id).where(Line.version_id == version_id, col(Line.kind).in_(PERSON_KINDS))
    return session.exec(query.limit(1)).first() is not None


def consult(session: Session, version_id: UUID, why: str, by: Actor) -> None:
    """Note that `by` opens a version of a report, where it has lines about persons that `by` reads.

    `why` is a code of CL-OPENED: nobody is asked for it, as it follows from where the report is opened. An author is
    told as that, wherever. Raises NotFound.
    """
    InList("CL-OPENED").check(why)
    found = report(session, version_id)
    if not _about_persons(session, found.id):
        return
    journal.record(
        session,
        by,
        _ACT,
        "report",
        found.id,
        operation=found.operation_id,
        country=found.country,
        chain=journal.Chain.ACCESS,
        reason=WROTE if found.author_id == by.account_id else why,
    )
