"""Everything that is drawn can be typed: coordinates and names of places become points, lines, areas and sites."""

from pathlib import Path
from typing import Any

import pytest
from dash.exceptions import PreventUpdate

from dashboard.screens.plan import panel, typed_points
from operations.core.errors import NotFound, RuleBroken
from tests.dashboard.desks import at_desk, open_scene, texts
from tests.makers import Running

NIGER = ["NER", "MLI"]
AGADEZ = "16°58'24\"N 7°59'28\"E"


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def put(scene: Running, tool: str, points: str, name: str = "ana") -> dict[str, Any]:
    with at_desk(scene, name):
        given = 1, points, {"type": "typed", "kind": tool}, str(scene.operation), 7
        made: dict[str, Any] = typed_points.put(*given)
    assert made["asked"] == 7
    return made


def test_an_area_is_typed_as_a_coordinate_and_two_names(scene: Running) -> None:
    made = put(scene, "area", f"{AGADEZ}\nArlit\n\nTahoua")
    [ring] = made["geometry"]["coordinates"]
    assert (made["type"], made["kind"], made["geometry"]["type"]) == ("new", "area", "Polygon")
    assert ring[0] == ring[-1] == pytest.approx([7.9911, 16.9733], abs=1e-3)
    assert [round(lat) for _lon, lat in ring] == [17, 19, 15, 17]
    assert made["bounds"] == [[ring[2][1], ring[2][0]], [ring[1][1], ring[0][0]]], "the map flies to it"


def test_a_line_a_point_and_a_site_are_typed(scene: Running) -> None:
    assert put(scene, "route", "Agadez\nArlit")["geometry"]["type"] == "LineString"
    assert put(scene, "checkpoint", "31PDR 00000 00000")["geometry"]["type"] == "Point"
    assert put(scene, "hotspot_area", "Agadez\nArlit\nTahoua")["kind"] == "hotspot"
    site = put(scene, "site", "Agadez")
    assert (site["type"], round(site["lat"]), round(site["lon"])) == ("place", 17, 8)


def test_a_button_that_appears_reads_nothing_of_what_is_being_typed(scene: Running) -> None:
    with at_desk(scene, "ana"), pytest.raises(PreventUpdate):
        typed_points.put(0, "16.9", {"type": "typed", "kind": "checkpoint"}, str(scene.operation), 7)


def test_a_name_means_the_place_in_the_countries_of_the_operation_first(scene: Running) -> None:
    with at_desk(scene, "ana"):
        [(lon, _lat)] = typed_points.corners("San", ["MLI"], "Point")
        [(far, _north)] = typed_points.corners("Manila", ["MLI"], "Point")
    assert -6 < lon < -4
    assert far > 100


@pytest.mark.parametrize(
    ("tool", "points", "words"),
    [
        ("checkpoint", "", "Type one coordinate"),
        ("checkpoint", "Agadez\nArlit", "Type one coordinate"),
        ("route", "Agadez", "at least two points"),
        ("area", "Agadez\nArlit", "at least three points"),
        ("route", "Agadez\nXqzzy Qwx", "“Xqzzy Qwx” is no place"),
        ("route", "Agadez\n" * 501, "more than 500 points"),
    ],
)
def test_what_means_no_shape_is_refused_at_the_field(scene: Running, tool: str, points: str, words: str) -> None:
    with pytest.raises(RuleBroken, match=words) as refused:
        put(scene, tool, points)
    assert refused.value.flaws[0].field == "points"


def test_who_may_not_draw_gets_no_panel_and_draws_nothing(scene: Running) -> None:
    with pytest.raises(NotFound):
        put(scene, "area", "Agadez\nArlit\nTahoua", name="bruno")


def _feature(country: str, kind: str, name: str) -> dict[str, Any]:
    told = {"kind": kind, "group": "operational", "name": name, "label": "Airport", "state": "active"}
    return {"id": name, "properties": told | {"country_name": country}}


def test_the_list_is_grouped_by_country_and_kind_and_folds_where_there_are_many(scene: Running) -> None:
    mixed = [
        _feature("Niger", "checkpoint", "CP Arlit"),
        _feature("Mali", "site", "Bamako"),
        _feature("Niger", "site", "Niamey"),
        _feature("Niger", "site", "Agadez"),
    ]
    with at_desk(scene, "ana"):
        [listed] = panel.objects(mixed, "operational")
        mali, niger = listed.elements()
        [folded] = panel.objects([_feature(f"Country {k}", "site", f"Site {k}") for k in range(9)], "operational")
        tools = panel.tools(draws=True, places_sites=True)
    assert texts(mali.children[0]) == "Mali 1"
    words = texts(niger)
    assert words.startswith("Niger 3 Sites 2 Agadez"), words
    assert words.index("Agadez") < words.index("Niamey") < words.index("CP Arlit")
    assert mali.open
    assert not any(country.open for country in folded.elements())
    assert all(texts(tool) for tool in tools.children), "a tool has words"
