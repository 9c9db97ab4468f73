"""The test finds displacement that is there, rarely one that is not, and says when it cannot tell."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.events.displacement import (
    BUFFER,
    CANNOT_TELL,
    CONTROL,
    DISPLACED,
    ELSEWHERE,
    NO_SIGN,
    SPREAD,
    TREATED,
    Displacement,
    displacement,
    zones,
)
from geodata.events.points import EventPoints, UnfitEvents, checked
from tests.geodata.layers import TODAY, events, layer

BEFORE, DURING = (date(2026, 1, 5), date(2026, 3, 29)), (date(2026, 3, 30), date(2026, 6, 21))
HERE = shapely.box(8.0, 17.0, 8.5, 17.5)
PLACES = {TREATED: (8.25, 17.25), BUFFER: (8.7, 17.25), CONTROL: (12.0, 20.0)}


def made(treated: tuple[int, int], buffer: tuple[int, int], control: tuple[int, int], seed: int = 1) -> EventPoints:
    """Events on random days of the two windows of twelve weeks: so many before and during in each zone."""
    random, rows = np.random.default_rng(seed), []
    for zone, numbers in ((TREATED, treated), (BUFFER, buffer), (CONTROL, control)):
        for (start, _), n in zip((BEFORE, DURING), numbers, strict=True):
            days = np.datetime64(start) + random.integers(0, 84, n)
            rows += [(*(np.array(PLACES[zone]) + random.uniform(-0.05, 0.05, 2)), day) for day in days]
    lon, lat, day = zip(*rows, strict=True)
    return checked(layer(lon, lat, pd.to_datetime(list(day))), TODAY, "day")


def judged(points: EventPoints, **options: int) -> Displacement:
    return displacement(points, zones(points, HERE, 60), BEFORE, DURING, permutations=1999, **options)


def test_zones_are_the_area_the_ring_around_it_and_the_rest() -> None:
    points = checked(layer([8.25, 8.55, 9.4, 8.25], [17.25, 17.25, 17.25, 25.0]), TODAY)
    zone = dict(zip(points.row.tolist(), zones(points, HERE, 60).tolist(), strict=True))
    assert [zone[i] for i in range(4)] == [TREATED, BUFFER, CONTROL, CONTROL]
    inside = zones(points, HERE, 60, control=shapely.box(9, 17, 10, 18))
    assert dict(zip(points.row.tolist(), inside.tolist(), strict=True))[3] == ELSEWHERE


def test_zones_do_not_know_180_degrees() -> None:
    fiji = shapely.box(179.5, -18, 180, -17)
    points = checked(layer([179.7, -179.9, -178.0], [-17.5, -17.5, -17.5]), TODAY)
    zone = dict(zip(points.row.tolist(), zones(points, fiji, 50).tolist(), strict=True))
    assert [zone[i] for i in range(3)] == [TREATED, BUFFER, CONTROL]


def test_events_that_moved_next_door_are_displaced() -> None:
    found = judged(made((120, 20), (60, 160), (150, 150)))
    assert found.answer == DISPLACED
    assert found.wdq == pytest.approx(-1.0)
    assert (found.before, found.during) == ((120, 60, 150), (20, 160, 150))
    assert str(found.reason).startswith("Events in the buffer rose against the control, from 60 to 160 (p = 0.0")


def test_a_buffer_that_falls_too_shares_the_benefit() -> None:
    found = judged(made((120, 20), (120, 40), (150, 150)))
    assert found.answer == SPREAD
    assert found.wdq == pytest.approx(0.8)


def test_a_buffer_that_stays_is_no_sign_where_a_move_would_have_shown() -> None:
    found = judged(made((160, 20), (100, 101), (200, 200)))
    assert found.answer == NO_SIGN
    assert "it would have shown" in str(found.reason)


def test_a_fall_everywhere_is_no_effect_of_the_operation() -> None:
    found = judged(made((120, 60), (120, 60), (160, 80)))
    assert found.answer == CANNOT_TELL
    assert "did not fall by more than chance explains" in str(found.reason)


def test_with_a_large_buffer_a_small_loss_could_not_be_seen() -> None:
    found = judged(made((30, 8), (400, 400), (400, 400)))
    assert found.answer == CANNOT_TELL
    assert "could not be told from chance" in str(found.reason)


def test_too_few_events_or_weeks_cannot_tell() -> None:
    few = judged(made((6, 1), (5, 2), (150, 150)))
    assert (few.answer, few.fall) == (CANNOT_TELL, None)
    assert "Too few events here: the treated zone, the buffer. At least 10" in str(few.reason)
    coarse = judged(made((120, 20), (60, 160), (150, 150)), block_days=30)
    assert coarse.answer == CANNOT_TELL
    assert "The windows hold 2 and 2 whole blocks" in str(coarse.reason)


def test_pure_chance_seldom_reads_as_displacement() -> None:
    answers = [judged(made((60, 60), (60, 60), (90, 90), seed)).answer for seed in range(30)]
    assert sum(answer in (DISPLACED, SPREAD) for answer in answers) <= 2


def test_a_cluster_of_one_week_is_one_event_to_the_test() -> None:
    """Sixty events of a single week: exchanged one by one they would prove a rise, as a block they do not."""
    calm = made((120, 20), (60, 60), (150, 150))
    week = layer([8.7 + i / 1e4 for i in range(60)], [17.25] * 60, ["2026-04-20"] * 60)
    frame = layer(calm.lon, calm.lat, calm.day)
    both = checked(
        pd.concat([frame.assign(day=pd.to_datetime(frame["day"])), week.assign(day=pd.to_datetime(week["day"]))]),
        TODAY,
        "day",
    )
    assert judged(both).answer != DISPLACED


def test_the_same_seed_gives_the_same_answer_in_any_order_of_rows() -> None:
    points = made((120, 20), (60, 100), (150, 150))
    frame = layer(points.lon, points.lat, points.day).sample(frac=1, random_state=3)
    assert judged(points) == judged(checked(frame, TODAY, "day"))
    assert judged(points).fall == pytest.approx(judged(points, seed=2).fall, abs=0.02)


def test_what_cannot_be_is_refused_with_a_sentence() -> None:
    points = events()
    undated = checked(layer([1.0, 2.0], [1.0, 2.0]), TODAY)
    with pytest.raises(UnfitEvents, match="no dates"):
        displacement(undated, zones(undated, HERE, 60), BEFORE, DURING)
    with pytest.raises(UnfitEvents, match="must end before the second begins"):
        displacement(points, zones(points, HERE, 60), DURING, BEFORE)
    with pytest.raises(UnfitEvents, match="the buffer wider than 0 km"):
        zones(points, HERE, 0)
    with pytest.raises(ValueError, match="one zone"):
        displacement(points, np.zeros(3, np.int64), BEFORE, DURING)
