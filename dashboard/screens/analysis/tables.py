"""Tables of an answer, one below the other, drawn as its question declares them."""

from collections.abc import Mapping
from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.parts.grid import grid, number_column, text_column
from dashboard.screens.analysis.words import plan_words
from dashboard.wording import UNDEFINED, _, coded, place_words
from operations.analyses.question import Column, TableView
from operations.analyses.questions import ASKED
from operations.core import vocabulary

Row = Mapping[str, Any]


def tables(kind: str, result: Mapping[str, Any]) -> list[Component]:
    """Return the tables of an answer, one below the other; a table without rows is left out."""
    kept = {each["name"]: each for each in result["tables"] if each["rows"]}
    known = {each.name: each for each in ASKED[kind].tables}
    filled = [(known[name], table) for name, table in kept.items() if name in known]
    if not filled:
        return []
    tabs = [dmc.TabsTab(_(shown.title), value=shown.name) for shown, _table in filled]
    panels = [
        dmc.TabsPanel(
            [
                html.P(_(shown.meaning), className="m-small m-dim analysis-table-note"),
                html.Div(_drawn(shown, table), className="analysis-table"),
            ],
            value=shown.name,
        )
        for shown, table in filled
    ]
    label = _(ASKED[kind].name)
    return [
        dmc.Tabs(
            [dmc.TabsList(tabs, **{"aria-label": label}), *panels],
            value=filled[0][0].name,
            keepMounted=False,
            className="analysis-tabs",
        )
    ]


def _drawn(shown: TableView, table: Mapping[str, Any]) -> Component:
    rows = []
    for at, cells in enumerate(table["rows"]):
        row = dict(zip(table["columns"], cells, strict=True))
        rows.append({"id": str(at), **{each.name: _cell(each, row) for each in shown.columns}})
    columns = [_column(each) for each in shown.columns]
    return grid(f"analysis-table-{shown.name}", columns, rows, search=len(rows) > 10, export=f"analysis-{shown.name}")


def _column(each: Column) -> dict[str, Any]:
    more: dict[str, Any] = {"headerTooltip": _(each.tip)} if each.tip else {}
    if each.counts:
        more |= {"width": each.width} if each.width else {}
        more |= {"valueFormatter": {"function": f"muster.number(params.value, {each.digits})"}} if each.digits else {}
        return number_column(each.name, _(each.heading), **more)
    more |= {"width": each.width, "flex": 0} if each.fixed else {"minWidth": each.width}
    more |= {"cellClass": "m-num"} if each.form == "position" else {}
    return text_column(each.name, _(each.heading), **more)


def _cell(each: Column, row: Row) -> Any:
    """Return the display value of a cell; numbers are formatted by the grid."""
    value = row.get(each.name)
    text = str(value or "")
    match each.form:
        case "number":
            return value
        case "percent":
            return None if value is None else 100 * value
        case "position":
            return f"{row['lat']:.4f}, {row['lon']:.4f}"
        case "several":
            return ", ".join(_(each.codes.get(part, part)) for part in text.split())
        case "countries":
            return " → ".join(_country(part) for part in text.split())
        case "country":
            return _country(text)
        case "places":
            return "; ".join(place_words(part) for part in text.split("; "))
        case "place":
            return place_words(text) or UNDEFINED
        case "plan":
            return plan_words(text)
    if each.codes:
        words = each.codes.get(value, "" if each.strict else value)
        return _(words) if words else UNDEFINED if each.strict else ""
    return value or UNDEFINED


def _country(iso3: str) -> str:
    return coded("CL-COUNTRY", iso3) if iso3 in vocabulary.codes("CL-COUNTRY") else iso3
