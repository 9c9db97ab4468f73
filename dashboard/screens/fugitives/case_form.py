"""Case forms, drawn from the draft: nominate a case, and amend one.

They are beside the panel and not in it, so that typed text survives when the panel is redrawn.
"""

from collections.abc import Callable
from typing import Any

from dash import html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Press
from dashboard.frame.version_conflicts import Versioned
from dashboard.parts import tags
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button, client_id
from dashboard.parts.form_fields import drawing
from dashboard.screens.fugitives.ids import Ids
from dashboard.server.access import known_id
from dashboard.wording import N_, _, language
from operations.core import vocabulary
from operations.core.field_labels import Label
from operations.core.permissions import Act
from operations.policing.fugitives import cases
from operations.policing.fugitives.case_rows import FugitiveCase
from operations.policing.fugitives.cases import CaseDraft

CASE = DraftForm("fugitives-new", CaseDraft)
AMEND = DraftForm(
    "fugitives-amend",
    CaseDraft,
    beside={"reason": Label(N_("Reason"), N_("It stands with the new version. No names."), draws="text")},
)
AMEND_SEND = "fugitives-amend-send"
NOMINATED = ("notice_ref", "offence", "wanted_for", "priority", "believed_in", "warrant", "extradition", "art3")
AMENDED = (*NOMINATED[1:], "retain_until")


def opened_case(session: Session, opened: dict[str, str] | None) -> FugitiveCase:
    """Return the case that is open on the page. Raises NotFound."""
    return cases.case(session, known_id((opened or {}).get("case")))


def amendable(session: Session, case: FugitiveCase) -> tuple[dict[str, Any], int]:
    """Return what may change in a case, as it stands, and its version."""
    stands = {name: getattr(case, name) for name in AMENDED if name != "believed_in"}
    return stands | {"believed_in": cases.believed_countries(session, case.id)}, case.version


def _stands(session: Session, _press: Press, opened: dict[str, str] | None) -> tuple[dict[str, Any], int]:
    return amendable(session, opened_case(session, opened))


AMENDING = Versioned(AMEND, "fugitives-amend-seen", _stands, act=Act.FUGITIVE_NOMINATE, fields=AMENDED)


def _drawing(form: DraftForm, own: str) -> Callable[..., list[Component]]:
    abroad = [each for each in vocabulary.options("CL-COUNTRY", language()) if each["value"] != own]
    return drawing(form, choices={"believed_in": abroad})


def _fields(draw: Callable[..., list[Component]], believed: str = "") -> list[Component]:
    """Return the fields that both forms share; `believed` is the hint beside the countries."""
    hint = {"description": believed} if believed else {}
    return [
        *draw("offence"),
        html.Div(draw("wanted_for", "priority"), className="fugitives-two"),
        *draw("believed_in", **hint),
        html.Div(draw("warrant", "extradition", "art3"), className="fugitives-three"),
    ]


def case_form(own: str) -> Component:
    """Return the form of one nomination by the country `own`."""
    draw = _drawing(CASE, own)
    return tags.Section(
        html.H3(_("One case")),
        client_id(CASE),
        *draw("notice_ref", maxLength=20),
        *_fields(draw, _("This tells no country anything: only a lead does.")),
        button(_("Nominate"), Ids.NOMINATE, "primary", "user-plus", n_clicks=0),
        className="m-stack",
    )


def amend_form(own: str) -> Component:
    """Return the form of everything that may change in a case: all but its country and its notice."""
    draw = _drawing(AMEND, own)
    send = button(_("Save the change"), AMEND_SEND, "primary", "check", n_clicks=0)
    parts = [
        *AMENDING.kept(None, None),
        *_fields(draw),
        *draw("retain_until", clearable=False),
        *draw("reason", maxLength=500, required=True),
        html.Div(send, className="m-toolbar"),
    ]
    return tags.Details(
        html.Summary(_("Change the case")),
        client_id(AMEND),
        html.Div(parts, className="m-stack"),
        className="fugitives-part fugitives-folded",
    )
