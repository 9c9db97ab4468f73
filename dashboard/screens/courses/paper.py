"""Course certificate as a PDF with a code to scan, entered in the access trail before it is delivered."""

from uuid import UUID

from fastapi import APIRouter, Response

from dashboard.papers import record as papers
from dashboard.papers.downloads import By, Spoken, download_response
from dashboard.papers.record_content import Record, Section
from dashboard.screens.courses import verify
from dashboard.server.access import known_id
from dashboard.wording import _, coded, date, in_language, joined, number
from operations.core import journal
from operations.core.errors import NotFound
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import Store
from operations.training import certificates
from operations.training.certificates import CertificateView
from operations.training.enrolment_rows import CertificateState


def address(certificate_id: UUID | str) -> str:
    """Return the URL of a certificate's PDF."""
    return f"/export/certificates/{certificate_id}.pdf"


def written(held: CertificateView, origin: str) -> Record:
    """Return the content of the certificate."""
    issued, course, run, name = held
    languages = joined(coded("CL-LANGUAGE", each) for each in run.languages)
    about = (
        (_("Course"), course.title),
        (_("Topic"), coded("CL-TOPIC", course.topic)),
        (_("Hours"), number(course.hours)),
        (_("Place"), f"{run.place}, {coded('CL-COUNTRY', run.host)}"),
        (_("Days"), _("{first} to {last}", first=date(run.starts), last=date(run.ends))),
        (_("Languages it is held in"), languages),
    )
    holds = (
        (_("Certificate"), issued.number),
        (_("Name"), name),
        (_("Country"), coded("CL-COUNTRY", issued.country)),
        (_("Issued on"), date(issued.issued_on) if issued.issued_on else ""),
        (_("Valid until"), date(issued.expires_on) if issued.expires_on else ""),
        (_("Drawn up by"), issued.proposed_name),
        (_("Issued by"), issued.issued_name),
    )
    return Record(
        title=_("Certificate of training"),
        subject=course.title,
        issued=_("Scan the code to learn whether this certificate is valid today."),
        sections=(Section(_("Who passed"), holds), Section(_("What was taught"), about)),
        closing=_("The officer named above was there and passed the test after the course."),
        scanned=verify.address(origin, issued.code),
    )


def certificate(store: Store, certificate_id: UUID, code: str, origin: str, by: Actor) -> tuple[bytes, str]:
    """The PDF and its name. Raises NotFound, also of what is not issued, or revoked."""
    with journal.disclosing(store, by) as session, in_language(code):
        require(by, Act.ENROLMENT_READ)
        held = next(iter(certificates.certificates(session, certificate_id)), None)
        if held is None or held.certificate.state != CertificateState.ISSUED:
            raise NotFound
        found = held.certificate
        journal.record_download(
            session, by, "certificate.print", found.id, "pdf", country=found.country, number=found.number
        )
        said = written(held, origin)
    return papers.pdf(said), f"muster-certificate-{found.number}.pdf"


def router(store: Store, origin: str) -> APIRouter:
    """POST /export/certificates/{id}.pdf. `lang` is en, fr, es or ar (default: the reader's)."""
    routes = APIRouter()

    @routes.post("/export/certificates/{certificate_id}.pdf")
    def certificate_pdf(certificate_id: str, by: By, code: Spoken) -> Response:
        """Serve the certificate."""
        return download_response(*certificate(store, known_id(certificate_id), code, origin, by))

    return routes
