"""One message in full: text and markings, recipients, answers, and onward recipients."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from dash import State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does
from dashboard.frame.life_page import takes
from dashboard.frame.verb_buttons import calls
from dashboard.parts import tags
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.file_button import file_button
from dashboard.parts.form_fields import whole_form
from dashboard.parts.panel import facts, form_panel, panel
from dashboard.parts.steps import StepIds
from dashboard.parts.table import table, table_row
from dashboard.screens.messages.paper import paper
from dashboard.server.access import known_id
from dashboard.wording import N_, _, coded, date, joined, language, moment
from operations.core import vocabulary
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.exchange import dispatches as verbs
from operations.exchange.dispatch_rows import PASSING, RECEIPT, Dispatch, DispatchPassing, PassingState, ReceiptState

ANSWER = DraftForm("dispatch-answer", verbs.MessageAnswerDraft)
PASS = DraftForm("dispatch-pass", verbs.PassingDraft)
READS, DECIDES = StepIds("dispatch"), StepIds("dispatch-passing")


def href_of(dispatch_id: UUID) -> str:
    """Return the URL of a message."""
    return f"/messages?show={dispatch_id}"


def countries_words(codes: list[str]) -> str:
    """Return the names of countries, joined."""
    return joined(coded("CL-COUNTRY", each) for each in codes)


def title(found: Dispatch) -> str:
    """Return the subject, or that it is erased because its retention is over."""
    if found.erased_at is not None:
        return _("Erased")
    return _("Answer: {title}", title=found.title) if found.answers_id else found.title


def last_day(found: Dispatch) -> str:
    """Return the day by which an answer is wanted; "" where there is none."""
    return date((found.due - timedelta(days=1)).date()) if found.due else ""


def file(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return the text, the recipients, the answers, and to whom it was passed on."""
    found = verbs.dispatch(session, known_id(shown))
    receipt = verbs.own_receipt(session, found.id, by)
    acts = READS.drawn(found.id, verbs.reading_offers(receipt, by)) if receipt else []
    body = html.P(html.Bdi(found.body or _("The retention of this message has ended. Its text was erased.")))
    printed = file_button(_("Print as PDF"), paper.address(found.id))
    out = [] if found.erased_at or verbs.under_consent(found, by) else [printed]
    about = facts(marks(found, receipt.via if receipt else None))
    says = panel(_("What it says"), _spaced(body, about, *acts, *out))
    got = verbs.receipts(session, [found.id]).get(found.id, [])
    return [says, *_answers(session, found), *_receipts(got), *_passings(session, found, by)]


def _spaced(*parts: Component) -> Component:
    return html.Div(list(parts), className="m-stack")


def marks(found: Dispatch, via: str | None = None) -> list[tuple[str, Any]]:
    """Return the originator and the markings."""
    return [
        (_("Originator"), coded("CL-COUNTRY", found.country)),
        (_("Passed on by"), coded("CL-COUNTRY", via) if via else ""),
        (_("Written by"), found.author_name),
        (_("Sent"), moment(found.sent_at, "UTC")),
        *ANSWER.facts(found, "source", "information", "handling", "classification"),
        (_("Answer wanted until"), last_day(found)),
    ]


def _answers(session: Session, found: Dispatch) -> list[Component]:
    links = [
        tags.Li(
            dcc.Link(moment(reply.sent_at, "UTC"), href=href_of(reply.id)),
            " ",
            html.Bdi(coded("CL-COUNTRY", reply.country)),
        )
        for reply in verbs.answers(session, found.id)
    ]
    if found.answers_id is not None:
        links = [html.Li(dcc.Link(_("What it answers"), href=href_of(found.answers_id)))]
    return [panel(_("Answers"), html.Ul(links))] if links else []


def _receipts(got: list[Any]) -> list[Component]:
    """Return the recipients, as far as this country may know them."""
    lines = [
        table_row(
            coded("CL-COUNTRY", receipt.country),
            _(RECEIPT.words[ReceiptState(receipt.state)]),
            moment(receipt.sent_at, "UTC"),
            moment(receipt.read_at, "UTC") if receipt.read_at else "",
            html.Bdi(receipt.read_by),
            moment(receipt.answered_at, "UTC") if receipt.answered_at else "",
        )
        for receipt in got
    ]
    head = [_("Country"), _("State"), _("Delivered"), _("Read"), _("By"), _("Answered")]
    return [panel(_("Receipts"), table(head, lines, label=_("Receipts")))] if lines else []


def _passings(session: Session, found: Dispatch, by: Actor) -> list[Component]:
    return [_passing(session, found, each, by) for each in verbs.passings(session, found.id)]


def _passing(session: Session, found: Dispatch, each: DispatchPassing, by: Actor) -> Component:
    pairs = [
        (_("State"), _(PASSING.words[PassingState(each.state)])),
        (_("By"), coded("CL-COUNTRY", each.country)),
        (_("Pass on to"), countries_words(each.members)),
        (_("Withheld by your country from"), countries_words(verbs.kept_from(session, found, each, by))),
        *PASS.facts(each, "purpose"),
        (_("Decided by"), each.decided_by),
        (_("Reason"), each.reason),
    ]
    acts = DECIDES.drawn(each.id, verbs.passing_offers(found, each, by))
    return panel(_("Passing on"), _spaced(facts(pairs), *acts))


def open_to(session: Session, by: Actor, shown: str) -> list[bool]:
    """Return whether it can be answered and whether it can be passed on: this shows the forms."""
    found = verbs.dispatch(session, known_id(shown))
    return [found.erased_at is None, found.erased_at is None and found.country != by.country]


def forms(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return the form of an answer, for recipients, and the form that passes it on."""
    kept, got = open_to(session, by, shown)
    dispatch = verbs.dispatch(session, known_id(shown))
    marks = ("source", "information", "handling")
    answers = form_panel(
        _("Answer"),
        *whole_form(ANSWER, _("Send the answer"), "send", "body", marks, "classification"),
        note=_("It goes to the originator alone, and goes on only with your country's consent."),
    )
    asks, among = verbs.under_consent(dispatch, by), {"countries": _others(by)}
    send = _("Ask the originator") if asks else _("Pass it on")
    passes = form_panel(
        _("Pass on"),
        *whole_form(PASS, send, "arrow-forward-up", "countries", "purpose", kind="plain", choices=among),
        note=_("Its originator consents first.") if asks else _("Its marks go with it, and its originator is told."),
    )
    return [*([answers] if got else []), *([passes] if kept else [])]


def _others(by: Actor) -> list[dict[str, str]]:
    return [each for each in vocabulary.options("CL-COUNTRY", language()) if each["value"] != by.country]


# --------------------------------------------------------------------------------------------------- callbacks

_HERE = {"shown": State("dispatch-shown", "data")}


@does(READS.buttons, act=Act.DISPATCH, beside=READS.beside)
def confirm(press: Press) -> Done:
    """Confirm that it was read."""
    verbs.confirm(press.session, press.of, press.by)
    return Done(_("The originator sees that your country has read it."))


decide = takes(DECIDES, PASSING, verbs.decide, Act.DISPATCH)
"""Consent to its being passed on, or refuse."""
answer = calls(ANSWER, verbs.answer, N_("The answer is sent."), act=Act.DISPATCH, given=_HERE, clears=("body",))


def _passed(made: DispatchPassing) -> str:
    return _("The originator is asked.") if made.state == PassingState.ASKED else _("The message is passed on.")


pass_on = calls(PASS, verbs.pass_on, _passed, act=Act.DISPATCH, given=_HERE, clears=("countries", "purpose"))
