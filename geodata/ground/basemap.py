"""Points over the ground of the map: the making of the layers of `map_layers`, from the bundled frames.

Names of countries, and places that may become a site. Coordinates are longitude and latitude on WGS 84 with three
decimals (110 m). The ground itself comes in tiles (`geodata.ground.tiles`).
"""

import gzip
import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import shapely

from geodata.ground import reference
from geodata.ground.map_layers import Built
from geodata.ground.sites import Kind, sites

_DECIMALS = 3


def built(name: str, locale: str) -> Built:
    """Make one of `map_layers.LAYERS` in a language of `reference.LOCALES`."""
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
