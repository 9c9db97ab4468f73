"""What is wrong with a layer is said in a sentence, with the count."""

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.events.points import UnfitEvents, checked
from tests.geodata.layers import TODAY, layer, scattered, shuffled


def said(frame: gpd.GeoDataFrame, day: str | None = None, weight: str | None = None) -> str:
    with pytest.raises(UnfitEvents) as refused:
        checked(frame, TODAY, day, weight)
    return str(refused.value)


def test_an_empty_layer_is_refused() -> None:
    assert said(layer([], [])) == "The layer is empty: there is nothing to compute."


def test_one_point_makes_no_pattern() -> None:
    assert said(layer([8.0], [17.0])) == "There is only one usable point of 1: no pattern can be computed from it."


def test_points_in_one_place_are_refused_and_the_place_is_named() -> None:
    assert "All 5 points lie in one place, 17.0000, 8.0000." in said(layer([8.0] * 5, [17.0] * 5))


def test_points_at_0_0_are_left_out_and_counted() -> None:
    found = checked(layer([8.0, 0.0, 9.0, 0.0], [17.0, 0.0, 17.0, 0.0]), TODAY)
    assert found.row.tolist() == [0, 2]
    assert str(found.notes[0]) == "2 of 4 points lie at 0, 0, which is a missing place, and were left out."
    assert said(layer([0.0, 0.0], [0.0, 0.0])).startswith("None of the 2 points can be used. 2 of 2 points lie at 0, 0")


def test_points_on_the_equator_or_at_greenwich_stay() -> None:
    assert len(checked(layer([0.0, 8.0], [51.0, 0.0]), TODAY)) == 2


def test_future_and_missing_dates_are_left_out_and_counted() -> None:
    days = ["2026-11-24", "2026-11-25", None, "2026-01-01"]
    found = checked(layer([1.0, 2, 3, 4], [1.0, 2, 3, 4], pd.to_datetime(pd.Series(days))), TODAY, "day")
    assert (found.first, found.last) == (date(2026, 1, 1), date(2026, 11, 24))
    assert [str(note) for note in found.notes] == [
        "1 of 4 points have no date and were left out.",
        "1 of 4 points are dated after 2026-11-24 and were left out.",
    ]


def test_duplicates_are_kept_and_counted() -> None:
    same = checked(layer([8.0, 8.0, 8.0, 9.0], [17.0] * 4, ["2026-01-01"] * 2 + ["2026-01-02"] * 2), TODAY, "day")
    assert len(same) == 4
    assert "1 of 4 points repeat another of the same place and day" in str(same.notes[0])
    assert "2 of 4 points repeat the place of another." in str(
        checked(layer([8.0, 8, 8, 9], [17.0] * 4), TODAY).notes[0]
    )


@pytest.mark.parametrize(("lon", "lat"), [(181.0, 0.0), (0.0, 91.0), (np.inf, 0.0)])
def test_places_off_the_globe_are_refused(lon: float, lat: float) -> None:
    assert said(layer([8.0, lon], [17.0, lat])).startswith("Longitudes must lie between")


def test_shapes_that_are_no_points_are_refused() -> None:
    area = layer([8.0, 9.0], [17.0, 17.0])
    assert said(area.set_geometry(shapely.buffer(area.geometry.to_numpy(), 1))).startswith(
        "Every row must be one point"
    )


def test_days_with_a_zone_and_weights_below_0_are_refused() -> None:
    frame = layer([8.0, 9.0], [17.0, 17.0], pd.to_datetime(["2026-01-01", "2026-01-02"], utc=True))
    assert "time zone" in said(frame, "day")
    assert "weight" in said(frame.assign(n=[1, -1]), weight="n")
    assert "weight" in said(frame.assign(n=[1, None]), weight="n")


def test_the_order_of_rows_does_not_matter_and_rows_are_found_again() -> None:
    frame = scattered(200)
    one, other = checked(frame, TODAY, "day"), shuffled(frame)
    assert one.lon.tolist() == other.lon.tolist()
    assert one.day.tolist() == other.day.tolist()
    assert frame.geometry.x.to_numpy()[one.row].tolist() == one.lon.tolist()
