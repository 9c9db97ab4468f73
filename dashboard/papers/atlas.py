"""Atlas of a plan: an overview, one or more sheets for each sector, and an index of all objects.

Each area of the plan is a sector. Without a given scale, a sector has one sheet at the largest round scale that holds
it; at a given scale, a sector larger than the paper is tiled, row by row along parallels, with overlap and a key.
"""

import math
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace

import numpy as np
import shapely
from fpdf.prefs import ViewerPreferences
from shapely.geometry import shape

from dashboard.papers import register
from dashboard.papers import sheet as sheets
from dashboard.papers.canvas import Ink
from dashboard.papers.frame import PageFrame, frame
from dashboard.papers.layer_clipping import ClippedLayer, cut, layer
from dashboard.papers.map_furniture import Key, KeySheet
from dashboard.papers.projection import FITTING, Floats, SheetPlane, fitting, middle
from dashboard.papers.sheet import MapSheet, SheetPage
from dashboard.papers.sheet_order import AREA, MOST_SHEETS, CannotPrint, Order
from dashboard.wording import N_, _, in_language, right_to_left
from operations.core.clock import now

OVERLAP = 0.12
"""The share of a sheet that its neighbour repeats."""
_AIR = 9.0
"""Millimetres between the content of a sheet and its frame, for symbols and labels."""
_GROUND_ENTRIES = 3
_TOO_WIDE = N_("The plan spans more of the Earth than one sheet can show.")
_TOO_MANY = N_(
    "At 1:{scale} this plan takes {sheets} sheets or more; at most {most} are printed. Choose a smaller scale."
)


@dataclass(frozen=True)
class Atlas:
    """The pages of a print before they are drawn: map sheets, then the index."""

    order: Order
    of: ClippedLayer
    points: list[tuple[float, float]]
    sheets: list[MapSheet]
    pages: int


def pdf(order: Order) -> bytes:
    """Return the plan as a PDF in the order's language. Raises CannotPrint with a sentence."""
    with in_language(order.language):
        return _drawn(atlas(order))


def atlas(order: Order) -> Atlas:
    """Return the sheets of a print, in page order. Raises CannotPrint where there is nothing to show, or too much."""
    if not order.things:
        raise CannotPrint(N_("There is nothing to print: the plan has no object and no site yet."))
    order = replace(order, things=tuple(sheets.in_order(order.things)))
    shapes = np.array([shape(thing.geometry) for thing in order.things], dtype=object)
    frames = _frames(order, shapes)
    made = [_overview(frames, shapes)]
    for thing, outline in zip(order.things, shapes, strict=True):
        if thing.kind == AREA:
            made += _sector(order, frames, thing.name, outline, first=len(made) + 1)
    if len(made) == 1 and order.scale is not None and order.scale < made[0].plane.scale:
        made += _tiled(order, frames, _("Whole plan"), shapes, first=2)
    outlines = tuple((k, made[0].plane.to_paper(_edge(each.plane))) for k, each in enumerate(made[1:], start=2))
    made[0] = replace(made[0], outlines=tuple(each for each in outlines if np.isfinite(each[1]).all()))
    pages = len(made) + register.pages_for(order)
    return Atlas(order, layer(shapes), [register.where(each) for each in shapes], made, pages)


def _drawn(of: Atlas) -> bytes:
    order = of.order
    with closing(Ink(rtl=right_to_left(order.language))) as ink:
        return _pages(ink, of)


def _pages(ink: Ink, of: Atlas) -> bytes:
    order = of.order
    ink.set_title(order.title)
    ink.set_lang(order.language)
    ink.viewer_preferences = ViewerPreferences(display_doc_title=True)
    ink.set_creator("Muster")
    ink.set_creation_date(now())
    pages: dict[int, list[int]] = {}
    for k, sheet in enumerate(of.sheets, start=1):
        for row in sorted(sheets.draw(ink, order, sheet, of.of, SheetPage(k, of.pages))):
            pages.setdefault(row, []).append(k)
    register.draw(ink, order, of.points, pages, SheetPage(len(of.sheets) + 1, of.pages))
    return bytes(ink.output())


def _frames(order: Order, shapes: np.ndarray) -> tuple[PageFrame, PageFrame]:
    """Return the portrait and the landscape page, with room for the longest legend of any sheet in this print."""
    kinds = [sheets.shape_of(each) for each in shapes]
    entries = len(sheets.entries_of(order.things, kinds)) + _GROUND_ENTRIES
    rtl = right_to_left(order.language)
    return (
        frame(order.paper, landscape=False, entries=entries, rtl=rtl),
        frame(order.paper, landscape=True, entries=entries, rtl=rtl),
    )


def _overview(frames: tuple[PageFrame, PageFrame], shapes: np.ndarray) -> MapSheet:
    found = _fitted(frames, shapely.get_coordinates(shapes), FITTING)
    if found is None:
        raise CannotPrint(_TOO_WIDE)
    return MapSheet(_("Overview"), *found)


