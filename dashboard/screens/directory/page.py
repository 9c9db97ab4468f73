"""Directory of the network of specialists (ISON): offices by country and specialism, and their activity."""

from typing import Any

from dash import html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.life_page import LifePage, Titles, takes
from dashboard.frame.verb_buttons import calls
from dashboard.parts import programme_figures
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.file_page import Past, file_page
from dashboard.parts.form_fields import whole_form
from dashboard.parts.list_page import new_row_form
from dashboard.parts.listing import Listing
from dashboard.places import DIRECTORY
from dashboard.server.access import known_id
from dashboard.wording import N_, _, coded, date, number
from operations.core import rows
from operations.core.clock import now
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, may
from operations.exchange import directory as verbs
from operations.exchange import service_figures
from operations.exchange.directory import LIFE, DirectoryOffice, MemberState

NAV = DIRECTORY
FORM = DraftForm("directory", verbs.OfficeDraft)
DID = DraftForm("directory-did", verbs.ActivityDraft)
PAGE = LifePage(
    "directory",
    NAV,
    LIFE,
    Titles(
        N_("Network of specialists"),
        N_("Office"),
        N_("The whole network"),
        N_("No office is in the directory yet."),
        N_("Whom to ask in which country: offices, never persons. Their countries say what they did."),
    ),
    area=True,
)
layout = PAGE.layout


def strip(session: Session, by: Actor) -> Component:
    """Return the tiles of K48 and K49."""
    return programme_figures.strip([*verbs.figures(session), *service_figures.figures(session, by)])


def table(session: Session, _by: Actor) -> Listing[Any]:
    """Return the rows of the list."""
    day = now().date()
    made = Listing(verbs.members(session), PAGE.href)
    made.code("country", _("Country"), "CL-COUNTRY", minWidth=115)
    made.field(FORM, "specialism", flex=2, minWidth=160)
    made.field(FORM, "office", flex=3, minWidth=180, tooltipField="office")
    made.field(FORM, "agency", minWidth=130)
    made.day("certified", _("Certified until"), "certified_until")
    made.day("last", _("Last active"), "last_active")
    made.number("activities", _("Activities"), width=105)
    made.text(
        "active",
        _("In the last twelve months"),
        lambda each: _("Active") if verbs.active(each, day) else _("Not active"),
        flex=0,
        width=150,
    )
    made.text("state", _("State"), PAGE.state, flex=0, width=95)
    return made


def _form(_session: Session, by: Actor) -> list[Component]:
    if not may(by, Act.DIRECTORY_KEEP):
        return []
    lines = "office", ("specialism", "agency", "certified_until")
    return [new_row_form(_("Enter an office of your country"), *whole_form(FORM, _("Enter it"), "users", *lines))]


def _name(session: Session, shown: str) -> str:
    return rows.one(session, DirectoryOffice, known_id(shown)).office


# ---------------------------------------------------------------------------------------------------- one of them


def file(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return one office in full. Raises NotFound."""
    office = rows.one(session, DirectoryOffice, known_id(shown))
    facts = [
        (_("State"), PAGE.state(office)),
        (_("Reason"), html.Bdi(office.reason) if office.reason else ""),
        (_("Country"), coded("CL-COUNTRY", office.country)),
        *FORM.facts(office, "specialism", "agency", "certified_until"),
        (_("Last active"), date(office.last_active) if office.last_active else _("Nothing is written down yet")),
        (_("Activities"), number(office.activities)),
    ]
    past = [
        Past(
            activity.made_at,
            f"{coded('CL-ISONACT', activity.kind)}, {date(activity.held_on)}",
            activity.author_name,
            activity.note,
        )
        for activity in verbs.activities(session, office.id)
    ]
    return file_page(office.office, facts, PAGE.steps.drawn(office.id, verbs.offers(office, by)), past, "UTC")


def keeps(session: Session, by: Actor, shown: str) -> bool:
    """Return whether this person may record the office's activities now."""
    found = rows.one(session, DirectoryOffice, known_id(shown))
    return found.state == MemberState.MEMBER and may(by, Act.DIRECTORY_KEEP, Subject(country=found.country))


def forms(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return the form of an activity, for the office's country."""
    if not keeps(session, by, shown):
        return []
    today = {"held_on": now().date()}
    fields = whole_form(DID, _("Write it down"), "notebook", ("kind", "held_on"), "note", thing=today)
    return [new_row_form(_("Write down what it did"), *fields)]


# --------------------------------------------------------------------------------------------------- callbacks

PAGE.draws(table, file, forms=forms, seen=keeps, figures=strip, new=_form, named=_name)
take = takes(PAGE.steps, LIFE, verbs.take, Act.DIRECTORY_KEEP)
"""Record that an office left, or is a member again."""
enter = calls(
    FORM,
    verbs.enter,
    N_("The office is in the directory."),
    act=Act.DIRECTORY_KEEP,
    clears=("office", "certified_until"),
)
did = calls(
    DID, verbs.record_activity, N_("It is written down."), act=Act.DIRECTORY_KEEP, given=PAGE.here, clears=("note",)
)
