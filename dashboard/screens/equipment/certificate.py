"""The handover certificate of equipment as a PDF to sign, written to the access trail before it is handed over."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from dashboard.server.access import asking, known_id
from dashboard.server.later import later
from dashboard.wording import _, coded, date, in_language, language, moment
from operations.core import journal, rows
from operations.core.clock import now
from operations.core.errors import NotFound
from operations.core.journal import Chain
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import Store
from operations.core.vocabulary import LOCALES, Classification
from operations.infrastructure.rows import Equipment
from operations.posts import register
from operations.posts.register import Post

if TYPE_CHECKING:
    from dashboard.papers import record as papers
else:
    papers = later("dashboard.papers.record")


def address(equipment_id: UUID | str) -> str:
    """Where the certificate of equipment is."""
    return f"/export/equipment/{equipment_id}/certificate.pdf"


def written(found: Equipment, post: Post, code: str) -> "papers.Record":
    """The certificate in a language."""
    with in_language(code):
        here = language()
        pairs = (
            (_("Certificate"), found.certificate),
            (_("Equipment"), coded("CL-EQUIPMENT", found.kind)),
            (_("Serial number"), found.serial),
            (_("Donor"), found.donor),
            (_("What for"), found.purpose),
            (_("Promised for"), date(found.promised)),
            (_("Handed over on"), date(found.handed_on) if found.handed_on else ""),
            (_("Condition"), found.condition or _("Whole and undamaged")),
            (_("Post"), post.name),
            (_("Country"), coded("CL-COUNTRY", found.country)),
        )
        return papers.Record(
            marking=coded("CL-CLASS", Classification.FOR_OFFICIAL_USE.value),
            title=_("Handover certificate"),
            subject=post.name,
            issued=_("Printed {moment}.", moment=moment(now(), post.zone)),
            sections=(papers.Section(_("What is handed over"), pairs),),
            closing=_(
                "The country takes this equipment over for the post named above. It counts as commissioned from its "
                "first query on, and as dormant after 30 days without one."
            ),
            signed=(_("For the donor"), _("For the country")),
            language=here,
        )


def certificate(store: Store, equipment_id: UUID, code: str, by: Actor) -> tuple[bytes, str]:
    """The PDF and its name. Raises NotFound, also before the handover."""
    with store.unit_of_work(by) as session:
        found = rows.one(session, Equipment, equipment_id)
        require(by, Act.EQUIPMENT_READ, register.subject(found))
        if found.handed_on is None:
            raise NotFound
        journal.record(
            session, by, "equipment.certificate", "export", found.id, country=found.country, chain=Chain.ACCESS,
            format="pdf", number=found.certificate, recipients=[str(by.account_id)],
        )  # fmt: skip
        said = written(found, register.post(session, found.post_id), code)
    return papers.pdf(said), f"muster-handover-{found.certificate}.pdf"


def router(store: Store) -> APIRouter:
    """GET /export/equipment/{id}/certificate.pdf. `lang` is en, fr, es or ar (default: the reader's)."""
    routes = APIRouter()

    @routes.get("/export/equipment/{equipment_id}/certificate.pdf")
    def certificate_pdf(equipment_id: str, by: Annotated[Actor, Depends(asking)], lang: str = "") -> Response:
        """The certificate."""
        code = lang if lang in LOCALES else by.language
        content, name = certificate(store, known_id(equipment_id), code, by)
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
        return Response(content, media_type="application/pdf", headers=headers)

    return routes
