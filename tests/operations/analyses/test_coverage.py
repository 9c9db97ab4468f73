"""Where teams reach the most: never worse than greedy, true to what was fixed, and plain where nothing is in reach."""

from datetime import date

import geopandas as gpd
import numpy as np
import pytest

from geodata.events.points import UnfitEvents
from geodata.placement.problem import Unplaceable
from geodata.ways.closures import NoAnswer
from operations.analyses.coverage import answer_coverage
from operations.analyses.question import NamedPosition
from operations.analyses.questions.coverage import CoverageQuestion

TODAY = date(2026, 11, 24)
WEST, EAST = NamedPosition(lon=1, lat=10, name="West"), NamedPosition(lon=3, lat=10, name="East")
NORTH = NamedPosition(lon=2, lat=12, name="North")


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
    with pytest.raises(UnfitEvents, match="empty"):
        ask(question(), EVENTS.iloc[:0])


def test_who_stops_it_gets_what_there_is() -> None:
    _answer, whole = answer_coverage(question(), EVENTS, TODAY, lambda state: False)
    assert not whole


# -------------------------------------------------------------------------------------------------------- by road

EDIRNE, HASKOVO = (
    NamedPosition(lon=26.56, lat=41.68, name="Edirne"),
    NamedPosition(lon=25.56, lat=41.93, name="Haskovo"),
)
DESERT = NamedPosition(lon=6.0, lat=27.5, name="Desert")
BESIDE_ROADS = events({(26.5, 41.7): 4, (26.7, 41.65): 3, (25.6, 41.95): 2, (26.65, 41.9): 1, (6.0, 20.5): 5})


def by_road(**changes: object) -> CoverageQuestion:
    return CoverageQuestion.model_validate({"places": (EDIRNE, HASKOVO), "teams": 2, "minutes": 30, **changes})


def told(answer: object) -> str:
    return " ".join(str(each) for each in (*answer.sentences, *answer.notes))  # type: ignore[attr-defined]


def test_by_road_is_the_way_where_no_km_are_named_and_every_sentence_says_so() -> None:
    answer = ask(by_road(), BESIDE_ROADS)
    assert "within 30 minutes of one by road" in str(answer.sentences[0])  # type: ignore[attr-defined]
    assert "60 km/h on main roads, and 30 km/h straight on" in told(answer)
    assert "No team leaves its country." in told(answer)
    assert {each.name for each in answer.tables} == {"covered_by_road", "more_teams_by_road"}  # type: ignore[attr-defined]
    assert answer.sources  # type: ignore[attr-defined]
    assert "served within 30 minutes by road" in str(ask(by_road(capacity=3), BESIDE_ROADS).sentences[0])  # type: ignore[attr-defined]


def test_what_is_lost_without_a_site_is_counted_by_road() -> None:
    (table,) = [each for each in ask(by_road(), BESIDE_ROADS).tables if each.name == "covered_by_road"]  # type: ignore[attr-defined]
    assert [row[1:] for row in table.rows] == [["Edirne", 7.0, 7.0], ["Haskovo", 2.0, 2.0]]
    (more,) = [each for each in ask(by_road(), BESIDE_ROADS).tables if each.name == "more_teams_by_road"]  # type: ignore[attr-defined]
    assert [row[:2] for row in more.rows] == [[1, pytest.approx(100 * 7 / 15, abs=0.01)], [2, 60.0]]


def test_more_minutes_cover_no_fewer_and_the_order_of_events_does_not_matter() -> None:
    shares = [ask(by_road(minutes=each), BESIDE_ROADS).figures["covered"] for each in (20, 45, 90, 240)]  # type: ignore[attr-defined]
    assert shares == sorted(shares)
    turned = ask(by_road(), BESIDE_ROADS.iloc[::-1])
    assert turned.figures["covered"] == ask(by_road(), BESIDE_ROADS).figures["covered"]  # type: ignore[attr-defined]


def test_a_border_stops_a_team_that_stays() -> None:
    one = {"places": (EDIRNE,), "teams": 1, "minutes": 90}
    beyond = events({(26.5, 41.7): 4, (26.2, 41.77): 3})  # the second beside Svilengrad
    assert ask(by_road(**one), beyond).figures["covered"] == pytest.approx(4 / 7)  # type: ignore[attr-defined]
    free = ask(by_road(**one, stay=False), beyond)
    assert free.figures["covered"] == 1  # type: ignore[attr-defined]
    assert "Borders do not stop a team." in told(free)
    shut = ask(by_road(**one, stay=False, closed_countries=("BGR",)), beyond)
    assert shut.figures["covered"] == pytest.approx(4 / 7)  # type: ignore[attr-defined]
    with pytest.raises(NoAnswer, match="No country on the network has the code XXX"):
        ask(by_road(**one, closed_countries=("XXX",)), beyond)


def test_a_team_at_a_crossing_comes_from_the_countries_that_were_chosen() -> None:
    both_sides = events({(26.50, 41.70): 4, (26.2, 41.77): 3})
    shares = [
        ask(CoverageQuestion(countries=countries, teams=1, minutes=60), both_sides).figures["covered"]  # type: ignore[attr-defined]
        for countries in (("TUR",), ("BGR",), ("BGR", "TUR"))
    ]
    assert shares == [pytest.approx(4 / 7), pytest.approx(3 / 7), 1]


def test_the_plan_in_force_is_compared_by_road() -> None:
    at = {(3.4344, 11.8850): 4, (3.6063, 11.8829): 3, (3.40, 11.95): 2}
    asked = CoverageQuestion(countries=("NER",), teams=1, minutes=40, in_force=("BEN-NER-R001",))
    answer = ask(asked, events(at))
    variants = {each["name"]: each["covered"] for each in answer.figures["variants"]}  # type: ignore[attr-defined]
    assert variants["proposed plan"] >= variants["plan in force"] > 0
    assert "The plan in force has" in told(answer)
    drawn = [each for each in answer.features if each["properties"]["kind"] == "within"]  # type: ignore[attr-defined]
    assert drawn
    assert {each["properties"]["minutes"] for each in drawn} == {40}


def test_what_is_far_from_every_road_is_counted_and_told() -> None:
    answer = ask(by_road(places=(EDIRNE, DESERT)), events({(26.5, 41.7): 4, (9.0, 22.0): 2, (-30, 10): 1}))
    assert "1 of 2 sites are so far from any main road" in told(answer)
    assert "3 of 7 events lie more than 15 km from any main road, or at sea more than 5 km" in told(answer)
    with pytest.raises(Unplaceable, match="Each of the 1 sites is so far from any main road"):
        ask(by_road(places=(DESERT,)), BESIDE_ROADS)
    with pytest.raises(Unplaceable, match="has an event within 30 minutes by road"):
        ask(by_road(), events({(100, 10): 2, (101, 10): 2}))


def test_a_question_that_was_asked_in_km_is_still_one_in_km() -> None:
    kept = {"teams": 2, "reach_km": 20, "places": [each.model_dump() for each in (WEST, EAST, NORTH)]}
    assert "within 20 km of one in a straight line" in told(ask(CoverageQuestion.model_validate(kept)))
