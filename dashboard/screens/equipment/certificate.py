"""Handover certificate of equipment as a PDF to sign, entered in the access trail before it is delivered."""

from uuid import UUID

from sqlmodel import Session

from dashboard.papers.downloads import paper_of
from dashboard.papers.record_content import Record, Section
from dashboard.wording import _, coded, date, moment
from operations.core import journal, rows
from operations.core.clock import now
from operations.core.errors import NotFound
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.infrastructure.rows import Equipment
from operations.posts import register
from operations.posts.register import Post


def written(found: Equipment, post: Post) -> Record:
    """Return the content of the certificate."""
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
    return Record(
        title=_("Handover certificate"),
        subject=post.name,
        issued=_("Printed {moment}.", moment=moment(now(), post.zone)),
        sections=(Section(_("What is handed over"), pairs),),
        closing=_(
            "The country takes this equipment over for the post named above. It counts as commissioned from its "
            "first query on, and as dormant after 30 days without one."
        ),
        signed=(_("For the donor"), _("For the country")),
    )


@paper_of("/export/equipment/{of}/certificate", "pdf", "docx")
def certificate(session: Session, of: UUID, by: Actor, form: str) -> tuple[Record, str]:
    """Return the certificate and its file name. Raises NotFound, also before the handover."""
    found = rows.one(session, Equipment, of)
    require(by, Act.EQUIPMENT_READ, register.subject(found))
    if found.handed_on is None:
        raise NotFound
    number = found.certificate
    journal.record_download(session, by, "equipment.certificate", found.id, form, country=found.country, number=number)
    return written(found, register.post(session, found.post_id)), f"handover-{number}"
