"""Tables: a heading for each column, and a frame in which a wide table scrolls."""

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component


def table(
    head: Sequence[Any], rows: Sequence[Component], class_name: str = "", label: str = "", cards: bool = False
) -> Component:
    """Return a table with the headings `head`, texts or cells; `label` names the frame in which it scrolls.

    `cards`: on a phone each row is a card, and nothing scrolls sideways. The headings are texts then.
    """
    cells = [each if isinstance(each, Component) else html.Th(each, scope="col") for each in head]
    if cards:
        class_name = f"m-table-cards {class_name}"
        for row in rows:
            for cell, heading in zip(row.children[1:], head[1:], strict=True):
                setattr(cell, "data-heading", heading)
    made = html.Table([html.Thead(html.Tr(cells)), html.Tbody(list(rows))], className=f"m-table {class_name}".strip())
    if not label:
        return made
    return html.Div(made, className="m-scroll", tabIndex=0, role="region", **{"aria-label": label})


def table_row(name: Any, *cells: Any, **look: Any) -> Component:
    """Return a row of a table: its heading and its cells; a cell with attributes of its own is a `html.Td`."""
    rest = [each if isinstance(each, html.Td) else html.Td(each) for each in cells]
    return html.Tr([html.Th(name, scope="row"), *rest], **look)
