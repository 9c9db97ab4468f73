"""A message on paper, as a PDF with its marks: where its handling code lets it out, and written to the access trail."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from dashboard.server.access import asking, known_id
from dashboard.server.later import later
from dashboard.wording import _, coded, in_language, language, moment
from operations.core.clock import now
from operations.core.people import Actor
from operations.core.store import Store
from operations.core.vocabulary import LOCALES
from operations.exchange import dispatches
from operations.exchange.dispatch_rows import Dispatch

if TYPE_CHECKING:
    from dashboard.papers import record as papers
else:
    papers = later("dashboard.papers.record")


def address(dispatch_id: UUID | str) -> str:
    """Where the paper of a message is."""
    return f"/export/messages/{dispatch_id}.pdf"


def written(found: Dispatch, code: str) -> "papers.Record":
    """The message in a language, under its marking and with its handling code."""
    with in_language(code):
        here = language()
        said = (
            (_("Originator"), coded("CL-COUNTRY", found.country)),
            (_("Sent"), moment(found.sent_at, "UTC")),
            (_("Handling"), coded("CL-HANDL", found.handling)),
            (_("Source"), coded("CL-SRC", found.source)),
            (_("Information"), coded("CL-INFO", found.information)),
            (_("Message"), found.body),
        )
        return papers.Record(
            marking=coded("CL-CLASS", found.classification),
            title=_("Message between countries"),
            subject=found.title,
            issued=_("Printed {moment}.", moment=moment(now(), "UTC")),
            sections=(papers.Section(_("What it says"), said),),
            closing=_("Whoever gets this paper is bound by its handling code; its originator says who else may."),
            language=here,
        )


def paper(store: Store, dispatch_id: UUID, code: str, by: Actor) -> tuple[bytes, str]:
    """The PDF and its name. Raises NotFound, and RuleBroken where its code keeps it in Muster."""
    with store.unit_of_work(by) as session:
        said = written(dispatches.export(session, dispatch_id, by), code)
    return papers.pdf(said), f"muster-message-{now():%Y%m%d}.pdf"


def router(store: Store) -> APIRouter:
    """GET /export/messages/{id}.pdf. `lang` is en, fr, es or ar (default: the reader's)."""
    routes = APIRouter()

    @routes.get("/export/messages/{dispatch_id}.pdf")
    def message_pdf(dispatch_id: str, by: Annotated[Actor, Depends(asking)], lang: str = "") -> Response:
        """The message."""
        code = lang if lang in LOCALES else by.language
        content, name = paper(store, known_id(dispatch_id), code, by)
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
        return Response(content, media_type="application/pdf", headers=headers)

    return routes
