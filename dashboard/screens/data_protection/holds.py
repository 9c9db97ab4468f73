"""Legal holds: what a court asks to be kept, who set it, and who lifted it."""

from typing import Any

from dash import html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import follows_choices
from dashboard.frame.life_page import LifePage, Titles
from dashboard.frame.verb_buttons import calls
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form_fields import whole_form
from dashboard.parts.list_page import new_row_form
from dashboard.parts.listing import Listing
from dashboard.places import HOLDS
from dashboard.server.access import known_id
from dashboard.wording import N_, _, coded, date
from operations.core import rows
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.data_protection import holds as verbs
from operations.policing.operation import plan
from operations.policing.operation.legal_holds import LEGAL_HOLD, LegalHold

NAV = HOLDS
PAGE = LifePage(
    "hold",
    NAV,
    LEGAL_HOLD,
    Titles(
        N_("Legal holds"),
        N_("Legal hold"),
        N_("All legal holds"),
        N_("No court has asked for anything to be kept."),
        N_("What a court asks for is not erased, whoever asks for its erasure. A second person lifts a hold."),
    ),
)
FORM = DraftForm("hold", verbs.HoldDraft)
layout = PAGE.layout


def table(session: Session, by: Actor) -> Listing[Any]:
    """Return the rows of the list."""
    titles, cases = _titles(session, by), _cases(session)
    made = Listing(verbs.holds(session), PAGE.href)
    made.text("reference", _("Reference"), flex=0, width=150)
    made.text("operation", _("Operation"), lambda hold: titles.get(hold.operation_id, ""), flex=2, minWidth=170)
    made.text("what", _("What is kept"), lambda hold: what(hold, cases), flex=2, minWidth=170)
    made.text("authority", _("Who asks"), flex=1, minWidth=140)
    made.text("file", _("Its file number"), "file_ref", flex=1, minWidth=120)
    made.day("since", _("Set on"), lambda hold: hold.made_at.date())
    made.text("state", _("State"), PAGE.state, flex=0, width=120)
    return made


def what(hold: LegalHold, cases: dict[Any, str]) -> str:
    """Return what a hold keeps, in words."""
    if hold.case_id is not None:
        return _("Case {number}", number=cases.get(hold.case_id, ""))
    return coded("CL-COUNTRY", hold.country) if hold.country else _("All of the operation")


def file(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return one hold in full. Raises NotFound."""
    found = rows.one(session, LegalHold, known_id(shown))
    facts = [
        (_("State"), PAGE.state(found)),
        (_("Operation"), html.Bdi(title) if (title := _titles(session, by).get(found.operation_id)) else ""),
        (_("What is kept"), what(found, _cases(session))),
        (_("Who asks"), html.Bdi(found.authority)),
        (_("Its file number"), html.Bdi(found.file_ref)),
        (_("Why it has to be kept"), html.Bdi(found.why)),
        (_("Set by"), html.Bdi(found.author_name)),
        (_("Set on"), date(found.made_at.date())),
        (_("Lifted by"), html.Bdi(found.lifted_name) if found.lifted_name else ""),
        (_("Why it was lifted"), html.Bdi(found.reason) if found.reason else ""),
    ]
    return PAGE.filed(session, by, found, found.reference, facts, "UTC")


def choices(session: Session, by: Actor) -> dict[str, list[dict[str, str]]]:
    """Return the operations and the cases that a hold can be set on."""
    titles = _titles(session, by)
    cases = [case for case in verbs.cases(session) if case.operation_id in titles]
    return {
        "operation_id": [{"value": str(ident), "label": title} for ident, title in titles.items()],
        "case_id": [
            {"value": str(case.id), "label": f"{case.case_no} · {titles[case.operation_id]}"} for case in cases
        ],
    }


def _titles(session: Session, by: Actor) -> dict[Any, str]:
    return {operation.id: operation.title for operation in plan.operations(session, by)}


def _cases(session: Session) -> dict[Any, str]:
    return {case.id: case.case_no for case in verbs.cases(session)}


def offered(session: Session, by: Actor) -> bool:
    """Return whether `by` can set one now: this shows the form."""
    return may(by, Act.DATA_HOLD) and bool(_titles(session, by))


def _form(session: Session, by: Actor) -> list[Component]:
    if not offered(session, by):
        return []
    rows_of_form = ("operation_id", "case_id"), ("authority", "file_ref"), "why"
    fields = whole_form(FORM, _("Set it"), "lock", *rows_of_form, choices=choices(session, by))
    return [new_row_form(_("Set a legal hold"), *fields)]


PAGE.draws(table, file, new=_form, offered=offered)
take = PAGE.takes(verbs.take)
refresh_choices = follows_choices(FORM, choices, "operation_id", "case_id", act=Act.DATA_HOLD)
set_hold = calls(
    FORM,
    verbs.set_hold,
    lambda made: _("The hold {reference} is in force: nothing of it is erased.", reference=made.reference),
    act=Act.DATA_HOLD,
    clears=("authority", "file_ref", "why"),
)
