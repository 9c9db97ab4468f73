"""Systems are stated, mixtures refused with both named, measures geodesic."""

import geopandas as gpd
import pytest
import shapely

from geodata.ground import crs
from geodata.ground.reference import land_boundaries


def test_a_frame_in_another_system_is_refused_and_both_are_named() -> None:
    metres = gpd.GeoSeries.from_xy([0.0], [0.0], crs=crs.EQUAL_AREA)
    with pytest.raises(crs.CrsMismatch, match=r"EPSG:6933.*EPSG:4326"):
        crs.length_km(metres)


def test_a_frame_without_a_system_is_refused() -> None:
    with pytest.raises(crs.CrsMismatch, match="no stated reference system"):
        crs.area_km2(gpd.GeoSeries.from_xy([0.0], [0.0]))


def test_two_frames_of_different_systems_are_refused() -> None:
    degrees = gpd.GeoSeries.from_xy([0.0], [0.0], crs=crs.WGS84)
    crs.require_same(degrees, degrees)
    with pytest.raises(crs.CrsMismatch, match="EPSG:3857"):
        crs.require_same(degrees, degrees.to_crs(3857))


def test_a_degree_of_the_equator_and_of_a_meridian_have_their_known_lengths() -> None:
    lines = gpd.GeoSeries.from_wkt(
        ["LINESTRING (0 0, 1 0)", "LINESTRING (0 0, 0 1)"], index=["east", "north"], crs=4326
    )
    assert crs.length_km(lines).round(3).to_dict() == {"east": 111.319, "north": 110.574}


def test_the_area_takes_holes_off_and_does_not_depend_on_the_winding() -> None:
    outline, hole = shapely.box(0, 0, 3, 3), shapely.box(1, 1, 2, 2)
    ring = shapely.Polygon(outline.exterior.coords, [hole.exterior.coords])
    turned = shapely.Polygon(list(outline.exterior.coords)[::-1], [list(hole.exterior.coords)])
    expected = crs.geometry_area_km2(outline) - crs.geometry_area_km2(hole)
    assert crs.geometry_area_km2(ring) == pytest.approx(expected)
    assert crs.geometry_area_km2(turned) == pytest.approx(expected)


@pytest.mark.parametrize("text", ["LINESTRING (0 0, 1 1, 2 0)", "MULTILINESTRING ((0 0, 1 1, 2 0))", "POINT (1 1)"])
def test_a_line_has_no_area(text: str) -> None:
    assert crs.geometry_area_km2(shapely.from_wkt(text)) == 0


def test_the_callers_index_is_kept_and_an_empty_frame_gives_an_empty_series() -> None:
    lines = land_boundaries().set_index("border_id").iloc[5:8]
    before = lines.copy()
    assert crs.length_km(lines).index.tolist() == lines.index.tolist()
    assert crs.area_km2(lines.iloc[:0]).empty
    assert lines.equals(before)


def test_lengths_agree_with_those_of_the_bundle() -> None:
    lines = land_boundaries()
    assert ((crs.length_km(lines) - lines["length_km"]).abs() <= 0.1 + 0.001 * lines["length_km"]).all()
