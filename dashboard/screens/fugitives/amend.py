"""Changing what the requesting country said of a case: a form beside the panel, so that what is typed outlives it."""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.parts.form import Form, button, client_id, date_field, multi_select_field, select_field, text_field
from dashboard.screens.fugitives.file import File
from dashboard.wording import _, language
from operations.core import vocabulary

AMEND = Form("fugitives-amend")
FIELDS = (
    "offence",
    "wanted_for",
    "priority",
    "believed_in",
    "warrant",
    "extradition",
    "art3",
    "retain_until",
)
AMEND_SEND, AMEND_SEEN = "fugitives-amend-send", "fugitives-amend-seen"


def amend_form(own: str) -> Component:
    """Everything that may change of a case; its country and its notice stay."""
    spoken = language()

    def chosen(field: str, words: str, name: str) -> Component:
        return select_field(AMEND, field, words, vocabulary.options(name, spoken), clearable=False)

    abroad = [each for each in vocabulary.options("CL-COUNTRY", spoken) if each["value"] != own]
    return html.Details(
        [
            html.Summary(_("Change the case")),
            client_id(AMEND),
            dcc.Store(id=AMEND_SEEN),
            html.Div(
                [
                    chosen("offence", _("Offence"), "CL-OFFENCE"),
                    html.Div(
                        [
                            chosen("wanted_for", _("Wanted for"), "CL-WANTED"),
                            chosen("priority", _("Priority"), "CL-CASEPRIORITY"),
                        ],
                        className="fugitives-two",
                    ),
                    multi_select_field(AMEND, "believed_in", _("Believed to be in"), abroad),
                    html.Div(
                        [
                            chosen("warrant", _("Warrant"), "CL-LEGALCHECK"),
                            chosen("extradition", _("Extradition"), "CL-LEGALCHECK"),
                            chosen("art3", _("Article 3"), "CL-ART3"),
                        ],
                        className="fugitives-three",
                    ),
                    date_field(
                        AMEND,
                        "retain_until",
                        _("Kept until"),
                        description=_("After this day the texts and the notice are erased; the numbers stay."),
                        clearable=False,
                    ),
                    text_field(
                        AMEND,
                        "reason",
                        _("Reason"),
                        description=_("It stands with the new version. No names."),
                        maxLength=500,
                        required=True,
                    ),
                    html.Div(
                        button(_("Save the change"), AMEND_SEND, "primary", "check", n_clicks=0), className="m-toolbar"
                    ),
                ],
                className="m-stack",
            ),
        ],
        className="fugitives-part fugitives-folded",
    )


def amended_values(file: File) -> dict[str, Any]:
    """What the form holds when a case is opened: what its country says of it now."""
    case = file.case
    now = {name: getattr(case, name) for name in FIELDS if hasattr(case, name)}
    return {**now, "believed_in": list(file.believed), "retain_until": case.retain_until.isoformat(), "reason": ""}
