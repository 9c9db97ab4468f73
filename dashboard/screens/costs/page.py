"""Costs of an operation: planned and spent in each currency separately, and cost per result (K39)."""

from enum import StrEnum
from typing import Any

from dash import ALL, Output, State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, followed, follows
from dashboard.frame.life_page import coded, takes
from dashboard.frame.operation_page import OPERATION, Parts, operation_page
from dashboard.parts import costs as words
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.file_page import Past, happened
from dashboard.parts.form import button, client_id
from dashboard.parts.form_fields import drawing, pair
from dashboard.parts.list_page import new_row_form
from dashboard.parts.money import cost_words
from dashboard.parts.panel import empty_state, facts, panel
from dashboard.parts.steps import StepIds
from dashboard.parts.table import table, table_row
from dashboard.places import COSTS
from dashboard.server.access import known_id, reading
from dashboard.wording import N_, _, date
from operations.core import rows, vocabulary
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.costs import costs
from operations.costs.rows import BOOK, COST, LIFE, STAGES, BookState, Cost, CostState, book
from operations.policing.operation import plan

NAV = COSTS
FORM = DraftForm("cost", costs.CostDraft)
EMPTY = ("kind", "what", "amount", "note", "country")
FIELDS = ("stage", "kind", "what", "amount", "currency", "day", "country", "note")
STEP, OF_BOOK = StepIds("cost"), StepIds("cost-book")


class Ids(StrEnum):
    """Element ids of this page."""

    LIST = "costs-list"
    NEW = "costs-new"
    SAVE = "cost-save"
    CORRECT = "cost-correct"
    CORRECTS = "cost-corrects"
    SAYS = "cost-says"


@operation_page(
    NAV,
    N_("Direct costs of the operation. Currencies are never added up, and no cost is divided by arrests."),
    wide=True,
)
def layout(session: Session, operation: plan.Operation, by: Actor) -> Parts:
    """Return the costs planned and spent, and the form for those who coordinate."""
    require(by, Act.COST_READ, plan.subject(operation, by.country))
    shown, made = contents(session, operation, by), form(session, operation, by)
    seen = offered(session, operation, by)
    return [
        followed(Ids.LIST, shown, className="m-stack"),
        followed(Ids.NEW, made, seen=seen),
    ]


