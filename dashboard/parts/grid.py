"""Lists: one AG Grid configuration, with search, keyboard, the reader's language and direction, and an empty state."""

from typing import Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import MATCH, ClientsideFunction, Input, Output, State, clientside_callback, dcc, html
from dash.development.base_component import Component

from dashboard.parts.form import button
from dashboard.parts.icon import icon
from dashboard.wording import _, direction

_WRAPPED = {"wrapHeaderText": True, "autoHeaderHeight": True}
LONGEST_DAY = 136
"""Pixels of a column in which no day of any language is cut: "28 septembre 2026" with its margins."""


def text_column(field: str, header: str, **more: Any) -> dict[str, Any]:
    """Return a column of text."""
    return {"field": field, "headerName": header, "filter": "agTextColumnFilter", "minWidth": 110, "flex": 1, **more}


def day_column(field: str, header: str, **more: Any) -> dict[str, Any]:
    """Return a column of days, or of days with their hour: sorted as YYYY-MM-DD, read as the reader writes dates."""
    written = {"function": "muster.day(params.value)"}
    return text_column(
        field, header, **{"flex": 0, "minWidth": LONGEST_DAY, "cellDataType": "text", "valueFormatter": written, **more}
    )


def number_column(field: str, header: str, **more: Any) -> dict[str, Any]:
    """Return a column of numbers: aligned to the end, with digits of one width and thousands separators."""
    return {
        "field": field,
        "headerName": header,
        "type": "numericColumn",
        "filter": "agNumberColumnFilter",
        "valueFormatter": {"function": "muster.number(params.value)"},
        "cellClass": "m-num",
        "minWidth": 90,
        "width": 120,
        **more,
    }


def grid(
    id: str,  # noqa: A002 - Dash's own word
    columns: list[dict[str, Any]],
    rows: list[dict[str, Any]],
    *,
    row_id: str = "id",
    search: bool = True,
    export: str | None = None,
    height: int | str = "100%",
    options: dict[str, Any] | None = None,
    empty: str | None = None,
    selection: str | None = None,
    all_rows: int | None = None,
) -> Component:
    """Return an AG Grid with the id `id`. `rows` have strings under `row_id`.

    `export`: the name of the CSV file that a button writes from the rows shown. `selection`: "single" or "multiple".
    `empty`: the sentence where there are no rows. `options`: further `dashGridOptions`. `all_rows`: how many rows there
    are where `rows` may be the first of them; `whole` says when the reader needs the others.
    """
    waiting = all_rows is not None and all_rows > len(rows)
    chosen = {"single": "singleRow", "multiple": "multiRow"}
    more: dict[str, Any] = (
        {
            "rowSelection": {
                "mode": chosen[selection],
                "enableClickSelection": True,
                "checkboxes": selection == "multiple",
            }
        }
        if selection
        else {}
    )
    made = dag.AgGrid(
        id=id,
        columnDefs=columns,
        rowData=rows,
        getRowId=f"params.data.{row_id}",
        defaultColDef={"sortable": True, "resizable": True, "suppressHeaderMenuButton": False, **_WRAPPED},
        dashGridOptions={
            "enableRtl": direction() == "rtl",
            "localeText": locale_text(empty),
            "rowHeight": 36,
            "headerHeight": 36,
            "animateRows": False,
            "tooltipShowDelay": 300,
            "suppressCellFocus": False,
            "suppressColumnVirtualisation": True,  # few columns; right to left, rows would be drawn empty
            "enableCellTextSelection": True,
            **more,
            **({"context": {"more": _("More rows follow: press Ctrl+P, or scroll down first.")}} if waiting else {}),
            **(options or {}),
        },
        style={"blockSize": "100%", "inlineSize": "100%"},
        className="ag-theme-muster",
    )
    tools = [*_search(id, search), *_export(id, export)]
    if all_rows is not None:
        tools.append(dcc.Store(id=_whole(id), data=not waiting))
    bar = [html.Div(tools, className="m-grid-bar")] if tools else []
    return html.Div([*bar, html.Div(made, className="m-grid-body")], className="m-grid", style={"blockSize": height})


