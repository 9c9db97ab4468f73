"""The elements of the plan page that its callbacks speak about, and what they answer in the same way."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from dash import Output, State

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
"""Which press of the page an act answers: it chooses nothing where somebody has done something since (`plan.js`)."""
NOTHING: dict[str, Any] = {"type": "nothing"}


def toast(words: str, undoable: UUID | str | None = None) -> dict[str, Any]:
    """What is said over the map of what was done; the object on which it can be taken back, where it can."""
    return {"text": words, "object_id": None if undoable is None else str(undoable)}


def chosen_object(version: Any, asked: int | None, **more: Any) -> dict[str, Any]:
    """An object that was changed, as the choice on the map that answers the press `asked`."""
    return {"type": "object", "id": str(version.object_id), "version": str(version.id), "asked": asked, **more}
