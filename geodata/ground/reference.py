"""Reference data: the bundled layers, with look-ups of country, neighbours, names and time zone.

Every frame is in WGS 84 (EPSG:4326). Loaders read a file once; what they return is a copy on write, so a caller may
change it without anybody else seeing that. Sources and licences: `data/README.md`.
"""

from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

DATA = Path(__file__).parents[1] / "data"

Floats = NDArray[np.float64]
Texts = NDArray[np.object_]
_NAMES = DATA / "country_names"
LOCALES = ("en", *sorted(path.stem for path in _NAMES.glob("*.csv")))
"""The languages that the names of countries are bundled in: English, and a file of `country_names` for each other."""


class Town(NamedTuple):
    """A place of 1,000 people or more."""

    name: str
    iso3: str
    lon: float
    lat: float


ATTRIBUTION = (
    "Made with Natural Earth. Roads and crossings © OpenStreetMap contributors (ODbL 1.0). Place names © GeoNames "
    "(CC BY 4.0), modified. Sea network: searoute (Apache-2.0), after Eurostat SeaRoute. Language data: Unicode CLDR. "
    "Ports: NGA World Port Index. Airports: OurAirports."
)
GROUND_ATTRIBUTION = "Coasts, lakes and rivers: GSHHG (LGPL 3). Railways © OpenStreetMap contributors (ODbL 1.0)."
"""What the ground of the map on the screen is made of beside that; printed sheets have none of it."""
DISCLAIMER = (
    "The boundaries and names shown do not imply any opinion on the status of any territory. "
    "Lines are accurate to 1 to 3 km."
)


_ONE_AT_A_TIME = Lock()
"""GEOS completes a prepared geometry at its first use, and does not guard that against a second thread."""


def countries() -> gpd.GeoDataFrame:
    """254 countries and territories at 1:10m: `iso3`, `iso2`, names, label point, population, polygon.

    >>> countries().set_index("iso3").loc["NER", "iso2"]
    'NE'
    """
    return _layer("countries_10m").copy(deep=False)


def land_boundaries() -> gpd.GeoDataFrame:
    """339 lines between two countries: `border_id` (`DZA-NER`), `iso3_a`, `iso3_b`, `note`, `length_km`, line.

    `note` is "depiction differs between states" where known; an empty one says nothing about status.
    """
    return _layer("land_boundaries").copy(deep=False)


def lakes() -> gpd.GeoDataFrame:
    """1,353 lakes for display: `lake_id`, `area_km2`, `min_zoom`, polygon."""
    return _layer("lakes").copy(deep=False)


def rivers() -> gpd.GeoDataFrame:
    """458 stretches of rivers for display: `river_id`, `length_km`, `min_zoom`, line; up to 2 km off."""
    return _layer("rivers").copy(deep=False)


def places() -> gpd.GeoDataFrame:
    """7,000 towns for display: `name`, `iso3`, `is_capital`, `population`, `min_zoom` (2 to 8), `timezone`, point."""
    return _layer("places").copy(deep=False)


def border_crossings() -> gpd.GeoDataFrame:
    """1,392 candidates, not an official list: `crossing_id`, `name`, `border_id`, `position_quality`, point."""
    return _layer("border_crossings").copy(deep=False)


def airports() -> gpd.GeoDataFrame:
    """5,210 large and medium airports: `ident` (ICAO where there is one), `iata`, `name`, `iso3`, `timezone`, point."""
    return _layer("airports").copy(deep=False)


def ports() -> gpd.GeoDataFrame:
    """2,951 seaports of the World Port Index: `wpi_number`, `unlocode`, `name`, `iso3`, point (about 2 km)."""
    return _layer("ports").copy(deep=False)


def towns() -> pd.DataFrame:
    """170,391 places of 1,000 people or more: `geonameid`, `name`, `iso3`, `population`, `timezone`, `lat`, `lon`."""
    return _towns().copy(deep=False)


def country_facts() -> pd.DataFrame:
    """One row per country, indexed by `iso3`: names, memberships, languages, zones, capital, neighbours.

    Lists are separated by semicolons; texts are never missing (Namibia's code is "NA").

    >>> country_facts().loc["NAM", ["iso2", "capital"]].tolist()
    ['NA', 'Windhoek']
    """
    return _facts().copy(deep=False)


