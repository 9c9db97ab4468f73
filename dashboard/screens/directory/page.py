"""The directory of the network of specialists (ISON): offices by country and specialism, and how active they are."""

from typing import Any

from dash import html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.acts import Done, Press, does
from dashboard.frame.life_page import LifePage, Titles, new_one, takes
from dashboard.navigation import Nav
from dashboard.parts import programme_figures
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.drawn import drawing, pair
from dashboard.parts.file_page import Past, file_page
from dashboard.parts.form import button, client_id
from dashboard.parts.grid import number_column, text_column
from dashboard.parts.list_page import HREF, folded
from dashboard.parts.programme_tabs import DIRECTORY
from dashboard.server.access import known_id
from dashboard.wording import N_, _, coded, date, number
from operations.core import rows
from operations.core.clock import now
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, may
from operations.exchange import directory as verbs
from operations.exchange import served
from operations.exchange.directory import LIFE, Member, MemberState

NAV = Nav(name=N_("Network"), path="/directory", icon="users", order=7, act=Act.DIRECTORY_READ, place=False)
FORM = DraftForm("directory", verbs.MemberDraft)
DID = DraftForm("directory-did", verbs.ActivityDraft)
PAGE = LifePage(
    "directory", NAV, LIFE, DIRECTORY,
    Titles(
        N_("Network of specialists"), N_("Office"), N_("The whole network"), N_("No office is in the directory yet."),
        N_("Whom to ask in which country: offices, never persons. Their countries say what they did."),
    ),
)  # fmt: skip
layout = PAGE.layout


def strip(session: Session, by: Actor) -> Component:
    """K48 and K49."""
    return programme_figures.strip([*verbs.figures(session), *served.figures(session, by)])


def columns() -> list[dict[str, Any]]:
    """What the list says of each."""
    wrapped = {"wrapHeaderText": True, "autoHeaderHeight": True}
    return [
        text_column("country", _("Country"), minWidth=115),
        text_column("specialism", _("Specialism"), flex=2, minWidth=160),
        text_column("office", _("Office"), flex=3, minWidth=180, tooltipField="office"),
        text_column("agency", _("Kind of agency"), minWidth=130, **wrapped),
        text_column("certified", _("Certified until"), flex=0, width=125, **wrapped),
        text_column("last", _("Last active"), flex=0, width=115),
        number_column("activities", _("Activities"), width=105),
        text_column("active", _("In the last twelve months"), flex=0, width=150, **wrapped),
        text_column("state", _("State"), flex=0, width=95),
    ]


def table(session: Session, _by: Actor) -> list[dict[str, Any]]:
    """The rows of the list."""
    day = now().date()
    return [
        {
            "id": str(each.id), HREF: PAGE.href(each), **_codes(each), "office": each.office,
            "certified": date(each.certified_until) if each.certified_until else "",
            "last": date(each.last_active) if each.last_active else "", "activities": each.activities,
            "active": _("Active") if verbs.active(each, day) else _("Not active"), "state": PAGE.state(each),
        }
        for each in verbs.members(session)
    ]  # fmt: skip


def _codes(each: Member) -> dict[str, str]:
    return {
        "country": coded("CL-COUNTRY", each.country),
        "specialism": coded("CL-SPEC", each.specialism),
        "agency": coded("CL-AGENCY", each.agency),
    }


def _form(_session: Session, by: Actor) -> list[Component]:
    if not may(by, Act.DIRECTORY_KEEP):
        return []
    draw, send = drawing(FORM), button(_("Enter it"), FORM.send, "primary", "users")
    fields = [*draw("office"), pair(draw("specialism", "agency", "certified_until"))]
    return new_one(_("Enter an office of your country"), FORM, *fields, send=send)


def _name(session: Session, shown: str) -> str:
    return rows.one(session, Member, known_id(shown)).office


# ---------------------------------------------------------------------------------------------------- one of them


def file(session: Session, by: Actor, shown: str) -> list[Component]:
    """One of them in full. Raises NotFound."""
    found = rows.one(session, Member, known_id(shown))
    said = _codes(found)
    facts = [
        (_("State"), PAGE.state(found)),
        (_("Reason"), html.Bdi(found.reason) if found.reason else ""),
        (_("Country"), said["country"]),
        (_("Specialism"), said["specialism"]),
        (_("Kind of agency"), said["agency"]),
        (_("Certified until"), date(found.certified_until) if found.certified_until else ""),
        (_("Last active"), date(found.last_active) if found.last_active else _("Nothing is written down yet")),
        (_("Activities"), number(found.activities)),
    ]
    past = [
        Past(each.made_at, f"{coded('CL-ISONACT', each.kind)}, {date(each.held_on)}", each.author_name, each.note)
        for each in verbs.activities(session, found.id)
    ]  # fmt: skip
    return file_page(found.office, facts, PAGE.steps.drawn(found.id, verbs.offers(found, by)), past, "UTC")


def keeps(session: Session, by: Actor, shown: str) -> bool:
    """Whether this person writes down now what it does."""
    found = rows.one(session, Member, known_id(shown))
    return found.state == MemberState.MEMBER and may(by, Act.DIRECTORY_KEEP, Subject(country=found.country))


def forms(session: Session, by: Actor, shown: str) -> list[Component]:
    """The form of what it did, for its country."""
    if not keeps(session, by, shown):
        return []
    draw, send = drawing(DID, {"held_on": now().date()}), button(_("Write it down"), DID.send, "primary", "notebook")
    return [
        folded(
            _("Write down what it did"), client_id(DID), pair(draw("kind", "held_on")), *draw("note"), html.Div(send)
        )
    ]


# --------------------------------------------------------------------------------------------------- callbacks

PAGE.draws(columns, table, file, forms=forms, seen=keeps, figures=strip, new=_form, named=_name)
take = takes(PAGE.steps, LIFE, verbs.take, Act.DIRECTORY_KEEP)
"""Say that it left, or is a member again."""


@does(FORM, act=Act.DIRECTORY_KEEP, clears={"office": "", "certified_until": None})
def enter(press: Press) -> Done:
    """Put an office into the directory."""
    verbs.enter(press.session, press.draft(verbs.MemberDraft), press.by)
    return Done(_("The office is in the directory."))


@does(DID, act=Act.DIRECTORY_KEEP, given=PAGE.here, clears={"note": ""})
def did(press: Press, shown: str) -> Done:
    """Write down what it did."""
    draft = press.draft(verbs.ActivityDraft)
    verbs.did(press.session, known_id(shown), draft, press.by)
    return Done(_("It is written down."))
