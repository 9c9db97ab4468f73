"""The elements of the plan page that its callbacks speak about."""

from enum import StrEnum

from dashboard.map.component import selected_id


class Ids(StrEnum):
    """Their ids."""

    MAP = "plan-map"
    OPERATION = "plan-operation"
    TABLE = "plan-table"
    TABLE_TAB = "plan-table-tab"
    DETAILS = "plan-details"
    HISTORY = "plan-history"
    DRAFT = "plan-draft"
    GEOMETRY = "plan-geometry"
    VERSION = "plan-version"
    UNDO = "plan-undo"
    DONE = "plan-done"


SELECTED = selected_id(Ids.MAP)
