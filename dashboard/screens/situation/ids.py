"""Element ids of the situation screen, and its parts that follow the operation."""

from enum import StrEnum

from dash import Output

from dashboard.map.component import scene_id, values_id
from operations.catalogue.kpis import Kpi

MAP = "situation-map"
WIDEST = 12  # tiles in one row of a wall


def columns(tiles: int) -> int:
    """Return the number of tiles in a row on a wide screen, such that rows are of equal length."""
    return -(-tiles // max(1, -(-tiles // WIDEST)))


class Ids(StrEnum):
    """Element ids of this page."""

    OPERATION = "situation-operation"
    SHOWN = "situation-shown"
    LEVEL = "situation-level"
    SCOPE = "situation-scope"
    FIGURE = "situation-figure"
    CASES = "situation-cases"
    LATE = "situation-late"
    STRIP = "situation-strip"
    AS_OF = "situation-as-of"
    MARK = "situation-mark"
    SIGNS = "situation-signs"
    SILENT = "situation-silent"
    FEED = "situation-feed"
    PHASES = "situation-phases"
    COUNTRIES = "situation-countries"
    COUNTRIES_TABLE = "situation-countries-table"
    DAYS = "situation-days"
    DAYS_TABLE = "situation-days-table"
    OPENED = "situation-opened"
    DEFINITION = "situation-definition"
    DEFINITION_NAME = "situation-definition-name"
    DEFINITION_TEXT = "situation-definition-text"
    WALL = "situation-wall"
    WALL_LINK = "situation-wall-link"
    DEFINITION_CLOSE = "situation-definition-close"
    AT = "situation-at"
    PAST = "situation-past"
    RESTATED = "situation-restated"
    LOOK_BACK = "situation-look-back"
    LIVE = "situation-live"
    ENTRY = "situation-entry"
    CHOSEN = "situation-chosen"
    CHOSEN_FIGURES = "situation-chosen-figures"
    DAY = "situation-day"


def tile_id(kpi: Kpi) -> str:
    """Return the id of a figure's tile."""
    return f"situation-tile-{kpi.value}"


PARTS = {
    "as_of": Output(Ids.AS_OF, "children"),
    "mark": Output(Ids.MARK, "children"),
    "restated": Output(Ids.RESTATED, "children"),
    "past": Output(Ids.PAST, "children"),
    "free": Output(Ids.LEVEL, "disabled"),
    "signs": Output(Ids.SIGNS, "children"),
    "cases": Output(Ids.CASES, "children"),
    "late": Output(Ids.LATE, "children"),
    "silent": Output(Ids.SILENT, "children"),
    "feed": Output(Ids.FEED, "children"),
    "phases": Output(Ids.PHASES, "children"),
    "countries": Output(Ids.COUNTRIES, "figure"),
    "countries_table": Output(Ids.COUNTRIES_TABLE, "children"),
    "days": Output(Ids.DAYS, "figure"),
    "days_table": Output(Ids.DAYS_TABLE, "children"),
    "scene": Output(scene_id(MAP), "data"),
    "values": Output(values_id(MAP), "data"),
    "charted": Output(Ids.FIGURE, "data"),
    "strip": Output(Ids.STRIP, "style"),
    **{f"no {kpi.value}": Output(tile_id(kpi), "hidden") for kpi in Kpi},
    **{f"tile {kpi.value}": Output(tile_id(kpi), "children") for kpi in Kpi},
}
"""The parts of the screen that show one moment."""
