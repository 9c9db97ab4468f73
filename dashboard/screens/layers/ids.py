"""Element ids of the layers page."""

from enum import StrEnum


class Ids(StrEnum):
    """Element ids of the layers page."""

    GRID = "layers-grid"
    DETAILS = "layers-details"
    SOURCES = "layers-sources"
    UPLOAD = "layers-upload"
    TOKEN = "layers-token"  # noqa: S105 - the name of a store
    REFUSED = "layers-refused"
    READING = "layers-reading"
    WORK = "layers-work"
    CHECKED = "layers-checked"
