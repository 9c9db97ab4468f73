"""What people do to a case: one callback for every button of its panel, each a verb of its own."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from dash import ALL, Input, Output, State, ctx, no_update
from sqlmodel import Session

from dashboard.frame.policy import screen
from dashboard.refusals import say
from dashboard.screens.fugitives.asked import FIND, FIND_SEND, LEAD, LEAD_SEND
from dashboard.screens.fugitives.ids import Ids
from dashboard.server.access import actor, known_id, unit_of_work
from dashboard.wording import _
from operations.core.clock import now
from operations.core.drafts import parse
from operations.core.errors import RuleBroken
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.core.vocabulary import FugitiveState
from operations.policing.fugitives import appeals, cases, checks, finds, locations, road, tracing
from operations.policing.leads import leads

Typed = dict[str, Any]


@screen(
    output=Output(Ids.DONE, "data"),
    inputs={"clicks": Input({"type": "fugitives-act", "act": ALL, "subject": ALL, "what": ALL}, "n_clicks")},
    state={
        "done": State(Ids.DONE, "data"),
        "typed": State({"type": "fugitives-typed", "of": ALL}, "value"),
        "places": State({"type": "fugitives-typed", "of": ALL}, "id"),
    },
    act=Act.FUGITIVE_READ,
    prevent_initial_call=True,
)
def act(clicks: list[int | None], done: int, typed: list[str | int | None], places: list[dict[str, str]]) -> Any:
    """Do what a button of the panel says; whether this person may is the verb's to decide."""
    pressed = ctx.triggered_id
    if not isinstance(pressed, dict) or not any(clicks) or pressed["act"] not in VERBS:
        return no_update
    by = actor()
    words = next((word for word, place in zip(typed, places, strict=True) if place["of"] == pressed["subject"]), None)
    with unit_of_work() as session:
        said = VERBS[pressed["act"]](session, known_id(pressed["subject"]), pressed["what"], by, str(words or ""))
    say(said)
    return done + 1


def _check(session: Session, case_id: UUID, what: str, by: Actor, _reason: str) -> str:
    case = cases.case(session, case_id)
    checks.record_check(session, case.operation_id, parse(checks.CheckDraft, {"cases": [case_id], "status": what}), by)
    return _("Written down for today.")


def _move(session: Session, case_id: UUID, what: str, by: Actor, reason: str) -> str:
    try:
        to = FugitiveState(what)
    except ValueError:
        raise RuleBroken(
            "state", "The case cannot make this step from where it is. Reload the page to see where."
        ) from None
    road.move(session, case_id, to, by, reason)
    return _("The case was moved.")


def _answer(session: Session, location_id: UUID, what: str, by: Actor, _reason: str) -> str:
    locations.answer(session, location_id, by, yes=what == "yes")
    return _("Positively located.") if what == "yes" else _("Negative: the search goes on.")


def _arrest(session: Session, location_id: UUID, _what: str, by: Actor, _reason: str) -> str:
    locations.arrest(session, location_id, by)
    return _("Reported. It counts when the requesting country has confirmed the identity.")


def _identify(session: Session, location_id: UUID, what: str, by: Actor, _reason: str) -> str:
    locations.identify(session, location_id, by, same=what == "yes")
    return _("The arrest counts.") if what == "yes" else _("Closed as negative, and what was written of it is erased.")


def _reply(session: Session, lead_id: UUID, what: str, by: Actor, remark: str) -> str:
    leads.answer(session, lead_id, parse(leads.AnswerDraft, {"id": new_id(), "answer": what, "remark": remark}), by)
    return _("Your answer was sent.")


def _take_back(session: Session, lead_id: UUID, country: str, by: Actor, reason: str) -> str:
    leads.revoke(session, lead_id, country, reason, by)
    return _("The lead was taken back.")


def _credit(session: Session, location_id: UUID, link: str, by: Actor, lead: str) -> str:
    if not lead:
        raise RuleBroken("lead_id", "Choose the lead that it came from.")
    content = {"id": known_id(link), "location_id": location_id, "lead_id": lead}
    finds.connect(session, parse(finds.FindDraft, content), by)
    return _("The location is linked to the lead.")


def _appeal(session: Session, case_id: UUID, what: str, by: Actor, _reason: str) -> str:
    appeals.flag(session, case_id, by, wanted=what == "yes")
    return _("Written down.")


def _publish(session: Session, list_id: UUID, _what: str, by: Actor, _reason: str) -> str:
    appeals.publish(session, list_id, by)
    return _("Published. The list says which cases dropped out, and why.")


