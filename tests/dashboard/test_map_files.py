"""Files of other programs become objects of the plan: names and kinds mapped, looked at first, undone at once."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from dashboard.frame.undo import undo
from dashboard.screens.layers import files as layer_files
from dashboard.screens.map_files import content, page
from dashboard.screens.plan import files as plan_files
from dashboard.screens.plan.files import PlanFormat
from geodata.intake.table import RefusedFile
from operations.core.errors import NotFound, RuleBroken
from operations.policing.map_plan import places
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.geodata import strangers
from tests.geodata.strangers import PLACEMARK, shapes, workbook, zipped
from tests.makers import Running

MOST = 10 * 2**20
FOLDERS = strangers.kml(
    f"<Folder><name>Posts</name>{PLACEMARK}</Folder>"
    "<Folder><name>Ways</name><Placemark><name>Road</name><description>by night</description><LineString><coordinates>"
    "8,17 8.5,17.5</coordinates></LineString></Placemark></Folder>"
    "<Placemark><name>Bow</name><Polygon><outerBoundaryIs><LinearRing><coordinates>7,16 9,18 9,16 7,18 7,16"
    "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
    "<Placemark><name>Nowhere</name></Placemark>"
)
SAID = {"names": "name", "notes": "description", "kinds": "folder", "state": "planned", "audience": "participants"}
POSTS, WAYS = "Point|Posts", "Line|Ways"


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def sent(scene: Running, data: bytes, name: str = "plan.kml", by: str = "ana") -> str:
    with at_desk(scene, by):
        return str(layer_files.keep(scene.store, scene.operation, name, data, MOST, scene[by]))


def opened(scene: Running, token: str, by: str = "ana") -> Any:
    with at_desk(scene, by):
        return page.open_file(token, str(scene.operation))


def looked_at(scene: Running, token: str, by: str = "ana", said: Any = SAID, **kinds: str) -> tuple[Any, ...]:
    given = {"kinds": list(kinds.values()), "keys": [{"type": "map-files-group", "of": key} for key in kinds]}
    with at_desk(scene, by):
        return page.preview(said, given["kinds"], given["keys"], token, str(scene.operation))


def bring(scene: Running, token: str, by: str = "ana", client: str | None = None, said: Any = SAID) -> Any:
    given = {"token": token, "kinds": [], "keys": [], "version": client or str(uuid4())}
    with at_desk(scene, by):
        return press(page.bring_in, page.DRAW, scene.operation, said, **given)["shown"]


def objects(scene: Running) -> dict[str, places.MapObject]:
    with scene.store.reading(scene["ana"]) as session:
        return {each.name: each for each in places.objects(session, scene.operation) if each.name != "OCU Niamey"}


# --------------------------------------------------------------------------------------------------------- the way


def test_the_map_is_framed_by_what_the_file_holds(scene: Running) -> None:
    every = [part for panel in opened(scene, sent(scene, FOLDERS)) for part in panel._traverse()]
    [settings] = [json.loads(getattr(part, "data-atlas")) for part in every if hasattr(part, "data-atlas")]
    [[south, west], [north, east]] = settings["view"]
    assert -30 < west < 8 < east < 40
    assert -10 < south < 17 < north < 40


def test_folders_become_kinds_and_what_is_wrong_is_told_before_anything_is_drawn(scene: Running) -> None:
    token = sent(scene, FOLDERS)
    work = opened(scene, token)
    for words in (
        "2 shapes were read",
        "2 rows are left out",
        "Row 3: The outline crosses or touches itself",
        "Row 4: This row has no shape.",
    ):
        assert words in texts(work), words
    groups = {each.id["of"]: each.value for each in found_in(work, "Select") if isinstance(each.id, dict)}
    assert groups == {POSTS: "checkpoint", WAYS: "route"}
    stage, _listed, words, disabled = looked_at(scene, token)
    assert [each["properties"]["kind"] for each in stage["features"]] == ["checkpoint", "route"]
    assert (words, disabled) == ("Bring in 2 objects", False)
    stage, _listed, words, _disabled = looked_at(scene, token, **{POSTS: "hotspot", WAYS: "none"})
    assert ([each["properties"]["kind"] for each in stage["features"]], words) == (["hotspot"], "Bring in 1 object")
    assert objects(scene) == {}


def test_the_objects_are_drawn_once_and_one_undo_takes_them_away(scene: Running) -> None:
    token, client = sent(scene, FOLDERS), str(uuid4())
    done, left = bring(scene, token, client=client)
    assert left is None
    assert "2 objects are on the plan." in texts(done)
    drawn = objects(scene)
    assert {name: each.kind for name, each in drawn.items()} == {"North": "checkpoint", "Road": "route"}
    assert drawn["Road"].note == "by night"
    with pytest.raises(RuleBroken, match="This file is no longer stored"):
        bring(scene, token, client=client)
    [back] = [json.loads(each.to_plotly_json()["props"]["data-undoes"]) for each in found_in(done, "Button")]
    with at_desk(scene, "ana"):
        press(undo, "shell-undo", what=back)
    assert objects(scene) == {}


def test_what_is_on_the_plan_already_is_not_drawn_twice(scene: Running) -> None:
    bring(scene, sent(scene, FOLDERS))
    again = sent(scene, FOLDERS)
    _stage, listed, words, disabled = looked_at(scene, again)
    assert texts(listed).count("The same object is on the plan already.") == 2
    assert (words, disabled) == ("Bring in 0 objects", True)
    with pytest.raises(RuleBroken, match="Nothing in the file can be brought in"):
        bring(scene, again)


def test_a_country_brings_in_what_lies_in_its_territory_alone(scene: Running) -> None:
    token = sent(scene, strangers.kml(PLACEMARK + PLACEMARK.replace("7.9911,16.9734", "-4,17")), by="chaima")
    _stage, listed, words, _disabled = looked_at(scene, token, by="chaima")
    assert words == "Bring in 1 object"
    assert "A country draws on its own territory: move the object there." in texts(listed)
    bring(scene, token, by="chaima")
    assert [each.country for each in objects(scene).values()] == ["NER"]


def test_the_file_of_another_person_and_who_may_not_draw_get_nothing(scene: Running) -> None:
    token = sent(scene, FOLDERS)
    with pytest.raises(RuleBroken, match="no longer stored"):
        opened(scene, token, by="chaima")
    for name in ("bruno", "lena", "dov"):
        with at_desk(scene, name), pytest.raises(NotFound):
            page.layout(str(scene.operation))


# ------------------------------------------------------------------------------------------ every format, both ways


@pytest.mark.parametrize("form", list(PlanFormat))
def test_the_plan_goes_out_and_comes_in_again_with_the_same_objects(scene: Running, form: PlanFormat) -> None:
    bring(scene, sent(scene, FOLDERS))
    with at_desk(scene, "ana"):
        data, name = plan_files.export(scene.store, scene.operation, form, scene["ana"])
    token = sent(scene, data, name)
    with at_desk(scene, "ana"), scene.store.reading(scene["ana"]) as session:
        file = content.opened(session, scene.operation, token)
        found = content.candidates(session, scene.operation, file, content.suggested(file), uuid4(), scene["ana"])
    kinds = {one.name: one.kind for one in found}
    assert {name: kinds[name] for name in ("North", "Road")} == {"North": "checkpoint", "Road": "route"}
    assert all(one.flaw == "The same object is on the plan already." for one in found if one.name in ("North", "Road"))


# ------------------------------------------------------------------------------------------------------- bad input


def test_files_that_are_none_of_a_map_are_refused_in_a_sentence_and_nothing_is_drawn(scene: Running) -> None:
    point = {"type": "Point", "coordinates": [8, 17]}
    many = strangers.geojson(*[point] * 501)
    for data, why in (
        (many, "The file holds 501 shapes. A plan takes 500 at once"),
        (workbook([["lat", "lon"], [1, 2]]), "This file is a table without shapes"),
        (strangers.kml("<Placemark><name>a</name></Placemark>"), "The file holds no shape that can be used"),
        (strangers.geojson({"type": "MultiPoint", "coordinates": [[8, 17]] * 501}), "The file holds 501 shapes"),
    ):
        token = sent(scene, data, "a")
        with pytest.raises(RuleBroken, match=why):
            opened(scene, token)
    for data, why in (
        (strangers.kml(PLACEMARK * 50_000), "The file has more than 100,000 elements. Divide it."),
        (zipped({"doc.kml": b"<kml>" + b" " * 40_000_000}), "unpacks to more than is allowed"),
        (shapes(prj=None), "The .prj file is missing"),
        (shapes(prj=b'LOCAL_CS["site grid"]'), "The reference system in the .prj file is not known"),
        (strangers.geopackage(system=(99, "NONE", 99)), "The reference system of the layer"),
    ):
        with pytest.raises(RefusedFile, match=why):
            sent(scene, data, "a")
    assert objects(scene) == {}


def test_shapes_off_the_earth_and_texts_too_long_stay_out_with_their_reasons(scene: Running) -> None:
    metres = strangers.geojson({"type": "Point", "coordinates": [500_000, 1_876_000]}, properties={"name": "x"})
    _stage, listed, words, _disabled = looked_at(scene, sent(scene, metres, "a.geojson"))
    assert words == "Bring in 0 objects"
    assert "90" in texts(listed)
    long = strangers.kml(PLACEMARK.replace("<Point>", f"<description>{'x' * 2001}</description><Point>"))
    _stage, listed, words, _disabled = looked_at(scene, sent(scene, long))
    assert words == "Bring in 0 objects"
    assert "2,000" in texts(listed)


def test_a_column_of_too_many_texts_is_no_column_of_kinds(scene: Running) -> None:
    places_ = "".join(
        PLACEMARK.replace("North", f"n{n}").replace("<Point>", f"<type>{n}</type><Point>") for n in range(41)
    )
    token = sent(scene, strangers.kml(places_))
    with at_desk(scene, "ana"):
        [told] = page.regroup("name", token, str(scene.operation))
    assert "This column holds 41 different texts. Choose another one." in texts(told)
