"""Element ids of the page of intelligence."""

from enum import StrEnum


class Ids(StrEnum):
    """Element ids of this page."""

    HYPOTHESIS = "intelligence-hypothesis"
    HYPOTHESIS_SEEN = "intelligence-hypothesis-seen"
    SUPPOSING = "intelligence-supposing"
    SUPPOSE_TITLE = "intelligence-suppose-title"
    SUPPOSE = "intelligence-suppose"
    NETWORK = "intelligence-network"
    PART_SEEN = "intelligence-part-seen"
    PART_ENTITY = "intelligence-part-entity"
    PART_SAVE = "intelligence-part-save"
    PART_OUT = "intelligence-part-out"
    CHANGING = "intelligence-changing"
    LINKING = "intelligence-linking"
    LINK = "intelligence-link"
    UNLINK = "intelligence-unlink"
    TASKINGS = "intelligence-taskings"
    KEPT = "intelligence-kept"
    DERIVING = "intelligence-deriving"
    TASK = "intelligence-task"
    BACK = "intelligence-back"
    WHY = "intelligence-why"
