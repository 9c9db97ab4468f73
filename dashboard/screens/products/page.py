"""Intelligence products: what was asked for and what one has, with the form of a new question and K49."""

from typing import Any
from uuid import UUID

from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.acts import Done, Press, does, follows_choices
from dashboard.frame.life_page import LifePage, Titles, new_one
from dashboard.navigation import Nav
from dashboard.parts import programme_figures
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.drawn import drawing, pair
from dashboard.parts.form import button
from dashboard.parts.grid import text_column
from dashboard.parts.list_page import HREF
from dashboard.parts.programme_tabs import PRODUCTS as TAB
from dashboard.screens.products import file
from dashboard.wording import N_, _, coded, date
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.exchange import product_drafts as drafts
from operations.exchange import products as verbs
from operations.exchange import served
from operations.exchange.product_rows import REQUEST, ShareState
from operations.policing.operation import plan

NAV = Nav(
    name=N_("Intelligence products"), path="/products", icon="file-text", order=7, act=Act.PRODUCT_READ, place=False
)  # fmt: skip
PAGE = LifePage(
    "product", NAV, REQUEST, TAB,
    Titles(
        N_("Intelligence products"), N_("Intelligence product"), N_("All products"),
        N_("Nothing was asked for yet, and you have no product."),
        N_("Asked of the coordination's analysts, written with 4x4 and handling code, and told what it led to."),
    ),
)  # fmt: skip
FORM = DraftForm("product-ask", drafts.AskDraft)
layout = PAGE.layout


def strip(session: Session, by: Actor) -> Component:
    """K49."""
    return programme_figures.strip(served.figures(session, by))


def columns() -> list[dict[str, Any]]:
    """What the list says of each."""
    return [
        text_column("about", _("About"), flex=4, minWidth=240, tooltipField="about"),
        text_column("operation", _("Operation"), flex=2, minWidth=150),
        text_column("country", _("Asked by"), minWidth=140),
        text_column("state", _("State"), minWidth=150),
        text_column("marks", _("Evaluation"), flex=0, width=110),
        text_column("handling", _("Handling"), flex=0, width=105),
        text_column("classification", _("Classification"), minWidth=160),
        text_column("due", _("Wanted until"), flex=0, width=130),
        text_column("made", _("Written on"), flex=0, width=125),
    ]


def table(session: Session, by: Actor) -> list[dict[str, Any]]:
    """What was asked for, what was given without being asked for, and what an originator is to consent to."""
    titles = {each.id: each.title for each in plan.operations(session, by)}
    asked, products = verbs.requests(session), {each.request_id: each for each in verbs.products(session)}

    def row(of: Any, about: str, state: str, country: str, **more: str) -> dict[str, Any]:
        return {
            "id": str(of.id), HREF: PAGE.href(of), "about": about, "operation": titles.get(of.operation_id, ""),
            "country": country, "state": state, "handling": of.handling.upper(), "marks": "", "due": "", "made": "",
            "classification": coded("CL-CLASS", of.classification), **more,
        }  # fmt: skip

    found = []
    for each in asked:
        product = products.pop(each.id, None)
        said = {"due": file.last_day(each), **(_marks(product) if product else {})}
        found.append(row(each, file.about(each, product), PAGE.state(each), file.asker(each), **said))
    given = [row(each, each.title or _("Erased"), _("Given"), "", **_marks(each)) for each in products.values()]
    own = {each.id for each in products.values()} if by.national else set()
    return [*found, *given, *_to_consent(session, by, own, row)]


def _marks(product: Any) -> dict[str, str]:
    return {
        "marks": f"{product.source.upper()}{product.information}", "handling": product.handling.upper(),
        "classification": coded("CL-CLASS", product.classification), "made": date(product.made_at.date()),
    }  # fmt: skip


def _to_consent(session: Session, by: Actor, own: set[UUID], row: Any) -> list[dict[str, Any]]:
    if not may(by, Act.PRODUCT_CONSENT):
        return []
    waiting = [each for each in verbs.shares(session) if each.origin == by.country and each.state == ShareState.ASKED]
    words = _("Waits for your country's consent")
    return [row(each, each.title, words, "", made=date(each.made_at.date())) for each in waiting if each.id not in own]


def choices(session: Session, by: Actor) -> dict[str, list[dict[str, str]]]:
    """The operations in which this person can ask."""
    going = [each for each in plan.operations(session, by) if each.state not in plan.ENDED]
    return {"operation_id": [{"value": str(each.id), "label": each.title} for each in going]}


def _form(session: Session, by: Actor) -> list[Component]:
    if not may(by, Act.PRODUCT_ASK):
        return []
    draw = drawing(FORM, choices=choices(session, by))
    fields = [
        *draw("operation_id", "question", "purpose"), pair(draw("due", "handling", "classification")),
    ]  # fmt: skip
    return new_one(_("Ask for a product"), FORM, *fields, send=button(_("Ask"), FORM.send, "primary", "help-circle"))


# --------------------------------------------------------------------------------------------------- callbacks

PAGE.draws(columns, table, file.drawn(PAGE), forms=file.forms, seen=file.open_to, figures=strip, new=_form, taken=False)
take = PAGE.takes(verbs.take)
refresh_choices = follows_choices(FORM, choices, "operation_id", act=Act.PRODUCT_ASK)


@does(FORM, act=Act.PRODUCT_ASK, clears={"question": "", "purpose": "", "due": None})
def ask(press: Press) -> Done:
    """Ask for a product."""
    verbs.ask(press.session, press.draft(drafts.AskDraft), press.by)
    return Done(_("The question is with the analysts of the coordination."))
