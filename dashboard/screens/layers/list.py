"""Layers of an operation: the list, and the details of one."""

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.answer import stored_sentence
from dashboard.parts.badges import classification_badge, state_badge
from dashboard.parts.form import button
from dashboard.parts.icon import icon
from dashboard.parts.listing import Listing
from dashboard.parts.panel import empty_state, facts
from dashboard.wording import UNDEFINED, _, coded, date, day_span, joined, moment, number
from operations.policing.layers.layers import EventLayer
from operations.policing.map_plan.places import PlanAudience

REMOVE, RESTORE = "layers-remove", "layers-restore"


def rows(found: Sequence[EventLayer]) -> Listing[Any]:
    """Return a row for each layer."""
    made = Listing(found)
    made.text("name", _("Name"), minWidth=230)
    made.code("kind", _("Kind"), "CL-LAYERKIND", width=110, flex=0)
    made.text("source", _("Source"), minWidth=170)
    made.text("licence", _("Licence"), width=120, flex=0)
    made.text("period", _("Period"), lambda each: day_span(each.period_from, each.period_to), width=210, flex=0)
    made.text("accuracy", _("Accuracy"), accuracy, width=120, flex=0)
    made.number("accepted", _("Rows kept"), width=125)
    made.number("refused", _("Left out"), width=120)
    made.number("findings", _("Findings"), lambda each: len(each.findings), width=120)
    made.text("who", _("Brought in by"), "author_name", width=150, flex=0)
    made.day("when", _("When"), lambda each: each.made_at.date())
    made.text("state", _("State"), lambda each: _("Removed") if each.removed else _("In use"), width=110, flex=0)
    return made


def accuracy(layer: EventLayer) -> str:
    """Return the positional accuracy of a layer, in its own words and in metres."""
    metres = _("{metres} m", metres=number(layer.accuracy_m)) if layer.accuracy_m is not None else ""
    return " · ".join(filter(None, (layer.accuracy, metres))) or UNDEFINED


def source(layer: EventLayer) -> dict[str, str]:
    """Return the attribution printed wherever a layer is shown, in the form that `parts.answer.sources` takes."""
    return {
        "name": layer.name,
        "source": layer.source,
        "licence": layer.licence,
        "accuracy": accuracy(layer),
        "first": layer.period_from.isoformat(),
        "last": layer.period_to.isoformat(),
    }


def details(layer: EventLayer | None, versions: Sequence[EventLayer], zone: str, *, may_change: bool) -> Component:
    """Return the facts of a layer, its findings and versions, and the button that removes or restores it."""
    if layer is None:
        return empty_state(
            _("Nothing chosen"),
            _("Choose a layer in the list to see where it comes from, what was found in it, and its events alone."),
            "stack-2",
        )
    who = {
        PlanAudience.PARTICIPANTS.value: _("All participating countries"),
        PlanAudience.COORDINATION.value: _("Those who coordinate, and the country that brings it in"),
    }
    known = (
        (_("Kind"), coded("CL-LAYERKIND", layer.kind)),
        (_("Source"), layer.source),
        (_("Licence"), layer.licence),
        (_("Period"), day_span(layer.period_from, layer.period_to)),
        (_("Accuracy"), accuracy(layer)),
        (_("Fetched on"), date(layer.retrieved)),
        (_("Rows kept"), number(layer.accepted)),
        (_("Left out"), number(layer.refused)),
        (_("Who sees it"), who[layer.audience]),
        (_("Columns"), _columns(layer)),
    )
    state = state_badge(_("Removed"), "muted") if layer.removed else state_badge(_("In use"), "good")
    act = (
        button(_("Restore"), RESTORE, "plain", "arrow-back-up", n_clicks=0, size="xs")
        if layer.removed
        else button(_("Remove"), REMOVE, "danger", "trash", n_clicks=0, size="xs")
    )
    listed = [html.Li([icon("alert-triangle", 16), html.Span(stored_sentence(each))]) for each in layer.findings]
    older = [
        html.Li(
            f"{number(version.version)}. {_('Removed') if version.removed else version.name} · {version.author_name} · "
            f"{moment(version.made_at, zone)}"
        )
        for version in versions
    ]
    return tags.Div(
        tags.Div(
            html.H3(html.Bdi(layer.name)),
            state,
            classification_badge(layer.classification),
            html.Div([act] if may_change else [], className="analysis-acts"),
            className="analysis-head",
        ),
        facts(known),
        *([html.H4(_("Findings")), html.Ul(listed, className="layers-findings")] if listed else []),
        html.Details([html.Summary(_("Versions")), html.Ol(older)], className="analysis-details"),
        className="m-stack",
    )


def _columns(layer: EventLayer) -> str:
    used = [str(value) for key, value in layer.mapping.items() if isinstance(value, str) and value and key not in _SAID]
    return joined(dict.fromkeys(used)) or UNDEFINED


_SAID = ("nature", "unit", "ready", "area_name", "kind_name")
"""Keys of a stored mapping whose values are not column names."""
