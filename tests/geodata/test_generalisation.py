"""A generalised place is coarse, always the same, and near."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.ground.generalisation import FINEST, generalise

cells = st.sampled_from([0.1, 0.25, 0.5, 1.0, 5.0])


@given(lon=st.floats(-180, 180), lat=st.floats(-90, 90), degrees=cells)
def test_the_answer_is_the_middle_of_the_cell(lon: float, lat: float, degrees: float) -> None:
    x, y = generalise(lon, lat, degrees)
    assert abs(x - lon) <= degrees / 2 + 1e-6
    assert abs(y - lat) <= degrees / 2 + 1e-6
    assert generalise(x, y, degrees) == (x, y)


@given(
    column=st.integers(0, 719),
    row=st.integers(0, 359),
    inside=st.tuples(st.floats(0.001, 0.499), st.floats(0.001, 0.499)),
)
def test_every_point_of_a_cell_gives_the_same_answer(column: int, row: int, inside: tuple[float, float]) -> None:
    west, south = column / 2 - 180, row / 2 - 90
    assert generalise(west + inside[0], south + inside[1]) == (west + 0.25, south + 0.25)


@pytest.mark.parametrize("degrees", [0.0, -1.0, FINEST / 2, 11.0, float("nan")])
def test_a_grid_that_would_name_a_town_is_refused(degrees: float) -> None:
    with pytest.raises(ValueError, match="degrees"):
        generalise(7.99, 16.97, degrees)


@pytest.mark.parametrize(("lon", "lat"), [(181.0, 0.0), (0.0, 91.0), (float("nan"), 0.0)])
def test_a_place_off_the_globe_is_refused(lon: float, lat: float) -> None:
    with pytest.raises(ValueError, match="latitude"):
        generalise(lon, lat)
