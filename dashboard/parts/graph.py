"""Graphs: the only use of `dcc.Graph`, without links to other hosts, and in the reader's language."""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import theme
from dashboard.server.access import dark
from dashboard.wording import language


def figure_template() -> str:
    """Return the plotly template of this browser's theme."""
    return theme.template(dark())


def config() -> dict[str, Any]:
    """Return the configuration of every graph. By default, plotly.js would offer to send figures to a cloud."""
    return {
        "showSendToCloud": False,
        "plotlyServerURL": "",
        "displaylogo": False,
        "displayModeBar": False,
        "responsive": True,
        "locale": language(),
        "topojsonURL": "/assets/vendor/topojson/",
    }


def graph(
    id: str,  # noqa: A002 - Dash's own word
    figure: Any = None,
    *,
    label: str,
    height: int | str | None = None,
    class_name: str = "",
    **more: Any,
) -> Component:
    """Return a graph, with `label` for screen readers; `height` in pixels or as CSS. A table beside it has the data."""
    style = {"blockSize": height} if height is not None else {"blockSize": "100%"}
    drawn = {"figure": figure} if figure is not None else {}
    return html.Div(
        dcc.Graph(id=id, config=config(), style={"blockSize": "100%"}, responsive=True, **drawn, **more),
        className=f"m-graph {class_name}".strip(),
        style=style,
        role="group",
        **{"aria-label": label},
    )
