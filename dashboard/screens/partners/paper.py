"""What a partner is given: a PDF of exactly what its list allows today, written to the access trail as a disclosure."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from dashboard.screens.partners import content
from dashboard.server.access import asking, known_id
from dashboard.server.later import later
from dashboard.wording import _, coded, date, in_language, language, moment, party
from operations.core.clock import now
from operations.core.people import Actor
from operations.core.store import Store
from operations.core.vocabulary import LOCALES
from operations.exchange import packages
from operations.exchange.packages import Package

if TYPE_CHECKING:
    from dashboard.papers import record as papers
else:
    papers = later("dashboard.papers.record")


def address(admission_id: UUID | str) -> str:
    """Where the package of a partner is."""
    return f"/export/partners/{admission_id}.pdf"


def written(made: Package, code: str) -> "papers.Record":
    """The package in a language, under the highest marking of what is in it."""
    with in_language(code):
        here, admission = language(), made.admission
        about = (
            (_("For"), party(admission.partner)),
            (_("What for"), admission.purpose),
            (_("Days"), _("{first} to {last}", first=date(admission.starts), last=date(admission.until))),
            (_("Admitted by"), admission.admitted_name),
        )
        return papers.Record(
            marking=coded("CL-CLASS", made.marking.value),
            title=_("For a partner organisation"),
            subject=party(admission.partner),
            issued=_("Printed {moment}.", moment=moment(now(), made.operation.zone)),
            sections=(
                papers.Section(_("Admission"), about),
                *(papers.Section(each.heading, each.pairs) for each in content.parts(made)),
            ),
            closing=_("For the partner named above alone, and for what it says. Handling codes bind whoever reads it."),
            language=here,
        )


def paper(store: Store, admission_id: UUID, code: str, by: Actor) -> tuple[bytes, str]:
    """The PDF and its name. Raises NotFound, and RuleBroken while the partner is not admitted."""
    with store.unit_of_work(by) as session:
        made = packages.hand_over(session, admission_id, by, "pdf")
        said, name = written(made, code), made.admission.partner.replace("_", "-")
    return papers.pdf(said), f"muster-partner-{name}-{now():%Y%m%d}.pdf"


def router(store: Store) -> APIRouter:
    """GET /export/partners/{id}.pdf. `lang` is en, fr, es or ar (default: the reader's)."""
    routes = APIRouter()

    @routes.get("/export/partners/{admission_id}.pdf")
    def partner_pdf(admission_id: str, by: Annotated[Actor, Depends(asking)], lang: str = "") -> Response:
        """The package."""
        code = lang if lang in LOCALES else by.language
        found, name = paper(store, known_id(admission_id), code, by)
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
        return Response(found, media_type="application/pdf", headers=headers)

    return routes
