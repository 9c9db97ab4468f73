"""Index pages of a print: all objects of the plan, with coordinates and the sheets that show them."""

from collections.abc import Mapping, Sequence

import numpy as np
import shapely

from dashboard.papers.canvas import Ink
from dashboard.papers.frame import EDGE, HEAD, NOTES, PageFrame, frame
from dashboard.papers.map_furniture import INK, INK_2, INK_3, LINE, notes
from dashboard.papers.sheet import SheetPage, head
from dashboard.papers.sheet_order import Order, PlanFeature
from dashboard.theme import LIGHT
from dashboard.wording import _, right_to_left
from geodata.ground import formats

_ROW = 4.7
_TOP = HEAD + 8
_SHARES = (0.035, 0.215, 0.145, 0.075, 0.115, 0.115, 0.145, 0.115, 0.04)
_CODES = (0, 5, 6, 7, 8)
"""Columns that run left to right in every language."""


def pages_for(order: Order) -> int:
    """Return the number of pages of the index."""
    return -(-len(order.things) // _rows(_frame(order)))


def draw(
    ink: Ink, order: Order, points: Sequence[tuple[float, float]], sheets: Mapping[int, list[int]], first: SheetPage
) -> None:
    """Add the index pages. `points` (lon, lat) are the objects' positions, `sheets` the pages that show them by row."""
    made = _frame(order)
    step = _rows(made)
    for k in range(0, len(order.things), step):
        ink.add_page(format=(made.width, made.height))
        with ink.tagged("P"):
            head(ink, order, _("Index of objects"), made, SheetPage(first.number + k // step, first.of))
            _titles(ink, made)
            for row, thing in enumerate(order.things[k : k + step]):
                _line(ink, made, row, _cells(k + row, thing, points[k + row], sheets.get(k + row, [])))
            where = _("A line or an area is listed at a point on it. Coordinates: WGS 84.")
            notes(ink, made, [where, f"{order.printed} {order.version}"])


def where(geometry: shapely.Geometry) -> tuple[float, float]:
    """Return the (lon, lat) under which an object is listed: a point, the middle of a line, a point on an area."""
    if geometry.geom_type == "Point":
        return geometry.x, geometry.y
    largest = max(shapely.get_parts(geometry), key=lambda part: part.area or part.length)
    at = largest.point_on_surface() if largest.geom_type == "Polygon" else largest.interpolate(0.5, normalized=True)
    return at.x, at.y


def _frame(order: Order) -> PageFrame:
    return frame(order.paper, landscape=True, entries=0, rtl=right_to_left(order.language))


def _rows(made: PageFrame) -> int:
    return int((made.height - EDGE - NOTES - 2 - _TOP) // _ROW)


def _cells(k: int, thing: PlanFeature, at: tuple[float, float], sheets: Sequence[int]) -> list[str]:
    position = formats.Position(at[1], at[0])
    writings = [formats.write(position, style) for style in ("decimal", "dms", "mgrs")]
    pages = ", ".join(map(str, sheets[:4])) + ("…" if len(sheets) > 4 else "")
    return [str(k + 1), thing.name, thing.label, thing.state_label, thing.country, *writings, pages]


def _columns(ink: Ink, made: PageFrame) -> list[tuple[float, float]]:
    """Return left end and width of each column in mm, mirrored for right-to-left languages."""
    width = made.width - 2 * EDGE
    ends = np.cumsum([0.0, *_SHARES]) * width
    return [
        (made.width - EDGE - ends[k + 1] if ink.rtl else EDGE + ends[k], share * width)
        for k, share in enumerate(_SHARES)
    ]


def _titles(ink: Ink, made: PageFrame) -> None:
    words = ("", _("Name"), _("Kind"), _("State"), _("Country"), _("Decimal degrees"), "DMS", "MGRS", _("Sheets"))
    for (left, wide), said in zip(_columns(ink, made), words, strict=True):
        ink.words(
            left + wide if ink.rtl else left,
            _TOP - 3,
            said,
            6.8,
            INK_2,
            bold=True,
            anchor="right" if ink.rtl else "left",
        )
    ink.path([np.array([[EDGE, _TOP - 1.4], [made.width - EDGE, _TOP - 1.4]])], stroke=LINE, width=0.25)


def _line(ink: Ink, made: PageFrame, row: int, cells: Sequence[str]) -> None:
    y = _TOP + row * _ROW
    if row % 2:
        ink.box(EDGE, y - 1.0, made.width - 2 * EDGE, _ROW, fill=LIGHT["ground"])
    for k, ((left, wide), words) in enumerate(zip(_columns(ink, made), cells, strict=True)):
        ink.words(
            left + wide if ink.rtl else left,
            y + 2.4,
            ink.fitted(words, 6.8, wide - 1.5, bold=k == 1),
            6.8,
            INK_3 if k == 0 else INK,
            bold=k == 1,
            anchor="right" if ink.rtl else "left",
            direction="ltr" if k in _CODES else None,
        )
