"""How a page is divided: the map, the panel that explains it, the notes, in millimetres from the upper left corner."""

import math
from dataclasses import dataclass

from dashboard.papers.labels import Box
from dashboard.papers.sheet_order import SIZES, PaperSize

EDGE = 9.0
"""Millimetres that printers leave white, and a little more."""
TICKS = 5.0
"""Millimetres around the map for what stands at the ends of the grid's lines."""
HEAD = 26.0
NOTES = 16.0
ROW = 4.9
"""Millimetres from one entry of the legend to the next."""
_SIDE = 62.0
_GAP = 4.0
_SCALE_BLOCK = 33.0
_LEGEND_HEAD = 5.0
KEY = 46.0
"""Millimetres of width, or of height in a side panel, for the key of sheets."""


@dataclass(frozen=True)
class PageFrame:
    """One page: its size, and the boxes (x, y, width, height) of the map, its panel and the notes."""

    width: float
    height: float
    map: Box
    panel: Box
    notes: Box

    @property
    def side(self) -> bool:
        """Whether the panel stands beside the map."""
        return self.width > self.height

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of the map on the page."""
        x, y, width, height = self.map
        return x + width / 2, y + height / 2


def frame(paper: PaperSize, *, landscape: bool, entries: int, rtl: bool) -> PageFrame:
    """The page of a paper for a legend of at most `entries`, so that all maps of a print have the same room."""
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
    """How many columns the legend has below the map of an upright page."""
    return 4 if width > 250 else 2
