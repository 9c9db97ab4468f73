"""Leads of an operation that belong to no case: each question with its deadline, and the form for the answer.

Leads about a case are shown with it.
"""

from enum import StrEnum

import dash_mantine_components as dmc
from dash import ALL, State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, followed, follows
from dashboard.frame.operation_page import OPERATION, Parts, operation_page
from dashboard.parts import tags
from dashboard.parts.draft_note import draft_note
from dashboard.parts.form import Form, button, client_id
from dashboard.parts.lead_recall import kept_line, part_of
from dashboard.parts.panel import empty_state, panel
from dashboard.places import LEADS
from dashboard.server.access import known_id
from dashboard.wording import N_, _, coded, moment
from operations.core.drafts import parse
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.core.vocabulary import LeadState, LeadSubject
from operations.policing.leads import leads
from operations.policing.operation import plan

NAV = LEADS
FORM = Form("leads-answer")
_TONES = {"positive": "good", "negative": "neutral", "expired": "warn"}
_ANSWERED = (LeadState.NEGATIVE, LeadState.POSITIVE)


class Ids(StrEnum):
    """Element ids of this page."""

    LIST = "leads-list"
    KEPT = "leads-kept"
    ANSWER = "leads-answer-send"
    FOUND = "leads-answer-found"


@operation_page(NAV, N_("Questions to countries that are about no case. Negative is an answer, silence is not."))
def layout(session: Session, operation: plan.Operation, by: Actor, lead: str = "") -> Parts:
    """Return the leads, with the lead in the address first."""
    shown = contents(session, operation, by, first=lead)
    kept = _kept(session, operation, by)
    return [
        dcc.Store(id="leads-first", data=lead),
        client_id(FORM),
        panel(_("What is asked"), followed(Ids.LIST, shown)),
        followed(Ids.KEPT, kept),
    ]


def _kept(session: Session, operation: plan.Operation, _by: Actor) -> list[Component]:
    return kept_line(leads.kept_until(session, operation.id))


def contents(session: Session, operation: plan.Operation, by: Actor, first: str | None = "") -> list[Component]:
    """Return the leads that this person may see, sorted by deadline."""
    found = [
        each for each in leads.leads(session, operation.id) if each.subject_kind != LeadSubject.FUGITIVE_CASE.value
    ]
    found.sort(key=lambda each: str(each.id) != first)
    if not found:
        words = _("When a country or the coordination asks yours, the question stands here until it is answered.")
        return [*draft_note(operation), empty_state(_("Nothing is asked"), words, "send")]
    return [*draft_note(operation), html.Ul([_lead(session, each, operation, by) for each in found], className="leads")]


def _lead(session: Session, lead: leads.Lead, operation: plan.Operation, by: Actor) -> Component:
    parts = leads.parts(session, lead.id)
    mine = next((each for each in parts if each.country == by.country and each.shared_at is not None), None)
    said = [
        tags.Li(
            f"{coded('CL-COUNTRY', given.country)}: "
            f"{coded('CL-LEADSTATE', given.answer)} · "
            f"{moment(given.made_at, operation.zone)} ",
            html.Bdi(given.remark),
        )
        for given in leads.answers(session, lead.id)
    ]
    question = (
        html.P(_("Erased when its time was over."), className="m-dim")
        if lead.erased_at
        else html.P(html.Bdi(leads.newest_version(session, lead.id).question), className="leads-question")
    )
    from_whom = coded("CL-COUNTRY", lead.origin_country) if lead.origin_country else ""
    asked_by = _("{country} asks", country=from_whom) if from_whom else _("The coordination asks")
    return tags.Li(
        question,
        html.Span(
            f"{asked_by} · {_('Answer due {when}', when=moment(lead.due, operation.zone))}",
            className="m-dim m-small",
        ),
        html.Div([html.Span(part_of(each, _TONES), className="m-row") for each in parts], className="m-toolbar"),
        *([html.Ul(said, className="m-small")] if said else []),
        *(_reply(lead, mine) if mine is not None and _answers(lead, mine, by) else []),
        className="leads-one",
    )


def _answers(lead: leads.Lead, mine: leads.LeadCountry, by: Actor) -> bool:
    """Return whether this person may answer for the country now."""
    return LeadState(mine.state) not in _ANSWERED and bool(leads.PART.offers(mine, lead, by))


def _reply(lead: leads.Lead, mine: leads.LeadCountry) -> list[Component]:
    words = [
        *([("accepted", _("We look into it"), "plain")] if mine.state in (LeadState.SHARED, LeadState.EXPIRED) else []),
        ("negative", _("Negative"), "plain"),
        ("positive", _("Positive"), "primary"),
    ]
    name = str(lead.id)
    finding_field = dmc.TextInput(
        id={"type": Ids.FOUND, "lead": name},
        label=_("What you found"),
        description=_("No names."),
        size="sm",
        autoComplete="off",
        attributes={"input": {"maxLength": 2000}},
    )
    buttons = [
        button(text, {"type": Ids.ANSWER, "lead": name, "answer": what}, kind, n_clicks=0) for what, text, kind in words
    ]
    return [
        finding_field,
        html.Div(buttons, className="m-toolbar", **{"aria-label": _("Answer this lead"), "role": "group"}),
    ]


refresh = follows(contents, Ids.LIST, act=Act.LEAD_READ, operation=OPERATION, first=State("leads-first", "data"))
refresh_kept = follows(_kept, Ids.KEPT, act=Act.LEAD_READ, operation=OPERATION)


@does(
    {"type": Ids.ANSWER, "lead": ALL, "answer": ALL},
    act=Act.LEAD_ANSWER,
    form=FORM,
    client=True,
    operation=OPERATION,
    beside={"type": Ids.FOUND, "lead": ALL},
    shows=(Ids.LIST,),
)
def answer(press: Press) -> Done:
    """Answer a lead for the own country."""
    of, what = known_id(press.subject["lead"]), press.subject["answer"]
    draft = parse(leads.LeadAnswerDraft, {"id": press.client, "answer": what, "remark": press.words})
    leads.answer(press.session, of, draft, press.by)
    return Done(_("Your answer was sent."), shown=(contents(press.session, press.operation, press.by, first=str(of)),))
