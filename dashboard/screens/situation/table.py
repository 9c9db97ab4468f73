"""The table behind a figure: the same numbers as text, for those who do not see the bars or need the digits."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.wording import _, number


def kpi_table(
    first: str,
    columns: tuple[str, str],
    rows: Sequence[tuple[str, int | None, int | None]],
    caption: str,
    note: str = "",
) -> Component:
    """Rows of (name, at the level, below it) with a caption; a hidden number says so. `note` stands below them."""
    head = html.Tr(
        [
            html.Th(name, scope="col", className="" if place == 0 else "kpi-cell")
            for place, name in enumerate((first, *columns))
        ]
    )
    body = [
        html.Tr([html.Th(name, scope="row"), *(html.Td(_cell(value), className="kpi-cell m-num") for value in values)])
        for name, *values in rows
    ]
    return html.Div(
        [
            html.Table(
                [html.Caption(caption, className="m-visually-hidden"), html.Thead(head), html.Tbody(body)],
                className="m-table kpi-table",
            ),
            *([html.P(note, className="m-dim m-small")] if note else []),
        ],
        className="m-scroll kpi-table-frame",
        tabIndex=0,
        role="region",
        **{"aria-label": caption},
    )


def _cell(value: int | None) -> str:
    return _("hidden") if value is None else number(value)
