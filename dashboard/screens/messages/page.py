"""Messages between countries: those that the own country sent and received, and the form of a new one."""

from typing import Any

from dash import Output, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import follows
from dashboard.frame.life_page import LifePage, Titles
from dashboard.frame.verb_buttons import calls
from dashboard.parts import tags
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form_fields import whole_form
from dashboard.parts.icon import icon
from dashboard.parts.list_page import new_row_form
from dashboard.parts.listing import Listing
from dashboard.parts.panel import empty_state, panel
from dashboard.places import MESSAGES
from dashboard.screens.messages import file
from dashboard.server.access import known_id
from dashboard.wording import N_, _, coded, date, joined, language, number
from operations.core import vocabulary
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.exchange import dispatches as verbs
from operations.exchange.dispatch_rows import RECEIPT, Dispatch, ReceiptState
from operations.policing.operation import plan

NAV = MESSAGES
FORM = DraftForm("dispatch", verbs.DispatchDraft)
PAGE = LifePage(
    "dispatch",
    NAV,
    RECEIPT,
    Titles(
        N_("Messages between countries"),
        N_("Message"),
        N_("All messages"),
        N_("Your country has written and got nothing yet."),
        N_("From one national unit to others. Whoever writes says who else may get it, for ever."),
    ),
)
layout = PAGE.layout


def table(session: Session, by: Actor) -> Listing[Any]:
    """Return the rows of the list."""
    dispatches = verbs.dispatches(session)
    got = verbs.receipts(session, (each.id for each in dispatches))

    def own(each: Dispatch) -> bool:
        return each.country == by.country

    def countries(each: Dispatch) -> list[str]:
        return [one.country for one in got.get(each.id, [])] if own(each) else [each.country]

    def states(each: Dispatch) -> str:
        known = [one.state for one in got.get(each.id, []) if own(each) or one.country == by.country]
        shares = own(each) and len(known) > 1
        told = (
            (state, f" {known.count(state)}/{len(known)}" if shares else "") for state in ReceiptState if state in known
        )
        return joined(f"{_(RECEIPT.words[state])}{share}" for state, share in told)

    made = Listing(dispatches, PAGE.href)
    made.text("way", _("Way"), lambda each: _("Sent") if own(each) else _("Received"), flex=0, width=95)
    made.text("title", _("Subject"), file.title, flex=3, minWidth=170, tooltipField="title")
    made.text(
        "with",
        _("Country"),
        lambda each: file.countries_words(countries(each)),
        flex=2,
        minWidth=120,
        tooltipField="with",
    )
    made.text("state", _("State"), states, flex=2, minWidth=120, tooltipField="state")
    made.text("marks", _("Evaluation"), lambda each: f"{each.source.upper()}{each.information}", flex=0, width=100)
    made.text("handling", _("Handling"), lambda each: each.handling.upper(), flex=0, width=95)
    made.field(FORM, "classification", minWidth=120, tooltipField="classification")
    made.text("due", _("Answer wanted until"), file.last_day, flex=0, width=155)
    made.day("sent", _("Sent"), lambda each: each.sent_at.date())
    return made


def mailbox(session: Session, by: Actor) -> Component:
    """Return the messages as a mailbox: what waits for this country first, then what was received and sent."""
    found = verbs.dispatches(session)
    got = verbs.receipts(session, (each.id for each in found))
    own = {each.id: next((one for one in got.get(each.id, []) if one.country == by.country), None) for each in found}
    folders: dict[str, list[Component]] = {}
    for each in found:
        receipt, sent = own[each.id], each.country == by.country
        new = receipt is not None and receipt.state == ReceiptState.DELIVERED
        wanted = receipt is not None and receipt.state == ReceiptState.READ and each.due is not None
        folder = _("To read") if new else _("To answer") if wanted else _("Sent") if sent else _("Received")
        whom = [one.country for one in got.get(each.id, [])] if sent else [each.country]
        folders.setdefault(folder, []).append(_letter(each, whom, new))
    order = [name for name in (_("To read"), _("To answer"), _("Received"), _("Sent")) if name in folders]
    shown = [
        panel(name, html.Ul(folders[name], className="inbox"), note=number(len(folders[name])), flush=True)
        for name in order
    ]
    return tags.Div(*(shown or [empty_state(_("Mailbox"), _(PAGE.titles.empty), "mail")]), className="m-stack")


def _letter(each: Dispatch, whom: list[str], new: bool) -> Component:
    """Return a message as a line of the mailbox: with whom, its subject, its marks, and until when it is answered."""
    until = _("Answer wanted until {day}", day=file.last_day(each)) if each.due else ""
    marks = f"{each.source.upper()}{each.information} \u00b7 {each.handling.upper()}"
    about = (coded("CL-CLASS", each.classification), marks, until)
    words = tags.Span(
        html.Strong(html.Bdi(file.title(each))),
        html.Span(file.countries_words(whom)),
        html.Span([html.Span(said) for said in about if said], className="inbox-about m-dim m-small"),
        className="inbox-words",
    )
    day = html.Span(date(each.sent_at.date()), className="m-dim m-small m-num")
    look = "inbox-message inbox-message--new" if new else "inbox-message"
    return tags.Li(dcc.Link([icon("mail", 18), words, day], href=PAGE.href(each), className=look))


def _form(session: Session, by: Actor) -> list[Component]:
    if not may(by, Act.DISPATCH):
        return []
    others = [each for each in vocabulary.options("CL-COUNTRY", language()) if each["value"] != by.country]
    fields = whole_form(
        FORM,
        _("Send"),
        "send",
        ("countries", "operation_id"),
        "title",
        "body",
        ("source", "information", "handling"),
        ("classification", "due"),
        choices={"countries": others, "operation_id": operations(session, by)},
    )
    return [new_row_form(_("Write a message"), *fields)]


def _name(session: Session, shown: str) -> str:
    return file.title(verbs.dispatch(session, known_id(shown)))


def operations(session: Session, by: Actor) -> list[dict[str, str]]:
    """Return the operations that a message can be about, as options."""
    running = [each for each in plan.operations(session, by) if each.state not in plan.ENDED]
    return [{"value": str(each.id), "label": each.title} for each in running]


PAGE.draws(
    table,
    file.file,
    forms=file.forms,
    seen=file.open_to,
    new=_form,
    board=(N_("Mailbox"), mailbox),
    first="board",
    named=_name,
    taken=False,
)
refresh_operations = follows(operations, Output(FORM.id("operation_id"), "data"), act=Act.DISPATCH)
send = calls(
    FORM,
    verbs.send,
    lambda made: _("The message is sent: {title}.", title=made.title),
    act=Act.DISPATCH,
    clears=("title", "body", "countries", "due"),
)
