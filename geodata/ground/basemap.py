"""Points over the ground of the map: layers as small GeoJSON for a browser, built once and kept in memory.

Names of countries, and places that may become a site. Coordinates are longitude and latitude on WGS 84 with three
decimals (110 m). The ground itself comes in tiles (`geodata.ground.tiles`).
"""

import gzip
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
import shapely

from geodata.ground import reference
from geodata.ground.sites import Kind, sites

Group = Literal["base", "operational"]

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
_OSM = "Crossings © OpenStreetMap contributors (ODbL 1.0), place names © GeoNames (CC BY 4.0)."

LAYERS: dict[str, LayerInfo] = {
    info.name: info
    for info in (
        LayerInfo("countries", "Countries", "base", _NATURAL_EARTH, 0, ("iso3", "name", "people"), True),
        LayerInfo("crossings", "Border crossings", "operational", _OSM, 4, ("ref", "name", "quality")),
        LayerInfo("airports", "Airports", "operational", "Airports: OurAirports.", 4, ("ref", "name", "large")),
        LayerInfo("ports", "Seaports", "operational", "Ports: NGA World Port Index.", 4, ("ref", "name")),
    )
}


def layer(name: str, locale: str = "en") -> Built:
    """One of `LAYERS` in a language. KeyError for another name.

    >>> built = layer("countries", "fr")
    >>> names = [f["properties"]["name"] for f in json.loads(built.body)["features"]]
    >>> "Allemagne" in names, len(built.packed) < 20_000
    (True, True)
    """
    return _built(name, reference.named_locale(locale) if LAYERS[name].by_locale else "en")


@cache
def _built(name: str, locale: str) -> Built:
    features = ",".join(_FEATURES[name](locale))
    body = f'{{"type":"FeatureCollection","features":[{features}]}}'.encode()
    return Built(body, gzip.compress(body, 9, mtime=0), f'"{hashlib.sha256(body).hexdigest()[:32]}"')


def _countries(locale: str) -> Iterable[str]:
    frame = reference.countries()
    names = reference.country_names(locale)
    people = frame["pop_est"].fillna(0).astype(int)
    points = _geojson(shapely.points(frame[["label_lon", "label_lat"]].to_numpy()))
    for iso3, living, point in zip(frame["iso3"], people, points, strict=True):
        yield _feature({"iso3": iso3, "name": names[iso3], "people": living}, point)


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
    "crossings": _sites("crossing"),
    "airports": _sites("airport"),
    "ports": _sites("port"),
}
