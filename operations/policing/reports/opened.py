"""Opening a report: whoever reads lines about persons leaves a consultation in the access trail (domain 5.3)."""

from uuid import UUID

from sqlmodel import Session

from operations.core import journal
from operations.core.people import Actor
from operations.core.vocabulary import InList
from operations.lines.kinds import PERSON_KINDS
from operations.policing.reports.versions import lines_of, report

WROTE, VERIFY, READ = "wrote", "verify", "read"
"""What a report is opened for, of CL-OPENED: by its author, to decide about it, or to read what was reported."""


def consult(session: Session, version_id: UUID, why: str, by: Actor) -> None:
    """Note that `by` opens a version of a report, where it has lines about persons that `by` reads.

    `why` is a code of CL-OPENED: nobody is asked for it, as it follows from where the report is opened. An author is
    told as that, wherever. Raises NotFound.
    """
    InList("CL-OPENED").check(why)
    found = report(session, version_id)
    if not any(line.kind in PERSON_KINDS for line in lines_of(session, found.id)):
        return
    journal.record(
        session, by, "report.consult", "report", found.id, operation=found.operation_id, country=found.country,
        chain=journal.Chain.ACCESS, reason=WROTE if found.author_id == by.account_id else why,
    )  # fmt: skip
