"""Offices of the network of specialists for tests."""

from typing import Any

from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.exchange import directory
from tests.makers import Running
from tests.programme import BEGUN, does


def member_draft(**changes: Any) -> directory.OfficeDraft:
    """A laboratory that looks into documents."""
    content = {
        "id": new_id(),
        "office": "Document laboratory of the border police",
        "agency": "border_guard",
        "specialism": "document_examiner",
    }
    return parse(directory.OfficeDraft, content | changes)


def activity_draft(**changes: Any) -> directory.ActivityDraft:
    """It taught."""
    content = {"id": new_id(), "kind": "training", "held_on": BEGUN.date(), "note": "Two days in Agadez."}
    return parse(directory.ActivityDraft, content | changes)


def member(scene: Running, by: str = "chaima", **changes: Any) -> directory.DirectoryOffice:
    """It is in the directory."""
    made: directory.DirectoryOffice = does(scene, by, directory.enter, member_draft(**changes))
    return made
