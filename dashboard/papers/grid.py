"""Grid lines of a map: a graticule of degrees, or at large scales the kilometre grid of UTM."""

import math
from dataclasses import dataclass

import numpy as np
import shapely

from dashboard.papers.projection import Floats, SheetPlane

GRID_UP_TO = 250_000
"""The smallest scale (as denominator) with a UTM grid; beyond it, sheets have meridians and parallels."""

_STEPS = (30, 20, 10, 5, 2, 1, 30 / 60, 20 / 60, 10 / 60, 5 / 60, 2 / 60, 1 / 60)
_APART = 32.0
"""The least distance between two lines, in mm."""

_KM = {25_000: 1, 50_000: 2, 100_000: 5}


@dataclass(frozen=True)
class Tick:
    """The label of a line at the frame: its edge ("top", "bottom", "left", "right"), mm from its middle, text."""

    edge: str
    along: float
    words: str


@dataclass(frozen=True)
class SheetGrid:
    """The lines of a sheet in mm from its centre, and their labels. `metric`: UTM, else degrees."""

    lines: list[Floats]
    ticks: list[Tick]
    metric: bool


def grid_of(plane: SheetPlane) -> SheetGrid:
    """Return the UTM grid at large scales outside the polar regions, else the graticule."""
    if plane.scale <= GRID_UP_TO and plane.utm is not None:
        return _utm(plane)
    return _graticule(plane)


def _graticule(plane: SheetPlane) -> SheetGrid:
    per_degree = 111_195 * 1000 / plane.scale
    across = per_degree * max(math.cos(math.radians(plane.lat)), 0.1)
    up = next((step for step in reversed(_STEPS) if step * per_degree >= _APART), _STEPS[0])
    side = next((step for step in reversed(_STEPS) if step * across >= _APART), _STEPS[0])
    west, south, east, north = plane.extent
    lines: list[Floats] = []
    ticks: list[Tick] = []
    for k in range(math.ceil(west / side), math.floor(east / side) + 1):
        latitudes = np.linspace(south, north, 90)
        paper = plane.to_paper(np.column_stack([np.full(90, k * side), latitudes]))
        words = _angle((k * side + 180) % 360 - 180, "E", "W", side)
        _add(plane, paper, words, ("top", "bottom"), lines, ticks)
    for k in range(math.ceil(max(south, -89) / up), math.floor(min(north, 89) / up) + 1):
        longitudes = np.linspace(west, east, 180)
        paper = plane.to_paper(np.column_stack([longitudes, np.full(180, k * up)]))
        _add(plane, paper, _angle(k * up, "N", "S", up), ("left", "right"), lines, ticks)
    return SheetGrid(lines, ticks, metric=False)


def _utm(plane: SheetPlane) -> SheetGrid:
    if plane.utm is None:
        raise ValueError("There is no UTM grid near the poles.")
    step = _KM.get(plane.scale, 10) * 1000
    ground = plane.to_ground(np.array(plane.box.exterior.coords))
    east, north = plane.utm(ground[:, 0], ground[:, 1])
    lines: list[Floats] = []
    ticks: list[Tick] = []
    for k in range(math.floor(east.min() / step), math.ceil(east.max() / step) + 1):
        metres = np.column_stack([np.full(60, k * step), np.linspace(north.min(), north.max(), 60)])
        _add(plane, _from_utm(plane, metres), _km(k * step), ("top", "bottom"), lines, ticks)
    for k in range(math.floor(north.min() / step), math.ceil(north.max() / step) + 1):
        metres = np.column_stack([np.linspace(east.min(), east.max(), 60), np.full(60, k * step)])
        _add(plane, _from_utm(plane, metres), _km(k * step), ("left", "right"), lines, ticks)
    return SheetGrid(lines, ticks, metric=True)


def _from_utm(plane: SheetPlane, metres: Floats) -> Floats:
    assert plane.utm is not None  # noqa: S101 - checked by the caller
    lon, lat = plane.utm(metres[:, 0], metres[:, 1], inverse=True)
    return plane.to_paper(np.column_stack([lon, lat]))


def _add(
    plane: SheetPlane, paper: Floats, words: str, edges: tuple[str, str], lines: list[Floats], ticks: list[Tick]
) -> None:
    """Add the part of a line on the sheet, with its label where it meets one of the two named edges."""
    paper = paper[np.isfinite(paper).all(axis=1)]
    if len(paper) < 2:
        return
    clipped = shapely.clip_by_rect(
        shapely.LineString(paper), -plane.width / 2, -plane.height / 2, plane.width / 2, plane.height / 2
    )
    for part in shapely.get_parts(clipped):
        corners = shapely.get_coordinates(part)
        if len(corners) < 2 or part.length < 2:
            continue
        lines.append(corners)
        for x, y in (corners[0], corners[-1]):
            for edge in edges:
                at, limit = (y, plane.height / 2) if edge in ("top", "bottom") else (x, plane.width / 2)
                sign = 1 if edge in ("top", "right") else -1
                if abs(at - sign * limit) < 0.01:
                    ticks.append(Tick(edge, x if edge in ("top", "bottom") else y, words))


def _angle(degrees: float, positive: str, negative: str, step: float) -> str:
    minutes = round(abs(degrees) * 60)
    letter = "" if minutes in (0, 180 * 60) else negative if degrees < 0 else positive
    return f"{minutes // 60}°" + (f"{minutes % 60:02d}′" if step < 1 else "") + letter


def _km(metres: float) -> str:
    return f"{metres / 1000:.0f}"
