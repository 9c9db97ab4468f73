"""Map furniture: scale, north arrow, legend, key of sheets, notes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.papers import symbols
from dashboard.papers.canvas import Anchor, Ink
from dashboard.papers.frame import KEY, ROW, PageFrame, legend_columns
from dashboard.papers.grid import SheetGrid
from dashboard.papers.ground import BORDER, BORDER_WIDTH, LAND_IN, SheetGround
from dashboard.papers.labels import Box
from dashboard.papers.projection import Floats, SheetPlane
from dashboard.papers.symbols import LegendKey
from dashboard.theme import LIGHT
from dashboard.wording import _, number, percent

INK, INK_2, INK_3 = LIGHT["ink"], LIGHT["ink-2"], LIGHT["ink-3"]
LINE, ACCENT = LIGHT["line-strong"], LIGHT["accent"]
_SMALL = 6.3
_LEADING = 2.75
_BAR = 46.0


@dataclass(frozen=True)
class LegendEntry:
    """A row of the legend: a symbol of the plan, or a line of the base map."""

    words: str
    look: LegendKey | None = None
    ground: str = ""


@dataclass(frozen=True)
class KeySheet:
    """A sheet in the key: its page number, and its corners in mm from the middle of the sector, y to the north."""

    page: int
    corners: Floats
    here: bool


@dataclass(frozen=True)
class Key:
    """The key of a sector's sheets: outlines of the sector, and the sheets."""

    outlines: list[Floats]
    sheets: list[KeySheet]


def ratio(scale: int) -> str:
    """Return a scale as text, "1:2 500 000"."""
    return "1:" + f"{scale:,}".replace(",", "\u00a0")


def start(ink: Ink, box: Box) -> tuple[float, Anchor]:
    """Return the x at which text in a box begins, and its anchor."""
    return (box[0] + box[2], "right") if ink.rtl else (box[0], "left")


def end(ink: Ink, box: Box) -> tuple[float, Anchor]:
    """Return the x at which text in a box ends, and its anchor."""
    return (box[0], "left") if ink.rtl else (box[0] + box[2], "right")


def panel(
    ink: Ink, frame: PageFrame, plane: SheetPlane, grid: SheetGrid, entries: Sequence[LegendEntry], key: Key | None
) -> None:
    """Draw scale and north arrow, legend and key: stacked beside the map, or in a row below it."""
    x, y, width, height = frame.panel
    if frame.side:
        used = _scale(ink, (x, y, width, 0), plane, grid)
        used += 4 + _legend(ink, (x, y + used + 4, width, 0), entries, 1)
        if key:
            _key(ink, (x, y + used + 4, width, min(KEY, height - used - 4)), key)
        return
    scale = 66.0
    legend = width - scale - 6 - (KEY + 6 if key else 0)
    places = [(legend, "legend"), *([(KEY, "key")] if key else []), (scale, "scale")]
    at = x + width if ink.rtl else x
    for wide, what in places:
        box = (at - wide if ink.rtl else at, y, wide, height)
        if what == "legend":
            columns = legend_columns(frame.width)
            _legend(ink, box, entries, columns if not key else max(columns - 1, 1))
        elif what == "key" and key:
            _key(ink, box, key)
        else:
            _scale(ink, box, plane, grid)
        at += -(wide + 6) if ink.rtl else wide + 6


# ------------------------------------------------------------------------------------------------ scale and north


def _scale(ink: Ink, box: Box, plane: SheetPlane, grid: SheetGrid) -> float:
    """Draw the representative fraction, the bar, the arrow, and notes on accuracy; return the height in mm."""
    x, y, width, _height = box
    at, anchor = start(ink, box)
    ink.words(at, y + 4.2, ratio(plane.scale), 13, INK, bold=True, anchor=anchor, direction="ltr")
    bar = (x + width - _BAR - 4 if ink.rtl else x, y + 8.2)
    _bar(ink, *bar, plane.scale)
    north = x + 6 if ink.rtl else x + width - 6
    _arrow(ink, north, y + 0.6)
    below = y + 18.4
    for line in truth(plane, grid):
        for part in ink.lines_of(line, _SMALL, width):
            ink.words(at, below, part, _SMALL, INK_2, anchor=anchor)
            below += _LEADING
    return below - y - 1


