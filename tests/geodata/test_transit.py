"""How long a team takes: a drive, a flight, or no way at all."""

import pytest

from geodata.ways.transit import transit

NIAMEY, DOSSO, AGADEZ, GUATEMALA = (2.1, 13.5), (3.2, 13.1), (8.0, 17.0), (-90.5, 14.6)


def test_a_town_nearby_is_driven_to() -> None:
    found = transit(NIAMEY, DOSSO)
    assert found is not None
    assert found.by == "road"
    assert 1.5 < found.hours < 5


def test_far_away_is_flown_to_and_both_ways_take_as_long() -> None:
    there, back = transit(NIAMEY, GUATEMALA), transit(GUATEMALA, NIAMEY)
    assert there == back
    assert there is not None
    assert there.hours == pytest.approx(5 + 9800 / 700, abs=1)


def test_the_quicker_way_is_taken() -> None:
    found = transit(NIAMEY, AGADEZ)
    assert found is not None
    assert (found.by, found.hours < 7) == ("air", True)
