"""Element ids of the timeline page."""

from enum import StrEnum


class Ids(StrEnum):
    """Element ids of the timeline page. The browser script uses some of them too (screens/timeline/timeline.js)."""

    OPERATION = "timeline-operation"
    DATA = "timeline-data"
    BARS = "timeline-bars"  # the marker of the bars
    ROWS = "timeline-rows"
    COLUMNS = "timeline-columns"  # the marker of the columns, which hold the zones
    CHART = "timeline-chart"
    MOVE = "timeline-move"
    ANSWER = "timeline-answer"
    ANSWERED = "timeline-answered"
    FOLLOWING = "timeline-following"
    UNDO = "timeline-undo"
    STATUS = "timeline-status"
    FACTS = "timeline-facts"
    CHOSEN = "timeline-chosen"
    OPENED = "timeline-opened"
    BOARD = "timeline-board"
    MORE = "timeline-more"
    GRID = "timeline-grid"
    EDITOR = "timeline-editor"
    EDITING = "timeline-editing"
    NEW_PHASE = "timeline-new-phase"
    NEW_TASK = "timeline-new-task"
    FEEDS = "timeline-feeds"
    UPLOAD = "timeline-upload"
    FILE = "timeline-file"
    FOUND = "timeline-found"