def _bar(ink: Ink, x: float, y: float, scale: int) -> None:
    """Draw a scale bar of a round length on the ground in black and white, labelled at its ends."""
    length, parts = bar_length(scale)
    mm = length * 1000 / scale
    step = mm / parts
    for k in range(parts):
        ink.box(x + k * step, y, step, 1.3, fill=INK if k % 2 == 0 else symbols.PAPER, stroke=INK, width=0.18)
    kilometres = length >= 1000
    for k in (0, parts):
        said = number(length * k / parts / (1000 if kilometres else 1))
        words = said if k == 0 else _("{number} km", number=said) if kilometres else _("{number} m", number=said)
        ink.words(x + k * step, y + 4.0, words, 6.5, INK_2, anchor="centre" if k else "left")


def bar_length(scale: int) -> tuple[int, int]:
    """Return the longest round length of a bar of at most 46 mm, in metres on the ground, and its number of parts.

    >>> bar_length(1_000_000), bar_length(25_000)
    ((40000, 4), (1000, 4))
    """
    most = _BAR * scale / 1000
    best = (1, 4)
    for power in range(9):
        for digit, parts in ((1, 4), (2, 4), (3, 3), (4, 4), (5, 5)):
            if digit * 10**power <= most:
                best = max(best, (digit * 10**power, parts))
    return best


def _arrow(ink: Ink, x: float, y: float) -> None:
    """Draw the north arrow: true north is straight up at the centre of every sheet."""
    ink.words(x, y + 3.2, "N", 9, INK, bold=True, anchor="centre", direction="ltr")
    tip, low, notch = y + 4.2, y + 14.5, y + 12.3
    ink.path([np.array([[x, tip], [x - 2.4, low], [x, notch]])], closed=True, fill=INK, stroke=INK, width=0.18)
    ink.path(
        [np.array([[x, tip], [x + 2.4, low], [x, notch]])], closed=True, fill=symbols.PAPER, stroke=INK, width=0.18
    )


def truth(plane: SheetPlane, grid: SheetGrid) -> list[str]:
    """Return the notes needed to measure on the sheet: projection, scale error, grid, direction of north."""
    position = f"\u2066{plane.lat:.2f}, {(plane.lon + 180) % 360 - 180:.2f}\u2069"
    name = _("Transverse Mercator") if plane.conformal else _("Lambert azimuthal equal-area")
    off = percent(plane.scale_error, 4 if plane.scale_error < 1e-4 else 2 if plane.scale_error < 1e-2 else 1)
    told = [
        _("{projection}, centre {place}, {datum}.", projection=name, place=position, datum="WGS\u00a084"),
        _("Exact to scale at the centre, up to {percent} off elsewhere.", percent=off),
    ]
    if grid.metric:
        told.append(_("Grid: UTM zone {zone}, kilometres.", zone=plane.utm_zone))
    turned = round(plane.convergence or 0.0, 1)
    if plane.convergence is None:
        told.append(_("The arrow is true north at the centre."))
    elif turned == 0:
        told.append(_("The arrow is true north and grid north (UTM zone {zone}) at the centre.", zone=plane.utm_zone))
    else:
        turn = (
            _("The arrow is true north at the centre; grid north (UTM zone {zone}) is {angle}° east of it.")
            if turned > 0
            else _("The arrow is true north at the centre; grid north (UTM zone {zone}) is {angle}° west of it.")
        )
        told.append(turn.format(zone=plane.utm_zone, angle=number(abs(turned), 1)))
    return told


# --------------------------------------------------------------------------------------------------------- legend


