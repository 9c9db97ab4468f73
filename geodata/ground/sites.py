"""Candidate sites of an operation: border crossings, airports and seaports."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.ground import crs, reference
from geodata.ground.grid import Bounds, inside

Kind = Literal["crossing", "airport", "port"]
COLUMNS = [
    "ref",
    "name",
    "site_type",
    "border_kind",
    "iso3",
    "iso3_other",
    "lat",
    "lon",
    "timezone",
    "timezone_other",
    "quality",
]


@dataclass(frozen=True, slots=True)
class CandidateSite:
    """One candidate site. `iso3_other` and `timezone_other` are empty unless it is a border crossing."""

    ref: str
    name: str
    site_type: str
    border_kind: str
    iso3: str
    iso3_other: str
    lat: float
    lon: float
    timezone: str
    timezone_other: str
    quality: str

    def seen_from(self, iso3: str) -> "CandidateSite":
        """The same crossing with `iso3` as its own side. ValueError for a country that it does not touch."""
        if iso3 == self.iso3:
            return self
        if iso3 != self.iso3_other:
            raise ValueError(f"{self.ref} does not lie in {iso3}.")
        return replace(
            self, iso3=iso3, iso3_other=self.iso3, timezone=self.timezone_other, timezone_other=self.timezone
        )


def sites(
    kind: Kind | None = None, countries: Iterable[str] | None = None, bbox: Bounds | None = None
) -> gpd.GeoDataFrame:
    """Candidate sites, on WGS 84, best known first within each kind.

    One row per place. A crossing lies in two countries and is still one row: `iso3` and `timezone` are those of the
    first in the alphabet, `iso3_other` and `timezone_other` those of the second; `CandidateSite.seen_from` turns them
    round. `countries` keeps the sites that touch any of them, `bbox` those inside it.

    Columns: `ref` ("crossing:DZA-NER-R001", "airport:DRRN", "port:46420"), `name`, `site_type` (land_bcp_road, airport,
    seaport), `border_kind` (land, air, sea), `iso3`, `iso3_other`, `lat`, `lon`, `timezone` (IANA), `timezone_other`,
    `quality` of the position (good, fair, poor), point.

    >>> sites("crossing", ["NER"]).groupby("iso3_other").size().to_dict()
    {'NER': 6, 'NGA': 9}
    >>> sites("airport", ["NER"])["ref"].head(1).tolist()
    ['airport:DRRN']
    """
    found = _sites()
    keep = np.ones(len(found), dtype=bool)
    if kind is not None:
        keep &= found["ref"].str.startswith(f"{kind}:").to_numpy(dtype=bool)
    if countries is not None:
        wanted = list(countries)
        keep &= (found["iso3"].isin(wanted) | found["iso3_other"].isin(wanted)).to_numpy(dtype=bool)
    if bbox is not None:
        keep &= inside(found["lon"].to_numpy(), found["lat"].to_numpy(), bbox)
    return found[keep].reset_index(drop=True)


def site(ref: str) -> CandidateSite | None:
    """The site of that reference, or None.

    >>> niamey = site("airport:DRRN")
    >>> niamey.name, niamey.iso3, niamey.timezone
    ('Diori Hamani International Airport', 'NER', 'Africa/Niamey')
    """
    return _by_ref().get(ref)


@lru_cache(maxsize=4096)
def own_side(lon: float, lat: float, iso3: str, others: tuple[str, ...]) -> tuple[float, float]:
    """The way from a point at a border into a country and away from `others`: east and north, of length 1.

    (0, 0) where none of them is near. Asked of points around it, 5 to 40 km away; `lon`, `lat` in degrees on WGS 84.

    >>> crossing = site("crossing:NER-NGA-R001")
    >>> sides = (crossing.iso3, crossing.iso3_other)
    >>> [own_side(crossing.lon, crossing.lat, one, (other,))[1] > 0 for one, other in (sides, sides[::-1])]
    [True, False]
    """
    turns = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    east, north = np.tile(np.cos(turns), 3), np.tile(np.sin(turns), 3)
    degrees = np.repeat([5.0, 15.0, 40.0], 24) / 111.2
    around = reference.countries_at(lon + east * degrees / np.cos(np.radians(lat)), lat + north * degrees)
    pull = (around == iso3).astype(float) - np.isin(around, others)
    x, y = float(east @ pull), float(north @ pull)
    length = float(np.hypot(x, y))
    return (x / length, y / length) if length > 1 else (0.0, 0.0)


@cache
def _by_ref() -> dict[str, CandidateSite]:
    return {row.ref: CandidateSite(**row._asdict()) for row in _sites()[COLUMNS].itertuples(index=False)}


@cache
def _sites() -> gpd.GeoDataFrame:
    found = pd.concat([_airports(), _ports(), _crossings()], ignore_index=True)[COLUMNS]
    lon, lat = found["lon"].to_numpy(), found["lat"].to_numpy()
    for side, zone in (("iso3", "timezone"), ("iso3_other", "timezone_other")):
        zones = found[zone].to_numpy(dtype=object, copy=True)
        lacking = (found[zone] == "").to_numpy()
        for iso3 in found.loc[lacking, side].unique():
            rows = lacking & (found[side] == iso3).to_numpy()
            if iso3:
                zones[rows] = reference.time_zones(lon[rows], lat[rows], iso3)
        found[zone] = zones
    return gpd.GeoDataFrame(found, geometry=gpd.points_from_xy(found["lon"], found["lat"]), crs=crs.WGS84)


def _airports() -> pd.DataFrame:
    frame = reference.airports()
    frame = frame.assign(minor=frame["type"] != "large", unserved=~frame["scheduled_service"])
    frame = frame.sort_values(["unserved", "minor", "name"], kind="stable")
    return pd.DataFrame(
        {
            "ref": "airport:" + frame["ident"],
            "name": frame["name"],
            "site_type": "airport",
            "border_kind": "air",
            "iso3": frame["iso3"],
            "iso3_other": "",
            "lat": frame["lat"],
            "lon": frame["lon"],
            "timezone": frame["timezone"],
            "timezone_other": "",
            "quality": "good",
        }
    )


def _ports() -> pd.DataFrame:
    frame = reference.ports().sort_values("name", kind="stable")
    return pd.DataFrame(
        {
            "ref": "port:" + frame["wpi_number"],
            "name": frame["name"],
            "site_type": "seaport",
            "border_kind": "sea",
            "iso3": frame["iso3"],
            "iso3_other": "",
            "lat": frame["lat"],
            "lon": frame["lon"],
            "timezone": "",
            "timezone_other": "",
            "quality": "fair",
        }
    )


def _crossings() -> pd.DataFrame:
    frame = reference.border_crossings()
    rank = frame["position_quality"].map({"good": 0, "fair": 1, "poor": 2})
    frame = frame.assign(rank=rank).sort_values(["rank", "crossing_id"], kind="stable")
    return pd.DataFrame(
        {
            "ref": "crossing:" + frame["crossing_id"],
            "name": frame["name"],
            "site_type": "land_bcp_road",
            "border_kind": "land",
            "iso3": frame["iso3_a"],
            "iso3_other": frame["iso3_b"],
            "lat": frame["lat"],
            "lon": frame["lon"],
            "timezone": "",
            "timezone_other": "",
            "quality": frame["position_quality"],
        }
    )
