"""Training certificates: drafted, issued by a second person, valid until a day, revoked; each with its PDF."""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.life_page import LifePage, Titles
from dashboard.parts.file_button import file_button
from dashboard.parts.listing import Listing
from dashboard.places import CERTIFICATES
from dashboard.screens.courses import paper
from dashboard.screens.courses.page import ZONE
from dashboard.server.access import known_id
from dashboard.wording import N_, UNDEFINED, _, coded, date
from operations.core.clock import today
from operations.core.errors import existing
from operations.core.people import Actor
from operations.training import certificates as verbs
from operations.training.enrolment_rows import CERTIFICATE, CertificateState, CourseCertificate

NAV = CERTIFICATES
PAGE = LifePage(
    "course-certificate",
    NAV,
    CERTIFICATE,
    Titles(
        N_("Certificates of training"),
        N_("Certificate of training"),
        N_("All certificates"),
        N_("No certificate is drawn up yet."),
        N_("Drawn up by one, issued by another. Whoever scans one learns whether it is valid, and nothing else."),
    ),
    area=True,
    country="certificate.country",
    day="certificate.issued_on",
)
STEPS = PAGE.steps

layout = PAGE.layout


def table(session: Session, _by: Actor) -> Listing[Any]:
    """Return the rows of the list."""
    made = Listing(verbs.certificates(session), lambda held: PAGE.href(held.certificate), ident="certificate.id")
    made.text("number", _("Certificate number"), "certificate.number", flex=0, width=160)
    made.text("name", _("Name"), "name", flex=2, minWidth=160)
    made.code("country", _("Country"), "CL-COUNTRY", "certificate.country", minWidth=120)
    made.text("course", _("Course"), "course.title", flex=2, minWidth=170)
    made.text("state", _("State"), lambda held: state_words(held.certificate), minWidth=120)
    made.day("issued", _("Issued on"), "certificate.issued_on", width=130)
    made.day("until", _("Valid until"), "certificate.expires_on", width=130)
    return made


def state_words(each: CourseCertificate) -> str:
    """Return the label of the state; an issued certificate past its last day is expired."""
    expired = each.state == CertificateState.ISSUED and not each.valid(today())
    return _("Expired") if expired else PAGE.state(each)


def file(session: Session, by: Actor, shown: str) -> list[Component]:
    """One of them in full. Raises NotFound."""
    found, course, run, name = existing(next(iter(verbs.certificates(session, known_id(shown))), None))
    facts = [
        (_("State"), state_words(found)),
        (_("Certificate number"), html.Bdi(found.number, className="m-num")),
        (_("Name"), html.Bdi(name)),
        (_("Country"), coded("CL-COUNTRY", found.country)),
        (_("Run of a course"), dcc.Link(html.Bdi(run.place), href=f"/courses/runs?show={run.id}")),
        (_("Issued on"), date(found.issued_on) if found.issued_on else UNDEFINED),
        (_("Valid until"), date(found.expires_on) if found.expires_on else UNDEFINED),
    ]
    printed = file_button(_("Print as PDF"), paper.address(found.id))
    also = [printed] if found.state == CertificateState.ISSUED else []
    return PAGE.filed(session, by, found, course.title, facts, ZONE, *also)


PAGE.draws(table, file)
take = PAGE.takes(verbs.take)
