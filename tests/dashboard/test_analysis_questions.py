"""Every question of the analysis page: asked well by one button, wrong where it says so, drawn, compared, adopted."""

from pathlib import Path
from typing import Any

import pytest
from dash import no_update

from dashboard.map.answer_styles import looks
from dashboard.screens.analysis import page
from dashboard.screens.analysis import question_form as asking
from dashboard.screens.analysis import second_map as analysis_beside
from dashboard.screens.analysis import variants as analysis_variants
from dashboard.screens.analysis.question import FORMS
from dashboard.screens.plan import snapping as plan_snap
from geodata.ground import shapes
from operations.analyses.questions import ASKED
from operations.analyses.questions.coverage import CoverageQuestion
from operations.analyses.questions.displacement import AT_SITES, DisplacementQuestion
from operations.analyses.questions.hotspots import HotspotQuestion
from operations.analyses.questions.placement import PlacementQuestion
from operations.analyses.questions.reach import ReachQuestion
from operations.analyses.questions.routes import RoutesQuestion
from operations.core.drafts import parse
from operations.core.errors import NotFound, NotPermitted, RuleBroken
from operations.core.ids import new_id
from operations.core.vocabulary import AnalysisKind
from operations.policing import analyses
from operations.policing.map_plan import places
from tests.dashboard.desks import at_desk, found_in, open_scene, texts
from tests.dashboard.test_analysis_page import adopt, ask, draw_route, refresh, work
from tests.makers import Running, hit, send
from tests.makers import form as report_form
from tests.operations.analyses.test_worker import imported, scattered

ROUTES, REACH, COVERAGE = AnalysisKind.ROUTES, AnalysisKind.REACH, AnalysisKind.COVERAGE
DISPLACEMENT, PLACEMENT, HOTSPOTS = AnalysisKind.DISPLACEMENT, AnalysisKind.PLACEMENT, AnalysisKind.HOTSPOTS
AREA = {"type": "Polygon", "coordinates": [[[7, 16], [9, 16], [9, 18], [7, 18], [7, 16]]]}


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def draw(scene: Running, kind: str, name: str, geometry: dict[str, Any]) -> str:
    draft = parse(places.MapObjectDraft, {"id": new_id(), "object_id": new_id(), "kind": kind, "name": name})
    with scene.store.unit_of_work(scene["ana"]) as session:
        return str(places.draw(session, scene.operation, draft, shapes.measure(geometry), scene["ana"]).object_id)


def question(scene: Running, shown: str) -> Any:
    with scene.store.reading(scene["ana"]) as session:
        return analyses.analysis(session, page.known_id(shown)).question


# ------------------------------------------------------------------------------------------------------- routes


def test_one_button_finds_the_ways_of_the_first_route_on_the_plan(scene: Running) -> None:
    draw_route(scene)
    shown = ask(scene, ROUTES)
    asked = RoutesQuestion.model_validate(question(scene, shown))
    assert (asked.origin.lon, asked.destination.lat) == (7.99, 27.04)
    assert asked.modes == ("road", "sea")
    work(scene)
    told = refresh(scene, shown)
    assert told["sentences"][0].children.startswith("The quickest way takes")
    assert "Niger" in told["sentences"][0].children
    assert {"route-1", "crossed", "end", "corridor"} <= {each["look"] for each in told["drawn"]["features"]}
    assert "In Guezzam" in str(told["tables"])
    assert "searoute" in texts(told["sources"])


