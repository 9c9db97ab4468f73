"""A list: what there is as rows that can be searched, sorted and taken along; whoever chooses one comes to its file."""

from collections.abc import Sequence
from typing import Any

from dash import ClientsideFunction, Input, Output, clientside_callback, html
from dash.development.base_component import Component

from dashboard.parts.grid import grid

HREF = "href"
"""Where a row keeps the address of its file."""


def listed(
    id: str,  # noqa: A002 - Dash's own word
    columns: Sequence[dict[str, Any]],
    rows: Sequence[dict[str, Any]],
    empty: str,
) -> Component:
    """The list with the id `id`, which `opens` was declared for; rows have "id" and HREF. `empty`: what to do then."""
    made = grid(id, list(columns), list(rows), selection="single", export=id, empty=empty)
    return html.Div(made, className="list-page")


def opens(*ids: str) -> None:
    """Declare, once for each list, that the row that is chosen is gone to."""
    for each in ids:
        clientside_callback(
            ClientsideFunction("muster", "open_row"),
            Output("_pages_location", "href", allow_duplicate=True),
            Input(each, "selectedRows"),
            prevent_initial_call=True,
        )
