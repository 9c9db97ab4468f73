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
    AROUND = "plan-around"
    DRAFT = "plan-draft"
    GEOMETRY = "plan-geometry"
    VERSION = "plan-version"
    UNDO = "plan-undo"
    DONE = "plan-done"
    VERSIONS = "plan-versions-list"
    DELETED = "plan-versions-deleted"
    FROM = "plan-changes-from"
    TO = "plan-changes-to"
    CHANGES = "plan-changes"
    CHANGES_DRAWN = "plan-map-changes"
    CHANGES_TOLD = "plan-changes-told"


SELECTED = selected_id(Ids.MAP)
