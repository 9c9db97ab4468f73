"""Did they go elsewhere: found where it was made, "cannot tell" where nothing can be told, small counts kept back."""

from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pytest

from geodata.events.points import UnfitEvents
from operations.analyses.displacement import answer_displacement
from operations.analyses.question import Around
from operations.analyses.questions.displacement import DayWindow, DisplacementQuestion

TODAY, START = date(2026, 11, 24), date(2025, 1, 1)
AREA = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}


def window(first: int, days: int) -> DayWindow:
    return DayWindow(first=START + timedelta(days=first), last=START + timedelta(days=first + days - 1))


def events(*rates: tuple[float, float, float]) -> gpd.GeoDataFrame:
    """Events of three windows of 84 days: so many a day inside, beside (20 km away) and far off."""
    lon, lat, day = [], [], []
    for number, counts in enumerate(rates):
        for at, rate in zip(((0.5, 0.5), (1.2, 0.5), (9.0, 0.5)), counts, strict=True):
            total = round(rate * 84)
            lon += [at[0]] * total
            lat += [at[1]] * total
            day += [START + timedelta(days=84 * number + k * 84 // total) for k in range(total)]
    shaken = np.random.default_rng(1).normal(0, 0.01, len(lon))
    return gpd.GeoDataFrame({"day": day}, geometry=gpd.points_from_xy(np.array(lon) + shaken, lat), crs=4326)


def question(**changes: object) -> DisplacementQuestion:
    asked = {"treated": AREA, "buffer_km": 50, "before": window(0, 84), "during": window(84, 84), "permutations": 999}
    return DisplacementQuestion.model_validate(asked | changes)


def test_movement_beside_the_area_is_found_during_and_after() -> None:
    made = events((4, 2, 5), (1, 5, 5), (1, 5, 5))
    answer = answer_displacement(question(after=window(168, 84)), made, TODAY)
    assert answer.figures["answers"] == {"during": "displaced", "after": "displaced"}
    assert "went elsewhere" in str(answer.sentences[0])
    (zones,) = [each for each in answer.tables if each.name == "zones"]
    assert [row[1] for row in zones.rows] == [336, 168, 420]
    assert {each["properties"]["kind"] for each in answer.features} == {"treated", "buffer"}


def test_nothing_that_was_pressed_down_cannot_be_told_to_have_moved() -> None:
    answer = answer_displacement(question(), events((4, 2, 5), (4, 2, 5)), TODAY)
    assert answer.figures["answers"] == {"during": "cannot tell"}
    assert "cannot be told" in str(answer.sentences[0])


def test_events_that_do_not_fill_the_windows_are_named() -> None:
    answer = answer_displacement(question(during=window(300, 84)), events((4, 2, 5), (4, 2, 5)), TODAY)
    assert any("choose windows that the events fill" in str(each) for each in answer.notes)


def test_small_counts_of_persons_are_told_to_nobody() -> None:
    made = events((4, 2, 5), (0.1, 5, 5))
    answer = answer_displacement(question(), made, TODAY, persons=True)
    (zones,) = [each for each in answer.tables if each.name == "zones"]
    assert not zones.rows
    assert answer.figures["wdq"] == {"during": None}
    assert "168" not in " ".join(map(str, answer.sentences))
    assert answer.figures["answers"] == {"during": "displaced"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"treated": None}, "Say where the operation worked"),
        ({"treated": {"type": "Polygon", "coordinates": "nowhere"}}, "cannot be read"),
        ({"during": window(0, 84)}, "must end before"),
    ],
)
def test_a_question_that_makes_no_sense_says_why(changes: dict[str, object], said: str) -> None:
    with pytest.raises(UnfitEvents, match=said):
        answer_displacement(question(**changes), events((4, 2, 5), (1, 5, 5)), TODAY)


def test_an_operation_may_have_worked_around_its_sites() -> None:
    around = (Around(lon=0.5, lat=0.5, km=10), Around(lon=0.9, lat=0.5, km=10))
    answer = answer_displacement(question(treated=None, around=around), events((4, 2, 5), (1, 5, 5)), TODAY)
    assert answer.figures["answers"]["during"] == "displaced"
