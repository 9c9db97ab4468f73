"""Map symbols on paper, as on the screen: the frame shows the kind; planned is dashed, active solid, closed thin.

Colours are those of the light theme (`theme.LIGHT`, map/map.css); frames and icons those of map/scene.js.
"""

from dataclasses import dataclass

import numpy as np

from dashboard.papers.canvas import Ink
from dashboard.papers.sheet_order import SITE

PLAN, ANALYSIS, CLOSED = "#0f5f73", "#8a4b12", "#8794a0"
SITE_INK = "#0f6f86"
PAPER = "#ffffff"

RADIUS, SMALL_RADIUS = 2.1, 1.6
"""Radius of a symbol in mm; the small one is for sheets of continents, where symbols are close together."""
_SMALL_FROM = 10_000_000

_FRAMES = {
    "checkpoint": "square",
    "observation_post": "triangle",
    "hotspot": "hexagon",
    "coordination_unit": "flag",
    SITE: "circle",
}
_ICONS = {
    "checkpoint": "hand-stop",
    "observation_post": "eye",
    "hotspot": "flame",
}
_SITE_ICONS = {
    "airport": "plane",
    "seaport": "anchor",
    "land_bcp_road": "road",
    "land_bcp_rail": "train",
    "river_port": "ship",
    "checkpoint_inland": "hand-stop",
    "bus_station": "bus",
    "train_station": "train",
    "market": "building",
}
_OUTLINES = {
    "square": [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
    "triangle": [(0, -1.15), (1.15, 0.85), (-1.15, 0.85)],
    "hexagon": [(1.1 * np.cos(k * np.pi / 3), 1.1 * np.sin(k * np.pi / 3)) for k in range(6)],
    "flag": [(-0.8, 0.3), (-0.8, -1), (1.1, -1), (0.7, -0.35), (1.1, 0.3)],
}
_POLE = [(-0.8, 1.3), (-0.8, 0.3)]


@dataclass(frozen=True)
class LegendKey:
    """The properties that distinguish entries of the legend."""

    kind: str
    state: str
    shape: str  # "point", "line" or "area"
    site_type: str = ""


@dataclass(frozen=True)
class Stroke:
    """The style of a line: colour, width in mm, dash and gap in mm, and the opacity of an area's fill."""

    colour: str
    width: float
    dash: tuple[float, ...]
    fill: float


def colour_of(kind: str, state: str) -> str:
    """Return the colour: plan objects in petrol, results of analyses in brown, closed objects in grey."""
    if state == "closed":
        return CLOSED
    return SITE_INK if kind == SITE else ANALYSIS if kind in ("route", "hotspot") else PLAN


def stroke_of(kind: str, state: str) -> Stroke:
    """Return the style of a line or area."""
    width = 0.28 if state == "closed" else 0.75 if kind == "route" else 0.55
    return Stroke(
        colour_of(kind, state), width, (1.9, 1.3) if state == "planned" else (), 0.03 if state == "closed" else 0.1
    )


def radius_at(scale: int) -> float:
    """Return the radius of symbols at a scale, in mm."""
    return SMALL_RADIUS if scale >= _SMALL_FROM else RADIUS


def sign(ink: Ink, x: float, y: float, look: LegendKey, radius: float = RADIUS) -> None:
    """Draw the symbol of a point with its centre at `x`, `y` on the page."""
    colour, full = colour_of(look.kind, look.state), look.state == "active"
    drawn = {
        "fill": colour if full else PAPER,
        "stroke": colour,
        "width": 0.2 if look.state == "closed" else 0.4,
        "dash": (0.9, 0.65) if look.state == "planned" else (),
    }
    frame = _FRAMES.get(look.kind, "circle")
    _rim(ink, x, y, frame, radius)
    if frame == "circle":
        ink.disc(x, y, radius, **drawn)
    else:
        at = np.array([x, y])
        if frame == "flag":
            ink.path([at + radius * np.array(_POLE)], stroke=colour, width=drawn["width"])
        ink.path([at + radius * np.array(_OUTLINES[frame])], closed=True, **drawn)
    icon = _SITE_ICONS.get(look.site_type, "map-pin") if look.kind == SITE else _ICONS.get(look.kind)
    if icon:
        low = 0.2 * radius if frame == "triangle" else 0
        ink.icon(icon, x, y + low, radius * (1.0 if frame == "triangle" else 1.3), PAPER if full else colour)


def _rim(ink: Ink, x: float, y: float, frame: str, radius: float) -> None:
    """Draw a white rim around a symbol, which separates it from lines and other symbols."""
    if frame == "circle":
        ink.disc(x, y, radius + 0.45, fill=PAPER)
    else:
        ink.path(
            [np.array([x, y]) + radius * np.array(_OUTLINES[frame])], closed=True, stroke=PAPER, width=1.3, fill=PAPER
        )


def key(ink: Ink, x: float, y: float, look: LegendKey) -> None:
    """Draw the sample of a legend entry, in a box of 8 by 4 mm with its centre at `x`, `y`."""
    if look.shape == "point":
        sign(ink, x, y, look, 1.6)
        return
    stroke = stroke_of(look.kind, look.state)
    if look.shape == "line":
        ink.path([np.array([[x - 3.4, y], [x + 3.4, y]])], stroke=stroke.colour, width=stroke.width, dash=stroke.dash)
        return
    corners = [np.array([[x - 3.2, y - 1.5], [x + 3.2, y - 1.5], [x + 3.2, y + 1.5], [x - 3.2, y + 1.5]])]
    with ink.local_context(fill_opacity=stroke.fill):
        ink.path(corners, closed=True, fill=stroke.colour)
    ink.path(corners, closed=True, stroke=stroke.colour, width=stroke.width * 0.8, dash=stroke.dash)