def test_typed_places_go_first_and_what_is_closed_is_asked(scene: Running) -> None:
    draw_route(scene)
    shown = ask(
        scene,
        ROUTES,
        origin="Agadez, Niger",
        destination="27, 14.4",
        closed_sites=["crossing:DZA-NER-R001"],
        closed_countries=["TCD"],
        closed_around="20, 20; 50",
        modes="road",
    )
    asked = RoutesQuestion.model_validate(question(scene, shown))
    assert asked.origin.name == "Agadez, Niger"
    assert (asked.destination.lat, asked.destination.lon) == (27, 14.4)
    assert asked.closed_sites == ("crossing:DZA-NER-R001",)
    assert (asked.closed_countries, asked.modes) == (("TCD",), ("road",))
    assert [(each.lat, each.km) for each in asked.closed_around] == [(20, 50)]
    made = texts(refresh(scene, shown)["notes"])
    assert "Closed crossings and ports: In Guezzam" in made
    assert "Closed countries: Chad" in made


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        (ROUTES, {}, "origin"),
        (ROUTES, {"origin": "Xyzzyplugh", "destination": "27, 14"}, "origin"),
        (ROUTES, {"origin": "17, 8", "destination": "27, 14", "ways": 9}, "ways"),
        (ROUTES, {"origin": "17, 8", "destination": "27, 14", "closed_around": "20, 20"}, "closed_around"),
        (REACH, {"teams": ""}, "teams"),
        (REACH, {"teams": "a; b; c; d"}, "teams"),
        (REACH, {"hours": "soon"}, "hours"),
        (REACH, {"hours": "72"}, "hours"),
        (COVERAGE, {"layers": []}, "layers"),
        (COVERAGE, {"layers": ["own:hit", "own:arrest"]}, "layers"),
        (COVERAGE, {"measure": "straight", "reach_km": 0}, "reach_km"),
        (COVERAGE, {"measure": "straight", "reach_km": None}, "reach_km"),
        (COVERAGE, {"minutes": 0}, "minutes"),
        (COVERAGE, {"minutes": None}, "minutes"),
        (COVERAGE, {"minutes": 2881}, "minutes"),
        (COVERAGE, {"road_kmh": 0}, "road_kmh"),
        (DISPLACEMENT, {"where": None}, "where"),
        (DISPLACEMENT, {"during_first": None}, "during_first"),
        (DISPLACEMENT, {"during_first": "2026-03-09", "during_last": "2026-03-01"}, "during_last"),
        (PLACEMENT, {"journeys": "a; 17, 8; 27, 14", "teams": 1, "skills": "a\nb"}, "skills"),
        (PLACEMENT, {"journeys": "a; 17, 8; 27, 14", "days": 3, "budget": 5}, "days"),
        (PLACEMENT, {"journeys": "a; 17, 8; 27, 14", "required": "Nowhere at all; k9"}, "required"),
        (PLACEMENT, {"journeys": "a; 17, 8; 27, 14", "doubt": 0.5}, "doubt"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    scene: Running, kind: AnalysisKind, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        ask(scene, kind, **changes)
    assert field in {each.field.split(".")[0] for each in refused.value.flaws}
    with scene.store.reading(scene["ana"]) as session:
        assert analyses.analyses(session, scene.operation) == []


def test_the_route_that_is_on_the_map_becomes_a_route_of_the_plan(scene: Running) -> None:
    shown = ask(scene, ROUTES, origin="16.97, 7.99", destination="27.04, 14.43", ways=2)
    work(scene)
    told = refresh(scene, shown)
    assert [each["value"] for each in told["variants"]] == ["all routes", "route 1", "route 2"]
    assert "Adopt as draft routes" in texts(told["head"])
    with at_desk(scene, "dov"), pytest.raises((NotPermitted, NotFound)):
        adopt(scene, shown, "route 2")
    with at_desk(scene, "ana"):
        adopt(scene, shown, "route 2")
    kept = refresh(scene, shown, before=told["mark"])
    assert kept["variant"] is no_update
    with at_desk(scene, "ana"):
        adopt(scene, shown, "all routes")
    with scene.store.reading(scene["ana"]) as session:
        drawn = [each for each in places.objects(session, scene.operation) if each.kind == "route"]
    assert sorted(each.name.partition(":")[0] for each in drawn) == ["Route 1", "Route 2"]
    assert all(each.state == "planned" and each.length_km > 1000 and not each.area_km2 for each in drawn)  # type: ignore[operator]


# ------------------------------------------------------------------------------------------------- other questions


def test_one_button_says_how_far_teams_of_the_plan_come(scene: Running) -> None:
    draw(scene, "coordination_unit", "Unit North", {"type": "Point", "coordinates": [7.99, 16.97]})
    shown = ask(scene, REACH)
    asked = ReachQuestion.model_validate(question(scene, shown))
    assert "Unit North" in {each.name for each in asked.teams}
    assert {each.name for each in asked.targets} == {"Agadez", "Niamey", "Bamako"}
    work(scene)
    told = refresh(scene, shown, by="lena")
    assert {"reach-1", "reach-3", "team"} <= {each["look"] for each in told["drawn"]["features"]}
    assert "Within 1 h" in texts(told["legend"])


def test_one_button_covers_the_events_of_the_layers(scene: Running) -> None:
    imported(scene, scattered(300))
    shown = ask(scene, COVERAGE, minutes=600)
    asked = CoverageQuestion.model_validate(question(scene, shown))
    assert {"NER", "MLI"} <= set(asked.countries)
    assert {each.name for each in asked.places} == {"Agadez", "Niamey", "Bamako"}
    assert (asked.minutes, asked.reach_km, asked.stay) == (600, None, True)
    work(scene)
    told = refresh(scene, shown)
    assert "within 600 minutes of one by road" in told["sentences"][0].children
    assert {"checkpoint", "within"} <= {each["look"] for each in told["drawn"]["features"]}
    assert "Within 600 minutes by road" in texts(told["legend"])
    assert "reaches by road in time" in texts(told["tables"])
    assert "OpenStreetMap" in texts(told["sources"])
    assert "Minutes by road: 600" in texts(told["notes"])
    assert "Reach, in km" not in texts(told["notes"])
    assert "Adopt as draft checkpoints" in texts(told["head"])


def test_reach_in_a_straight_line_says_so_wherever_it_is_told(scene: Running) -> None:
    imported(scene, scattered(300))
    shown = ask(scene, COVERAGE, measure="straight", reach_km=300, minutes=None, road_kmh=None)
    asked = CoverageQuestion.model_validate(question(scene, shown))
    assert asked.reach_km == 300
    work(scene)
    told = refresh(scene, shown)
    assert "within 300 km of one in a straight line" in told["sentences"][0].children
    assert {"checkpoint", "within"} <= {each["look"] for each in told["drawn"]["features"]}
    assert "Within 300 km in a straight line" in texts(told["legend"])
    assert "OpenStreetMap" not in texts(told["sources"])
    assert "Minutes by road" not in texts(told["notes"])
    assert "Speed on roads" not in texts(told["notes"])


def test_the_form_shows_the_fields_of_the_measure_that_is_chosen(scene: Running) -> None:
    with at_desk(scene, "ana"):
        show, form = asking.show[COVERAGE, "measure"], FORMS[COVERAGE]
        by_road = [name for name in form.said if form.said[name].when == ("measure", "road")]
        assert set(by_road) == {"minutes", "stay", "closed_countries", "road_kmh"}
        assert show("road") == [False, True, False, False, False]
        assert show("straight") == [True, False, True, True, True]
        shown = {
            each.id: getattr(each, "hidden", False)
            for each in found_in([page.layout(str(scene.operation))], "Div")
            if hasattr(each, "id")
        }
    assert not any(shown[form.while_id(name)] for name in by_road)
    assert shown[form.while_id("reach_km")] is True


def test_one_button_compares_before_with_the_operation_in_an_area_of_the_plan(scene: Running) -> None:
    imported(scene, scattered(300))
    area = draw(scene, "area", "Agadez region", AREA)
    shown = ask(scene, DISPLACEMENT)
    asked = DisplacementQuestion.model_validate(question(scene, shown))
    assert asked.treated == AREA
    assert asked.before.last < asked.during.first
    work(scene)
    told = refresh(scene, shown)
    assert "cannot be told" in told["sentences"][0].children
    assert "choose windows that the events fill" in texts(told["notes"])
    assert {"treated", "buffer"} == {each["look"] for each in told["drawn"]["features"]}
    around = ask(scene, DISPLACEMENT, where=AT_SITES, around_km=10)
    assert len(question(scene, around)["around"]) == 3
    with pytest.raises(RuleBroken):
        ask(scene, DISPLACEMENT, where=str(new_id()))
    assert area


def test_own_results_are_asked_like_a_layer_and_never_with_one(scene: Running) -> None:
    layer = imported(scene, scattered(200))
    at = scene.start
    for site, by in (("Niamey", "bruno"), ("Agadez", "binta"), ("Bamako", "mateo")):
        send(scene, report_form(scene, site, lines=[hit(at), hit(at)]), by=by)
    shown = ask(scene, HOTSPOTS, layers=["own:hit"], resolution=4)
    asked = HotspotQuestion.model_validate(question(scene, shown))
    assert asked.own == "hit"
    with pytest.raises(RuleBroken):
        ask(scene, HOTSPOTS, layers=["own:hit", str(layer.id)])
    work(scene)
    told = refresh(scene, shown)
    assert told["drawn"]["layers"] == []
    assert "Own results: raw hits" in texts(told["sources"])
    assert "Own results: raw hits" in texts(told["notes"])


def test_a_seed_is_drawn_where_nobody_names_one_and_told_to_be_used_again(scene: Running) -> None:
    draw_route(scene)
    shown = ask(scene, PLACEMENT, days=2, teams=1, seconds=5)
    asked = PlacementQuestion.model_validate(question(scene, shown))
    assert asked.seed > 0
    work(scene)
    told = refresh(scene, shown)
    assert "Days drawn" in texts(told["tables"])
    assert str(asked.seed) in texts(told["notes"])
    assert "odds" in {each["look"] for each in told["drawn"]["features"]}


# ---------------------------------------------------------------------------------------------- beside each other


def test_a_second_map_comes_with_the_choice_and_goes_with_it(scene: Running) -> None:
    with at_desk(scene, "lena"):
        second, looks_like = analysis_beside.show_beside("greedy", str(scene.operation), "analysis-no-map")
        assert "analysis-beside-scene" in {each.id for each in found_in([second], "Store")}
        assert analysis_beside.show_beside("alternative 1", str(scene.operation), looks_like) == (no_update, no_update)
        assert analysis_beside.show_beside(None, str(scene.operation), looks_like) == ([], "analysis-no-map")
    with at_desk(scene, "ana"), pytest.raises(NotFound):
        analysis_beside.show_beside("greedy", str(new_id()), "analysis-no-map")


def test_plans_are_named_with_what_they_achieve_and_one_plan_needs_no_choice() -> None:
    figures = {"variants": [{"name": "proposed plan", "detected": 0.5}, {"name": "alternative 2", "detected": 0.25}]}
    named = [each["label"] for each in analysis_variants.choices({"figures": figures})]
    assert named == ["This plan: 50.0\u202f% detected", "Alternative 2: 25.0\u202f% detected"]
    assert analysis_variants.choices({"figures": {"variants": [{"name": "greedy", "detected": 1}]}}) == []
    assert analysis_variants.choices(None) == []


def test_a_feature_keeps_the_plans_it_belongs_to() -> None:
    feature = {
        "geometry": {"type": "Point", "coordinates": [1, 2]},
        "properties": {"kind": "checkpoint", "place": "Road crossing DZA-TUN at 33.73, 7.54", "of": ["greedy"]},
    }
    assert looks([], ASKED[HOTSPOTS].looks) == []
    (drawn,) = looks([feature], ASKED[PLACEMENT].looks)
    assert drawn["of"] == ["greedy"]
    assert drawn["name"] == "Road crossing DZA-TUN at 33.73, 7.54"


# ------------------------------------------------------------------------------------------------- a line by hand


def test_a_drawn_line_follows_roads_where_asked_and_goes_back(scene: Running) -> None:
    drawn = {"type": "LineString", "coordinates": [[7.99, 16.97], [5.6, 19.5], [5.5, 22.8]]}
    with at_desk(scene, "ana"):
        snapped, before, words, hidden = plan_snap.follow(1, drawn, None)
        assert before == drawn
        assert hidden is False
        assert "strays up to" in words
        assert len(snapped["coordinates"]) > 3
        assert shapes.measure(snapped).flaw is None
        again = plan_snap.follow(2, snapped, before)
        assert again[1] == drawn
        assert plan_snap.as_drawn(1, before) == (drawn, None, "", True)
        assert plan_snap.follow(0, drawn, None) == (no_update,) * 4
        assert plan_snap.as_drawn(1, None) == (no_update,) * 4


def test_a_line_that_no_road_is_near_stays_and_says_why(scene: Running) -> None:
    sea = {"type": "LineString", "coordinates": [[0, 0], [0.001, 0]]}
    with at_desk(scene, "ana"):
        snapped, before, words, _hidden = plan_snap.follow(1, sea, None)
    assert snapped is no_update
    assert before is no_update
    assert words
