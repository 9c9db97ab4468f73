"""A message as a PDF with its markings, where its handling code permits; entered in the access trail."""

from uuid import UUID

from sqlmodel import Session

from dashboard.papers.downloads import paper_of
from dashboard.papers.record_content import Record, Section
from dashboard.wording import _, coded, moment
from operations.core.clock import now
from operations.core.people import Actor
from operations.exchange import dispatches
from operations.exchange.dispatch_rows import Dispatch


def written(found: Dispatch) -> Record:
    """Return the message under its marking and with its handling code."""
    said = (
        (_("Originator"), coded("CL-COUNTRY", found.country)),
        (_("Sent"), moment(found.sent_at, "UTC")),
        (_("Handling"), coded("CL-HANDL", found.handling)),
        (_("Source"), coded("CL-SRC", found.source)),
        (_("Information"), coded("CL-INFO", found.information)),
        (_("Message"), found.body),
    )
    return Record(
        title=_("Message between countries"),
        subject=found.title,
        issued=_("Printed {moment}.", moment=moment(now(), "UTC")),
        sections=(Section(_("What it says"), said),),
        closing=_("Whoever gets this paper is bound by its handling code; its originator says who else may."),
        classification=found.classification,
    )


@paper_of("/export/messages/{of}")
def paper(session: Session, of: UUID, by: Actor, _form: str) -> tuple[Record, str]:
    """Return the message and its file name. Raises NotFound, and RuleBroken where its code forbids export."""
    return written(dispatches.export(session, of, by)), f"message-{now():%Y%m%d}"