def country_names(locale: str = "en") -> dict[str, str]:
    """The name of each country by `iso3` in a language; the English one where the language has none.

    >>> country_names("fr")["DEU"], country_names("es")["DEU"]
    ('Allemagne', 'Alemania')
    """
    return dict(_names(named_locale(locale)))


def further_country_names() -> list[tuple[str, str]]:
    """What some countries are called as well, each with its `iso3`: such as people look for them.

    >>> [name for name, iso3 in further_country_names() if iso3 == "CIV"]
    ['Ivory Coast', 'Costa de Marfil', 'ساحل العاج']
    """
    return [(name, str(iso3)) for iso3, names in _facts()["also"].items() for name in names.split(";") if name]


def nearest_town(lon: float, lat: float) -> Town:
    """The nearest place of 1,000 people or more.

    >>> nearest_town(-0.19, 5.4).iso3
    'GHA'
    """
    towns = _towns()
    near = np.argmax(_on_sphere(np.array([lon]), np.array([lat])) @ _town_points().T)
    row = towns.iloc[int(near)]
    return Town(str(row["name"]), str(row["iso3"]), float(row["lon"]), float(row["lat"]))


def neighbours(iso3: str) -> tuple[str, ...]:
    """The countries that share a land boundary with `iso3`, in alphabetical order; none for an island.

    >>> neighbours("NER")
    ('BEN', 'BFA', 'DZA', 'LBY', 'MLI', 'NGA', 'TCD')
    """
    return _neighbours().get(iso3, ())


def country_at(lon: float, lat: float) -> str | None:
    """The `iso3` of the country a point lies in; None at sea. On a boundary, the first in the alphabet.

    >>> country_at(7.99, 16.97), country_at(0.0, 0.0)
    ('NER', None)
    """
    met = countries_met(shapely.Point(lon, lat))
    return met[0] if met else None


def countries_at(lon: Floats, lat: Floats) -> Texts:
    """As `country_at`, for many points: arrays in degrees in, an array of `iso3` out, "" at sea.

    >>> countries_at(np.array([7.99, 0.0]), np.array([16.97, 0.0])).tolist()
    ['NER', '']
    """
    iso3, parts, tree = _country_parts()
    point, part = tree.query(shapely.points(lon, lat))
    with _ONE_AT_A_TIME:
        held = shapely.intersects_xy(parts[part], lon[point], lat[point])
    names, found = iso3[part[held]], np.full(len(lon), "", dtype=object)
    order = np.argsort(names)[::-1]
    found[point[held][order]] = names[order]
    return found


def countries_met(geometry: shapely.Geometry) -> tuple[str, ...]:
    """The `iso3` of all countries that a geometry on WGS 84 meets, in alphabetical order.

    >>> countries_met(shapely.LineString([(7.99, 16.97), (5.53, 22.79)]))
    ('DZA', 'NER')
    """
    iso3, parts, tree = _country_parts()
    near = tree.query(geometry)
    with _ONE_AT_A_TIME:
        met = near[shapely.intersects(parts[near], geometry)]
    return tuple(sorted(set(iso3[met].tolist())))


def time_zone_at(lon: float, lat: float, iso3: str | None) -> str:
    """The IANA time zone at a point: that of the nearest town or airport of its country.

    Without a country (at sea) it is the nautical zone of the longitude. Where a country has neither town nor airport,
    its nearest listed zone; where it has none either, the nearest town of any country.

    >>> time_zone_at(-112.07, 33.45, "USA"), time_zone_at(-30.0, 40.0, None)
    ('America/Phoenix', 'Etc/GMT+2')
    """
    return str(time_zones(np.array([lon]), np.array([lat]), iso3)[0])


def time_zones(lon: Floats, lat: Floats, iso3: str | None) -> Texts:
    """As `time_zone_at`, for many points of one country at once: arrays in degrees in, an array of names out."""
    if iso3 is None:
        # POSIX names count westward: Etc/GMT-5 is five hours ahead of Greenwich.
        hours = np.rint(lon / 15).astype(int)
        return np.array([f"Etc/GMT{-h:+d}" if h else "Etc/GMT" for h in hours], dtype=object)
    known, zone = _zones(iso3)
    nearest = np.concatenate([np.argmax(part @ known.T, axis=1) for part in _in_parts(_on_sphere(lon, lat))])
    found: Texts = zone[nearest]
    return found


