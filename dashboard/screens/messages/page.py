"""Messages between countries: what the own country wrote and got, and the form of a new one."""

from typing import Any

from dash import Output
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.acts import Done, Press, does, follows
from dashboard.frame.life_page import LifePage, Titles, new_one
from dashboard.navigation import Nav
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.drawn import drawing, pair
from dashboard.parts.form import button
from dashboard.parts.grid import text_column
from dashboard.parts.list_page import HREF
from dashboard.parts.programme_tabs import MESSAGES
from dashboard.screens.messages import file
from dashboard.server.access import known_id
from dashboard.wording import N_, _, coded, date, language
from operations.core import vocabulary
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.exchange import dispatches as verbs
from operations.exchange.dispatch_rows import RECEIPT, Dispatch, DispatchReceipt, ReceiptState
from operations.policing.operation import plan

NAV = Nav(name=N_("Messages"), path="/messages", icon="mail", order=7, act=Act.DISPATCH, place=False)
FORM = DraftForm("dispatch", verbs.DispatchDraft)
PAGE = LifePage(
    "dispatch", NAV, RECEIPT, MESSAGES,
    Titles(
        N_("Messages between countries"), N_("Message"), N_("All messages"),
        N_("Your country has written and got nothing yet."),
        N_("From one national unit to others. Whoever writes says who else may get it, for ever."),
    ),
)  # fmt: skip
layout = PAGE.layout


def columns() -> list[dict[str, Any]]:
    """What the list says of each."""
    return [
        text_column("way", _("Way"), flex=0, width=95),
        text_column("title", _("Subject"), flex=3, minWidth=170, tooltipField="title"),
        text_column("with", _("Country"), flex=2, minWidth=120, tooltipField="with"),
        text_column("state", _("State"), flex=2, minWidth=120, tooltipField="state"),
        text_column("marks", _("Evaluation"), flex=0, width=100),
        text_column("handling", _("Handling"), flex=0, width=95),
        text_column("classification", _("Classification"), minWidth=120, tooltipField="classification"),
        text_column("due", _("Answer wanted until"), flex=0, width=155, wrapHeaderText=True, autoHeaderHeight=True),
        text_column("sent", _("Sent"), flex=0, width=115),
    ]


def table(session: Session, by: Actor) -> list[dict[str, Any]]:
    """The rows of the list."""
    found = verbs.dispatches(session)
    got = verbs.receipts(session, (each.id for each in found))
    return [_row(each, got.get(each.id, []), by) for each in found]


def _row(each: Dispatch, got: list[DispatchReceipt], by: Actor) -> dict[str, Any]:
    own = each.country == by.country
    countries = [one.country for one in got] if own else [each.country]
    states = [one.state for one in got if own or one.country == by.country]
    said = [f"{_(RECEIPT.words[state])} {states.count(state)}/{len(states)}" if own and len(states) > 1
            else _(RECEIPT.words[state]) for state in ReceiptState if state in states]  # fmt: skip
    return {
        "id": str(each.id), HREF: PAGE.href(each), "way": _("Sent") if own else _("Received"),
        "title": file.title(each), "with": file.countries_words(countries), "state": ", ".join(said),
        "marks": f"{each.source.upper()}{each.information}", "handling": each.handling.upper(),
        "classification": coded("CL-CLASS", each.classification),
        "due": file.last_day(each), "sent": date(each.sent_at.date()),
    }  # fmt: skip


def _form(session: Session, by: Actor) -> list[Component]:
    if not may(by, Act.DISPATCH):
        return []
    others = [each for each in vocabulary.options("CL-COUNTRY", language()) if each["value"] != by.country]
    draw = drawing(FORM, choices={"countries": others, "operation_id": operations(session, by)})
    fields = [
        pair(draw("countries", "operation_id")), *draw("title", "body"),
        pair(draw("source", "information", "handling")), pair(draw("classification", "due")),
    ]  # fmt: skip
    return new_one(_("Write a message"), FORM, *fields, send=button(_("Send"), FORM.send, "primary", "send"))


def _name(session: Session, shown: str) -> str:
    return file.title(verbs.dispatch(session, known_id(shown)))


def operations(session: Session, by: Actor) -> list[dict[str, str]]:
    """The operations of which a message can be."""
    running = [each for each in plan.operations(session, by) if each.state not in plan.ENDED]
    return [{"value": str(each.id), "label": each.title} for each in running]


PAGE.draws(
    columns, table, file.file, forms=file.forms, seen=file.open_to, new=_form, named=_name, taken=False
)  # fmt: skip
refresh_operations = follows(operations, Output(FORM.id("operation_id"), "data"), act=Act.DISPATCH)


@does(FORM, act=Act.DISPATCH, clears={"title": "", "body": "", "countries": [], "due": None})
def send(press: Press) -> Done:
    """Send a message."""
    made = verbs.send(press.session, press.draft(verbs.DispatchDraft), press.by)
    return Done(_("The message is sent: {title}.", title=made.title))
