"""How far teams come: areas that grow with the hours, borders that stop a team, and places that nobody reaches."""

import pytest

from geodata.ways.closures import NoAnswer
from operations.analyses.question import NamedPosition
from operations.analyses.questions.reach import ReachQuestion
from operations.analyses.reach import answer_reach

EDIRNE, SOFIA = NamedPosition(lon=26.56, lat=41.68, name="Edirne"), NamedPosition(lon=23.32, lat=42.70, name="Sofia")
PALERMO = NamedPosition(lon=13.36, lat=38.12, name="Palermo")


def question(**changes: object) -> ReachQuestion:
    return ReachQuestion.model_validate({"teams": (EDIRNE,), "targets": (SOFIA, PALERMO), **changes})


def hours(answer: object) -> dict[str, float | None]:
    (table,) = [each for each in answer.tables if each.name == "reached"]  # type: ignore[attr-defined]
    return {row[0]: row[2] for row in table.rows}


def test_areas_grow_and_the_quickest_team_is_named() -> None:
    answer = answer_reach(question(stay=False, hours=(6, 1)))
    assert answer.figures["hours"] == [1, 6]
    assert answer.figures["area_km2"] == sorted(answer.figures["area_km2"])
    assert answer.figures["reached"] == [0, 1]
    assert 4 < hours(answer)["Sofia"] < 6  # type: ignore[operator]
    assert "Palermo" in str(answer.sentences[-1])


def test_a_team_that_stays_does_not_cross_the_border() -> None:
    assert hours(answer_reach(question()))["Sofia"] is None
    assert hours(answer_reach(question(teams=(EDIRNE, SOFIA))))["Sofia"] == 0


def test_two_places_of_one_name_stay_two() -> None:
    answer = answer_reach(question(targets=(SOFIA, NamedPosition(lon=26.5, lat=41.6, name="Sofia"))))
    assert set(hours(answer)) == {"Sofia", "Sofia (2)"}


def test_a_team_far_from_every_road_is_left_out_and_none_at_all_is_a_sentence() -> None:
    lost = NamedPosition(lon=-30, lat=10, name="At sea")
    answer = answer_reach(question(teams=(EDIRNE, lost)))
    assert [str(each) for each in answer.notes if "At sea" in str(each)]
    with pytest.raises(NoAnswer, match="At sea"):
        answer_reach(question(teams=(lost,)))
