"""Candidate sites: one row per place, one reference, a zone for every side."""

from zoneinfo import available_timezones

import numpy as np
import pytest

from geodata.ground import crs
from geodata.ground.sites import COLUMNS, CandidateSite, own_side, site, sites


def test_every_crossing_airport_and_port_is_there_once() -> None:
    found = sites()
    crs.require(found)
    assert found["ref"].is_unique
    assert found["ref"].str.split(":").str[0].value_counts().to_dict() == {
        "airport": 5210,
        "port": 2951,
        "crossing": 1392,
    }
    assert list(found.columns) == [*COLUMNS, "geometry"]


def test_every_site_has_an_existing_zone_on_each_of_its_sides() -> None:
    found = sites()
    assert set(found["timezone"]) <= available_timezones()
    crossing = found["site_type"] == "land_bcp_road"
    assert set(found.loc[crossing, "timezone_other"]) <= available_timezones()
    assert set(found.loc[~crossing, "timezone_other"]) == {""}


def test_a_crossing_belongs_to_both_countries() -> None:
    of_niger, of_nigeria = sites("crossing", ["NER"]), sites("crossing", ["NGA"])
    assert set(of_niger["ref"]) & set(of_nigeria["ref"])
    assert ((of_niger["iso3"] == "NER") | (of_niger["iso3_other"] == "NER")).all()


def test_a_crossing_seen_from_the_other_side_has_that_countrys_zone() -> None:
    here = site(sites("crossing", ["NGA"]).query("iso3 == 'NER'")["ref"].iloc[0])
    assert isinstance(here, CandidateSite)
    there = here.seen_from("NGA")
    assert (here.timezone, there.timezone) == ("Africa/Niamey", "Africa/Lagos")
    assert there.seen_from("NER") == here
    with pytest.raises(ValueError, match="DZA"):
        here.seen_from("DZA")


def test_a_box_keeps_what_lies_in_it_also_across_180_degrees() -> None:
    agadez = sites(bbox=(7, 16, 9, 18))
    assert "airport:DRZA" in set(agadez["ref"])
    assert agadez["lon"].between(7, 9).all()
    pacific = sites("airport", bbox=(170, -30, -170, 0))
    assert {"FJI", "TON"} <= set(pacific["iso3"])
    assert (pacific["lon"].abs() >= 170).all()


def test_an_unknown_reference_is_none_and_no_country_is_an_empty_frame() -> None:
    assert site("airport:nowhere") is None
    assert sites(countries=[]).empty
    assert list(sites(countries=[]).columns) == [*COLUMNS, "geometry"]


def test_a_changed_answer_changes_nobody_elses() -> None:
    mine = sites("port")
    mine.loc[0, "name"] = "changed"
    assert sites("port").loc[0, "name"] != "changed"


def test_the_two_sides_of_a_crossing_lie_opposite_each_other() -> None:
    found = sites("crossing").head(150)
    far = 0
    for each in found.itertuples():
        one = own_side(each.lon, each.lat, each.iso3, (each.iso3_other,))
        other = own_side(each.lon, each.lat, each.iso3_other, (each.iso3,))
        far += one == (0.0, 0.0)
        assert one == pytest.approx((-other[0], -other[1]))
        assert one == (0.0, 0.0) or np.hypot(*one) == pytest.approx(1)
    assert far <= 2, "nearly every crossing has its two countries around it"
    assert own_side(0.0, 0.0, "NER", ("NGA",)) == (0.0, 0.0)