def contents(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return the sums, and each cost."""
    require(by, Act.COST_READ, plan.subject(operation, by.country))
    recorded = costs.costs(session, operation.id)
    note = _("What your country paid.") if by.national else ""
    if not recorded:
        hint = _("Whoever coordinates the operation writes down what it costs, and says when all costs are in.")
        begun = book(session, operation.id) is not None
        empty = [] if begun else [empty_state(_("No cost is written down yet"), hint, "coins")]
        return [panel(_("Costs"), *empty, html.Div(_book(session, operation, by), className="m-stack"))]
    head = [*map(FORM.label, ("day", "stage", "kind", "amount", "country", "note")), ""]
    listed = table(head, [_row(session, operation, each, by) for each in recorded], label=_("Costs"))
    whole = [facts(words.cost_facts(session, operation, by)), *_book(session, operation, by)]
    return [
        panel(_("What it comes to"), html.Div(whole, className="m-stack")),
        panel(_("Costs"), listed, note=note, flush=True),
    ]


def _row(session: Session, operation: plan.Operation, each: Cost, by: Actor) -> Component:
    state = LIFE.now(each)
    why: list[Component | str] = [": ", html.Bdi(each.reason)] if each.reason else []
    gone = [] if state is CostState.STANDS else [html.Div([_(LIFE.words[state]), *why], className="m-small")]
    offers = COST.offers(session, each, by)
    can = any(offer.step.after is CostState.CORRECTED and not offer.obstacles for offer in offers)
    what: list[Component | str] = [": ", html.Bdi(each.what)] if each.what else []
    change = button(_("Correct it"), {"type": Ids.CORRECT, "of": str(each.id)}, icon_name="pencil", size="compact-sm")
    return table_row(
        date(each.day),
        _(STAGES[each.stage]),
        html.Td([coded("CL-COSTKIND", each.kind), *what]),
        html.Td(cost_words(each.amount, each.currency), className="m-num"),
        coded("CL-COUNTRY", each.country) if each.country else _("The operation"),
        html.Td([html.Bdi(each.note), *gone]),
        html.Td([*([change] if can else []), *(STEP.drawn(each.id, offers, size="compact-sm") if can else [])]),
        className="" if state is CostState.STANDS else "m-dim",
    )


def _book(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return whether the cost book is complete, who said so, and the buttons that change it."""
    found = book(session, operation.id)
    acts = OF_BOOK.drawn(operation.id, costs.book_offers(session, operation, by))
    if found is None:
        return acts
    past = [
        Past(step.made_at, _(BOOK.words[BookState(step.state)]), step.author_name, step.words)
        for step in costs.past(session, operation.id)
    ]
    history = [html.Ol([happened(each, operation.zone) for each in past], className="file-past")] if past else []
    return [html.P(html.Strong(_(BOOK.words[BOOK.now(found)]))), *acts, *history]


def offered(session: Session, operation: plan.Operation, by: Actor) -> list[Any]:
    """Return the options that the form depends on."""
    return [costs.may_write(session, operation, by), *_countries(session, operation)]


def form(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return the form of a cost, for those who may record one now."""
    if not costs.may_write(session, operation, by):
        return []
    choices = {"country": _countries(session, operation)}
    draw = drawing(FORM, choices=choices)
    fields = [
        pair(draw("stage", "kind")),
        *draw("what"),
        pair(draw("amount", "currency", "day")),
        *draw("country", "note"),
    ]
    send = button(_("Write it down"), Ids.SAVE, "primary", "coins")
    says = html.P(id=Ids.SAYS, className="m-small", role="status")
    return [
        dcc.Store(id=Ids.CORRECTS),
        new_row_form(_("Write a cost down"), client_id(FORM), says, *fields, html.Div(send), first=True),
    ]


def _countries(session: Session, operation: plan.Operation) -> list[dict[str, str]]:
    known = set(costs.payers(session, operation.id))
    return vocabulary.options("CL-COUNTRY", among=known)


refresh = follows(contents, Ids.LIST, act=Act.COST_READ, operation=OPERATION)
refresh_form = follows(form, Ids.NEW, act=Act.COST_READ, operation=OPERATION, unless=offered)


@does(
    Ids.SAVE,
    act=Act.COST_KEEP,
    form=FORM,
    typed=FORM.inputs(),
    client=True,
    operation=OPERATION,
    clears=EMPTY,
    given={"corrects": State(Ids.CORRECTS, "data")},
    shows=(Output(Ids.CORRECTS, "data"), Output(Ids.SAYS, "children")),
)
def save(press: Press, corrects: str | None) -> Done:
    """Record a cost, or the correction of another."""
    draft = FORM.draft(costs.CostDraft, press.typed, id=press.client)
    if corrects:
        costs.correct(press.session, known_id(corrects), draft, press.by)
        return Done(_("The cost is corrected. The one before stays to be read."), shown=(None, ""))
    costs.write(press.session, press.operation.id, draft, press.by)
    return Done(_("The cost is written down."), shown=(None, ""))


@does(
    {"type": Ids.CORRECT, "of": ALL},
    act=Act.COST_KEEP,
    shows=(
        Output(Ids.CORRECTS, "data"),
        Output(Ids.SAYS, "children"),
        Output(FORM.id("client-id"), "data"),
        *(Output(FORM.id(name), "value") for name in FIELDS),
    ),
)
def fill(press: Press) -> Done:
    """Load a cost into the form, to be corrected."""
    with reading() as session:
        found = rows.one(session, Cost, press.of)
    values = FORM.shown(found)
    said = _("You correct the cost of {day}: what you write here stands in its place.", day=date(found.day))
    return Done(note=said, shown=(str(found.id), said, str(new_id()), *(values[name] for name in FIELDS)))


take = takes(STEP, LIFE, costs.take, Act.COST_KEEP, N_("The cost is taken back."))
take_book = takes(OF_BOOK, BOOK, costs.take_book, Act.COST_KEEP)
"""Declare the cost book complete, or say which costs are missing."""
