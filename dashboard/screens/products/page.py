"""Intelligence products: requests and received products, the form of a new request, and K49."""

from collections.abc import Iterator
from datetime import date as Date  # noqa: N812 - as in wording
from typing import Any, NamedTuple

from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import follows_choices
from dashboard.frame.life_page import LifePage, Titles
from dashboard.frame.verb_buttons import calls
from dashboard.parts import programme_figures
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form_fields import whole_form
from dashboard.parts.grid import LONGEST_DAY
from dashboard.parts.list_page import new_row_form
from dashboard.parts.listing import Listing
from dashboard.places import PRODUCTS
from dashboard.screens.products import file
from dashboard.wording import N_, _, coded
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.exchange import product_drafts as drafts
from operations.exchange import products as verbs
from operations.exchange import service_figures
from operations.exchange.product_rows import REQUESTED, Product, ProductRequest, ProductShare, ShareState
from operations.policing.operation import plan

NAV = PRODUCTS
PAGE = LifePage(
    "product",
    NAV,
    REQUESTED,
    Titles(
        N_("Intelligence products"),
        N_("Intelligence product"),
        N_("All products"),
        N_("Nothing was asked for yet, and you have no product."),
        N_("Asked of the coordination's analysts, written with 4x4 and handling code, and told what it led to."),
    ),
)
FORM = DraftForm("product-ask", drafts.ProductRequestDraft)
layout = PAGE.layout


def strip(session: Session, by: Actor) -> Component:
    """Return the tile of K49."""
    return programme_figures.strip(service_figures.figures(session, by))


class _Line(NamedTuple):
    """A row: a request, a share or a pending consent, and the product where this person may know it."""

    of: ProductRequest | Product | ProductShare
    about: str
    state: str
    country: str = ""
    due: str = ""
    product: Product | None = None


def table(session: Session, by: Actor) -> Listing[Any]:
    """Return requests, unrequested shares, and consents that wait for an originator."""
    titles = {each.id: each.title for each in plan.operations(session, by)}

    def marks(line: _Line) -> str:
        return f"{line.product.source.upper()}{line.product.information}" if line.product else ""

    def written(line: _Line) -> Date | None:
        made = line.of if isinstance(line.of, ProductShare) else line.product
        return made.made_at.date() if made else None

    made = Listing(_lines(session, by), lambda line: PAGE.href(line.of), ident="of.id")
    made.text("about", _("About"), flex=4, minWidth=240, tooltipField="about")
    made.text("operation", _("Operation"), lambda line: titles.get(line.of.operation_id, ""), flex=2, minWidth=150)
    made.text("country", _("Asked by"), minWidth=140)
    made.text("state", _("State"), minWidth=150)
    made.text("marks", _("Evaluation"), marks, flex=0, width=110)
    made.text("handling", _("Handling"), lambda line: (line.product or line.of).handling.upper(), flex=0, width=105)
    made.text(
        "classification",
        _("Classification"),
        lambda line: coded("CL-CLASS", (line.product or line.of).classification),
        minWidth=160,
    )
    made.text("due", _("Wanted until"), flex=0, width=LONGEST_DAY)
    made.day("made", _("Written on"), written)
    return made


def _lines(session: Session, by: Actor) -> Iterator[_Line]:
    products = {each.request_id: each for each in verbs.products(session)}
    for each in verbs.requests(session):
        made = products.pop(each.id, None)
        yield _Line(each, file.about(each, made), PAGE.state(each), file.asker(each), file.last_day(each), made)
    yield from (_Line(each, each.title or _("Erased"), _("Given"), product=each) for each in products.values())
    if may(by, Act.PRODUCT_CONSENT):
        own = {each.id for each in products.values()} if by.national else set()
        for share in verbs.shares(session):
            if share.origin == by.country and share.state == ShareState.ASKED and share.id not in own:
                yield _Line(share, share.title, _("Waits for your country's consent"))


def choices(session: Session, by: Actor) -> dict[str, list[dict[str, str]]]:
    """Return the operations in which this person can make a request, as options."""
    going = [each for each in plan.operations(session, by) if each.state not in plan.ENDED]
    return {"operation_id": [{"value": str(each.id), "label": each.title} for each in going]}


def _form(session: Session, by: Actor) -> list[Component]:
    if not may(by, Act.PRODUCT_ASK):
        return []
    fields = whole_form(
        FORM,
        _("Ask"),
        "help-circle",
        "operation_id",
        "question",
        "purpose",
        ("due", "handling", "classification"),
        choices=choices(session, by),
    )
    return [new_row_form(_("Ask for a product"), *fields)]


# --------------------------------------------------------------------------------------------------- callbacks

PAGE.draws(table, file.drawn(PAGE), forms=file.forms, seen=file.open_to, figures=strip, new=_form, taken=False)
take = PAGE.takes(verbs.take)
refresh_choices = follows_choices(FORM, choices, "operation_id", act=Act.PRODUCT_ASK)
ask = calls(
    FORM,
    verbs.ask,
    N_("The question is with the analysts of the coordination."),
    act=Act.PRODUCT_ASK,
    clears=("question", "purpose", "due"),
)
