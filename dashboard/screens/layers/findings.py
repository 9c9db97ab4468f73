"""Check results of a mapped file: rows accepted and rejected, findings with remedies, and a preview of events."""

from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.form import button
from dashboard.parts.icon import icon
from dashboard.parts.table import table
from dashboard.screens.layers.import_view import Upload
from dashboard.wording import N_, _, ngettext, number, sentence
from operations.core.errors import Flaw

if TYPE_CHECKING:
    from geodata.intake.findings import LayerFinding
    from geodata.intake.mapped_table import AcceptedEvents
    from geodata.intake.mapping import Mapping

_OFFERS = {
    "swapped": N_("Swap latitude and longitude"),
    "once": N_("Leave out repeated rows"),
    "unless": N_("Keep the marked rows"),
    "month": N_("The month comes first"),
    "day": N_("The day comes first"),
}


def checked(upload: Upload) -> list[Component]:
    """Return the number of accepted rows, the findings, and the first events; or why there are none yet."""
    if upload.layer is None:
        why = told(upload.flaw) if upload.flaw else ""
        return [html.P([icon("alert-circle", 18), html.Span(why)], className="analysis-failed", role="alert")]
    return [_counted(upload.layer), _findings(upload.layer), _preview(upload.layer)]


def _counted(layer: "AcceptedEvents") -> Component:
    taken = ngettext("{n} row can be used", "{n} rows can be used", len(layer))
    left = ngettext("{n} row is left out", "{n} rows are left out", layer.refused_total)
    return html.P([html.Strong(taken), " · ", left], className="layers-counted m-num", role="status")


def _findings(layer: "AcceptedEvents") -> Component:
    """Return each finding with its remedies, and why the first rows were rejected."""
    rows = [_finding(at, each) for at, each in enumerate(layer.findings)]
    notes = [html.Li([icon("info-circle", 16), html.Span(told(each))]) for each in layer.notes]
    left = layer.refused
    refused = (
        [
            tags.Details(
                html.Summary(_("Why rows are left out")),
                html.Ul([html.Li(_("Row {row}: {why}", row=each.row, why=told(each))) for each in left]),
                className="analysis-details",
            )
        ]
        if left
        else []
    )
    return html.Div([html.Ul([*rows, *notes], className="layers-findings"), *refused])


def _finding(at: int, found: "LayerFinding") -> Component:
    offers = [
        button(
            _(_OFFERS[_offer(remedy, found)]),
            {"type": "layers-offer", "finding": at, "offer": place},
            "plain",
            size="compact-sm",
            n_clicks=0,
        )
        for place, remedy in enumerate(found.offers)
    ]
    return html.Li([icon("alert-triangle", 16), html.Span(told(found)), *offers])


def _offer(offered: "Mapping", found: "LayerFinding") -> str:
    if found.check.value == "ambiguous":
        return "day" if offered.day_first else "month"
    return {"swapped": "swapped", "duplicates": "once", "marked": "unless"}[found.check.value]


def told(each: Any) -> str:
    """Return a message of the file reader in the user's language."""
    return sentence(Flaw("", each.template, each.params))


def _preview(layer: "AcceptedEvents") -> Component:
    """Return the first events as they would be stored."""
    heads = (_("Row"), _("Latitude"), _("Longitude"), _("Date"), _("Quantity"), _("Kind"), _("Country"))
    rows = []
    for event in layer.first:
        cells = (
            number(event.row),
            event.area if event.lat is None else number(event.lat, 4),
            "" if event.lon is None else number(event.lon, 4),
            event.day,
            number(event.quantity),
            event.kind,
            event.country,
        )
        rows.append(html.Tr([html.Td(cell, className="m-num" if at < 5 else "") for at, cell in enumerate(cells)]))
    return table(heads, rows, "layers-preview", _("The first events"))
