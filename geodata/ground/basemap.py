"""Base map: bundled layers as small GeoJSON for a browser, built once and kept in memory.

Coordinates are longitude and latitude on WGS 84 with three decimals (110 m). Boundaries are the edges that two
countries of the drawn layer share, so that lines and fills meet at every zoom.
"""

import gzip
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import shapely

from geodata.ground import reference
from geodata.ground.reference import DATA
from geodata.ground.sites import Kind, sites

Group = Literal["base", "operational"]

FIRST_ZOOM = 5
"""Lakes and places up to this `min_zoom` are in the first view; the others come in a layer of their own."""

_TOLERANCE = 0.03
_DECIMALS = 3


@dataclass(frozen=True, slots=True)
class LayerInfo:
    """The description of a base map layer. `title` and `attribution` are English and message ids of the catalogues.

    `from_zoom` is the map zoom from which the layer is worth fetching; 0 means the first view. `properties` are those
    of each feature.
    """

    name: str
    title: str
    group: Group
    attribution: str
    from_zoom: int
    properties: tuple[str, ...]
    by_locale: bool = False


@dataclass(frozen=True, slots=True)
class Built:
    """A layer ready to be sent: GeoJSON `body` in UTF-8, the same as `packed` gzip, and a strong `etag` (quoted)."""

    body: bytes
    packed: bytes
    etag: str


_NATURAL_EARTH = "Made with Natural Earth."
_GEONAMES = "Place names © GeoNames (CC BY 4.0), modified."
_OSM = "Crossings © OpenStreetMap contributors (ODbL 1.0), place names © GeoNames (CC BY 4.0)."

LAYERS: dict[str, LayerInfo] = {
    info.name: info
    for info in (
        LayerInfo(
            "countries",
            "Countries",
            "base",
            _NATURAL_EARTH,
            0,
            ("iso3", "name", "people", "label_lon", "label_lat"),
            True,
        ),
        LayerInfo("boundaries", "Boundaries", "base", _NATURAL_EARTH, 0, ("border_id", "differs")),
        LayerInfo("lakes", "Lakes", "base", _NATURAL_EARTH, 0, ("min_zoom",)),
        LayerInfo("lakes_close", "Small lakes", "base", _NATURAL_EARTH, FIRST_ZOOM + 1, ("min_zoom",)),
        LayerInfo("rivers", "Rivers", "base", _NATURAL_EARTH, 0, ("min_zoom",)),
        LayerInfo("places", "Towns", "base", _GEONAMES, 0, ("name", "min_zoom", "capital")),
        LayerInfo("places_close", "Small towns", "base", _GEONAMES, FIRST_ZOOM + 1, ("name", "min_zoom", "capital")),
        LayerInfo("crossings", "Border crossings", "operational", _OSM, 4, ("ref", "name", "quality")),
        LayerInfo("airports", "Airports", "operational", "Airports: OurAirports.", 4, ("ref", "name", "large")),
        LayerInfo("ports", "Seaports", "operational", "Ports: NGA World Port Index.", 4, ("ref", "name")),
    )
}


def layer(name: str, locale: str = "en") -> Built:
    """One of `LAYERS` in a language. KeyError for another name.

    >>> built = layer("countries", "fr")
    >>> names = [f["properties"]["name"] for f in json.loads(built.body)["features"]]
    >>> "Allemagne" in names, len(built.packed) < 500_000
    (True, True)
    """
    return _built(name, reference.named_locale(locale) if LAYERS[name].by_locale else "en")


@cache
def _built(name: str, locale: str) -> Built:
    features = ",".join(_FEATURES[name](locale))
    body = f'{{"type":"FeatureCollection","features":[{features}]}}'.encode()
    return Built(body, gzip.compress(body, 9, mtime=0), f'"{hashlib.sha256(body).hexdigest()[:32]}"')


def _countries(locale: str) -> Iterable[str]:
    names = reference.country_names(locale)
    people = reference.countries().set_index("iso3")["pop_est"].fillna(0).astype(int).to_dict()
    for feature in _drawn_countries():
        told = feature["properties"]
        kept = {key: told[key] for key in ("iso3", "label_lon", "label_lat")}
        kept |= {"name": names[told["iso3"]], "people": people[told["iso3"]]}
        yield _feature(kept, _json(feature["geometry"]))


