"""The map: what stands on it for whom, its routes behind the gate, many points as few marks, its component."""

import gzip
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import geopandas as gpd
import numpy as np
import pytest
from starlette.testclient import TestClient

from dashboard.map import scene as stage
from dashboard.map.component import operation_map
from dashboard.map.router import base_urls, packed_marks
from dashboard.server.access import acting_as
from geodata.ground import map_layers, shapes
from operations.core import clock
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.policing.map_plan import places
from operations.policing.operation import plan
from tests.dashboard.conftest import Site
from tests.dashboard.desks import open_scene
from tests.makers import Running, form, hit, send, site_draft

AGADEZ = {"type": "Point", "coordinates": [7.99, 16.97]}
NOWHERE = "0192f0c4-7b1a-7d3e-8a55-6f2d9c1e4b70"  # an operation that is not there
BAMAKO = {"type": "Point", "coordinates": [-7.95, 12.6]}


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def put(scene: Running, name: str, by: str, geometry: dict[str, Any], **changes: Any) -> None:
    content = {"id": new_id(), "object_id": new_id(), "kind": "checkpoint", "name": name} | changes
    with scene.store.unit_of_work(scene[by]) as session:
        places.draw(
            session, scene.operation, parse(places.MapObjectDraft, content), shapes.measure(geometry), scene[by]
        )


def seen(scene: Running, name: str) -> dict[str, dict[str, Any]]:
    """What reaches this person's browser, by the name on the map."""
    asking = scene[name]
    with acting_as(asking, scene.store), scene.store.reading(asking) as session:
        found = stage.scene(session, plan.operation(session, scene.operation, asking), asking)
    return {each["properties"]["name"]: each for each in found["features"]}


@pytest.mark.requirement("R76")
def test_what_a_country_may_not_see_never_reaches_its_browser(scene: Running) -> None:
    put(scene, "For all", "ana", AGADEZ)
    put(scene, "Coordination only", "ana", AGADEZ, audience="coordination")
    put(scene, "Niger's own", "chaima", AGADEZ, audience="coordination")
    put(scene, "Mali's own", "moussa", BAMAKO, audience="coordination")
    assert {"For all", "Coordination only", "Niger's own", "Mali's own"} <= set(seen(scene, "ana"))
    niger = seen(scene, "bruno")
    assert "Niger's own" in niger
    assert "For all" in niger
    assert "Coordination only" not in json.dumps(niger)
    assert "Mali's own" not in json.dumps(niger)


def test_only_who_drew_an_object_may_edit_it(scene: Running) -> None:
    put(scene, "By Ana", "ana", AGADEZ)
    put(scene, "By Chaima", "chaima", AGADEZ)
    assert [seen(scene, who)["By Ana"]["properties"]["editable"] for who in ("ana", "chaima", "bruno", "lena")] == [
        True,
        False,
        False,
        False,
    ]
    assert [seen(scene, who)["By Chaima"]["properties"]["editable"] for who in ("ana", "chaima", "moussa")] == [
        False,
        True,
        False,
    ]


def test_both_sides_of_a_crossing_stand_beside_their_point_each_on_its_own_side(scene: Running) -> None:
    at = {"lat": 14.96, "lon": 1.12, "site_type": "land_bcp_road", "border_kind": "land"}  # between Niger and Mali
    with scene.store.unit_of_work(scene["ana"]) as session:
        for country in ("NER", "MLI"):
            places.place_site(session, scene.operation, site_draft(country, f"Post {country}", **at), scene["ana"])
    drawn = {name: each["properties"] for name, each in seen(scene, "ana").items()}
    niger, mali = drawn["Post NER"]["aside"], drawn["Post MLI"]["aside"]
    assert niger == [-mali[0], -mali[1]]
    assert niger[0] > 0, "Niger lies in the east"
    assert "aside" not in drawn["Niamey"]


@pytest.mark.requirement("R19")
def test_a_site_tells_its_hits_to_its_own_country_only(scene: Running) -> None:
    send(scene, form(scene, "Niamey", lines=[hit(scene.start), hit(scene.start)]))
    said = {}
    for name in ("ana", "bruno", "mateo"):
        asking = scene[name]
        with acting_as(asking, scene.store), scene.store.reading(asking) as session:
            operation = plan.operation(session, scene.operation, asking)
            said[name] = stage.site_values(session, stage.frame(operation, asking), asking)
            marks = stage.events(session, scene.operation, asking)
            assert marks["total"].sum() == (0 if name == "mateo" else 2)
    niamey = str(scene.sites["Niamey"])
    assert said["ana"][niamey]["hits"] == said["bruno"][niamey]["hits"] == 2
    assert niamey not in said["mateo"]


def test_a_site_is_silent_only_while_reports_are_due(scene: Running) -> None:
    send(scene, form(scene, "Niamey", lines=[hit(scene.start)]))

    def said(at: datetime) -> dict[str, Any]:
        with clock.at(at), acting_as(scene["ana"], scene.store), scene.store.reading(scene["ana"]) as session:
            operation = plan.operation(session, scene.operation, scene["ana"])
            values = stage.site_values(session, stage.frame(operation, scene["ana"]), scene["ana"])
        return values[str(scene.sites["Niamey"])]

    with scene.store.reading(scene["ana"]) as session:
        ends = max(phase.ends for phase in plan.phases(session, scene.operation))
    assert said(ends - timedelta(hours=1))["state"] == "silent"
    assert said(ends + timedelta(days=2))["state"] == "hits"
    assert "has reported" in str(said(ends + timedelta(days=2))["words"])


