"""Withholding: from which countries the reader's country withholds data, since when, and the form for it."""

from typing import Any

from dash import html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button
from dashboard.parts.form_fields import drawing
from dashboard.parts.panel import panel
from dashboard.wording import _, moment, party
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.policing.operation import plan, withholding

FORM = DraftForm("operation-withhold", withholding.WithholdingDraft)


def withheld(session: Session, operation: plan.Operation, by: Actor, lift: str) -> list[Component]:
    """Return the countries that the reader's country withholds from, each with its button of type `lift`."""
    if not may(by, Act.PARTICIPATION_WITHHOLD, plan.subject(operation, by.country)):
        return []
    found = withholding.withholdings(session, operation.id)
    if not found:
        return [html.P(_("Your country withholds nothing from anybody here."), className="m-dim")]
    return [
        html.Ul([_row(each, operation, {"type": lift, "of": each.partner}) for each in found], className="leave-ways")
    ]


def _row(each: withholding.Withholding, operation: plan.Operation, ident: dict[str, Any]) -> Component:
    since = _("since {moment}, by {name}", moment=moment(each.since, operation.zone), name=each.by_name)
    said = html.Div([html.Strong(party(each.partner)), html.P(html.Bdi(since), className="m-dim m-small")])
    return html.Li([said, button(_("Withhold no more"), id=ident, icon_name="eye", size="compact-sm")])


def withhold_panel(shown: Component, send: str) -> Component:
    """Return the panel for those who may withhold: the list, and the form."""
    return panel(
        _("Withheld by your country"),
        shown,
        html.Div(
            [*drawing(FORM)("partner"), button(_("Withhold"), id=send, icon_name="eye-off")],
            className="overview-invite",
        ),
    )
