"""Equipment: promised, delivered and commissioned side by side; each piece in full, with its handover certificate."""

from enum import StrEnum
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, follows_search
from dashboard.frame.life_page import LifePage, Titles
from dashboard.frame.verb_buttons import calls
from dashboard.parts import programme_figures
from dashboard.parts.board_page import Card, board
from dashboard.parts.choices import post_choice
from dashboard.parts.datetimes import day_typed
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.file_button import file_button
from dashboard.parts.form import Form, button, date_field, number_field
from dashboard.parts.form_fields import whole_form
from dashboard.parts.list_page import new_row_form
from dashboard.parts.listing import Listing
from dashboard.parts.money import cost_words
from dashboard.places import EQUIPMENT
from dashboard.screens.equipment.certificate import certificate
from dashboard.screens.equipment.equipment_book import ALL, BOOK
from dashboard.server.access import known_id
from dashboard.wording import N_, UNDEFINED, _, coded, date, joined, number
from operations.core import rows
from operations.core.clock import now
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.infrastructure import equipment as verbs
from operations.infrastructure import figures
from operations.infrastructure.rows import EQUIPMENT as NOUN
from operations.infrastructure.rows import LIFE, PENDING_STATES, Equipment, EquipmentState
from operations.infrastructure.signs_of_life import sign_of
from operations.modernisation import project_parts
from operations.posts import register
from operations.programme.area import EVERYWHERE, Area

NAV = EQUIPMENT
PAGE = LifePage(
    "equipment",
    NAV,
    NOUN,
    Titles(
        N_("Equipment"),
        N_("Equipment"),
        N_("All equipment"),
        N_("No equipment is planned yet."),
        N_("What was promised, what arrived, and what works: a box delivered is not a query made."),
    ),
    area=True,
    day="handed_on",
)
FORM = DraftForm("equipment", verbs.EquipmentDraft)
SIGN = DraftForm("equipment-sign", verbs.HandoverDraft)
QUERY = Form("equipment-query")


class Ids(StrEnum):
    """Element ids of this page."""

    QUERY = "equipment-query-send"


layout = PAGE.layout


# ------------------------------------------------------------------------------------------------ list and board


def strip(session: Session, _by: Actor) -> Component:
    """Return the tiles of K53 to K56."""
    return programme_figures.strip(figures.figures(session, now()))


def contents(session: Session, by: Actor, area: Area = EVERYWHERE) -> Component:
    """Return the board."""
    found = area.of(verbs.equipment(session))
    names = register.names(session, (each.post_id for each in found))

    def card(each: Equipment) -> Card:
        facts = [names[each.post_id], each.donor, _("Promised for {day}", day=date(each.promised))]
        late = _("Overdue") if overdue(each) else ""
        acts = PAGE.steps.drawn(each.id, NOUN.offers(session, each, by), size="compact-sm")
        return Card(coded("CL-EQUIPMENT", each.kind), PAGE.href(each), facts, late, acts)

    return board(LIFE, found, card, _("Board of equipment"))


def table(session: Session, _by: Actor) -> Listing[Any]:
    """The rows of the list."""
    found = verbs.equipment(session)
    names = register.names(session, (each.post_id for each in found))
    made = Listing(found, PAGE.href)
    made.field(FORM, "kind", minWidth=150)
    made.text("post", _("Post"), lambda each: names[each.post_id], flex=2, minWidth=150)
    made.code("country", _("Country"), "CL-COUNTRY", minWidth=120)
    made.field(FORM, "donor", minWidth=120)
    made.text("state", _("State"), PAGE.state, minWidth=130)
    made.field(FORM, "promised", width=135)
    made.mark("late", _("Overdue"), overdue, width=100)
    made.day("handed", _("Handed over on"), "handed_on", width=145)
    made.day("first", _("First sign of life"), "first_query")
    made.day("last", _("Last sign of life"), "last_query")
    made.field(SIGN, "serial", minWidth=110)
    return made


def overdue(each: Equipment) -> bool:
    """Return whether its promised day is past and it is not handed over."""
    return each.state in PENDING_STATES and each.promised < now().date()


# ---------------------------------------------------------------------------------------------------- one of them


