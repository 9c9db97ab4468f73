"""Actions on a case: one callback for every button of its panel, each bound to a verb, and two forms."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from dash import ALL, State

from dashboard.frame.interactions import Done, Press, does
from dashboard.frame.operation_page import OPERATION
from dashboard.parts.form import Form
from dashboard.screens.fugitives.case_leads import FIND, FIND_SEND, LEAD, LEAD_ASKED, LEAD_SEND
from dashboard.screens.fugitives.file import act_id, typed_id
from dashboard.screens.fugitives.ids import Ids
from dashboard.server.access import known_id
from dashboard.wording import _
from operations.core.clock import now
from operations.core.drafts import parse
from operations.core.errors import NotFound, RuleBroken
from operations.core.permissions import Act
from operations.core.vocabulary import FugitiveState
from operations.policing.fugitives import (
    appeals,
    case_leads,
    case_lifecycle,
    case_rows,
    cases,
    lead_hits,
    locations,
    notice_checks,
)
from operations.policing.leads import leads

PANEL = Form("fugitives-panel")
"""An unfilled form: it holds the id of the record that the next press creates."""


@does(act_id(ALL, ALL, ALL), act=Act.FUGITIVE_READ, form=PANEL, client=True, beside=typed_id(ALL, ALL))
def act(press: Press) -> Done:
    """Run the verb of the pressed button; the verb checks the permission."""
    subject = press.subject
    if subject["act"] not in VERBS:
        raise NotFound
    return Done(VERBS[subject["act"]](press, known_id(subject["subject"]), subject["what"]))


def _check(press: Press, case_id: UUID, what: str) -> str:
    draft = parse(notice_checks.CheckDraft, {"cases": [case_id], "status": what})
    notice_checks.record_check(press.session, cases.case(press.session, case_id).operation_id, draft, press.by)
    return _("Written down for today.")


def _move(press: Press, case_id: UUID, what: str) -> str:
    try:
        to = FugitiveState(what)
    except ValueError:
        raise RuleBroken("state", "This step is not possible now. Reload the page to see the current state.") from None
    case_lifecycle.move(press.session, case_id, to, press.by, press.words)
    return _("The case was moved.")


def _answer(press: Press, location_id: UUID, what: str) -> str:
    locations.answer(press.session, location_id, press.by, yes=what == "yes")
    return _("Positively located.") if what == "yes" else _("Negative: the search goes on.")


def _arrest(press: Press, location_id: UUID, _what: str) -> str:
    locations.arrest(press.session, location_id, press.by)
    return _("Reported. It counts when the requesting country has confirmed the identity.")


def _identify(press: Press, location_id: UUID, what: str) -> str:
    locations.identify(press.session, location_id, press.by, same=what == "yes")
    return _("The arrest counts.") if what == "yes" else _("Closed as negative, and what was written of it is erased.")


def _reply(press: Press, lead_id: UUID, what: str) -> str:
    draft = parse(leads.LeadAnswerDraft, {"id": press.client, "answer": what, "remark": press.words})
    leads.answer(press.session, lead_id, draft, press.by)
    return _("Your answer was sent.")


def _take_back(press: Press, lead_id: UUID, country: str) -> str:
    leads.revoke(press.session, lead_id, country, press.words, press.by)
    return _("The lead was taken back.")


def _credit(press: Press, location_id: UUID, _what: str) -> str:
    if not press.words:
        raise RuleBroken("lead_id", "Choose the lead that it came from.")
    content = {"id": press.client, "location_id": location_id, "lead_id": press.words}
    lead_hits.connect(press.session, parse(lead_hits.FindDraft, content), press.by)
    return _("The location is linked to the lead.")


def _appeal(press: Press, case_id: UUID, what: str) -> str:
    appeals.flag(press.session, case_id, press.by, wanted=what == "yes")
    return _("Written down.")


def _publish(press: Press, list_id: UUID, _what: str) -> str:
    appeals.publish(press.session, list_id, press.by)
    return _("Published. The list says which cases dropped out, and why.")


def _tips(press: Press, case_id: UUID, _what: str) -> str:
    received = int(press.words) if press.words.isdecimal() else 0
    draft = parse(appeals.TipsDraft, {"id": press.client, "case_id": case_id, "received": received})
    appeals.record_tips(press.session, draft, press.by)
    return _("Counted.")


VERBS: dict[str, Callable[[Press, UUID, str], str]] = {
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


@does(
    LEAD_SEND,
    act=Act.FUGITIVE_TRACE,
    form=LEAD,
    typed=LEAD_ASKED,
    client=True,
    clears=("question",),
    given={"opened": State(Ids.OPENED, "data")},
)
def send_lead(press: Press, opened: dict[str, str] | None) -> Done:
    """Send a lead about the open case to countries; the form keeps its text until the lead is sent."""
    case = _opened(press, opened)
    due = now() + timedelta(days=int(press.typed["within"] or 2))
    draft = LEAD.draft(
        leads.LeadDraft,
        {**press.typed, "due": due.date().isoformat(), "due_time": f"{due:%H:%M}"},
        id=press.client,
        lead_id=press.client,
        origin="coordination_unit",
        origin_country=case.requesting_country,
        subject_kind="fugitive_case",
        subject_id=case.id,
    )
    case_leads.send(press.session, draft, press.by)
    return Done(_("The lead is out."))


@does(
    FIND_SEND,
    act=Act.FUGITIVE_FIND,
    form=FIND,
    typed=("remark",),
    client=True,
    clears=("remark",),
    given={"opened": State(Ids.OPENED, "data")},
)
def report_location(press: Press, opened: dict[str, str] | None) -> Done:
    """Report that the person of the open case is in the actor's country."""
    case = _opened(press, opened)
    draft = press.draft(locations.LocationDraft, case_id=case.id)
    locations.report(press.session, draft, press.by)
    return Done(_("Reported. It counts when the requesting country says yes."))


def _opened(press: Press, opened: dict[str, str] | None) -> case_rows.FugitiveCase:
    return cases.case(press.session, known_id((opened or {}).get("case")))


@does(Ids.CHECK_ALL, act=Act.FUGITIVE_CHECK, operation=OPERATION)
def check_all(press: Press) -> Done:
    """Record that all notices due today were looked up and are valid."""
    session, operation, by = press.session, press.operation_id, press.by
    due = notice_checks.due_cases(session, operation, now())
    mine = [each for each in due if not by.national or cases.case(session, each).requesting_country == by.country]
    if mine:
        notice_checks.record_check(
            session, operation, parse(notice_checks.CheckDraft, {"cases": mine, "status": "valid"}), by
        )
    return Done(_("Written down for today."))
