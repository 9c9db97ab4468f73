"""List page: rows that can be searched, sorted and exported; choosing a row opens its page."""

from collections.abc import Mapping
from typing import Any

import dash_mantine_components as dmc
from dash import ClientsideFunction, Input, Output, clientside_callback, html
from dash.development.base_component import Component

from dashboard.parts.grid import grid
from dashboard.parts.listing import Listing

FIRST = 100
"""Rows that are sent with the page of a long list."""


def list_view(
    id: str,  # noqa: A002 - Dash's own word
    listing: Listing[Any],
    empty: str,
    taken: bool = True,
    first: int | None = None,
) -> Component:
    """Return the list with the id `id`, for which `link_rows` was called. `empty`: the sentence where it has no rows.

    `taken`: whether it can be exported as a file. `first`: the number of rows that are sent with the page; the callback
    that keeps the list up to date takes `whole(id)`, and sends all of them once the reader needs them.
    """
    chosen: dict[str, Any] = {"selection": "single", "export": id if taken else None, "empty": empty}
    made = grid(id, listing.columns, listing.first(first), all_rows=len(listing) if first else None, **chosen)
    return html.Div(made, className="list-page")


def view_tabs(
    tabs: Mapping[str, tuple[str, Component]],
    first: str,
    id: str | None = None,  # noqa: A002 - Dash's own word
) -> Component:
    """Return several views of the same rows (list, board, bars) as tabs, by name, with `first` open.

    `id` is given where the address holds the open one.
    """
    named: dict[str, Any] = {"id": id} if id else {}
    return dmc.Tabs(
        [
            dmc.TabsList([dmc.TabsTab(words, value=name) for name, (words, _part) in tabs.items()]),
            *(dmc.TabsPanel(part, value=name, pt="sm") for name, (_words, part) in tabs.items()),
        ],
        value=first,
        **named,
    )


def new_row_form(words: str, *parts: Any, first: bool = False) -> Component:
    """Return the form for a new row as a fold above the list; open where it is the first thing on the page."""
    inside = html.Div(list(parts), className="operation-form")
    return html.Details([html.Summary(words), inside], className="file-form", open=first)


def link_rows(*ids: str) -> None:
    """Declare, once for each list, that choosing a row opens its page."""
    for list_id in ids:
        clientside_callback(
            ClientsideFunction("muster", "open_row"),
            Output("_pages_location", "href", allow_duplicate=True),
            Input(list_id, "selectedRows"),
            prevent_initial_call=True,
        )