def ground_entries(ground: SheetGround) -> list[LegendEntry]:
    """Return legend rows for the lines and colours of the base map that are on the sheet."""
    said = (
        (ground.boundaries, "boundary", _("Boundary")),
        (ground.differing, "differing", _("Boundary that states draw differently")),
        (ground.set_off, "set_off", _("Participating country")),
    )
    return [LegendEntry(words, ground=what) for there, what, words in said if there]


def _legend(ink: Ink, box: Box, entries: Sequence[LegendEntry], columns: int) -> float:
    x, y, width, _height = box
    at, anchor = start(ink, box)
    ink.words(at, y + 3.2, _("Legend"), 7.5, INK, bold=True, anchor=anchor)
    rows = -(-len(entries) // columns)
    wide = width / columns
    for k, entry in enumerate(entries):
        column, row = divmod(k, rows)
        left = x + (columns - 1 - column) * wide if ink.rtl else x + column * wide
        cell = (left, y + 5.2 + row * ROW, wide - 2, ROW)
        _entry(ink, cell, entry)
    return 5.2 + rows * ROW


def _entry(ink: Ink, cell: Box, entry: LegendEntry) -> None:
    x, y, width, _height = cell
    middle = (x + width - 4 if ink.rtl else x + 4, y + ROW / 2)
    if entry.look:
        symbols.key(ink, *middle, entry.look)
    elif entry.ground == "set_off":
        ink.box(middle[0] - 3.2, middle[1] - 1.5, 6.4, 3, fill=LAND_IN, stroke=BORDER, width=0.2)
    else:
        line = np.array([[middle[0] - 3.4, middle[1]], [middle[0] + 3.4, middle[1]]])
        ink.path([line], stroke=BORDER, width=BORDER_WIDTH, dash=(1.1, 0.8) if entry.ground == "differing" else ())
    words = ink.fitted(entry.words, 7, width - 10)
    ink.words(
        x + width - 9.5 if ink.rtl else x + 9.5, y + ROW / 2 + 0.9, words, 7, INK, anchor="right" if ink.rtl else "left"
    )


# ------------------------------------------------------------------------------------------------------------ key


def _key(ink: Ink, box: Box, key: Key) -> None:
    """Draw the sector in small with its sheets; this one is shaded."""
    x, y, width, height = box
    at, anchor = start(ink, box)
    ink.words(at, y + 3.2, _("Sheets"), 7.5, INK, bold=True, anchor=anchor)
    corners = np.concatenate([*key.outlines, *(sheet.corners for sheet in key.sheets)])
    low, high = corners.min(axis=0), corners.max(axis=0)
    k = min((width - 2) / (high[0] - low[0]), (height - 7) / (high[1] - low[1]))
    centre = np.array([x + width / 2, y + 5 + (height - 6) / 2])
    middle = (low + high) / 2

    def place(line: Floats) -> Floats:
        return centre + (line - middle) * [k, -k]

    for sheet in key.sheets:
        ink.path(
            [place(sheet.corners)],
            closed=True,
            stroke=INK_3,
            width=0.18,
            fill=LIGHT["accent-soft"] if sheet.here else None,
        )
    for outline in key.outlines:
        ink.path([place(outline)], stroke=ACCENT, width=0.3)
    for sheet in key.sheets:
        spot = place(sheet.corners.mean(axis=0, keepdims=True))[0]
        ink.words(
            spot[0], spot[1] + 0.9, str(sheet.page), 6.5, INK, bold=sheet.here, anchor="centre", halo=symbols.PAPER
        )


# ---------------------------------------------------------------------------------------------------------- notes


def notes(ink: Ink, frame: PageFrame, paragraphs: Sequence[str]) -> None:
    """Draw small print at the foot: sources and licences, boundaries, time of printing."""
    at, anchor = start(ink, frame.notes)
    x, y, width, _height = frame.notes
    ink.path([np.array([[x, y], [x + width, y]])], stroke=LINE, width=0.15)
    below = y + 3.0
    for paragraph in paragraphs:
        for line in ink.lines_of(paragraph, 5.8, width):
            ink.words(at, below, line, 5.8, INK_3, anchor=anchor)
            below += 2.55
