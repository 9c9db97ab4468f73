"""Which way they go: what a route crosses, in order; what closing changes; and a sentence where there is no way."""

from typing import Any

import pytest

from geodata.ways.closures import NoAnswer
from operations.analyses.answer import Answer
from operations.analyses.question import Around, NamedPosition
from operations.analyses.questions.routes import RoutesQuestion
from operations.analyses.routes import answer_routes

AGADEZ, TRIPOLI = NamedPosition(lon=7.99, lat=16.97, name="Agadez"), NamedPosition(lon=13.19, lat=32.88, name="Tripoli")
PALERMO = NamedPosition(lon=13.36, lat=38.12)
IN_GUEZZAM = "crossing:DZA-NER-R001"


def question(**changes: object) -> RoutesQuestion:
    return RoutesQuestion.model_validate({"origin": AGADEZ, "destination": TRIPOLI, **changes})


def rows(answer: Answer, name: str) -> list[dict[str, Any]]:
    (table,) = [each for each in answer.tables if each.name == name]
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def kinds(answer: Answer) -> set[str]:
    return {each["properties"]["kind"] for each in answer.features}


def test_routes_tell_countries_and_crossings_in_the_order_of_travel() -> None:
    answer = answer_routes(question())
    assert [each["route"] for each in rows(answer, "routes")] == ["route 1", "route 2", "route 3"]
    assert rows(answer, "routes")[0]["countries"] == "NER DZA LBY"
    first = [each for each in rows(answer, "borders") if each["route"] == "route 1"]
    assert [(each["from"], each["to"], each["crossing"]) for each in first] == [
        ("NER", "DZA", "In Guezzam"),
        ("DZA", "LBY", "Ghadames"),
    ]
    times = [each["times"] for each in rows(answer, "routes")]
    assert times == sorted(times)
    assert times[0] == 1
    assert answer.sentences[0].params["countries"] == ["NER", "DZA", "LBY"]
    assert {"route", "corridor", "crossed", "end"} <= kinds(answer)


def test_each_route_can_be_looked_at_alone() -> None:
    answer = answer_routes(question(ways=2, corridor_km=0))
    assert [each["name"] for each in answer.figures["variants"]] == ["all routes", "route 1", "route 2"]
    drawn = [each["properties"] for each in answer.features if each["properties"]["kind"] == "route"]
    assert [each["of"] for each in drawn] == [["all routes", "route 1"], ["all routes", "route 2"]]
    shared = [each for each in answer.features if each["properties"].get("place") == "In Guezzam"]
    assert [each["properties"]["of"] for each in shared] == [["all routes", "route 1", "route 2"]]
    assert "corridor" not in kinds(answer)


def test_a_crossing_that_closes_makes_the_way_longer_and_says_by_how_much() -> None:
    free, closed = answer_routes(question()), answer_routes(question(closed_sites=(IN_GUEZZAM,)))
    assert closed.figures["hours"] > free.figures["hours"] + 10
    assert "In Guezzam" not in {each["crossing"] for each in rows(closed, "borders")}
    (told,) = [each for each in closed.sentences if "closed makes" in each.template]
    assert float(told.params["hours"]) == pytest.approx(closed.figures["hours"] - free.figures["hours"], abs=0.06)
    assert {"free", "closed"} <= kinds(closed)


def test_what_does_not_lie_on_the_way_changes_nothing_and_is_said() -> None:
    answer = answer_routes(question(closed_around=(Around(lon=30, lat=-5, km=50),)))
    assert "What is closed does not lie on the best way: it is the same without." in map(str, answer.sentences)
    assert "closed_area" in kinds(answer)


def test_over_the_sea_the_ports_are_told() -> None:
    answer = answer_routes(question(destination=PALERMO, ways=1))
    by_sea = [each for each in rows(answer, "legs") if each["mode"] == "sea"]
    assert by_sea
    assert all(each["start"] or each["end"] for each in by_sea)
    assert rows(answer, "borders")[-1]["kind"] == "sea"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"destination": AGADEZ}, "same place"),
        ({"destination": PALERMO, "modes": ("road",)}, "by road and sea there is a way"),
        ({"closed_countries": ("LBY",)}, "which is closed"),
        ({"closed_countries": ("DZA", "MLI", "NGA", "TCD", "BFA", "BEN")}, "Open some of it"),
        ({"origin": NamedPosition(lon=-30, lat=10), "modes": ("road",)}, "Choose a place nearer"),
        ({"closed_passages": ("nowhere",)}, "No strait or canal"),
    ],
)
def test_where_there_is_no_way_a_sentence_says_why(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(NoAnswer, match=said):
        answer_routes(question(**changes))