def _tips(session: Session, tips_id: UUID, case: str, by: Actor, count: str) -> str:
    received = int(count) if count.isdecimal() else 0
    draft = parse(appeals.TipsDraft, {"id": tips_id, "case_id": known_id(case), "received": received})
    appeals.record_tips(session, draft, by)
    return _("Counted.")


VERBS: dict[str, Callable[[Session, UUID, str, Actor, str], str]] = {
    "check": _check,
    "move": _move,
    "answer": _answer,
    "arrest": _arrest,
    "identify": _identify,
    "reply": _reply,
    "revoke": _take_back,
    "credit": _credit,
    "appeal": _appeal,
    "publish": _publish,
    "tips": _tips,
}


@screen(
    output=[
        Output(Ids.DONE, "data", allow_duplicate=True),
        Output(LEAD.id("question"), "value", allow_duplicate=True),
        Output(LEAD.id("client-id"), "data", allow_duplicate=True),
    ],
    inputs={"clicks": Input(LEAD_SEND, "n_clicks")},
    state={
        "opened": State(Ids.OPENED, "data"),
        "done": State(Ids.DONE, "data"),
        "typed": LEAD.states("to_countries", "question", "due", "source", "information"),
        "client": LEAD.client_id_state(),
    },
    act=Act.FUGITIVE_TRACE,
    form=LEAD,
    prevent_initial_call=True,
)
def send_lead(clicks: int | None, opened: dict[str, str] | None, done: int, typed: Typed, client: str) -> Any:
    """Ask countries about the open case; the form keeps what was typed until the lead is out."""
    if not clicks or not opened:
        return [no_update] * 3
    by = actor()
    with unit_of_work() as session:
        case = cases.case(session, known_id(opened["case"]))
        content = {
            "id": known_id(client),
            "lead_id": known_id(client),
            "origin": "coordination_unit",
            "origin_country": case.requesting_country,
            "subject_kind": "fugitive_case",
            "subject_id": case.id,
            "question": typed["question"] or "",
            "to_countries": typed["to_countries"] or [],
            "due": now() + timedelta(days=int(typed["due"] or 2)),
            "source": typed["source"],
            "information": typed["information"],
        }
        tracing.send(session, parse(leads.LeadDraft, content), by)
    say(_("The lead is out."))
    return [done + 1, "", str(new_id())]


@screen(
    output=[
        Output(Ids.DONE, "data", allow_duplicate=True),
        Output(FIND.id("remark"), "value", allow_duplicate=True),
        Output(FIND.id("client-id"), "data", allow_duplicate=True),
    ],
    inputs={"clicks": Input(FIND_SEND, "n_clicks")},
    state={
        "opened": State(Ids.OPENED, "data"),
        "done": State(Ids.DONE, "data"),
        "typed": FIND.states("remark"),
        "client": FIND.client_id_state(),
    },
    act=Act.FUGITIVE_FIND,
    form=FIND,
    prevent_initial_call=True,
)
def report_location(clicks: int | None, opened: dict[str, str] | None, done: int, typed: Typed, client: str) -> Any:
    """Say that the person of the open case is in the asker's country."""
    if not clicks or not opened:
        return [no_update] * 3
    content = {"id": known_id(client), "case_id": known_id(opened["case"]), "remark": typed["remark"] or ""}
    with unit_of_work() as session:
        locations.report(session, parse(locations.LocationDraft, content), actor())
    say(_("Reported. It counts when the requesting country says yes."))
    return [done + 1, "", str(new_id())]


@screen(
    Output(Ids.DONE, "data", allow_duplicate=True),
    Input(Ids.CHECK_ALL, "n_clicks"),
    State(Ids.OPERATION, "data"),
    State(Ids.DONE, "data"),
    act=Act.FUGITIVE_CHECK,
    prevent_initial_call=True,
)
def check_all(clicks: int | None, operation_id: str, done: int) -> Any:
    """Write down that all notices that were due today were looked up and are valid."""
    if not clicks:
        return no_update
    by, operation = actor(), known_id(operation_id)
    with unit_of_work() as session:
        due = checks.due_cases(session, operation, now())
        mine = [each for each in due if not by.national or cases.case(session, each).requesting_country == by.country]
        if mine:
            checks.record_check(session, operation, parse(checks.CheckDraft, {"cases": mine, "status": "valid"}), by)
    say(_("Written down for today."))
    return done + 1
