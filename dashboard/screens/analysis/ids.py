"""Element ids of the analysis page."""

from enum import StrEnum

MAP, BESIDE_MAP = "analysis-map", "analysis-beside"


class Ids(StrEnum):
    """Element ids of the analysis page."""

    SHOWN = "analysis-shown"
    MARK = "analysis-mark"
    TICKS = "analysis-ticks"
    KIND = "analysis-kind"
    HISTORY = "analysis-history"
    HEAD = "analysis-head"
    PROGRESS = "analysis-progress"
    SENTENCES = "analysis-sentences"
    SOURCES = "analysis-sources"
    LEGEND = "analysis-legend"
    EVENTS = "analysis-events"
    EVENTS_ROW = "analysis-events-row"
    TABLES = "analysis-tables"
    NOTES = "analysis-notes"
    VARIANTS = "analysis-variants"
    PAIR = "analysis-pair-of-maps"
    BESIDE = "analysis-beside-place"


def fields_id(kind: str) -> str:
    """Return the id of the element that holds the form of a question."""
    return f"analysis-fields-{kind}"
