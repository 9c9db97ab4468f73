"""Layers of places over the ground of the map: what there is, and each as small GeoJSON for a browser, made once.

This module needs none of the libraries that make a layer (`basemap`): a server that has its layers made by another
process (`prepared`) keeps their bytes alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Group = Literal["base", "operational"]


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


_kept: dict[tuple[str, str], Built] = {}


def layer(name: str, locale: str = "en") -> Built:
    """One of `LAYERS` in a language (else English), made at first use. KeyError for another name.

    >>> built = layer("countries", "fr")
    >>> "Allemagne" in built.body.decode(), len(built.packed) < 20_000
    (True, True)
    """
    key = _key(name, locale)
    if key not in _kept:
        from geodata.ground import basemap, reference  # the frames' libraries take half a second and 100 MB

        key = _key(name, reference.named_locale(locale))
        _kept[key] = _kept.get(key) or basemap.built(*key)
    return _kept[key]


def keep(layers: Mapping[tuple[str, str], Built]) -> None:
    """Keep layers that another process made, by name and language."""
    _kept.update({_key(*key): built for key, built in layers.items()})


def _key(name: str, locale: str) -> tuple[str, str]:
    return name, locale if LAYERS[name].by_locale else "en"
