"""Print panel: paper and scale, the map sheets, and below them the plan for other programs."""

from collections.abc import Mapping, Sequence

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.file_button import file_button
from dashboard.parts.icon import icon
from dashboard.wording import _, ngettext

OPEN, PAPER, SCALE, ANSWER = "plan-print", "plan-print-paper", "plan-print-scale", "plan-print-answer"
FITS = "fits"
_OVER = {"zIndex": 800}
"""Props of lists that open above the panel, which lies over the map."""


def panel(
    papers: Sequence[str],
    scales: Sequence[int],
    files: Mapping[str, str],
    *,
    title: str,
    marking: str,
    brings: str | None,
) -> Component:
    """Return the panel. `papers` by name, `scales` by denominator; `files`: the label and URL of each format.
    `brings`: the address where files are brought in, for who may draw.

    `title` and `marking` are put on the picture of the map that the browser makes (map/picture.js).
    """
    fits = {"value": FITS, "label": _("As large as fits")}
    rounds = [{"value": str(scale), "label": f"\u20661:{scale:,}\u2069".replace(",", "\u00a0")} for scale in scales]
    named = [{"value": paper, "label": paper.upper()} for paper in papers]
    return tags.Details(
        html.Summary([icon("printer", size=16), html.Span(_("Print and files"))], id=OPEN, className="plan-tab"),
        tags.Div(
            html.H2(_("Map sheets")),
            html.P(_("An overview, the sheets of each area, an index of all objects."), className="m-small m-dim"),
            tags.Div(
                dmc.Select(
                    id=PAPER,
                    label=_("Paper"),
                    data=named,
                    value=papers[0],
                    comboboxProps=_OVER,
                ),
                dmc.Select(
                    id=SCALE,
                    label=_("Scale of the areas"),
                    data=[fits, *rounds],
                    value=FITS,
                    comboboxProps=_OVER,
                ),
                className="plan-pair",
            ),
            html.Div(id=ANSWER, role="status", className="plan-print-answer"),
            html.Button(
                [icon("photo", size=15), _("Picture of this view (PNG)")],
                type="button",
                className="plan-file",
                **{"data-picture": "true", "data-title": title, "data-marking": marking},
            ),
            html.H3(_("For other programs")),
            html.Div(
                [
                    file_button([icon("file-export", size=15), name], address, "plan-file")
                    for name, address in files.items()
                ],
                className="plan-files",
            ),
            *([dcc.Link([icon("file-import", size=15), _("Bring in a map file")], href=brings)] if brings else []),
            className="plan-print-panel",
        ),
        className="plan-print",
    )


def download(address: str, sheets: int) -> Component:
    """The way to the file, with how many pages it has."""
    words = ngettext("PDF, {n} page", "PDF, {n} pages", sheets)
    return file_button([icon("download", size=16), words], address, "plan-download")


def refused(sentence: str) -> Component:
    """Return why nothing can be printed."""
    return html.P(sentence, className="m-small plan-refused")
