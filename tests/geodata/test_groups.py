"""Towns are found, the desert between them belongs to none, and nothing depends on the order of rows."""

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.events.groups import NO_GROUP, groups
from geodata.events.points import EventPoints, UnfitEvents, checked
from tests.geodata.layers import TODAY, events, layer

TOWNS = [(8.0, 17.0, 60), (5.5, 22.8, 40), (12.9, 18.7, 20)]


def towns(east: float = 0.0) -> gpd.GeoDataFrame:
    random = np.random.default_rng(6)
    lon = [lon + random.normal(0, 0.02, n) for lon, _, n in TOWNS] + [random.uniform(0, 20, 15)]
    lat = [lat + random.normal(0, 0.02, n) for _, lat, n in TOWNS] + [random.uniform(12, 26, 15)]
    days = pd.Timestamp("2026-01-01") + pd.to_timedelta(np.arange(135), unit="D")
    return layer((np.concatenate(lon) + east + 180) % 360 - 180, np.concatenate(lat), days)


def points(east: float = 0.0) -> EventPoints:
    return checked(towns(east), TODAY, "day")


@pytest.mark.parametrize("east", [0.0, 172.0])  # the largest town on the Greenwich side, then on 180°
def test_three_towns_are_three_groups_by_falling_size(east: float) -> None:
    found = groups(points(east), smallest=10)
    drawn = found.frame()
    assert len(found) == 3
    assert drawn["n"].tolist() == pytest.approx([60, 40, 20], abs=5)
    assert (found.group == NO_GROUP).sum() == pytest.approx(15, abs=10)
    places = [shapely.Point((lon + east + 180) % 360 - 180, lat) for lon, lat, _ in TOWNS]
    assert [shape.distance(place) < 0.05 for shape, place in zip(drawn.geometry, places, strict=True)] == [True] * 3
    assert drawn.crs.to_epsg() == 4326
    assert drawn.geometry.is_valid.all()


def test_a_group_has_its_days_and_the_layer_explains_itself() -> None:
    found = groups(points(), smallest=10)
    assert found.frame()["first"].dt.date.min() == date(2026, 1, 1)
    sentence = str(found.sentence)
    assert sentence.startswith("3 groups of at least 10 events hold")
    assert "Events of 2026-01-01 to 2026-05-15." in sentence


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_rows_does_not_matter_also_with_points_of_one_place(seed: int) -> None:
    frame = pd.concat([towns(), towns().iloc[:30]], ignore_index=True)
    one = groups(checked(frame, TODAY, "day"), smallest=8)
    mixed = frame.sample(frac=1, random_state=seed)
    other = groups(checked(mixed, TODAY, "day"), smallest=8)
    by_label = [
        pd.Series(found.group, index=rows.index[found.points.row]).sort_index()
        for found, rows in ((one, frame), (other, mixed))
    ]
    assert by_label[0].equals(by_label[1])
    assert one.frame().equals(other.frame())


def test_even_points_may_form_no_group() -> None:
    random = np.random.default_rng(2)
    even = checked(layer(random.uniform(0, 10, 60), random.uniform(0, 10, 60)), TODAY)
    found = groups(even, smallest=25)
    assert len(found) == 0
    assert found.frame().empty
    assert "Events of" not in str(found.sentence)


def test_what_cannot_be_is_refused_with_a_sentence() -> None:
    with pytest.raises(UnfitEvents, match="12 points cannot form groups of 10"):
        groups(events(12), smallest=10)
    with pytest.raises(ValueError, match="at least two events"):
        groups(events(), smallest=1)
