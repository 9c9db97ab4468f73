"""Element ids of the plan page, and the answers its callbacks share."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from dash import Output, State

from dashboard.map.component import selected_id


class Ids(StrEnum):
    """Element ids of the plan page."""

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
    ASKED = "plan-asked"
    ANSWERED = "plan-answered"
    VERSIONS = "plan-versions-list"
    DELETED = "plan-versions-deleted"
    FROM = "plan-changes-from"
    TO = "plan-changes-to"
    CHANGES = "plan-changes"
    CHANGES_DRAWN = "plan-map-changes"
    CHANGES_TOLD = "plan-changes-told"


SELECTED = selected_id(Ids.MAP)
CHOSEN, TOAST = Output(Ids.ANSWERED, "data"), Output(Ids.DONE, "data")
ASKED = {"asked": State(Ids.ASKED, "data")}
"""The number of the press that a callback answers; a stale answer selects nothing (`plan.js`)."""
NOTHING: dict[str, Any] = {"type": "nothing"}


def toast(words: str, undoable: UUID | str | None = None) -> dict[str, Any]:
    """Return the message shown over the map after an action, with the object that can be undone, if any."""
    return {"text": words, "object_id": None if undoable is None else str(undoable)}


def chosen_object(version: Any, asked: int | None, **more: Any) -> dict[str, Any]:
    """Return a changed object as the map's selection, in answer to the press `asked`."""
    return {"type": "object", "id": str(version.object_id), "version": str(version.id), "asked": asked, **more}