def file(session: Session, by: Actor, shown: str) -> list[Component]:
    """One piece in full. Raises NotFound."""
    found = rows.one(session, Equipment, known_id(shown))
    post, sign = register.post(session, found.post_id), sign_of(found.kind)
    others = [
        html.Li(dcc.Link(html.Bdi(f"{each.donor}: {PAGE.state(each)}"), href=PAGE.href(each)))
        for each in verbs.overlaps(session, found)
    ]
    facts = [
        (_("State"), PAGE.state(found)),
        (_("Post"), dcc.Link(html.Bdi(post.name), href=f"/posts?show={post.id}")),
        *FORM.facts(found, "donor"),
        (_("Other donors give the same here"), html.Ul(others) if others else ""),
        *FORM.facts(found, "purpose", "promised"),
        (_("Handed over on"), date(found.handed_on) if found.handed_on else UNDEFINED),
        (_(sign.first), date(found.first_query) if found.first_query else UNDEFINED),
        (_(sign.last), date(found.last_query) if found.last_query else ""),
        (_("Hours of power on that day"), number(found.power_hours) if found.power_hours else ""),
        (_("Serial number"), html.Bdi(found.serial, className="m-num") if found.serial else ""),
        *SIGN.facts(found, "condition"),
        (_("Price"), cost_words(found.price, found.currency) if found.price is not None else ""),
        (_("Project"), _project(session, found)),
    ]
    pdf = _("Handover certificate {number} as PDF", number=found.certificate)
    docx = _("Handover certificate {number} as Word document", number=found.certificate)
    papers = [(pdf, certificate.address(found.id)), (docx, certificate.address(found.id, "docx"))]
    printed = [file_button(words, address) for words, address in papers if found.handed_on is not None]
    return PAGE.filed(session, by, found, coded("CL-EQUIPMENT", found.kind), facts, post.zone, *printed)


def _project(session: Session, found: Equipment) -> Component | str:
    """Return the project that it belongs to, as far as this person may know it."""
    project = project_parts.projects_of(session, [found.id]).get(found.id)
    return dcc.Link(html.Bdi(project.title), href=f"/equipment/projects?show={project.id}") if project else ""


def asked_now(session: Session, by: Actor, shown: str) -> tuple[bool, bool]:
    """Whether this person signs for it now, and whether they report its signs of life."""
    found = rows.one(session, Equipment, known_id(shown))
    signs = any(each.step.after is EquipmentState.HANDED_OVER for each in NOUN.offers(session, found, by))
    return signs, verbs.may_report(found, by)


def forms(session: Session, by: Actor, shown: str) -> list[Component]:
    """The handover to be signed, and the day of a sign of life."""
    signs, reports = asked_now(session, by, shown)
    parts: list[Component] = []
    if signs:
        lines = ("serial", "handed_on"), "condition", ("price", "currency")
        parts.append(html.Div(whole_form(SIGN, _("Sign for the country"), "clipboard-check", *lines)))
    if reports:
        sign = sign_of(rows.one(session, Equipment, known_id(shown)).kind)
        hours = number_field(QUERY, "hours", _("Hours of power on that day"))
        day = date_field(QUERY, "day", _(sign.day))
        send = html.Div(button(_(sign.report), Ids.QUERY, "primary", "activity"))
        parts.append(html.Div([day, html.Div(hours, hidden=not sign.hours), send]))
    return [html.Div(parts, className="m-panel m-panel-body m-stack")] if parts else []


def _form(session: Session, by: Actor) -> list[Component]:
    book = [BOOK.panel(ALL)] if may(by, Act.EQUIPMENT_PLAN) or may(by, Act.EQUIPMENT_TAKE) else []
    if not may(by, Act.EQUIPMENT_PLAN):
        return book
    posts = {"post_id": post_choice(session, FORM)}
    return [new_row_form(_("Plan equipment"), *whole_form(FORM, _("Plan it"), "package", choices=posts)), *book]


# --------------------------------------------------------------------------------------------------- callbacks

PAGE.draws(table, file, forms=forms, seen=asked_now, figures=strip, new=_form, board=(N_("Board"), contents))
take = PAGE.takes(verbs.take)
refresh_posts = follows_search(post_choice, FORM, "post_id", Act.EQUIPMENT_PLAN)


@does(FORM, act=Act.EQUIPMENT_PLAN, clears=("purpose",))
def plan(press: Press) -> Done:
    """Plan equipment for a post, and warn where another donor gives the same."""
    made = verbs.plan(press.session, press.draft(verbs.EquipmentDraft), press.by)
    others = joined(sorted({each.donor for each in verbs.overlaps(press.session, made)}))
    warned = _("Another donor gives this post the same: {donors}.", donors=others) if others else ""
    return Done(_("The equipment is planned; it waits for approval."), note=warned)


sign = calls(
    SIGN,
    verbs.hand_over,
    lambda made: _("It is handed over, under certificate {number}.", number=made.certificate),
    act=Act.EQUIPMENT_TAKE,
    given=PAGE.here,
)


@does(Ids.QUERY, act=Act.USAGE_COUNT, form=QUERY, typed=QUERY.states("day", "hours"), given=PAGE.here)
def report(press: Press, shown: str) -> Done:
    """Report the day of a sign of life."""
    hours, day = press.typed.get("hours"), day_typed(press.typed)
    made = verbs.report_sign(press.session, known_id(shown), day, press.by, hours if isinstance(hours, int) else None)
    return Done(_("It is now: {state}.", state=PAGE.state(made)))
