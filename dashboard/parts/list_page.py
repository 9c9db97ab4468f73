"""A list: what there is as rows that can be searched, sorted and taken along; whoever chooses one comes to its file."""

from collections.abc import Mapping
from typing import Any

import dash_mantine_components as dmc
from dash import ClientsideFunction, Input, Output, clientside_callback, html
from dash.development.base_component import Component

from dashboard.parts.grid import grid
from dashboard.parts.listing import Listing


def listed(
    id: str,  # noqa: A002 - Dash's own word
    listing: Listing[Any],
    empty: str,
    taken: bool = True,
) -> Component:
    """The list with the id `id`, which `opens` was declared for. `empty`: what to do where it is that.

    `taken`: whether it can be taken along as a file.
    """
    made = grid(id, listing.columns, listing.rows, selection="single", export=id if taken else None, empty=empty)
    return html.Div(made, className="list-page")


def ways(tabs: Mapping[str, tuple[str, Component]], first: str) -> Component:
    """The same things in several ways (list, board, bars), as tabs of which `first` is open: by name words and part."""
    return dmc.Tabs(
        [
            dmc.TabsList([dmc.TabsTab(words, value=name) for name, (words, _part) in tabs.items()]),
            *(dmc.TabsPanel(part, value=name, pt="sm") for name, (_words, part) in tabs.items()),
        ],
        value=first,
    )


def folded(words: str, *parts: Any, first: bool = False) -> Component:
    """The form of a new one over the list, under its name; open where it is what comes first."""
    inside = html.Div(list(parts), className="operation-form")
    return html.Details([html.Summary(words), inside], className="file-form", open=first)


def opens(*ids: str) -> None:
    """Declare, once for each list, that the row that is chosen is gone to."""
    for each in ids:
        clientside_callback(
            ClientsideFunction("muster", "open_row"),
            Output("_pages_location", "href", allow_duplicate=True),
            Input(each, "selectedRows"),
            prevent_initial_call=True,
        )
