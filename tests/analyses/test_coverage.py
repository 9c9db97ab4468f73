"""Where teams reach the most: never worse than greedy, true to what was fixed, and plain where nothing is in reach."""

from datetime import date

import geopandas as gpd
import numpy as np
import pytest

from analyses.coverage import answer_coverage
from analyses.questions import CoverageQuestion, Place
from geodata.placement.problem import Unplaceable
from geodata.points import Unfit

TODAY = date(2026, 11, 24)
WEST, EAST = Place(lon=1, lat=10, name="West"), Place(lon=3, lat=10, name="East")
NORTH = Place(lon=2, lat=12, name="North")


def events(counts: dict[tuple[float, float], int]) -> gpd.GeoDataFrame:
    at = [place for place, count in counts.items() for _ in range(count)]
    lon, lat = np.array(at, dtype=float).reshape(-1, 2).T
    return gpd.GeoDataFrame({"quantity": 2.0}, index=range(len(at)), geometry=gpd.points_from_xy(lon, lat), crs=4326)


EVENTS = events({(1, 10): 5, (3, 10): 3, (2, 12): 2, (40, 40): 10})


def ask(question: CoverageQuestion, found: gpd.GeoDataFrame = EVENTS) -> object:
    answer, whole = answer_coverage(question, found, TODAY, lambda state: True)
    assert whole
    return answer


def question(**changes: object) -> CoverageQuestion:
    return CoverageQuestion.model_validate({"places": (WEST, EAST, NORTH), "teams": 2, "reach_km": 20, **changes})


def names(answer: object) -> list[str]:
    (table,) = [each for each in answer.tables if each.name == "covered"]  # type: ignore[attr-defined]
    return [row[1] for row in table.rows]


def test_the_best_sites_come_first_and_what_lies_out_of_reach_is_said() -> None:
    answer = ask(question())
    assert names(answer) == ["West", "East"]
    assert answer.figures["covered"] == pytest.approx(8 / 20)  # type: ignore[attr-defined]
    assert answer.figures["reachable"] == pytest.approx(10 / 20)  # type: ignore[attr-defined]
    assert answer.figures["proven"]  # type: ignore[attr-defined]
    assert "50.0 % lie out of reach" in str(answer.sentences[0])  # type: ignore[attr-defined]


def test_a_site_that_can_serve_few_is_worth_less() -> None:
    assert ask(question(capacity=2, teams=3)).figures["covered"] == pytest.approx(6 / 20)  # type: ignore[attr-defined]


def test_fixed_forbidden_and_staffed_sites_are_kept_to() -> None:
    assert "North" in names(ask(question(fixed=("place:2",))))
    assert "West" not in names(ask(question(forbidden=("place:0",))))
    assert names(ask(question(staffed=("place:0",), teams=1))) == ["East"]
    strange = ask(question(fixed=("NOT-HERE",)))
    assert any("NOT-HERE" in str(each) for each in strange.notes)  # type: ignore[attr-defined]


def test_more_teams_than_sites_stand_where_they_can() -> None:
    answer = ask(question(teams=50))
    assert len(names(answer)) == 3
    assert any("(47)" in str(each) for each in answer.sentences)  # type: ignore[attr-defined]


def test_known_crossings_are_offered_and_the_plan_in_force_is_compared() -> None:
    at = {(3.4344, 11.8850): 4, (3.6063, 11.8829): 3}
    answer = ask(CoverageQuestion(countries=("NER",), teams=1, reach_km=15, in_force=("BEN-NER-R001",)), events(at))
    variants = {each["name"]: each["covered"] for each in answer.figures["variants"]}  # type: ignore[attr-defined]
    assert variants["proposed plan"] >= variants["plan in force"]


def test_nothing_in_reach_and_nothing_at_all_are_sentences() -> None:
    with pytest.raises(Unplaceable, match="Make the reach wider"):
        ask(question(), events({(100, 10): 2, (101, 10): 2}))
    with pytest.raises(Unplaceable, match="There is no place"):
        ask(CoverageQuestion(teams=1))
    with pytest.raises(Unfit, match="empty"):
        ask(question(), EVENTS.iloc[:0])


def test_who_stops_it_gets_what_there_is() -> None:
    _answer, whole = answer_coverage(question(), EVENTS, TODAY, lambda state: False)
    assert not whole
