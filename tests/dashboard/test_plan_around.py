"""Rings, buffer and measure on the plan page, as functions: what is chosen, typed, drawn, forged."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from dash import no_update

from dashboard.screens.plan import edit as plan_edit
from dashboard.screens.plan import rings as page
from operations.core.errors import NotFound, RuleBroken
from operations.policing.operation import plan
from tests.dashboard.desks import at_desk, found_in, open_scene, texts
from tests.makers import Running, operation_draft
from tests.people import actor

SQUARE = {"type": "Polygon", "coordinates": [[[7, 16], [9, 16], [9, 18], [7, 18], [7, 16]]]}
BOW = {"type": "Polygon", "coordinates": [[[7, 16], [9, 18], [9, 16], [7, 18], [7, 16]]]}
LINE = {"type": "LineString", "coordinates": [[2.1, 13.5], [7.99, 16.97], [2.1, 17.0]]}
POINT = {"type": "point", "lat": 13.5, "lon": 2.1}


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def panel(scene: Running, chosen: Any, name: str = "ana", unit: Any = None) -> tuple[Any, Any]:
    with at_desk(scene, name):
        return page.show_around(chosen, str(scene.operation), unit)


def ringed(
    scene: Running, chosen: Any, radii: Any = "5 10", geometry: Any = None, name: str = "ana", **values: Any
) -> tuple[Any, Any]:
    asked = {"radii": radii, "unit": "km", "position": "13.5, 2.1"} | values
    with at_desk(scene, name):
        return page.show_rings(1, chosen, geometry, str(scene.operation), asked)


def area(scene: Running, chosen: Any, geometry: Any = None, name: str = "ana", **values: Any) -> Any:
    asked = {"distance": "10", "unit": "km", "position": "13.5, 2.1"} | values
    with at_desk(scene, name):
        return page.make_area(1, chosen, geometry, str(scene.operation), asked)


def test_what_is_offered_fits_what_is_chosen(scene: Running) -> None:
    site = {"type": "site", "id": str(scene.sites["Niamey"])}
    for chosen in (
        site,
        {"type": "object", "id": "x"},
        {"type": "place", "lat": 1, "lon": 2},
        POINT,
        {"type": "point"},
    ):
        words = texts(panel(scene, chosen)[0])
        assert "Radii of the rings" in words
        assert "Make it an area" in words
    assert "Make it an area" not in texts(panel(scene, POINT, "bruno")[0])
    assert "Measure" in texts(panel(scene, {"type": "measure"}, "bruno")[0])
    assert panel(scene, {"type": "nothing"}) == ([], no_update)
    assert panel(scene, None) == ([], no_update)


def test_a_line_is_measured_in_the_unit_that_this_browser_remembers(scene: Running) -> None:
    form, drawn = panel(scene, {"type": "measure", "geometry": LINE}, "bruno", "nm")
    words = texts(form)
    assert "738.3 NM" in words
    assert "km²" in words
    assert drawn["lines"][0]["label"] in words
    (points,) = found_in(form, "Textarea")
    with at_desk(scene, "bruno"):
        result, again = page.measure(1, "km", points.value)
        assert "1,367 km" in texts(result)
        assert again["lines"][0]["line"] == [[2.1, 13.5], [7.99, 16.97], [2.1, 17.0]]
        assert page.measure(0, "km", "") == (no_update, no_update)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "two different points"),
        ("13.5, 2.1", "two different points"),
        ("13.5, 2.1\nnowhere", "not a latitude"),
        ("\n".join(f"{k / 100}, 2" for k in range(1_002)), "more than 1000 points"),
    ],
)
def test_what_cannot_be_measured_is_refused_beside_its_field(scene: Running, text: str, why: str) -> None:
    with at_desk(scene, "ana"), pytest.raises(RuleBroken, match=why) as refused:
        page.measure(1, "km", text)
    assert [each.field for each in refused.value.flaws] == ["points"]


def test_rings_go_around_whatever_is_chosen(scene: Running) -> None:
    said, drawn = ringed(scene, {"type": "object", "id": "x"}, geometry=SQUARE)
    assert [each["label"] for each in drawn["lines"]] == ["5 km", "10 km"]
    assert drawn["centre"] == [8, 17]
    assert "17.00000, 8.00000" in texts(said)
    site = {"type": "site", "id": str(scene.sites["Niamey"])}
    assert ringed(scene, site, name="bruno")[1]["centre"] == [2.18, 13.48]
    assert ringed(scene, POINT, "25", unit="nm", position="17N 8E")[1]["lines"][0]["label"] == "25 NM"
    assert ringed(scene, None) == (no_update, no_update)


@pytest.mark.parametrize(
    ("values", "field"), [({"radii": "five"}, "radii"), ({"radii": None}, "radii"), ({"position": "here"}, "position")]
)
def test_what_is_typed_wrong_is_said_beside_its_field(scene: Running, values: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        ringed(scene, POINT, **values)
    assert [each.field for each in refused.value.flaws] == [field]


def test_a_buffer_becomes_an_area_that_is_not_saved_yet(scene: Running) -> None:
    chosen = area(scene, {"type": "object", "id": "x"}, SQUARE)
    assert (chosen["type"], chosen["kind"], chosen["geometry"]["type"]) == ("new", "area", "Polygon")
    with at_desk(scene, "ana"):
        form, draft, geometry = plan_edit.show_chosen(chosen, str(scene.operation))
    assert draft["fresh"]
    assert geometry == chosen["geometry"]
    assert "New" in texts(form)
    around_site = area(scene, {"type": "site", "id": str(scene.sites["Niamey"])}, distance="2")
    assert around_site["geometry"]["type"] == "Polygon"


def test_what_cannot_be_an_area_is_refused(scene: Running) -> None:
    for geometry, values in ((BOW, {}), ("x", {}), (SQUARE, {"distance": "600"}), (SQUARE, {"distance": "5 10"})):
        with pytest.raises(RuleBroken) as refused:
            area(scene, {"type": "new"}, geometry, **values)
        assert [each.field for each in refused.value.flaws] == ["distance"]
    with at_desk(scene, "bruno"), pytest.raises(NotFound):  # nor does a made-up answer open the form
        plan_edit.show_chosen(area(scene, POINT), str(scene.operation))


def test_forged_choices_are_not_found(scene: Running) -> None:
    other = actor("ana")
    with scene.store.unit_of_work(other) as session:
        elsewhere = plan.create(session, operation_draft(), other)
    for chosen in (
        {"type": "site", "id": str(uuid4())},
        {"type": "site"},
        {"type": "candidate", "ref": "none"},
        {"type": "place", "lat": "x", "lon": 2},
        {"type": "point", "lat": 5},
    ):
        with pytest.raises(NotFound):
            panel(scene, chosen)
    with at_desk(scene, "ana"), pytest.raises(NotFound):
        page.show_around(POINT, str(elsewhere.id), None)
