"""Certificates of training: drawn up, issued by other eyes, valid until a day, revoked; each with its paper."""

from enum import StrEnum
from typing import Any

from dash import Output, State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.acts import Done, Press, does, followed, follows
from dashboard.frame.shell import page
from dashboard.navigation import Nav
from dashboard.parts.file_page import Past, file_page
from dashboard.parts.grid import text_column
from dashboard.parts.list_page import HREF, listed, opens
from dashboard.parts.programme_tabs import CERTIFICATES as TAB
from dashboard.parts.programme_tabs import programme_tabs
from dashboard.parts.steps import StepIds
from dashboard.screens.courses import paper
from dashboard.screens.courses.page import ZONE
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import N_, UNDEFINED, _, date, language
from operations.core import vocabulary
from operations.core.errors import NotFound
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.training import certificates as verbs
from operations.training import courses
from operations.training.rows import CERTIFICATES, CertificateState, CourseCertificate, today

NAV = Nav(
    name=N_("Certificates"), path="/courses/certificates", icon="certificate", order=7, act=Act.ENROLMENT_READ,
    place=False,
)  # fmt: skip
STEPS = StepIds("course-certificate")


class Ids(StrEnum):
    """The elements of this page."""

    LIST = "course-certificate-list"
    SHOWN = "course-certificate-shown"
    FILE = "course-certificate-file"


opens(Ids.LIST)


def layout(show: str = "", **_query: str) -> Component:
    """All of them; with `show`, one in full."""
    by = actor()
    with reading() as session:
        if show:
            shown = dcc.Store(id=Ids.SHOWN, data=str(known_id(show)))
            full = followed(Ids.FILE, file(session, by, show), className="m-stack")
            back = dcc.Link(_("All certificates"), href=NAV.href(), className="file-way")
            return page(_("Certificate of training"), shown, full, actions=[back])
        found = table(session, by)
    return page(
        _("Certificates of training"),
        programme_tabs(by, TAB),
        listed(Ids.LIST, columns(), found, _("No certificate is drawn up yet.")),
        lead=_("Drawn up by one, issued by another. Whoever scans one learns whether it is valid, and nothing else."),
        wide=True,
    )


def columns() -> list[dict[str, Any]]:
    """What the list says of each."""
    return [
        text_column("number", _("Number"), flex=0, width=140),
        text_column("name", _("Name"), flex=2, minWidth=160),
        text_column("country", _("Country"), minWidth=120),
        text_column("course", _("Course"), flex=2, minWidth=170),
        text_column("state", _("State"), minWidth=120),
        text_column("issued", _("Issued on"), flex=0, width=130, cellDataType="text"),
        text_column("until", _("Valid until"), flex=0, width=130, cellDataType="text"),
    ]


def table(session: Session, _by: Actor) -> list[dict[str, Any]]:
    """The rows of the list."""
    return [
        {
            "id": str(each.id), HREF: f"{NAV.href()}?show={each.id}", "number": each.number, "name": name,
            "country": vocabulary.label("CL-COUNTRY", each.country, language()), "course": course.title,
            "state": state_words(each), "issued": each.issued_on.isoformat() if each.issued_on else UNDEFINED,
            "until": each.expires_on.isoformat() if each.expires_on else UNDEFINED,
        }
        for each, course, _run, name in verbs.certificates(session)
    ]  # fmt: skip


def state_words(each: CourseCertificate) -> str:
    """How far it is; an issued one whose last day is over has expired."""
    expired = each.state == CertificateState.ISSUED and not each.valid(today())
    return _("Expired") if expired else _(CERTIFICATES.words[CERTIFICATES.now(each)])


def file(session: Session, by: Actor, shown: str) -> list[Component]:
    """One of them in full. Raises NotFound."""
    held = next(iter(verbs.certificates(session, known_id(shown))), None)
    if held is None:
        raise NotFound
    found, course, run, name = held
    facts = [
        (_("State"), state_words(found)),
        (_("Number"), html.Bdi(found.number, className="m-num")),
        (_("Name"), html.Bdi(name)),
        (_("Country"), vocabulary.label("CL-COUNTRY", found.country, language())),
        (_("Run of a course"), dcc.Link(html.Bdi(run.place), href=f"/courses/runs?show={run.id}")),
        (_("Issued on"), date(found.issued_on) if found.issued_on else UNDEFINED),
        (_("Valid until"), date(found.expires_on) if found.expires_on else UNDEFINED),
    ]
    past = [
        Past(each.made_at, _(CERTIFICATES.words[CertificateState(each.state)]), each.author_name, each.words)
        for each in courses.past(session, found.id)
    ]
    acts = STEPS.drawn(found.id, verbs.offers(found, by))
    if found.state == CertificateState.ISSUED:
        acts.append(html.A(_("Print as PDF"), href=paper.address(found.id), className="file-way", download=""))
    return file_page(course.title, facts, acts, past, ZONE)


refresh_list = follows(table, Output(Ids.LIST, "rowData"), act=Act.ENROLMENT_READ)
refresh_file = follows(file, Ids.FILE, act=Act.ENROLMENT_READ, shown=State(Ids.SHOWN, "data"))


@does(STEPS.buttons, act=Act.ENROLMENT_READ, beside=STEPS.beside)
def take(press: Press) -> Done:
    """Issue, drop or revoke a certificate, with the words beside the button."""
    to = CertificateState(press.subject["to"])
    verbs.take(press.session, known_id(press.subject["of"]), to, press.by, press.words)
    return Done(_("It is now: {state}.", state=_(CERTIFICATES.words[to])))
