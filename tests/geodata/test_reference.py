"""The bundled layers and what they answer."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import available_timezones

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.ground import crs, reference

LAYERS = [
    (reference.countries, 254),
    (reference.land_boundaries, 339),
    (reference.lakes, 1353),
    (reference.rivers, 458),
    (reference.places, 7000),
    (reference.border_crossings, 1392),
    (reference.airports, 5210),
    (reference.ports, 2951),
]


@pytest.mark.parametrize(("load", "rows"), LAYERS, ids=[load.__name__ for load, _ in LAYERS])
def test_every_layer_is_complete_valid_and_on_wgs_84(load: Callable[[], gpd.GeoDataFrame], rows: int) -> None:
    frame = load()
    crs.require(frame)
    assert len(frame) == rows
    assert frame.geometry.is_valid.all()
    assert not frame.geometry.is_empty.any()
    assert not frame.select_dtypes("str").isna().any().any()


def test_a_caller_who_changes_a_layer_changes_only_his_own() -> None:
    mine = reference.airports()
    mine.loc[0, "name"] = "changed"
    mine.loc[0, "geometry"] = shapely.Point(0, 0)
    assert reference.airports().loc[0, "name"] != "changed"
    assert reference.airports().geometry[0] != shapely.Point(0, 0)
    with pytest.raises(ValueError, match="read-only"):
        reference.airports().geometry.values[1] = shapely.Point(0, 0)


def test_namibia_is_not_a_missing_value() -> None:
    assert reference.country_facts().loc["NAM", "iso2"] == "NA"


@pytest.mark.parametrize("locale", reference.LOCALES)
def test_every_country_has_a_name_in_every_language(locale: str) -> None:
    names = reference.country_names(locale)
    assert set(names) == set(reference.countries()["iso3"])
    assert all(names.values())


def test_a_language_without_names_of_its_own_has_the_english_ones() -> None:
    assert reference.country_names("de") == reference.country_names("en")


def test_neighbours_are_mutual_and_islands_have_none() -> None:
    assert reference.neighbours("DZA")
    for iso3 in reference.countries()["iso3"]:
        assert all(iso3 in reference.neighbours(other) for other in reference.neighbours(iso3))
    assert reference.neighbours("MLT") == ()


@pytest.mark.parametrize(
    ("lon", "lat", "iso3"),
    [
        (7.99, 16.97, "NER"),
        (-74.0, 41.0, "USA"),
        (178.0, -17.8, "FJI"),
        (-175.0, 66.5, "RUS"),
        (0.0, 0.0, None),
        (-30.0, 40.0, None),
    ],
)
def test_a_point_lies_in_its_country_or_at_sea(lon: float, lat: float, iso3: str | None) -> None:
    assert reference.country_at(lon, lat) == iso3


def test_every_label_of_a_sovereign_country_lies_in_it() -> None:
    frame = reference.countries().query("type == 'Sovereign country'")
    found = [reference.country_at(*at) for at in frame[["label_lon", "label_lat"]].to_numpy()]
    assert (frame["iso3"].to_numpy() == found).mean() > 0.95


def test_questions_from_many_threads_get_the_same_answers() -> None:
    points = np.random.default_rng(7).uniform([-180, -60], [180, 75], (800, 2)).tolist()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda at: reference.country_at(*at), points))
    assert answers == [reference.country_at(*at) for at in points]
    assert 100 < sum(a is not None for a in answers) < 700


@pytest.mark.parametrize(
    ("lon", "lat", "iso3", "zone"),
    [
        (7.99, 16.97, "NER", "Africa/Niamey"),
        (-106.48, 31.76, "USA", "America/Denver"),
        (-106.48, 31.74, "MEX", "America/Ciudad_Juarez"),
        (179.9, -16.5, "FJI", "Pacific/Fiji"),
        (67.5, 24.0, None, "Etc/GMT-4"),
        (0.0, 0.0, None, "Etc/GMT"),
        (180.0, 0.0, None, "Etc/GMT-12"),
    ],
)
def test_a_point_has_the_zone_of_the_nearest_town_of_its_country(
    lon: float, lat: float, iso3: str | None, zone: str
) -> None:
    assert reference.time_zone_at(lon, lat, iso3) == zone


@settings(deadline=None)  # the first example reads the layers
@given(
    lon=st.floats(-180, 180),
    lat=st.floats(-90, 90),
    iso3=st.none() | st.sampled_from(sorted(reference.country_names())),
)
def test_every_point_of_the_earth_has_a_zone_that_exists(lon: float, lat: float, iso3: str | None) -> None:
    assert reference.time_zone_at(lon, lat, iso3) in available_timezones()


def test_zones_of_many_points_are_those_of_each() -> None:
    usa = reference.towns().query("iso3 == 'USA'").iloc[::23]
    lon, lat = usa["lon"].to_numpy(), usa["lat"].to_numpy()
    together = reference.time_zones(lon, lat, "USA")
    assert len(usa) > 500
    assert (together == usa["timezone"].to_numpy(dtype=object)).all()
    assert together[3] == reference.time_zone_at(lon[3], lat[3], "USA")
