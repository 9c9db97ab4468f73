"""Base map of a sheet: land, water, boundaries and towns from the bundled layers, as detailed as the scale allows."""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import shapely

from dashboard.papers.canvas import Ink
from dashboard.papers.labels import Name
from dashboard.papers.layer_clipping import ClippedLayer, cut, layer
from dashboard.papers.projection import SheetPlane
from dashboard.theme import LIGHT
from geodata.ground import reference

SEA, WATER, COAST, BORDER = LIGHT["map-sea"], LIGHT["map-water"], LIGHT["map-coast"], "#7c8b97"
LAND, LAND_IN = "#efede6", "#fffdf6"
BORDER_WIDTH = 0.36
RIVER, PLACE, COUNTRY = "#b0c8d6", "#4a5864", "#7b8893"
_COARSEST_TOWNS = 10_000_000
_TOWNS = 45
"""The least number of towns on a sheet, if there are as many: the gazetteer adds its largest to the display layer."""


@dataclass(frozen=True)
class SheetGround:
    """The result of drawing a base map: labels still to be placed, and which lines the legend explains."""

    names: list[Name]
    boundaries: bool
    differing: bool
    set_off: bool


def zoom(scale: int) -> float:
    """Return the zoom of a web map with this scale at the equator and pixels of 0.2646 mm."""
    return math.log2(591_657_551 / scale)


def draw(
    ink: Ink,
    plane: SheetPlane,
    origin: tuple[float, float],
    countries: tuple[str, ...],
    locale: str,
    highlight: str = LAND_IN,
) -> SheetGround:
    """Draw the base map, with its centre at `origin` on the page (mm). `countries` (iso3) have their colour."""
    ink.box(origin[0] - plane.width / 2, origin[1] - plane.height / 2, plane.width, plane.height, fill=SEA)
    land, rows = cut(plane, _countries())
    codes = _codes()[rows]
    placed = _on_page(land, origin)
    for part, iso3 in zip(placed, codes, strict=True):
        colour = highlight if iso3 in countries else LAND
        ink.shape(part, fill=colour, stroke=colour, width=0.12)
    for part in placed:
        ink.shape(part, stroke=COAST, width=0.13)
    _waters(ink, plane, origin)
    lines, of = cut(plane, _boundaries())
    drawn = _on_page(lines, origin)
    differs = _differs()[of]
    for line in drawn:
        ink.shape(line, stroke=LAND_IN, width=0.7)
    for line, open_question in zip(drawn, differs, strict=True):
        ink.shape(line, stroke=BORDER, width=BORDER_WIDTH, dash=(1.1, 0.8) if open_question else ())
    names = [*_country_names(land, codes, plane, origin, locale), *_towns(plane, origin)]
    on_sheet = shapely.intersects(lines, plane.box)  # parts under the frame need no legend
    shown = set(codes[shapely.intersects(land, plane.box)])
    return SheetGround(
        names, bool((on_sheet & ~differs).any()), bool((on_sheet & differs).any()), bool(shown & set(countries))
    )


def mainland(countries: tuple[str, ...]) -> np.ndarray:
    """Return the corners, shape (n, 2) in degrees, of the largest part of each of these countries (iso3)."""
    of, codes = _countries(), _codes()
    parts = pd.DataFrame({"iso3": codes[of.row], "size": shapely.area(of.pieces)})
    largest = parts[parts["iso3"].isin(countries)].groupby("iso3")["size"].idxmax()
    return shapely.get_coordinates(of.pieces[largest.to_numpy(dtype=int)])


def _waters(ink: Ink, plane: SheetPlane, origin: tuple[float, float]) -> None:
    seen = zoom(plane.scale) + 0.8
    for frame, look in (
        ("rivers", {"stroke": RIVER, "width": 0.22, "round_cap": True}),
        ("lakes", {"fill": WATER, "stroke": COAST, "width": 0.08}),
    ):
        of, from_zoom = _water(frame)
        shapes, rows = cut(plane, of)
        for part in _on_page(shapes[from_zoom[rows] <= seen], origin):
            ink.shape(part, **look)


