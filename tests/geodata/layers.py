"""Made layers of point events for the tests of the analyses."""

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.events.points import EventPoints, checked
from geodata.ground import crs

TODAY = date(2026, 11, 24)


def layer(lon: object, lat: object, day: object = None) -> gpd.GeoDataFrame:
    columns = {} if day is None else {"day": day}
    return gpd.GeoDataFrame(columns, geometry=gpd.points_from_xy(lon, lat), crs=crs.WGS84)


def scattered(
    n: int = 400, seed: int = 1, middle: tuple[float, float] = (8.0, 17.0), days: int = 730
) -> gpd.GeoDataFrame:
    """Events about a place over two years, a third of them in one town."""
    random = np.random.default_rng(seed)
    lon, lat = random.normal(middle[0], 1.5, n), random.normal(middle[1], 1.0, n)
    town = random.random(n) < 1 / 3
    lon[town], lat[town] = random.normal(middle[0], 0.02, town.sum()), random.normal(middle[1], 0.02, town.sum())
    lon = (lon + 180) % 360 - 180
    return layer(lon, lat, pd.Timestamp("2024-01-01") + pd.to_timedelta(random.integers(0, days, n), unit="D"))


def events(n: int = 400, seed: int = 1, middle: tuple[float, float] = (8.0, 17.0)) -> EventPoints:
    return checked(scattered(n, seed, middle), TODAY, day="day")


def shuffled(frame: gpd.GeoDataFrame, seed: int = 7) -> EventPoints:
    return checked(frame.sample(frac=1, random_state=seed), TODAY, day="day")
