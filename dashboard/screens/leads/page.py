"""Leads of an operation that belong to no case: the list, and each question with its answers and the form for one.

Leads about a case are shown with it.
"""

from enum import StrEnum
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does
from dashboard.frame.life_page import LifePage, Titles
from dashboard.parts.draft_note import draft_note
from dashboard.parts.file_page import Past, file_page
from dashboard.parts.form import Form, button, client_id
from dashboard.parts.lead_recall import kept_line, part_of
from dashboard.parts.listing import Listing
from dashboard.parts.panel import panel
from dashboard.places import LEADS
from dashboard.server.access import known_id
from dashboard.wording import N_, _, coded, joined, moment
from operations.core import clock
from operations.core.drafts import parse
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.core.vocabulary import LeadState, LeadSubject
from operations.policing.leads import leads
from operations.policing.operation import plan

NAV = LEADS
FORM = Form("leads-answer")
PAGE = LifePage(
    "leads",
    NAV,
    leads.PART,
    Titles(
        N_("Leads"),
        N_("Lead"),
        N_("All leads"),
        N_("Nothing is asked. A question to your country stands here until it is answered."),
        N_("Questions to countries that are about no case. Negative is an answer, silence is not."),
    ),
)
layout = PAGE.layout
_TONES = {"positive": "good", "negative": "neutral", "expired": "warn"}
_ANSWERED = (LeadState.NEGATIVE, LeadState.POSITIVE)


class Ids(StrEnum):
    """Element ids of this page."""

    ANSWER = "leads-answer-send"
    FOUND = "leads-answer-found"


def notes(session: Session, operation: plan.Operation, _by: Actor) -> list[Component]:
    """Return what the operation cannot do yet, and until when leads are kept."""
    return [*draft_note(operation), *kept_line(leads.kept_until(session, operation.id))]


def table(session: Session, operation: plan.Operation, by: Actor) -> Listing[Any]:
    """Return the leads that this person may see, by the time to answer."""
    found = [lead for lead in leads.leads(session, operation.id) if lead.subject_kind != LeadSubject.FUGITIVE_CASE]
    questions = leads.questions(session, [lead.id for lead in found])
    parts = {lead.id: leads.parts(session, lead.id) for lead in found}
    late = {lead.id for lead in found if lead.due < clock.now() and any(_open(part) for part in parts[lead.id])}
    made = Listing(found, PAGE.href)
    made.text("question", _("Question"), lambda lead: _text(lead, questions[lead.id]), flex=4, minWidth=240)
    made.text("origin", _("Who asks"), _origin, minWidth=140)
    made.text(
        "asked",
        _("Who is asked"),
        lambda lead: joined(coded("CL-COUNTRY", part.country) for part in parts[lead.id]),
        flex=2,
        minWidth=160,
    )
    made.code("state", _("State"), "CL-LEADSTATE", flex=0, width=130)
    made.text("due", _("Answer due"), lambda lead: moment(lead.due, operation.zone), minWidth=310)
    made.mark("late", _("Overdue"), lambda lead: lead.id in late)
    made.mark("yours", _("Yours to answer"), lambda lead: bool(_mine(lead, parts[lead.id], by)), width=150)
    return made


def _open(part: leads.LeadCountry) -> bool:
    return part.revoked_at is None and LeadState(part.state) not in _ANSWERED


def _origin(lead: leads.Lead) -> str:
    return coded("CL-COUNTRY", lead.origin_country) if lead.origin_country else _("The coordination")


def _text(lead: leads.Lead, question: str) -> str:
    return _("Erased when its time was over.") if lead.erased_at else question


def file(session: Session, operation: plan.Operation, _by: Actor, shown: str) -> list[Component]:
    """Return a lead with the countries asked and their answers. Raises NotFound."""
    lead = leads.lead(session, known_id(shown))
    text = leads.newest_version(session, lead.id)
    asked = [html.Div(part_of(part, _TONES), className="m-row") for part in leads.parts(session, lead.id)]
    facts = [
        (_("Who asks"), _origin(lead)),
        (_("Answer due"), moment(lead.due, operation.zone)),
        (_("Who is asked"), asked),
    ]
    past = [
        Past(given.made_at, coded("CL-LEADSTATE", given.answer), coded("CL-COUNTRY", given.country), given.remark)
        for given in reversed(leads.answers(session, lead.id))
    ]
    return file_page(
        _text(lead, text.question), facts, [], [*past, Past(text.made_at, _("Asked"), _origin(lead))], operation.zone
    )


def _mine(lead: leads.Lead, parts: list[leads.LeadCountry], by: Actor) -> str:
    """Return the state of the part that this person may answer now; "" for none."""
    own = [part for part in parts if part.country == by.country and part.shared_at is not None and _open(part)]
    return next((part.state for part in own if leads.PART.offers(part, lead, by)), "")


def seen(session: Session, _operation: plan.Operation, by: Actor, shown: str) -> str:
    """Return the state of the part that this person may answer: by it the form is drawn."""
    lead = leads.lead(session, known_id(shown))
    return _mine(lead, leads.parts(session, lead.id), by)


def reply(session: Session, operation: plan.Operation, by: Actor, shown: str) -> list[Component]:
    """Return the form with which the own country answers."""
    state = seen(session, operation, by, shown)
    if not state:
        return []
    words = [
        *([("accepted", _("We look into it"), "plain")] if state in (LeadState.SHARED, LeadState.EXPIRED) else []),
        ("negative", _("Negative"), "plain"),
        ("positive", _("Positive"), "primary"),
    ]
    finding_field = dmc.TextInput(
        id={"type": Ids.FOUND, "lead": shown},
        label=_("What you found"),
        description=_("No names."),
        autoComplete="off",
        attributes={"input": {"maxLength": 2000}},
    )
    buttons = [
        button(text, {"type": Ids.ANSWER, "lead": shown, "answer": what}, kind, n_clicks=0)
        for what, text, kind in words
    ]
    named = {"aria-label": _("Answer this lead"), "role": "group"}
    pressed = html.Div(buttons, className="m-toolbar", **named)
    return [panel(_("Answer this lead"), html.Div([client_id(FORM), finding_field, pressed], className="m-stack"))]


PAGE.draws(table, file, forms=reply, seen=seen, above={"notes": notes})


@does(
    {"type": Ids.ANSWER, "lead": ALL, "answer": ALL},
    act=Act.LEAD_ANSWER,
    form=FORM,
    client=True,
    beside={"type": Ids.FOUND, "lead": ALL},
)
def answer(press: Press) -> Done:
    """Answer a lead for the own country."""
    draft = parse(leads.LeadAnswerDraft, {"id": press.client, "answer": press.subject["answer"], "remark": press.words})
    leads.answer(press.session, known_id(press.subject["lead"]), draft, press.by)
    return Done(_("Your answer was sent."))
