"""Marks of sites: their colours for every colour vision, and the first view of a map."""

from itertools import combinations

import pytest

from dashboard.map import scene as stage
from dashboard.theme import colours
from tests.dashboard.colour_vision import DEFICIENCIES, difference, lab

STATES = ("site-reporting", "site-silent", "site-hits", "site-planned")


def test_the_difference_of_colours_is_that_of_the_published_pairs() -> None:
    assert difference((50, 2.6772, -79.7751), (50, 0, -82.7485)) == pytest.approx(2.0425, abs=1e-4)
    assert difference((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514)) == pytest.approx(0.9082, abs=1e-4)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_two_states_of_sites_differ_by_20_for_every_colour_vision(deficiency: str, dark: bool) -> None:
    palette = colours(dark)
    for one, other in combinations(STATES, 2):
        assert difference(lab(palette[one], deficiency), lab(palette[other], deficiency)) >= 20, (one, other)


def test_a_single_bridge_is_seen_as_a_bridge() -> None:
    bridge = {"properties": {"centre": [-92.15, 14.68], "bounds": None}}
    (south, west), (north, east) = stage.view([bridge]) or ((0, 0), (0, 0))
    assert (north - south, east - west) == pytest.approx((0.04, 0.04))


def test_nine_tenths_of_the_sites_are_in_the_first_view() -> None:
    sites = [{"properties": {"centre": [k % 20, k // 20], "bounds": None}} for k in range(405)]
    sites += [{"properties": {"centre": [150.0, -30.0 + k], "bounds": None}} for k in range(45)]
    (south, west), (north, east) = stage.view(sites) or ((0, 0), (0, 0))
    inside = [
        lon
        for lon, lat in (site["properties"]["centre"] for site in sites)
        if west < lon < east and south < lat < north
    ]
    assert len(inside) == 405
    assert east < 25