def _fitted(
    frames: tuple[PageFrame, PageFrame], ground: Floats, scales: tuple[int, ...]
) -> tuple[SheetPlane, PageFrame] | None:
    """Return the plane of the largest scale that holds all positions (degrees), and its page; portrait if both do."""
    planes = []
    for page in frames:
        _x, _y, width, height = page.map
        plane = fitting(ground, width - 2 * _AIR, height - 2 * _AIR, scales)
        if plane is not None:
            planes.append((replace(plane, width=width, height=height), page))
    return min(planes, key=lambda pair: pair[0].scale) if planes else None


def _sector(
    order: Order, frames: tuple[PageFrame, PageFrame], name: str, outline: shapely.Geometry, first: int
) -> list[MapSheet]:
    scales = FITTING if order.scale is None else (order.scale,)
    found = _fitted(frames, shapely.get_coordinates(outline), scales)
    if found is not None:
        return [MapSheet(name, *found)]
    return _tiled(order, frames, name, np.array([outline], dtype=object), first) if order.scale else []


# ---------------------------------------------------------------------------------------------------------- tiles


def _tiled(
    order: Order, frames: tuple[PageFrame, PageFrame], name: str, shapes: np.ndarray, first: int
) -> list[MapSheet]:
    """Return sheets of the given scale over shapes, with their key; on the page orientation that needs fewer."""
    assert order.scale is not None  # noqa: S101 - checked by the caller
    best, made = min(((tiles(each, order.scale, shapes), each) for each in frames), key=lambda pair: len(pair[0]))
    if first - 1 + len(best) > MOST_SHEETS:
        raise _too_many(order.scale, first - 1 + len(best))
    key = _key(shapes, best, first)
    return [
        MapSheet(_("{name}, part {n} of {m}", name=name, n=k + 1, m=len(best)), plane, made, key=key(k))
        for k, plane in enumerate(best)
    ]


def tiles(page: PageFrame, scale: int, shapes: np.ndarray) -> list[SheetPlane]:
    """Return planes of one scale that together show all of the shapes (degrees), north to south and west to east.

    Rows follow parallels and each sheet has its own centre, so that north is up on every one; neighbours overlap by
    `OVERLAP`. A sheet that shows none of the shapes is left out. Raises CannotPrint for far too many sheets.
    """
    _x, _y, width, height = page.map
    lon, _lat = middle(shapely.get_coordinates(shapes))
    ground = shapely.get_coordinates(shapely.segmentize(shapes, 0.25))
    east = (ground[:, 0] - lon + 180) % 360 - 180
    south, north, west, far = ground[:, 1].min(), ground[:, 1].max(), east.min(), east.max()
    per_mm = scale / 1000 / 111_195
    up, across = height * per_mm * (1 - OVERLAP), width * per_mm * (1 - OVERLAP)
    rows = max(1, math.ceil((north - south) / up))
    if rows > 10 * MOST_SHEETS:
        raise _too_many(scale, rows)
    of = layer(shapes)
    planes = []
    for row in range(rows):
        parallel = (south + north) / 2 + ((rows - 1) / 2 - row) * up
        # The narrowest part of a row is its edge towards the pole.
        reach = min(abs(parallel) + up / 2, 88.0)
        step = across / math.cos(math.radians(reach)) if reach < 88 else 360.0
        columns = max(1, math.ceil((far - west) / step))
        if rows * columns > 40 * MOST_SHEETS:
            raise _too_many(scale, rows * columns)
        for column in range(columns):
            turned = (west + far) / 2 + (column - (columns - 1) / 2) * step
            plane = SheetPlane(float((lon + turned + 180) % 360 - 180), float(parallel), scale, width, height)
            if shows(plane, of):
                planes.append(plane)
    return planes


def shows(plane: SheetPlane, of: ClippedLayer) -> bool:
    """Return whether any geometry of a layer lies on the sheet."""
    pieces, _rows = cut(plane, of, finest=0)
    return bool(shapely.intersects(pieces, plane.box).any())


def _too_many(scale: int, count: int) -> CannotPrint:
    return CannotPrint(_TOO_MANY, scale=scale, sheets=count, most=MOST_SHEETS)


def _key(shapes: np.ndarray, planes: list[SheetPlane], first: int) -> Callable[[int], Key]:
    """Return a function from the index of a tile to its key."""
    small = SheetPlane(*middle(np.concatenate([_edge(plane) for plane in planes])), 10_000_000, 1, 1)
    outlines = [
        small.to_paper(shapely.get_coordinates(part))
        for geometry in shapes
        for part in shapely.get_parts(geometry.boundary if shapely.get_dimensions(geometry) == 2 else geometry)
        if shapely.get_num_coordinates(part) > 1
    ]
    edges = [small.to_paper(_edge(plane)) for plane in planes]

    def key(here: int) -> Key:
        return Key(outlines, [KeySheet(first + k, edge, k == here) for k, edge in enumerate(edges)])

    return key


def _edge(plane: SheetPlane) -> Floats:
    """Return the frame of a sheet in degrees, with corners at most 20 mm apart, to be drawn on another sheet."""
    return plane.to_ground(shapely.get_coordinates(shapely.segmentize(plane.box.exterior, 20.0)))
