"""Bulk actions on the selected cases: mark as looked up, accept, take under review, ask about."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from dash import State, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.bulk_actions import bulk_action
from dashboard.frame.interactions import Done, Press, does
from dashboard.frame.operation_page import OPERATION
from dashboard.parts import tags
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button, client_id
from dashboard.parts.form_fields import drawing
from dashboard.screens.fugitives.case_leads import days_offered
from dashboard.screens.fugitives.ids import Ids
from dashboard.server.access import known_id
from dashboard.wording import N_, _, ngettext
from operations.core.clock import now
from operations.core.drafts import NEEDED, parse
from operations.core.errors import RuleBroken
from operations.core.field_labels import Label
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import FugitiveState
from operations.policing.fugitives import case_leads, case_lifecycle, cases, notice_checks
from operations.policing.leads import leads
from operations.policing.operation import plan

LEADS = DraftForm(
    "fugitives-leads", leads.LeadDraft, beside={"within": Label(N_("Answer within"), draws="one", start="2")}
)
_NOWHERE = N_("Its country has not said where the person is believed to be: open the case and choose whom to ask.")
_NOT_ASKED = N_("No lead about it waits for your country's answer.")
CHOSEN = {"chosen": State(Ids.GRID, "selectedRows")}
Rows = list[dict[str, Any]] | None


def chosen_acts(operation: plan.Operation, by: Actor) -> list[Component]:
    """Return the bulk actions that this person may use, shown above the table."""
    subject = plan.subject(operation, by.country)
    traces = may(by, Act.FUGITIVE_TRACE, subject)
    ways = [
        (Act.FUGITIVE_CHECK, _("Looked up, valid"), Ids.VALID_CHOSEN, "clipboard-check"),
        (Act.FUGITIVE_ACCEPT, _("Accept as targets"), Ids.ACCEPT_CHOSEN, "user-check"),
        (Act.FUGITIVE_TRACE, _("Take under review"), Ids.REVIEW_CHOSEN, "eye"),
        (Act.LEAD_ANSWER, _("Not with us"), Ids.ANSWER_CHOSEN, "map-pin-off"),
    ]
    buttons = [
        button(words, ident, "plain", sign, n_clicks=0, size="xs")
        for act, words, ident, sign in ways
        if may(by, act, subject)
    ]
    if not buttons:
        return []
    bar = html.Div(
        [html.Span(_("With all chosen cases:"), className="m-small m-dim"), *buttons],
        className="m-row fugitives-many",
        role="group",
        **{"aria-label": _("With all chosen cases:")},
    )
    return [bar, *([_asking()] if traces else [client_id(LEADS)])]


def _asking() -> Component:
    """Return the form that sends one question about every selected case to the countries of its believed location."""
    draw = drawing(LEADS, choices={"within": days_offered()})
    words = _("A lead for each chosen case goes to the countries in which its person is believed to be.")
    return tags.Details(
        html.Summary(_("Ask about all chosen cases")),
        client_id(LEADS),
        tags.Div(
            html.P(words, className="m-small m-dim"),
            *draw("question", maxLength=2000),
            *draw("within", clearable=False),
            html.Div(button(_("Send the leads"), Ids.ASK_CHOSEN, "primary", "send", n_clicks=0)),
            className="m-stack",
        ),
        className="fugitives-folded",
    )


def _chosen(rows: Rows) -> list[tuple[str, UUID]]:
    """Return the selected cases as (number, id)."""
    return [(str(row.get("case"))[:24], known_id(row.get("id"))) for row in rows or []]


@does(Ids.VALID_CHOSEN, act=Act.FUGITIVE_CHECK, operation=OPERATION, given=CHOSEN)
def look_up(press: Press, chosen: Rows) -> Done:
    """Record that the notices of the selected cases were looked up and are valid."""

    def verb(session: Session, case_id: UUID) -> None:
        draft = parse(notice_checks.CheckDraft, {"cases": [case_id], "status": "valid"})
        notice_checks.record_check(session, press.operation_id, draft, press.by)

    return bulk_action(
        _chosen(chosen), verb, lambda n: ngettext("{n} notice is written down.", "{n} notices are written down.", n)
    )


@does(Ids.ACCEPT_CHOSEN, act=Act.FUGITIVE_ACCEPT, given=CHOSEN)
def accept(press: Press, chosen: Rows) -> Done:
    """Accept the selected cases as targets."""
    return bulk_action(
        _chosen(chosen),
        _moving(press.by, FugitiveState.TARGET),
        lambda n: ngettext("{n} case is accepted.", "{n} cases are accepted.", n),
    )


@does(Ids.REVIEW_CHOSEN, act=Act.FUGITIVE_TRACE, given=CHOSEN)
def review(press: Press, chosen: Rows) -> Done:
    """Take the selected cases under review."""
    return bulk_action(
        _chosen(chosen),
        _moving(press.by, FugitiveState.UNDER_REVIEW),
        lambda n: ngettext("{n} case is under review.", "{n} cases are under review.", n),
    )


@does(
    Ids.ANSWER_CHOSEN,
    act=Act.LEAD_ANSWER,
    form=LEADS,
    typed={},
    client=True,
    operation=OPERATION,
    given=CHOSEN,
)
def answer(press: Press, chosen: Rows) -> Done:
    """Answer the own country's open leads about the selected cases: the person is not there."""

    def verb(session: Session, case_id: UUID) -> None:
        waiting = leads.unanswered(session, press.operation_id, case_id, press.by)
        if not waiting:
            raise RuleBroken("", _NOT_ASKED)
        for lead in waiting:
            draft = parse(leads.LeadAnswerDraft, {"id": uuid5(known_id(press.client), str(lead)), "answer": "negative"})
            leads.answer(session, lead, draft, press.by)

    return bulk_action(_chosen(chosen), verb, lambda n: ngettext("{n} case is answered.", "{n} cases are answered.", n))


def _moving(by: Actor, to: FugitiveState) -> Callable[[Session, UUID], Any]:
    return lambda session, case_id: case_lifecycle.move(session, case_id, to, by)


@does(
    Ids.ASK_CHOSEN,
    act=Act.FUGITIVE_TRACE,
    form=LEADS,
    typed=("question", "within"),
    client=True,
    clears=("question",),
    given=CHOSEN,
)
def ask(press: Press, chosen: Rows) -> Done:
    """Send a lead about each selected case to the countries of its believed location."""
    if not (press.typed["question"] or "").strip():
        raise RuleBroken("question", NEEDED)
    due = now() + timedelta(days=int(press.typed["within"] or 2))
    asked = LEADS.shown() | press.typed | {"due": due.date().isoformat(), "due_time": f"{due:%H:%M}"}

    def verb(session: Session, case_id: UUID) -> None:
        case, made = cases.case(session, case_id), uuid5(known_id(press.client), str(case_id))
        if not (believed := cases.believed_countries(session, case_id)):
            raise RuleBroken("to_countries", _NOWHERE)
        draft = LEADS.draft(
            leads.LeadDraft,
            {**asked, "to_countries": list(believed)},
            id=made,
            lead_id=made,
            origin="coordination_unit",
            origin_country=case.requesting_country,
            subject_kind="fugitive_case",
            subject_id=case.id,
        )
        case_leads.send(session, draft, press.by)

    return bulk_action(_chosen(chosen), verb, lambda n: ngettext("{n} lead is out.", "{n} leads are out.", n))