def named_locale(locale: str) -> str:
    """The language in which countries are named for readers of `locale`: English where `LOCALES` lacks it.

    >>> named_locale("fr"), named_locale("de")
    ('fr', 'en')
    """
    return locale if locale in LOCALES else "en"


@cache
def _layer(name: str) -> gpd.GeoDataFrame:
    frame = gpd.read_parquet(DATA / f"{name}.parquet")
    texts = frame.select_dtypes("str").columns
    frame[texts] = frame[texts].fillna("")
    # Pandas copies on write; the array of geometries below it would not.
    frame.geometry.to_numpy().flags.writeable = False
    return frame


@cache
def _town_points() -> Floats:
    towns = _towns()
    return _on_sphere(towns["lon"].to_numpy(), towns["lat"].to_numpy())


@cache
def _towns() -> pd.DataFrame:
    return pd.read_parquet(DATA / "gazetteer.parquet")


@cache
def _facts() -> pd.DataFrame:
    return pd.read_csv(DATA / "countries.csv", keep_default_na=False, dtype={"iso_n3": str}).set_index("iso3")


@cache
def _names(locale: str) -> dict[str, str]:
    english = {str(iso3): str(name) for iso3, name in _facts()["name_en"].items()}
    if locale == "en":
        return english
    translated = pd.read_csv(_NAMES / f"{locale}.csv", keep_default_na=False).set_index("iso3")["name"]
    return english | {str(iso3): str(name) for iso3, name in translated.items() if name}


@cache
def _neighbours() -> dict[str, tuple[str, ...]]:
    lines = _layer("land_boundaries")
    both = pd.concat([lines["iso3_a"], lines["iso3_b"]]), pd.concat([lines["iso3_b"], lines["iso3_a"]])
    return {str(k): tuple(sorted(set(v))) for k, v in both[1].groupby(both[0].to_numpy())}


@cache
def _country_parts() -> tuple[Texts, Texts, shapely.STRtree]:
    """Single polygons, whose boxes are tighter than those of whole countries, prepared for repeated questions."""
    frame = _layer("countries_10m")
    parts, row = shapely.get_parts(frame.geometry.to_numpy(), return_index=True)
    shapely.prepare(parts)
    return frame["iso3"].to_numpy(dtype=object)[row], parts, shapely.STRtree(parts)


@cache
def _zones(iso3: str) -> tuple[Floats, Texts]:
    """The towns and airports of one country as unit vectors, and the zone of each."""
    zoned, rows = _zoned()
    found = zoned.take(rows[iso3]) if iso3 in rows else _listed_zones(iso3)
    if found.empty:
        found = zoned
    return _on_sphere(found["lon"].to_numpy(), found["lat"].to_numpy()), found["timezone"].to_numpy(dtype=object)


@cache
def _zoned() -> tuple[pd.DataFrame, dict[str, Any]]:
    """All places with a time zone, and the row numbers of each country."""
    columns = ["iso3", "lon", "lat", "timezone"]
    zoned = pd.concat([_towns()[columns], pd.DataFrame(_layer("airports")[columns]).query("timezone != ''")])
    return zoned, {str(iso3): rows for iso3, rows in zoned.groupby("iso3").indices.items()}


def _listed_zones(iso3: str) -> pd.DataFrame:
    """The zones that the time zone database lists for a country, each at its main place."""
    listed = pd.read_csv(DATA / "timezones.csv", keep_default_na=False)
    return listed[listed["iso2"] == (_facts()["iso2"].get(iso3) or "none")]


def _in_parts(points: Floats) -> list[Floats]:
    """Pieces of at most 500 rows: 500 points against the towns of the largest country take 70 MB."""
    return np.array_split(points, max(1, -(-len(points) // 500)))


def _on_sphere(lon: Floats, lat: Floats) -> Floats:
    """Unit vectors, so that the nearest in space is the nearest on the ground, also across 180°."""
    east, north = np.radians(lon.astype(float)), np.radians(lat.astype(float))
    return np.column_stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)])
