"""The directory of the network of specialists (ISON): offices by country and specialism, and how active they are."""

from enum import StrEnum
from typing import Any

from dash import Output, State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.acts import Done, Press, does, followed, follows
from dashboard.frame.life_page import takes
from dashboard.frame.shell import page
from dashboard.navigation import Nav
from dashboard.parts import programme_figures
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.drawn import drawing, pair
from dashboard.parts.file_page import Past, file_page
from dashboard.parts.form import button, client_id
from dashboard.parts.grid import number_column, text_column
from dashboard.parts.list_page import HREF, folded, listed, opens
from dashboard.parts.programme_tabs import DIRECTORY, programme_tabs
from dashboard.parts.steps import StepIds
from dashboard.server.access import actor, known_id, reading
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
STEPS = StepIds("directory")


class Ids(StrEnum):
    """The elements of this page."""

    FIGURES = "directory-figures"
    LIST = "directory-list"
    SHOWN = "directory-shown"
    FILE = "directory-file"
    FORMS = "directory-forms"


opens(Ids.LIST)


def layout(show: str = "", **_query: str) -> Component:
    """All members; with `show`, one in full."""
    by = actor()
    with reading() as session:
        if show:
            back = dcc.Link(_("The whole network"), href=NAV.href(), className="file-way")
            found = rows.one(session, Member, known_id(show))
            return page(
                html.Bdi(found.office),
                dcc.Store(id=Ids.SHOWN, data=show),
                followed(Ids.FILE, file(session, by, show), className="m-stack"),
                followed(Ids.FORMS, forms(session, by, show), seen=keeps(session, by, show)),
                actions=[back],
            )
        tiles, found_rows = strip(session, by), table(session, by)
    return page(
        _("Network of specialists"),
        programme_tabs(by, DIRECTORY),
        followed(Ids.FIGURES, tiles),
        *_form(by),
        listed(Ids.LIST, _columns(), found_rows, _("No office is in the directory yet.")),
        lead=_("Whom to ask in which country: offices, never persons. Their countries say what they did."),
        wide=True,
    )


def strip(session: Session, by: Actor) -> Component:
    """K48 and K49."""
    return programme_figures.strip([*verbs.figures(session), *served.figures(session, by)])


def _columns() -> list[dict[str, Any]]:
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
            "id": str(each.id), HREF: f"{NAV.href()}?show={each.id}", **_codes(each), "office": each.office,
            "certified": date(each.certified_until) if each.certified_until else "",
            "last": date(each.last_active) if each.last_active else "", "activities": each.activities,
            "active": _("Active") if verbs.active(each, day) else _("Not active"), "state": _state(each),
        }
        for each in verbs.members(session)
    ]  # fmt: skip


def _codes(each: Member) -> dict[str, str]:
    return {
        "country": coded("CL-COUNTRY", each.country),
        "specialism": coded("CL-SPEC", each.specialism),
        "agency": coded("CL-AGENCY", each.agency),
    }


def _state(each: Member) -> str:
    return _(LIFE.words[MemberState(each.state)])


def _form(by: Actor) -> list[Component]:
    if not may(by, Act.DIRECTORY_KEEP):
        return []
    draw = drawing(FORM)
    return [
        folded(
            _("Enter an office of your country"),
            client_id(FORM),
            *draw("office"),
            pair(draw("specialism", "agency", "certified_until")),
            html.Div(button(_("Enter it"), FORM.send, "primary", "users")),
        )
    ]


# ---------------------------------------------------------------------------------------------------- one of them


def file(session: Session, by: Actor, shown: str) -> list[Component]:
    """One of them in full. Raises NotFound."""
    found = rows.one(session, Member, known_id(shown))
    said = _codes(found)
    facts = [
        (_("State"), _state(found)),
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
    return file_page(found.office, facts, STEPS.drawn(found.id, verbs.offers(found, by)), past, "UTC")


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

_HERE = {"shown": State(Ids.SHOWN, "data")}
refresh_figures = follows(strip, Ids.FIGURES, act=Act.DIRECTORY_READ)
refresh = follows(table, Output(Ids.LIST, "rowData"), act=Act.DIRECTORY_READ)
refresh_file = follows(file, Ids.FILE, act=Act.DIRECTORY_READ, **_HERE)
refresh_forms = follows(forms, Ids.FORMS, act=Act.DIRECTORY_READ, unless=keeps, **_HERE)


@does(FORM, act=Act.DIRECTORY_KEEP, clears={"office": "", "certified_until": None})
def enter(press: Press) -> Done:
    """Put an office into the directory."""
    verbs.enter(press.session, press.draft(verbs.MemberDraft), press.by)
    return Done(_("The office is in the directory."))


@does(DID, act=Act.DIRECTORY_KEEP, given=_HERE, clears={"note": ""})
def did(press: Press, shown: str) -> Done:
    """Write down what it did."""
    draft = press.draft(verbs.ActivityDraft)
    verbs.did(press.session, known_id(shown), draft, press.by)
    return Done(_("It is written down."))


take = takes(STEPS, LIFE, verbs.take, Act.DIRECTORY_KEEP)
"""Say that it left, or is a member again."""