def _whole(grid_id: str) -> str:
    return f"{grid_id}-whole"


def whole(grid_id: str) -> Input:
    """Return the sign that all rows of a list are wanted: its reader scrolls, sorts, searches, filters or exports."""
    return Input(_whole(grid_id), "data")


def _search(grid_id: str, wanted: bool) -> list[Component]:
    if not wanted:
        return []
    field = dmc.TextInput(
        id={"type": "grid-search", "grid": grid_id},
        placeholder=_("Search this list"),
        leftSection=icon("search", size=16),
        debounce=150,
        size="xs",
        className="m-grid-search",
        autoComplete="off",
        **{"aria-label": _("Search this list")},
    )
    return [field, dcc.Store(id={"type": "grid-sought", "grid": grid_id})]


def _export(grid_id: str, name: str | None) -> list[Component]:
    if name is None:
        return []
    press = button(_("CSV"), {"type": "grid-export", "grid": grid_id}, "quiet", "download", size="compact-sm")
    return [press, dcc.Store(id={"type": "grid-file", "grid": grid_id}, data=name)]


clientside_callback(
    ClientsideFunction("muster", "search_grid"),
    Output({"type": "grid-sought", "grid": MATCH}, "data"),
    Input({"type": "grid-search", "grid": MATCH}, "value"),
    prevent_initial_call=True,
)
clientside_callback(
    ClientsideFunction("muster", "export_grid"),
    Output({"type": "grid-export", "grid": MATCH}, "disabled"),
    Input({"type": "grid-export", "grid": MATCH}, "n_clicks"),
    State({"type": "grid-file", "grid": MATCH}, "data"),
    prevent_initial_call=True,
)


def locale_text(empty: str | None = None) -> dict[str, str]:
    """Return AG Grid's own texts in the reader's language."""
    return {
        "noRowsToShow": empty or _("Nothing to show"),
        "noMatchingRows": _("Nothing matches"),
        "loadingOoo": _("Loading"),
        "searchOoo": _("Search"),
        "selectAll": _("Select all"),
        "filterOoo": _("Filter"),
        "contains": _("Contains"),
        "notContains": _("Does not contain"),
        "equals": _("Equals"),
        "notEqual": _("Is not"),
        "startsWith": _("Begins with"),
        "endsWith": _("Ends with"),
        "blank": _("Is empty"),
        "notBlank": _("Is not empty"),
        "lessThan": _("Less than"),
        "greaterThan": _("More than"),
        "lessThanOrEqual": _("At most"),
        "greaterThanOrEqual": _("At least"),
        "inRange": _("Between"),
        "inRangeStart": _("From"),
        "inRangeEnd": _("To"),
        "before": _("Before"),
        "after": _("After"),
        "andCondition": _("And"),
        "orCondition": _("Or"),
        "applyFilter": _("Apply"),
        "resetFilter": _("Reset"),
        "clearFilter": _("Clear"),
        "page": _("Page"),
        "pageSizeSelectorLabel": _("Rows on a page:"),
        "of": _("of"),
        "to": _("to"),
        "firstPage": _("First page"),
        "lastPage": _("Last page"),
        "nextPage": _("Next page"),
        "previousPage": _("Previous page"),
        "pinColumn": _("Pin column"),
        "autosizeThisColumn": _("Fit this column"),
        "autosizeAllColumns": _("Fit all columns"),
        "resetColumns": _("Reset columns"),
        "sortAscending": _("Sort ascending"),
        "sortDescending": _("Sort descending"),
        "sortUnSort": _("Do not sort"),
        "ariaSearch": _("Search"),
        "ariaColumn": _("Column"),
        "ariaRowSelect": _("Press Space to select this row"),
        "ariaMenuColumn": _("Press Alt and Down to open the menu of the column"),
        "ariaFilterInput": _("Filter"),
        "ariaSortableColumn": _("Press Enter to sort"),
    }