def test_the_view_holds_everything_or_the_countries() -> None:
    point = {"properties": {"centre": [7.99, 16.97], "bounds": None}}
    (south, west), (north, east) = stage.view([point]) or ((0, 0), (0, 0))
    assert south < 16.97 < north
    assert west < 7.99 < east
    assert stage.view([], ["NER", "MLI"]) is not None
    assert stage.view([]) is None


def _marks(*centres: tuple[float, float]) -> list[dict[str, object]]:
    return [{"properties": {"centre": list(centre), "bounds": None}} for centre in centres]


def test_the_view_leaves_out_what_lies_far_from_all_the_rest_and_the_whole_does_not() -> None:
    near = _marks(*((-90.0 + step, 10.0 + step) for step in range(12)))
    madrid = _marks((-3.6, 40.5))
    (_south, _west), (_north, east) = stage.view([*near, *madrid]) or ((0, 0), (0, 0))
    assert east == pytest.approx(-79 + 0.05 * 11), "a twentieth around them"
    assert (stage.whole([*near, *madrid]) or [[0, 0], [0, 0]])[1] == pytest.approx([40.5 + 4.32, -3.6 + 4.32])
    assert stage.view(near) == stage.whole(near)  # what lies in a row has no strays


def test_the_view_keeps_a_few_places_together_and_a_second_middle() -> None:
    few = _marks((0.0, 0.0), (1.0, 1.0), (60.0, 1.0))  # one of three is no stray
    assert stage.view(few) == stage.whole(few)
    two = _marks(*((float(step), 0.0) for step in range(10)), *((100.0 + step, 0.0) for step in range(3)))
    assert stage.view(two) == stage.whole(two)  # more than a tenth lies there


# -------------------------------------------------------------------------------------------------- routes


def test_a_layer_comes_packed_and_is_asked_for_once(site: Site) -> None:
    client = site.signed_in()
    url = base_urls("fr")["countries"]
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer.headers["content-encoding"] == "gzip"
    assert "Allemagne" in answer.text
    assert client.get(url, headers={"if-none-match": answer.headers["etag"]}).status_code == 304


@pytest.mark.parametrize(
    "path", ["/data/map/base/countries", "/data/map/search?q=agadez", f"/data/map/{NOWHERE}/events?bbox=0,0,1,1&zoom=3"]
)
def test_nothing_of_the_map_answers_without_a_session(site: Site, path: str) -> None:
    assert site.visitor().get(path).status_code == 401


@pytest.mark.parametrize(
    "path",
    ["/data/map/base/secrets", "/data/map/search?q=agadez&lang=xx", f"/data/map/{NOWHERE}/events?bbox=0,0,1,1&zoom=3"],
)
def test_what_does_not_exist_is_not_found(site: Site, path: str) -> None:
    assert site.signed_in().get(path).status_code == 404


def test_the_search_finds_airports_by_code_and_typed_coordinates(site: Site) -> None:
    client: TestClient = site.signed_in()
    assert client.get("/data/map/search", params={"q": "DRRN"}).json()[0]["ref"] == "airport:DRRN"
    (typed,) = client.get("/data/map/search", params={"q": "16°58'24\"N 7°59'28\"E"}).json()
    assert typed["kind"] == "coordinate"
    assert typed["iso3"] == "NER"


@pytest.mark.parametrize("bbox", ["", "1,2,3", "a,b,c,d", "0,10,1,5", "-999,0,1,1", "nan,0,1,1"])
def test_a_damaged_box_is_refused_with_a_sentence(site: Site, bbox: str) -> None:
    answer = site.signed_in().get(f"/data/map/{NOWHERE}/events", params={"bbox": bbox, "zoom": 3})
    assert answer.status_code == 422
    assert "west" in answer.json()["error"]


# ------------------------------------------------------------------------------------------------ many points


def many(count: int) -> gpd.GeoDataFrame:
    random = np.random.default_rng(7)
    at = gpd.points_from_xy(random.normal(9, 12, count).clip(-179, 179), random.normal(15, 9, count).clip(-80, 80))
    return gpd.GeoDataFrame({"total": np.ones(count)}, geometry=at, crs="EPSG:4326")


@pytest.mark.requirement("R70")
def test_a_hundred_thousand_points_are_few_marks_that_add_up() -> None:
    points = many(100_000)
    body = packed_marks(points, (-180, -85, 180, 85), 5)
    marks = json.loads(body)
    assert sum(marks["n"]) == sum(marks["total"]) == 100_000
    assert len({len(column) for column in marks.values()}) == 1
    assert len(marks["lon"]) <= 2_500
    assert len(gzip.compress(body)) < 40_000


def test_few_points_stay_single() -> None:
    assert json.loads(packed_marks(many(300), (-180, -85, 180, 85), 5))["n"] == [1] * 300


# --------------------------------------------------------------------------------------------------- component


def test_the_component_says_everything_that_its_script_needs(scene: Running) -> None:
    asking: Actor = scene["ana"]
    with acting_as(asking, scene.store, "ar"):
        made = operation_map(
            "a-map", scene={"type": "FeatureCollection", "features": []}, operation_id=UUID(int=1), countries=["NER"]
        )
    settings = json.loads(made.to_plotly_json()["props"]["data-atlas"])
    assert set(settings["base"]) == set(map_layers.LAYERS)
    assert settings["locale"] == "ar"
    assert settings["view"]
    assert set(settings["words"]["draw"]) == {"Marker", "Line", "Polygon", "rings"}
    assert set(settings["words"]["so_far"]) == {"km", "nm", "mi"}
