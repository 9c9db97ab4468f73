"""The analysis page as functions: one button asks well, errors stand by their fields, an answer is told and adopted."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from dash import no_update
from dash.exceptions import PreventUpdate

from dashboard.parts import answer as analysis_answer
from dashboard.screens.analysis import acts, page
from dashboard.screens.analysis import input_parsing as analysis_typed
from dashboard.screens.analysis import question_form as asking
from dashboard.screens.analysis import state as analysis_state
from dashboard.screens.analysis.question import FORMS, SITES, find_out_id
from geodata.ground import shapes
from operations.analyses import worker
from operations.analyses.question import Journey
from operations.analyses.questions.hotspots import HotspotQuestion
from operations.analyses.questions.placement import PlacementQuestion
from operations.core.drafts import parse
from operations.core.errors import NotFound, NotPermitted, RuleBroken
from operations.core.ids import new_id
from operations.core.permissions import Act, may
from operations.core.vocabulary import AnalysisKind, JobState
from operations.policing import analyses
from operations.policing.map_plan import places
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.makers import Running, add_layer, layer_draft, site_draft
from tests.operations.analyses.test_worker import imported, scattered

HOTSPOTS, FORECAST, PLACEMENT = AnalysisKind.HOTSPOTS, AnalysisKind.FORECAST, AnalysisKind.PLACEMENT
NORTH = {"type": "LineString", "coordinates": [[7.99, 16.97], [10.0, 20.0], [14.43, 27.04]]}
CROSSING = "BEN-NER-R001"


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def draw_route(scene: Running, name: str = "North", geometry: dict[str, Any] = NORTH) -> None:
    draft = parse(places.MapObjectDraft, {"id": new_id(), "object_id": new_id(), "kind": "route", "name": name})
    with scene.store.unit_of_work(scene["ana"]) as session:
        places.draw(session, scene.operation, draft, shapes.measure(geometry), scene["ana"])


def shown_values(component: Any, kind: AnalysisKind) -> dict[str, Any]:
    """What the form of a question holds when the page opens."""
    found = {}
    for name in FORMS[kind].inputs():
        (field,) = [each for each in _everything(component) if getattr(each, "id", None) == FORMS[kind].id(name)]
        found[name] = field.checked if hasattr(field, "checked") else getattr(field, "value", None)
    return found


def _everything(component: Any) -> list[Any]:
    if isinstance(component, list | tuple):
        return [each for part in component for each in _everything(part)]
    if not hasattr(component, "_type"):
        return []
    return [component, *_everything(getattr(component, "children", None))]


def ask(scene: Running, kind: AnalysisKind, by: str = "ana", **changes: Any) -> str:
    """Press the button of a question with what the page proposes, changed."""
    with at_desk(scene, by):
        values = shown_values(page.layout(str(scene.operation)), kind) | changes
        told = press(asking.find_out[kind], find_out_id(kind), scene.operation, values, client=uuid4())
    assert told["client"] not in told["shown"]
    return str(told["shown"][0])


def adopt(scene: Running, shown: str, variant: str | None = None) -> None:
    press(acts.adopt, analysis_state.ADOPT, scene.operation, shown=shown, variant=variant)


def work(scene: Running) -> None:
    with at_desk(scene, "ana"):
        while worker.step(scene.store, "test"):
            pass


def refresh(scene: Running, shown: str, by: str = "ana", before: str = "", language: str = "en") -> dict[str, Any]:
    with at_desk(scene, by, language=language):
        return page.refresh(shown, 1, 0, str(scene.operation), before)


# ---------------------------------------------------------------------------------------------------- who sees it


@pytest.mark.requirement("R23")
def test_countries_and_auditors_do_not_have_the_page_and_leadership_reads(scene: Running) -> None:
    for name in ("bruno", "boubacar", "chaima", "otto", "ada"):
        assert not may(scene[name], Act.ANALYSIS_READ)
    with at_desk(scene, "lena"):
        read = page.layout(str(scene.operation))
    assert "Find out" not in texts(read)
    assert "When somebody asks" in texts(read)
    with at_desk(scene, "dov"):
        assert "Find out" in texts(page.layout(str(scene.operation)))


def test_a_forged_operation_or_analysis_is_not_found(scene: Running) -> None:
    with at_desk(scene, "ana"), pytest.raises(NotFound):
        page.layout(str(uuid4()))
    with at_desk(scene, "ana"), pytest.raises(NotFound):
        page.layout(str(scene.operation), analysis=str(uuid4()))
    with at_desk(scene, "ana"), pytest.raises(NotFound):
        page.refresh(str(uuid4()), 1, 0, str(scene.operation), "")


def test_leadership_asks_nothing_even_where_it_calls_the_function(scene: Running) -> None:
    imported(scene, scattered(200))
    values = {"teams": 8, "journeys": "a; 17, 8; 27, 14"}
    with at_desk(scene, "lena"), pytest.raises((NotPermitted, NotFound)):
        press(asking.find_out[PLACEMENT], find_out_id(PLACEMENT), scene.operation, values, client=uuid4())


# ------------------------------------------------------------------------------------------------ what it proposes


def test_one_button_asks_where_they_cross_of_all_layers_of_events(scene: Running) -> None:
    layer = imported(scene, scattered(300))
    add_layer(scene, layer_draft(kind="places_of_danger", name="Deaths"))
    shown = ask(scene, HOTSPOTS)
    with scene.store.reading(scene["ana"]) as session:
        asked = analyses.analysis(session, page.known_id(shown))
    assert asked.layer_versions == [str(layer.id)]
    assert HotspotQuestion.model_validate(asked.question) == HotspotQuestion()


def test_a_placement_is_asked_of_the_routes_and_compared_with_the_sites_on_crossings(scene: Running) -> None:
    draw_route(scene)
    draw_route(scene, "Two parts", {"type": "MultiLineString", "coordinates": [[[1, 14], [2, 15]], [[3, 16], [4, 17]]]})
    known = {
        "ref": f"crossing:{CROSSING}",
        "lat": 11.9,
        "lon": 3.4,
        "site_type": "land_bcp_road",
        "border_kind": "land",
    }
    with scene.store.unit_of_work(scene["ana"]) as session:
        places.place_site(session, scene.operation, site_draft("NER", "Gaya", **known), scene["ana"])
    shown = ask(scene, PLACEMENT)
    with scene.store.reading(scene["ana"]) as session:
        question = PlacementQuestion.model_validate(analyses.analysis(session, page.known_id(shown)).question)
    assert question.teams == 8
    assert question.in_force == (CROSSING,)
    assert {(each.name, each.share) for each in question.journeys} == {("North", 1.0), ("Two parts", 1.0)}
    ends = {each.name: (each.origin.lon, each.origin.lat, each.destination.lon) for each in question.journeys}
    assert ends["North"] == (7.99, 16.97, 14.43)
    assert ends["Two parts"] == (1, 14, 4)


def test_without_layers_and_routes_the_page_says_what_to_do(scene: Running) -> None:
    with at_desk(scene, "ana"):
        words = texts(page.layout(str(scene.operation)))
    assert "No layer of events was brought in yet." in words
    assert "No route is drawn on the plan." in words


def test_journeys_are_read_as_they_are_written() -> None:
    stops = [{"lon": 7.99, "lat": 16.97}, {"lon": 14.43, "lat": 27.04}]
    typed = analysis_typed.journeys_typed("North; 16.97, 7.99; 27.04, 14.43; 2.5")
    assert typed == [{"name": "North", "origin": stops[0], "destination": stops[1], "share": 2.5}]
    made = [Journey.model_validate(each) for each in typed]
    assert analysis_typed.journeys_typed(analysis_typed.journeys_text(made)) == typed


# --------------------------------------------------------------------------------------------- what is wrong, where


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        (HOTSPOTS, {"layers": []}, "layers"),
        (HOTSPOTS, {"level": 0.5}, "level"),
        (HOTSPOTS, {"resolution": 12}, "resolution"),
        (HOTSPOTS, {"least": ""}, "least"),
        (FORECAST, {"watched": 0}, "watched"),
        (PLACEMENT, {"journeys": ""}, "journeys"),
        (PLACEMENT, {"journeys": "nowhere"}, "journeys"),
        (PLACEMENT, {"journeys": "a; somewhere north; 27, 14"}, "journeys"),
        (PLACEMENT, {"detection": 1}, "detection"),
        (PLACEMENT, {"teams": 0}, "teams"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    scene: Running, kind: AnalysisKind, changes: dict[str, Any], field: str
) -> None:
    imported(scene, scattered(200))
    draw_route(scene)
    with pytest.raises(RuleBroken) as refused:
        ask(scene, kind, **changes)
    assert [each.field.split(".")[0] for each in refused.value.flaws] == [field]
    with scene.store.reading(scene["ana"]) as session:
        assert analyses.analyses(session, scene.operation) == []


def test_deaths_are_never_counted_with_offences(scene: Running) -> None:
    events = imported(scene, scattered(200))
    danger = add_layer(scene, layer_draft(kind="places_of_danger", name="Deaths"))
    with pytest.raises(RuleBroken) as refused:
        ask(scene, HOTSPOTS, layers=[str(events.id), str(danger.id)])
    assert refused.value.flaws[0].field == "layers"


# ----------------------------------------------------------------------------------------------------- the answer


def test_hotspots_are_told_drawn_listed_and_say_where_they_come_from(scene: Running) -> None:
    layer = imported(scene, scattered(900))
    shown = ask(scene, HOTSPOTS)
    waiting = refresh(scene, shown)
    assert waiting["still"] is False
    assert "Waiting for its turn" in texts(waiting["progress"])
    assert "Stop" in texts(waiting["head"])
    work(scene)
    told = refresh(scene, shown, before=waiting["mark"])
    assert told["still"] is True
    assert "NER" in told["sentences"][0].children
    assert told["progress"] == []
    features = told["drawn"]["features"]
    assert {each["look"] for each in features} >= {"hot-1", "hot-3"}
    assert told["drawn"]["layers"][0]["url"].endswith(f"/layers/{layer.id}")
    assert "strongest third" in texts(told["legend"])
    assert layer.licence in texts(told["sources"])
    assert layer.source in texts(told["sources"])
    (grid,) = [each for each in _everything(told["tables"]) if each._type == "AgGrid"]
    assert grid.rowData[0]["count"] > 50
    made = texts(told["notes"])
    assert "False discoveries: 0.05" in made
    assert "Ana Ferreira" in made
    assert "Ask again" in texts(told["head"])


def test_what_did_not_change_is_not_sent_again(scene: Running) -> None:
    imported(scene, scattered(300))
    shown = ask(scene, HOTSPOTS)
    work(scene)
    first = refresh(scene, shown)
    again = refresh(scene, shown, before=first["mark"])
    assert all(again[name] is no_update for name in page.PARTS)


def test_a_forecast_has_ranks_and_says_how_far_such_lists_held(scene: Running) -> None:
    imported(scene, scattered(900))
    shown = ask(scene, FORECAST, watched=5)
    work(scene)
    told = refresh(scene, shown, by="lena")
    assert [each["number"] for each in told["drawn"]["features"]] == ["1", "2", "3", "4", "5"]
    assert told["sentences"][0].children.startswith("Watch first:")
    assert "How far it held" in texts(told["tables"])
    assert "Ask again" not in texts(told["head"])


def test_a_question_without_an_answer_says_why(scene: Running) -> None:
    shown = ask(scene, PLACEMENT, journeys="to the island; 16.97, 7.99; 35.9, 14.5")
    work(scene)
    told = refresh(scene, shown)
    assert "None of the journeys" in texts(told["progress"])
    assert told["tables"] == []


@pytest.fixture
def placed(scene: Running) -> str:
    draw_route(scene)
    shown = ask(scene, PLACEMENT, teams=2, seconds=6, by="dov")
    work(scene)
    return shown


def test_a_placement_is_adopted_once_by_the_coordinator_and_links_to_the_plan(scene: Running, placed: str) -> None:
    told = refresh(scene, placed)
    assert {each["look"] for each in told["drawn"]["features"]} >= {"checkpoint", "way"}
    assert {"Checkpoints", "Plans compared", "More or fewer teams"} <= set(_tab_names(told["tables"]))
    assert "Adopt as draft checkpoints" in texts(told["head"])
    assert "Adopt" not in texts(refresh(scene, placed, by="dov")["head"])
    with at_desk(scene, "dov"), pytest.raises((NotPermitted, NotFound)):
        adopt(scene, placed)
    with at_desk(scene, "ana") as said:
        adopt(scene, placed)
        adopt(scene, placed)
    assert "on the plan now" in str(said)
    with scene.store.reading(scene["ana"]) as session:
        drawn = [each for each in places.objects(session, scene.operation) if each.kind == "checkpoint"]
    count = sum(each["look"] == "checkpoint" for each in told["drawn"]["features"])
    assert len(drawn) == count > 0
    assert {each.state for each in drawn} == {"planned"}
    after = refresh(scene, placed, before=told["mark"])
    (link,) = found_in(after["head"], "A")
    assert link.href == f"/operations/{scene.operation}/plan"


def _tab_names(component: Any) -> list[str]:
    return [each.children for each in _everything(component) if each._type == "TabsTab"]


def test_stop_again_and_resume(scene: Running, placed: str) -> None:
    with at_desk(scene, "ana"):
        [again] = press(acts.ask_again, analysis_state.AGAIN, shown=placed)["shown"]
        assert press(acts.stop, analysis_state.STOP, shown=again)["shown"] == [again]
    stopped = refresh(scene, again)
    assert "Cancelled" in texts(stopped["head"])
    assert "Resume" not in texts(stopped["head"])
    with at_desk(scene, "ana"), pytest.raises(RuleBroken):
        press(acts.resume, analysis_state.RESUME, shown=again)
    with at_desk(scene, "ana"):
        [further] = press(acts.resume, analysis_state.RESUME, shown=placed)["shown"]
    with scene.store.reading(scene["ana"]) as session:
        assert str(analyses.analysis(session, page.known_id(further)).resumed_from) == placed
    listed = refresh(scene, further)["history"]
    assert {each.id["analysis"] for each in found_in(listed, "Button")} == {placed, again, further}


def test_the_gap_is_told_while_a_placement_runs(scene: Running, placed: str) -> None:
    with scene.store.reading(scene["ana"]) as session:
        asked = analyses.analysis(session, page.known_id(placed))
    asked.state, asked.progress = JobState.RUNNING.value, {"objective": 0.4, "bound": 0.3, "gap": 0.25, "words": None}
    words = texts(analysis_state.progress(asked, asked.started_at))  # type: ignore[arg-type]
    assert "40.0" in words
    assert "30.0" in words
    assert "25.0" in words


def test_nothing_happens_before_a_button_is_pressed(scene: Running, placed: str) -> None:
    with at_desk(scene, "ana"):
        for act, button in ((acts.stop, analysis_state.STOP), (acts.ask_again, analysis_state.AGAIN)):
            with pytest.raises(PreventUpdate):
                press(act, button, value=None, shown=placed)


def test_crossings_to_choose_from_are_those_of_the_countries_and_those_chosen(scene: Running) -> None:
    with at_desk(scene, "ana"):
        hidden = asking.ask_for("placement")
        values = dict.fromkeys(SITES[PLACEMENT]) | {SITES[PLACEMENT][0]: ["ALB-GRC-R001"]}
        offered = asking.offer[PLACEMENT](1, str(scene.operation), chosen="placement", **values)
        options, marks = offered["shown"], offered["marks"]
        with pytest.raises(PreventUpdate):
            asking.offer[PLACEMENT](2, str(scene.operation), marks, chosen="placement", **values)
        assert asking.offer[PLACEMENT](2, str(scene.operation), chosen="hotspots", **values)["shown"] == [no_update] * 4
    assert [kind for kind, is_hidden in zip(FORMS, hidden, strict=True) if not is_hidden] == [PLACEMENT]
    assert CROSSING in {each["value"] for each in options[1]}
    assert "ALB-GRC-R001" in {each["value"] for each in options[0]}
    assert "ALB-GRC-R001" not in {each["value"] for each in options[1]}


def test_the_answer_is_told_in_every_language(scene: Running, placed: str) -> None:
    told = {
        language: texts(refresh(scene, placed, language=language)["tables"]) for language in ("en", "fr", "es", "ar")
    }
    assert len(set(told.values())) == 4
    assert analysis_answer.stored_sentence(None) == ""