def _boundaries(_locale: str) -> Iterable[str]:
    notes = reference.land_boundaries().set_index("border_id")["note"].to_dict()
    pairs = sorted(_shared_edges().items())
    lines = _geojson(shapely.line_merge([shapely.multilinestrings(edges) for _, edges in pairs]))
    for ((one, other), _), line in zip(pairs, lines, strict=True):
        border_id = f"{one}-{other}"
        yield _feature({"border_id": border_id, "differs": bool(notes.get(border_id))}, line)


def _shared_edges() -> dict[tuple[str, str], list[Any]]:
    """The edges that two drawn countries share, by their `iso3` in alphabetical order."""
    owners: defaultdict[tuple[tuple[float, float], tuple[float, float]], list[str]] = defaultdict(list)
    for feature in _drawn_countries():
        areas = feature["geometry"]["coordinates"]
        for area in areas if feature["geometry"]["type"] == "MultiPolygon" else [areas]:
            for ring in area:
                corners = [tuple(corner) for corner in ring]
                for a, b in pairwise(corners):
                    owners[min(a, b), max(a, b)].append(feature["properties"]["iso3"])
    shared: defaultdict[tuple[str, str], list[Any]] = defaultdict(list)
    for edge, iso3 in owners.items():
        if len(pair := sorted(set(iso3))) == 2:
            shared[pair[0], pair[1]].append(edge)
    return dict(shared)


@cache
def _drawn_countries() -> list[dict[str, Any]]:
    """Features of the simplified countries, whose neighbours share their corners."""
    features: list[dict[str, Any]] = json.loads(gzip.decompress((DATA / "countries_web.geojson.gz").read_bytes()))[
        "features"
    ]
    return features


def _lakes(close: bool) -> Callable[[str], Iterable[str]]:
    return lambda _locale: _waters(_by_zoom(reference.lakes(), close))


def _rivers(_locale: str) -> Iterable[str]:
    return _waters(reference.rivers())


def _waters(frame: gpd.GeoDataFrame) -> Iterable[str]:
    lines = _geojson(shapely.simplify(frame.geometry.to_numpy(), _TOLERANCE))
    for min_zoom, line in zip(frame["min_zoom"].tolist(), lines, strict=True):
        yield _feature({"min_zoom": min_zoom}, line)


def _places(close: bool) -> Callable[[str], Iterable[str]]:
    def features(_locale: str) -> Iterable[str]:
        frame = _by_zoom(reference.places(), close)
        columns = ["name", "min_zoom", "is_capital"]
        points = _geojson(frame.geometry.to_numpy())
        for (name, min_zoom, capital), point in zip(frame[columns].to_numpy().tolist(), points, strict=True):
            yield _feature({"name": name, "min_zoom": min_zoom, "capital": bool(capital)}, point)

    return features


def _sites(kind: Kind) -> Callable[[str], Iterable[str]]:
    def features(_locale: str) -> Iterable[str]:
        frame = sites(kind)
        told = frame[["ref", "name"]]
        if kind == "crossing":
            told = told.assign(quality=frame["quality"])
        if kind == "airport":
            large = set("airport:" + reference.airports().query("type == 'large'")["ident"])
            told = told.assign(large=[ref in large for ref in frame["ref"]])
        points = _geojson(frame.geometry.to_numpy())
        return map(_feature, told.to_dict("records"), points)

    return features


def _by_zoom(frame: gpd.GeoDataFrame, close: bool) -> gpd.GeoDataFrame:
    return frame[(frame["min_zoom"] > FIRST_ZOOM) == close]


def _geojson(geometries: Any) -> list[str]:
    rounded = shapely.transform(geometries, lambda xy: np.round(xy, _DECIMALS) + 0.0)
    found: list[str] = shapely.to_geojson(rounded).tolist()
    return found


def _feature(properties: dict[str, Any], geometry: str) -> str:
    return f'{{"type":"Feature","properties":{_json(properties)},"geometry":{geometry}}}'


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_FEATURES: dict[str, Callable[[str], Iterable[str]]] = {
    "countries": _countries,
    "boundaries": _boundaries,
    "lakes": _lakes(close=False),
    "lakes_close": _lakes(close=True),
    "rivers": _rivers,
    "places": _places(close=False),
    "places_close": _places(close=True),
    "crossings": _sites("crossing"),
    "airports": _sites("airport"),
    "ports": _sites("port"),
}
