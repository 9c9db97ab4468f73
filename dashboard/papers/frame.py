"""Layout of a page: map, panel with legend and scale, and notes, in millimetres from the upper left corner."""

import math
from dataclasses import dataclass

from dashboard.papers.labels import Box
from dashboard.papers.sheet_order import SIZES, PaperSize

EDGE = 9.0
"""Margin in mm: what printers leave white, and a little more."""
TICKS = 5.0
"""Millimetres around the map for the labels of grid lines."""
HEAD = 26.0
NOTES = 16.0
ROW = 4.9
"""Height of a legend row in mm."""
_SIDE = 62.0
_GAP = 4.0
_SCALE_BLOCK = 33.0
_LEGEND_HEAD = 5.0
KEY = 46.0
"""Millimetres of width, or of height in a side panel, for the key of sheets."""


@dataclass(frozen=True)
class PageFrame:
    """A page: its size, and the boxes (x, y, width, height) of map, panel and notes, in mm."""

    width: float
    height: float
    map: Box
    panel: Box
    notes: Box

    @property
    def side(self) -> bool:
        """Whether the panel is beside the map."""
        return self.width > self.height

    @property
    def centre(self) -> tuple[float, float]:
        """The centre of the map on the page, in mm."""
        x, y, width, height = self.map
        return x + width / 2, y + height / 2


def frame(paper: PaperSize, *, landscape: bool, entries: int, rtl: bool) -> PageFrame:
    """Return a page for a legend of at most `entries` rows, so that all maps of a print have the same size."""
    width, height = SIZES[paper][::-1] if landscape else SIZES[paper]
    notes = (EDGE, height - EDGE - NOTES, width - 2 * EDGE, NOTES)
    top = HEAD + TICKS
    if landscape:
        wide = width - 2 * EDGE - 2 * TICKS - _SIDE - _GAP
        room = (EDGE + TICKS, top, wide, notes[1] - TICKS - 1 - top)
        panel = (width - EDGE - _SIDE, HEAD + 1, _SIDE, notes[1] - HEAD - 3)
        if rtl:
            room = (width - EDGE - TICKS - wide, *room[1:])
            panel = (EDGE, *panel[1:])
        return PageFrame(width, height, room, panel, notes)
    rows = math.ceil(entries / legend_columns(width))
    high = max(_SCALE_BLOCK, _LEGEND_HEAD + rows * ROW + 1)
    panel = (EDGE, notes[1] - high - 1.5, width - 2 * EDGE, high)
    return PageFrame(
        width, height, (EDGE + TICKS, top, width - 2 * (EDGE + TICKS), panel[1] - TICKS - 2 - top), panel, notes
    )


def legend_columns(width: float) -> int:
    """Return the number of legend columns below the map of a portrait page `width` mm wide."""
    return 4 if width > 250 else 2
