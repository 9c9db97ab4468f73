"""One intelligence product in full: request, content with markings, recipients with consents, and results."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from dash import State, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does
from dashboard.frame.life_page import LifePage, takes
from dashboard.frame.verb_buttons import calls
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form_fields import whole_form
from dashboard.parts.panel import facts, form_panel, panel
from dashboard.parts.steps import StepIds
from dashboard.parts.table import table as table_of
from dashboard.parts.table import table_row
from dashboard.server.access import known_id
from dashboard.wording import N_, _, date, moment, ngettext, party
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.exchange import partners
from operations.exchange import product_drafts as drafts
from operations.exchange import products as verbs
from operations.exchange.partner_rows import Sees
from operations.exchange.product_rows import SHARE, Product, ProductRequest, ProductShare, ShareState
from operations.policing.operation import plan

WRITE = DraftForm("product-write", drafts.ProductDraft)
GIVE = DraftForm("product-give", drafts.ProductShareDraft)
USE = DraftForm("product-use", drafts.UseDraft)
DECIDES = StepIds("product-share")
ZONE = "UTC"


def last_day(found: ProductRequest) -> str:
    """Return the day by which it is wanted."""
    return date((found.due - timedelta(days=1)).date())


def asker(found: ProductRequest) -> str:
    """Return the name of the requester."""
    return party(found.country) if found.country else _("The coordination")


def about(request: ProductRequest, product: Product | None) -> str:
    """Return the subject, or that it is erased because its retention is over."""
    if request.erased_at is not None:
        return _("Erased")
    return product.title if product else request.question


def drawn(page: LifePage) -> Callable[..., list[Component]]:
    """Return the function that draws the file on its page."""

    def file(session: Session, by: Actor, shown: str) -> list[Component]:
        request_page = verbs.shown(session, known_id(shown))
        says = [*_product(request_page.product), *_shares(request_page.shares, by)]
        if request_page.request is None:
            return says
        request = request_page.request
        pairs = [
            (_("State"), page.state(request)),
            (_("Reason"), request.reason),
            (_("Asked by"), asker(request)),
            *GIVE.facts(request, "purpose"),
            (_("Wanted until"), last_day(request)),
            *WRITE.facts(request, "handling", "classification"),
            *USE.facts(request, "led_to", "outcome"),
        ]
        said = request.question or _("The retention of this product has ended. Its text was erased.")
        waits = _waits_for_originators(request_page, by)
        return page.filed(session, by, request, said, pairs, ZONE, *waits, panels=says)

    return file


def _waits_for_originators(found: verbs.ProductView, by: Actor) -> list[Component]:
    """Return the notice for the requester that it is written; it does not name the originators it waits for."""
    request = found.request
    if not by.national or request is None or request.written_at is None or found.product is not None:
        return []
    return [html.P(_("It is written, and waits for the consent of those whose information it holds."))]


def _product(found: Product | None) -> list[Component]:
    if found is None:
        return []
    marks = [
        (_("Written by"), found.author_name),
        (_("Written on"), moment(found.made_at, ZONE)),
        *WRITE.facts(found, "source", "information", "handling", "classification"),
    ]
    said = found.body or _("The retention of this product has ended. Its text was erased.")
    text = html.P(html.Bdi(said), className="file-says")
    return [panel(found.title or _("Erased"), html.Div([text, facts(marks)], className="m-stack"))]


def _shares(found: Sequence[ProductShare], by: Actor) -> list[Component]:
    """Return the recipients, as far as this person may know them; an originator decides here."""
    if not found:
        return []
    lines = [_share(each, by) for each in found]
    head = [_("Who has it"), _("Information of"), _("State"), _("What for"), _("Reason"), ""]
    title = _("Who has it, and by whose leave")
    note = found[0].title
    return [panel(title, table_of(head, lines, label=title), note=note, flush=True)]


def _share(each: ProductShare, by: Actor) -> Component:
    known = not by.national or by.country == each.origin
    origin = party(each.origin) if each.origin and known else ""
    offers = verbs.share_offers(each, by)
    return table_row(
        party(each.recipient),
        origin,
        _(SHARE.words[ShareState(each.state)]),
        html.Bdi(each.purpose),
        html.Bdi(each.reason if known else ""),
        html.Td(DECIDES.drawn(each.id, offers, size="compact-sm")),
    )


def open_to(session: Session, by: Actor, shown: str) -> list[Any]:
    """Return which forms are shown, and their options."""
    found = verbs.shown(session, known_id(shown))
    writes, gives = verbs.may_write(found.request, by), verbs.may_share(found.product, by)
    named = _choices(session, found, by) if writes or gives else {}
    return [writes, gives, verbs.may_use(found.request, by), named]


def _choices(session: Session, found: verbs.ProductView, by: Actor) -> dict[str, list[dict[str, str]]]:
    """Return the participating countries, and the partners that may see products of the operation today."""
    operation = plan.operation(session, found.any.operation_id, by)
    taking = [each for each in plan.participations(session, operation.id) if each.state in plan.TAKING_PART]
    countries = [{"value": each.country, "label": party(each.country)} for each in taking]
    codes = {each.partner for each in partners.admissions(session) if each.operation_id == operation.id}
    seeing = [code for code in sorted(codes) if _sees_products(session, operation, code)]
    named = [{"value": code, "label": party(code)} for code in seeing]
    return {"countries": countries, "originators": countries, "partners": named}


def _sees_products(session: Session, operation: plan.Operation, partner: str) -> bool:
    found = partners.standing(session, operation, partner)
    return found is not None and Sees.PRODUCTS in found.sees


def forms(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return the forms of the product, of sharing it, and of its results."""
    writes, gives, uses, named = open_to(session, by, shown)
    parts: list[Component] = []
    if writes:
        fields = whole_form(
            WRITE,
            _("Deliver it"),
            "send",
            "title",
            "body",
            ("source", "information", "handling"),
            ("classification", "originators"),
            ("countries", "partners"),
            choices=named,
        )
        note = _("Whoever asked has it at once, or as soon as its originators consent.")
        parts.append(form_panel(_("Write the product"), *fields, note=note))
    if gives:
        rows = ("countries", "partners"), "purpose"
        fields = whole_form(GIVE, _("Give it"), "arrow-forward-up", *rows, kind="plain", choices=named)
        parts.append(form_panel(_("Give it to others"), *fields))
    if uses:
        parts.append(form_panel(_("What it led to"), *whole_form(USE, _("Say it"), "git-merge", "led_to", "outcome")))
    return parts


# --------------------------------------------------------------------------------------------------- callbacks

_HERE = {"shown": State("product-shown", "data")}


write = calls(WRITE, verbs.write, N_("The product is written."), act=Act.PRODUCT_WORK, given=_HERE)


@does(GIVE, act=Act.PRODUCT_WORK, given=_HERE, clears=("countries", "partners", "purpose"))
def give(press: Press, shown: str) -> Done:
    """Share a product with others."""
    found = verbs.shown(press.session, known_id(shown)).product
    draft = press.draft(drafts.ProductShareDraft)
    asked = verbs.share(press.session, found.id if found else known_id(shown), draft, press.by)
    if not asked:
        return Done(_("They have it."))
    return Done(ngettext("{n} of them waits for an originator.", "{n} of them wait for an originator.", asked))


use = calls(USE, verbs.use, N_("It is written down what it led to."), act=Act.PRODUCT_ASK, given=_HERE)
decide = takes(DECIDES, SHARE, verbs.decide, Act.PRODUCT_CONSENT)
"""Consent to a recipient, or refuse."""
