"""Forms for teams, drawn from their drafts: request with need, offer, order, team and its parts."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button, client_id
from dashboard.parts.form_fields import drawing
from dashboard.parts.report.content import moment_typed
from dashboard.parts.row_forms import EachForm
from dashboard.wording import _
from operations.support.availability import AbsenceDraft
from operations.support.certificates import CertificateDraft
from operations.support.deployments import OrderDraft
from operations.support.kit import AssetDraft
from operations.support.offers import OfferDraft
from operations.support.requests import AssistanceRequestDraft, NeedDraft
from operations.support.teams import Team, TeamDraft, TeamMemberDraft


class _Asked(AssistanceRequestDraft, NeedDraft):
    """The form of a request with one need."""


_PLACE = ("title", "priority", "host_country", "site_id", "place")
REQUEST = DraftForm(
    "teams-request",
    _Asked,
    first=(*_PLACE, "specialism", "team_kind", "teams", "together", "languages", "certificates", "starts", "ends"),
    stands={f"needs.0.{name}": name for name in NeedDraft.model_fields},
)
OFFER = EachForm("teams-offer", OfferDraft)
ORDER = EachForm("teams-order", OrderDraft)
TEAM = DraftForm("teams-team", TeamDraft)
ADDED = {
    "certificate": DraftForm("teams-certificate", CertificateDraft),
    "absence": DraftForm("teams-absence", AbsenceDraft),
    "member": DraftForm("teams-member", TeamMemberDraft),
    "kit": DraftForm("teams-kit", AssetDraft),
}
"""Parts that can be added to a team, with their forms."""
KIT = EachForm("teams-asset", AssetDraft)
"""The form to change a piece of kit."""


def with_moments(values: Mapping[str, Any], zone: str, *names: str) -> dict[str, Any]:
    """Return the typed values, with times parsed on the clocks of a zone. Raises RuleBroken at the field."""
    found = {name: value for name, value in values.items() if value not in (None, "", [])}
    return found | {name: moment_typed(str(found[name]), zone, name) for name in names if name in found}


def request_form(choices: Mapping[str, Sequence[Any]], zone: str, values: Mapping[str, Any], save: str) -> Component:
    """Return the form of a request: what is needed and where, a site of `choices` or a town by name."""
    return tags.Div(
        client_id(REQUEST),
        html.Div(drawing(REQUEST, values, choices=choices, zone=zone)(), className="teams-fields"),
        html.Div(button(_("Ask for assistance"), save, "primary", "send", n_clicks=0), className="m-toolbar"),
    )


def team_form(team: Team | None, leaders: Sequence[dict[str, str]], save: str) -> list[Component]:
    """Return the form of a team, empty for a new one."""
    return [
        html.H3(_("Change {name}", name=team.call_sign) if team else _("Put a team on the roster")),
        html.Div(drawing(TEAM, team, choices={"leader_id": leaders})(), className="teams-fields"),
        html.Div(button(_("Save the team"), save, "primary", "check", n_clicks=0), className="m-toolbar"),
    ]


def adding(what: str, zone: str) -> list[Component]:
    """Return the form that adds a certificate, an absence, a person or kit to the chosen team."""
    form = ADDED[what]
    return [
        client_id(form),
        html.Div(drawing(form, zone=zone)(), className="teams-pair"),
        button(_("Add"), f"teams-add-{what}", "plain", "plus", n_clicks=0, size="xs"),
    ]
