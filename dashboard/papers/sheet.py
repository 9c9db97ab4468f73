"""Map sheet: frame, base map, objects of the plan, labels, and map furniture."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from dashboard.papers import ground, map_furniture, symbols
from dashboard.papers.canvas import Direction, Ink
from dashboard.papers.frame import EDGE, HEAD, PageFrame
from dashboard.papers.grid import SheetGrid, Tick, grid_of
from dashboard.papers.labels import LabelBoard, Name, PlacedLabel, place
from dashboard.papers.layer_clipping import ClippedLayer, Geometries, cut
from dashboard.papers.map_furniture import ACCENT, INK, INK_2, INK_3, Key, LegendEntry
from dashboard.papers.projection import Floats, SheetPlane
from dashboard.papers.sheet_order import AREA, SITE, Order, PlanFeature
from dashboard.papers.symbols import LegendKey
from dashboard.wording import _
from geodata.ground import reference

_GRID = "#8fa3b0"
_FROM_THE_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_ORDER = (AREA, "checkpoint", "observation_post", "coordination_unit", SITE, "route", "hotspot")


@dataclass(frozen=True)
class MapSheet:
    """A page with a map: its title, plane and frame, the outlines of other sheets on it, and its key."""

    title: str
    plane: SheetPlane
    frame: PageFrame
    outlines: tuple[tuple[int, Floats], ...] = ()
    key: Key | None = None


@dataclass(frozen=True)
class SheetPage:
    """A page number: "Sheet 2 of 7"."""

    number: int
    of: int


def shape_of(geometry: shapely.Geometry) -> str:
    """Return the kind of a geometry: "point", "line" or "area"."""
    return ("point", "line", "area")[int(shapely.get_dimensions(geometry))]


def look_of(thing: PlanFeature, shape: str) -> LegendKey:
    """Return the legend entry that an object belongs to."""
    return LegendKey(thing.kind, thing.state, shape, thing.site_type)


def entries_of(things: Sequence[PlanFeature], shapes: Sequence[str]) -> list[LegendEntry]:
    """Return the legend of these objects: each symbol once, in the order of the plan."""
    labels = {}
    for thing, shape in zip(things, shapes, strict=True):
        words = f"{thing.label} · {thing.state_label}" if thing.state_label else thing.label
        labels[look_of(thing, shape)] = words
    order = {kind: k for k, kind in enumerate(_ORDER)}
    looks = sorted(labels, key=lambda look: (order.get(look.kind, 99), look.site_type, look.shape, look.state))
    return [LegendEntry(labels[look], look) for look in looks]


def in_order(things: Sequence[PlanFeature]) -> list[PlanFeature]:
    """Return objects in the order of their numbers: by kind, then by name."""
    order = {kind: k for k, kind in enumerate(_ORDER)}
    return sorted(things, key=lambda thing: (order.get(thing.kind, 99), thing.name.casefold(), thing.state))


def draw(ink: Ink, order: Order, sheet: MapSheet, of: ClippedLayer, page: SheetPage) -> set[int]:
    """Add the page and return the rows of the shapes that it shows. `of` are the shapes of `sheet_order.things`.

    The page is one figure. The index of the print lists in words what it shows.
    """
    ink.add_page(format=(sheet.frame.width, sheet.frame.height))
    with ink.tagged("Figure", f"{order.title}: {sheet.title}"):
        return _drawn(ink, order, sheet, of, page)


def _drawn(ink: Ink, order: Order, sheet: MapSheet, of: ClippedLayer, page: SheetPage) -> set[int]:
    head(ink, order, sheet.title, sheet.frame, page)
    grid = grid_of(sheet.plane)
    with ink.rect_clip(*sheet.frame.map):
        content = draw_content(ink, order, sheet, of, grid)
        for _number, corners in sheet.outlines:
            ink.path([_on_page(corners, sheet.frame.centre)], closed=True, stroke=INK_2, width=0.22)
    draw_names(ink, sheet, content)
    _border(ink, sheet.frame, grid)
    entries = [*entries_of(content.things, content.kinds), *map_furniture.ground_entries(content.below)]
    map_furniture.panel(ink, sheet.frame, sheet.plane, grid, entries, sheet.key)
    map_furniture.notes(
        ink, sheet.frame, [_(reference.DISCLAIMER), _(reference.ATTRIBUTION), f"{order.printed} {order.version}"]
    )
    return set(content.rows.tolist())


@dataclass(frozen=True)
class SheetContent:
    """What a map shows: its base map, and the objects of the plan on it, by their rows in the order."""

    below: ground.SheetGround
    rows: np.ndarray
    things: Sequence[PlanFeature]
    kinds: Sequence[str]
    shapes: Geometries


def draw_content(
    ink: Ink, order: Order, sheet: MapSheet, of: ClippedLayer, grid: SheetGrid | None = None
) -> SheetContent:
    """Draw the base map, the lines of a grid, and the objects of the plan."""
    plane, origin = sheet.plane, sheet.frame.centre
    shapes, rows = things_on(plane, of, origin)
    seen = [order.things[row] for row in rows]
    kinds = [shape_of(shape) for shape in shapes]
    below = ground.draw(ink, plane, origin, order.countries, order.language)
    for line in grid.lines if grid else ():
        ink.path([_on_page(line, origin)], stroke=_GRID, width=0.13)
    _things(ink, seen, kinds, shapes, symbols.radius_at(plane.scale))
    return SheetContent(below, rows, seen, kinds, shapes)


def head(ink: Ink, order: Order, title: str, frame: PageFrame, page: SheetPage) -> None:
    """Draw the classification at both ends of the page, the title, and the page number."""
    for y in (7.2, frame.height - 4.6):
        ink.words(frame.width / 2, y, order.classification, 8, INK, bold=True, anchor="centre")
    row = (EDGE, 0.0, frame.width - 2 * EDGE, 0.0)
    at, anchor = map_furniture.start(ink, row)
    far, last = map_furniture.end(ink, row)
    room = frame.width - 2 * EDGE - 45
    ink.words(at, 14.6, ink.fitted(order.title, 14, room, bold=True), 14, INK, bold=True, anchor=anchor)
    ink.words(at, 20.2, ink.fitted(title, 9.5, room), 9.5, ACCENT, anchor=anchor)
    said = _("Sheet {n} of {m}", n=page.number, m=page.of)
    ink.words(far, 14.6, said, 9, INK_2, bold=True, anchor=last)
    ink.path([np.array([[EDGE, HEAD - 3], [frame.width - EDGE, HEAD - 3]])], stroke=ACCENT, width=0.35)


def things_on(plane: SheetPlane, of: ClippedLayer, origin: tuple[float, float]) -> tuple[Geometries, np.ndarray]:
    """Return the geometries on the page in mm, one for each object even across 180°, and their rows.

    A point is on the sheet if its centre is on the map.
    """
    pieces, rows = cut(plane, of)
    kept = np.unique(rows)
    whole = []
    for row in kept:
        mine = pieces[rows == row]
        shape = mine[0] if len(mine) == 1 else _joined(mine)
        whole.append(shapely.transform(shape, lambda xy: _on_page(xy, origin)))
    geometries = np.array(whole, dtype=object)
    inside = shapely.box(*_corners(plane, origin))
    seen = np.array([shapely.intersects(inside, shape) for shape in geometries], dtype=bool)
    return geometries[seen], kept[seen]


def _joined(pieces: Geometries) -> shapely.Geometry:
    """Merge parts that were cut at the 180th meridian."""
    if shapely.get_dimensions(pieces[0]) == 2:
        return shapely.union_all(shapely.set_precision(pieces, 0.001))
    joined = shapely.union_all(pieces)
    return shapely.line_merge(joined) if shapely.get_dimensions(joined) == 1 else joined


def _corners(plane: SheetPlane, origin: tuple[float, float]) -> tuple[float, float, float, float]:
    x, y = plane.width / 2, plane.height / 2
    return origin[0] - x, origin[1] - y, origin[0] + x, origin[1] + y


def _on_page(paper: Floats, origin: tuple[float, float]) -> Floats:
    return np.column_stack([origin[0] + paper[:, 0], origin[1] - paper[:, 1]])


def _things(ink: Ink, things: Sequence[PlanFeature], kinds: Sequence[str], shapes: Geometries, radius: float) -> None:
    """Draw areas, then lines, then symbols, so that none hides a smaller one."""
    for layer in ("area", "line", "point"):
        for feature, kind, shape in zip(things, kinds, shapes, strict=True):
            if kind != layer:
                continue
            if kind == "point":
                symbols.sign(ink, shape.x, shape.y, look_of(feature, kind), radius)
                continue
            stroke = symbols.stroke_of(feature.kind, feature.state)
            if kind == "area":
                with ink.local_context(fill_opacity=stroke.fill):
                    ink.shape(shape, fill=stroke.colour)
                ink.shape(shape.boundary, stroke=stroke.colour, width=stroke.width, dash=stroke.dash)
            else:
                ink.shape(shape, stroke=symbols.PAPER, width=stroke.width + 0.5)
                ink.shape(shape, stroke=stroke.colour, width=stroke.width, dash=stroke.dash)


# ---------------------------------------------------------------------------------------------------------- names


def draw_names(ink: Ink, sheet: MapSheet, content: SheetContent, *, numbered: bool = True) -> None:
    """Draw labels of the plan, then countries and towns if there is room.

    `numbered`: each label begins with the number of its object in the index, and is at least that number.
    """
    below, rows, things = content.below.names, content.rows, content.things
    kinds, shapes = content.kinds, content.shapes
    board = LabelBoard(sheet.frame.map)
    radius = symbols.radius_at(sheet.plane.scale)
    for kind, shape in zip(kinds, shapes, strict=True):
        if kind == "point":
            r = radius + 0.4
            board.take((shape.x - r, shape.y - r, 2 * r, 2 * r))
        else:
            for x, y in _along(shape, sheet.frame):
                board.take((x - 0.45, y - 0.45, 0.9, 0.9), hard=False)
    own = [
        _name(int(row) + 1 if numbered else 0, feature, kind, shape, sheet.frame, radius)
        for row, feature, kind, shape in zip(rows, things, kinds, shapes, strict=True)
    ]
    tags = [_tag(number, corners, sheet.frame) for number, corners in sheet.outlines]
    spoken = {thing.name for thing in things}

    def measure(words: str, size: float, bold: bool) -> float:
        return ink.width_of(words, size, bold=bold)

    for placed in place(tags, board, measure):
        _write(ink, placed, symbols.PAPER)
    for placed in place(own, board, measure):
        _write(ink, placed, symbols.PAPER)
    for placed in place([name for name in below if name.text not in spoken], board, measure):
        if placed.name.dot:
            ink.disc(placed.name.x, placed.name.y, placed.name.dot, fill=placed.name.colour)
        _write(ink, placed, ground.LAND_IN)


def _along(shape: shapely.Geometry, frame: PageFrame) -> Floats:
    """Return points at most 1 mm apart along the line of an object, for the collision index."""
    line = shape.boundary if shapely.get_dimensions(shape) == 2 else shape
    x, y, width, height = frame.map
    return shapely.get_coordinates(shapely.segmentize(shapely.clip_by_rect(line, x, y, x + width, y + height), 1.0))


def _name(number: int, thing: PlanFeature, kind: str, shape: shapely.Geometry, frame: PageFrame, radius: float) -> Name:
    spots = [(shape.x, shape.y)] if kind == "point" else _spots(shape, kind, frame)
    return Name(
        f"{number} {thing.name}" if number else thing.name,
        spots[0][0],
        spots[0][1],
        7.2,
        500 if kind == "point" else 480,
        bold=True,
        colour=INK if thing.kind == SITE else symbols.colour_of(thing.kind, thing.state),
        gap={"point": radius + 0.9, "line": 1.3, "area": 0.0}[kind],
        short=str(number or ""),
        must=number > 0,
        spots=tuple(spots[1:]),
    )


def _spots(shape: shapely.Geometry, kind: str, frame: PageFrame) -> list[tuple[float, float]]:
    """Return candidate points for the label of a line or an area: on its visible part, the middle first."""
    x, y, width, height = frame.map
    shown = shapely.clip_by_rect(shape, x + 1, y + 1, x + width - 1, y + height - 1)
    part = max(shapely.get_parts(shape if shown.is_empty else shown), key=lambda each: each.area or each.length)
    if kind == "line":
        points = [part.interpolate(k, normalized=True) for k in (0.5, 0.35, 0.65, 0.2, 0.8)]
        return [(point.x, point.y) for point in points]
    middle = part.point_on_surface()
    left, top, right, bottom = part.bounds
    grid = [
        shapely.Point(left + a * (right - left), top + b * (bottom - top))
        for b in (0.5, 0.25, 0.75, 0.12, 0.88)
        for a in (0.5, 0.3, 0.7)
    ]
    return [(point.x, point.y) for point in (middle, *grid) if part.contains(point)]


def _tag(number: int, corners: Floats, frame: PageFrame) -> Name:
    """Return the label of a sheet's outline on an overview: its page number, in the corner."""
    left = max(frame.centre[0] + corners[:, 0].min(), frame.map[0])
    top = max(frame.centre[1] - corners[:, 1].max(), frame.map[1])
    return Name(_("Sheet {n}", n=number), left + 0.8, top + 2.4, 5.8, 600, colour=INK_2, gap=0.6, must=True)


