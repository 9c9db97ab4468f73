"""The tables of an answer, one behind the other."""

from collections.abc import Mapping
from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.parts.grid import grid
from dashboard.screens.analysis.tables_events import EVENT_TABLES
from dashboard.screens.analysis.tables_ways import WAY_TABLES
from dashboard.wording import _, language
from operations.core import vocabulary
from operations.core.vocabulary import AnalysisKind

_TABLES = EVENT_TABLES | WAY_TABLES


def tables(kind: AnalysisKind, result: Mapping[str, Any]) -> list[Component]:
    """The tables of an answer, one behind the other; a table without rows is left out."""
    found = [each for each in result["tables"] if each["rows"] and each["name"] in _TABLES]
    if not found:
        return []
    names = [each["name"] for each in found]
    tabs = [dmc.TabsTab(_(_TABLES[name].title), value=name) for name in names]
    panels = [
        dmc.TabsPanel(
            [
                html.P(_(_TABLES[each["name"]].meaning), className="m-small m-dim analysis-table-note"),
                html.Div(_table(each), className="analysis-table"),
            ],
            value=each["name"],
        )
        for each in found
    ]
    label = vocabulary.label("CL-ANALYSIS", kind.value, language())
    return [
        dmc.Tabs(
            [dmc.TabsList(tabs, **{"aria-label": label}), *panels],
            value=names[0],
            keepMounted=False,
            className="analysis-tabs",
        )
    ]


def _table(table: Mapping[str, Any]) -> Component:
    name = table["name"]
    shown = _TABLES[name]
    rows = [
        {"id": str(at), **shown.row(dict(zip(table["columns"], cells, strict=True)))}
        for at, cells in enumerate(table["rows"])
    ]
    return grid(f"analysis-table-{name}", shown.columns(), rows, search=len(rows) > 10, export=f"analysis-{name}")