def _country_names(
    land: np.ndarray, codes: np.ndarray, plane: SheetPlane, origin: tuple[float, float], locale: str
) -> list[Name]:
    """Return the name of each country at its label point, or in the middle of its part on the sheet."""
    names, points = reference.country_names(locale), _label_points()
    sizes = shapely.area(land)
    labels = []
    for iso3 in sorted(set(codes)):
        mine = np.flatnonzero(codes == iso3)
        shown = float(sizes[mine].sum())
        if shown < 60 or iso3 not in names:
            continue
        x, y = plane.to_paper(np.array([points[iso3]]))[0] if plane.holds(*points[iso3]) else (np.inf, np.inf)
        if abs(x) > plane.width / 2 - 8 or abs(y) > plane.height / 2 - 5:
            inside = shapely.box(-plane.width / 2 + 6, -plane.height / 2 + 4, plane.width / 2 - 6, plane.height / 2 - 4)
            piece = shapely.intersection(land[mine[sizes[mine].argmax()]], inside)
            if piece.is_empty:
                continue
            middle = piece.point_on_surface()
            x, y = middle.x, middle.y
        size = float(np.clip(5.5 + shown**0.5 / 14, 6, 11))
        labels.append(
            Name(
                names[iso3],
                origin[0] + x,
                origin[1] - y,
                size,
                110 + min(shown, 20_000) / 1000,
                bold=True,
                colour=COUNTRY,
            )
        )
    return labels


def _towns(plane: SheetPlane, origin: tuple[float, float]) -> list[Name]:
    places = reference.places()
    west, south, east, north = plane.extent

    def near(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["lat"].between(south, north) & ((frame["lon"] - west) % 360 <= east - west)]

    places = near(reference.places())
    shown = places[places["min_zoom"] + np.where(places["is_capital"], 0.0, 1.0) <= zoom(plane.scale) + 0.3]
    told = [
        (name, lon, lat, 100 - zoomed + (20 if capital else 0), bool(capital))
        for name, lon, lat, zoomed, capital in shown[["name", "lon", "lat", "min_zoom", "is_capital"]]
        .to_numpy()
        .tolist()
    ]
    if len(told) < _TOWNS and plane.scale <= _COARSEST_TOWNS:
        known = {name for name, *_rest in told}
        more = near(reference.towns()).nlargest(_TOWNS, "population")[["name", "lon", "lat"]].to_numpy().tolist()
        told += [(name, lon, lat, 80 - k / 10, False) for k, (name, lon, lat) in enumerate(more) if name not in known]
    if not told:
        return []
    at = plane.to_paper(np.array([[lon, lat] for _name, lon, lat, *_rest in told], dtype=float))
    inside = (np.abs(at[:, 0]) < plane.width / 2 - 1) & (np.abs(at[:, 1]) < plane.height / 2 - 1)
    return [
        Name(
            name,
            origin[0] + x,
            origin[1] - y,
            6.8 if capital else 6.2,
            rank,
            bold=capital,
            colour=PLACE,
            gap=1.2,
            dot=0.55 if capital else 0.4,
        )
        for (name, _lon, _lat, rank, capital), (x, y), here in zip(told, at, inside, strict=True)
        if here
    ]


def _on_page(shapes: np.ndarray, origin: tuple[float, float]) -> np.ndarray:
    return shapely.transform(shapes, lambda xy: np.column_stack([origin[0] + xy[:, 0], origin[1] - xy[:, 1]]))


@cache
def _countries() -> ClippedLayer:
    return layer(reference.countries().geometry.to_numpy())


@cache
def _codes() -> np.ndarray:
    return reference.countries()["iso3"].to_numpy(dtype=object)


@cache
def _label_points() -> dict[str, tuple[float, float]]:
    frame = reference.countries()
    return dict(zip(frame["iso3"], zip(frame["label_lon"], frame["label_lat"], strict=True), strict=True))


@cache
def _boundaries() -> ClippedLayer:
    return layer(reference.land_boundaries().geometry.to_numpy())


@cache
def _differs() -> np.ndarray:
    return (reference.land_boundaries()["note"] != "").to_numpy(dtype=bool)


@cache
def _water(name: str) -> tuple[ClippedLayer, np.ndarray]:
    frame = reference.lakes() if name == "lakes" else reference.rivers()
    return layer(frame.geometry.to_numpy()), frame["min_zoom"].to_numpy()