def _write(ink: Ink, placed: PlacedLabel, halo: str) -> None:
    name = placed.name
    direction: Direction | None = None if _FROM_THE_RIGHT.search(placed.words) else "ltr"
    ink.words(
        placed.left,
        placed.baseline,
        placed.words,
        name.size,
        name.colour,
        bold=name.bold,
        halo=halo,
        direction=direction,
    )


# --------------------------------------------------------------------------------------------------------- border


def _border(ink: Ink, frame: PageFrame, grid: SheetGrid) -> None:
    """Draw the frame of the map and the labels of grid lines."""
    ink.box(*frame.map, stroke=INK_2, width=0.3)
    taken: dict[str, list[tuple[float, float]]] = {}
    for tick in sorted(grid.ticks, key=lambda each: (each.edge, each.along)):
        half = ink.width_of(tick.words, 5.6) / 2
        room = taken.setdefault(tick.edge, [])
        if any(abs(tick.along - along) < half + other + 2 for along, other in room):
            continue
        room.append((tick.along, half))
        _tick(ink, frame, tick)


def _tick(ink: Ink, frame: PageFrame, tick: Tick) -> None:
    x, y, width, height = frame.map
    middle_x, middle_y = frame.centre
    if tick.edge in ("top", "bottom"):
        at, edge, out = middle_x + tick.along, y if tick.edge == "top" else y + height, -1 if tick.edge == "top" else 1
        ink.path([np.array([[at, edge], [at, edge + out * 1.0]])], stroke=INK_2, width=0.2)
        ink.words(at, edge + (-1.5 if out < 0 else 3.1), tick.words, 5.6, INK_3, anchor="centre", direction="ltr")
        return
    at, edge, out = middle_y - tick.along, x if tick.edge == "left" else x + width, -1 if tick.edge == "left" else 1
    ink.path([np.array([[edge, at], [edge + out * 1.0, at]])], stroke=INK_2, width=0.2)
    with ink.rotation(90, edge + out * 1.5, at):
        ink.words(
            edge + out * 1.5, at + (0 if out < 0 else 1.5), tick.words, 5.6, INK_3, anchor="centre", direction="ltr"
        )
