"""The plan page's callbacks, as functions: choose, draw, type, save, delete, take back, sites; forged inputs."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from dash import no_update
from dash._callback_context import context_value
from dash._utils import AttributeDict

from dashboard.screens.plan import edit as plan_edit
from dashboard.screens.plan import form as plan_form
from dashboard.screens.plan import page
from dashboard.screens.plan import panel as plan_panel
from dashboard.screens.plan import sites as plan_sites
from dashboard.screens.plan.ids import Ids
from dashboard.server.access import acting_as
from geodata.ground import reference
from geodata.ground import sites as known_places
from operations.core import vocabulary
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.policing.map_plan import places
from operations.policing.operation import plan
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.makers import Running
from tests.people import actor

SQUARE = {"type": "Polygon", "coordinates": [[[7, 16], [9, 16], [9, 18], [7, 18], [7, 16]]]}
BOW = {"type": "Polygon", "coordinates": [[[7, 16], [9, 18], [9, 16], [7, 18], [7, 16]]]}
AGADEZ = {"type": "Point", "coordinates": [7.99, 16.97]}
VALUES = {"name": "Area North", "kind": "area", "state": "planned", "audience": "participants", "note": ""}


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def drawn(geometry: dict[str, Any] = SQUARE, kind: str = "area") -> dict[str, Any]:
    return {"type": "new", "id": str(uuid4()), "kind": kind, "geometry": geometry}


def draft(object_id: str, supersedes: str | None = None) -> dict[str, Any]:
    return {"object_id": object_id, "supersedes_id": supersedes, "editable": True, "fresh": supersedes is None}


def saved(
    scene: Running, of: dict[str, Any], geometry: dict[str, Any], version: str | None = None, **changes: Any
) -> Any:
    given = {"draft": of, "version": version or str(uuid4()), "geometry": geometry, "written": geometry}
    return press(plan_edit.save, "plan-save", scene.operation, VALUES | changes, **given)["shown"]


def deleted(of: dict[str, Any]) -> Any:
    return press(plan_edit.delete, "plan-delete", draft=of, version=str(uuid4()))["shown"]


def placed(scene: Running, chosen: dict[str, Any], values: dict[str, Any], version: str | None = None) -> Any:
    given = {"chosen": chosen, "version": version or str(uuid4())}
    return press(plan_sites.place, "plan-place", scene.operation, values, **given)["shown"]


def closed(chosen: dict[str, Any]) -> Any:
    return press(plan_sites.close, "plan-close-site", chosen=chosen)["shown"]


def save(
    scene: Running, who: str, of: dict[str, Any], geometry: dict[str, Any], version: str | None = None, **changes: Any
) -> dict[str, Any]:
    """Save as `who`; the draft that stays on the screen."""
    with at_desk(scene, who):
        kept, _done, _chosen = saved(scene, of, geometry, version, **changes)
    return dict(kept)


def objects(scene: Running, name: str = "ana") -> dict[str, places.MapObject]:
    with scene.store.reading(scene[name]) as session:
        return {each.name: each for each in places.objects(session, scene.operation)}


def show(scene: Running, name: str, chosen: dict[str, Any]) -> tuple[Any, Any, Any]:
    with at_desk(scene, name):
        return plan_edit.show_chosen(chosen, str(scene.operation))


# ------------------------------------------------------------------------------------------------- the page


def test_the_tools_are_there_for_those_who_may_draw_only(scene: Running) -> None:
    offered = {}
    for name in ("ana", "chaima", "bruno", "lena", "dov"):
        with at_desk(scene, name):
            whole = json.dumps(page.layout(str(scene.operation)), default=lambda part: part.to_plotly_json())
        offered[name] = '"data-tool": "area"' in whole
        assert '"data-tool": "measure"' in whole
    assert offered == {"ana": True, "chaima": True, "bruno": False, "lena": False, "dov": False}


@pytest.mark.parametrize("operation", ["", "1", "0192f0c4-7b1a-7d3e-8a55-6f2d9c1e4b70"])
def test_an_address_of_nothing_shows_nothing(scene: Running, operation: str) -> None:
    with at_desk(scene, "ana"), pytest.raises(NotFound):
        page.layout(operation)


def test_who_does_not_work_for_the_operation_gets_no_page(scene: Running) -> None:
    with acting_as(actor("moussa"), scene.store), pytest.raises(NotFound):
        page.layout(str(scene.operation))


def test_only_reports_move_without_sending_geometry_again(scene: Running) -> None:
    with at_desk(scene, "ana"):
        first = page.refresh(1, str(scene.operation), None)
        again = page.refresh(2, str(scene.operation), first[0])
    assert first[0]["sites"]
    assert len(first[2]) == min(plan_panel.FIRST, len(first[0]["features"]) + len(first[0]["sites"]))
    assert again[1] == first[1]
    assert first[0] not in again


def test_the_table_comes_with_its_first_rows_and_with_all_when_it_is_opened(
    scene: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_panel, "FIRST", 1)
    with at_desk(scene, "ana"):
        [table] = [each for each in found_in(page.layout(str(scene.operation)), "AgGrid") if each.id == "plan-table"]
        first, every = table.rowData, page.all_rows(True, str(scene.operation))
        moved = page.refresh(1, str(scene.operation), None, False)[2]
        opened = page.refresh(1, str(scene.operation), None, True)[2]
    assert len(every) > 1
    assert first == moved == every[:1]
    assert opened == every


def test_the_table_holds_every_coordinate_in_three_writings(scene: Running) -> None:
    with at_desk(scene, "ana"):
        rows = page.all_rows(True, str(scene.operation))
    niamey = next(row for row in rows if row["name"] == "Niamey")
    assert (niamey["decimal"], niamey["mgrs"][:5]) == ("13.48000, 2.18000", "31PDQ")
    assert "13°28′48" in niamey["dms"]


# ------------------------------------------------------------------------------------------- draw, save, undo


def test_a_drawn_area_is_saved_once_however_often_it_is_sent(scene: Running) -> None:
    chosen = drawn()
    _form, of, geometry = show(scene, "ana", chosen)
    assert of == draft(chosen["id"])
    assert geometry == SQUARE
    version = str(uuid4())
    save(scene, "ana", of, SQUARE, version)
    save(scene, "ana", of, SQUARE, version)
    assert objects(scene)["Area North"].version == 1
    assert objects(scene)["Area North"].area_km2 == pytest.approx(47_140, rel=0.001)


def test_a_position_counts_when_it_is_typed_and_not_when_it_was_only_written(scene: Running) -> None:
    of, moved = draft(str(uuid4())), {"type": "Point", "coordinates": [8.5, 17.5]}
    save(scene, "ana", of, AGADEZ, kind="checkpoint", decimal="17.2, 8.2", dms="")
    assert objects(scene)["Area North"].geometry["coordinates"] == [8.2, 17.2]
    with at_desk(scene, "ana"):
        unchanged = (
            VALUES
            | {"kind": "checkpoint"}
            | dict(zip(plan_form.WRITINGS, plan_edit.describe(AGADEZ)[1:], strict=False))
        )
        given = {"version": str(uuid4()), "geometry": moved, "written": AGADEZ}
        of |= {"supersedes_id": str(objects(scene)["Area North"].id)}
        press(plan_edit.save, "plan-save", scene.operation, unchanged, draft=of, **given)
        with pytest.raises(RuleBroken) as refused:
            saved(scene, draft(str(uuid4())), AGADEZ, kind="checkpoint", mgrs="far away")
    assert objects(scene)["Area North"].geometry["coordinates"] == [8.5, 17.5]  # moved on the map, its texts unchanged
    assert [each.field for each in refused.value.flaws] == ["mgrs"]


def test_an_outline_that_crosses_itself_is_refused_in_words_and_stays_on_the_map(scene: Running) -> None:
    with at_desk(scene, "ana"):
        *_texts, corners, measured, flaw, locked, why = plan_edit.describe(BOW)
        assert (locked, why) == (False, "")
        assert flaw == "The outline crosses itself near 17.0000, 8.0000."
        assert not measured
        assert corners.count("\n") == 3
        with pytest.raises(RuleBroken) as refused:
            saved(scene, draft(str(uuid4())), BOW)
    assert [each.field for each in refused.value.flaws] == ["geometry"]
    assert "Area North" not in objects(scene)


def test_a_form_holds_its_place_in_words_from_the_first_moment(scene: Running) -> None:
    of = draft(str(uuid4()))
    save(scene, "ana", of, AGADEZ, kind="checkpoint")
    for chosen in (drawn(AGADEZ, "checkpoint"), {"type": "object", "id": of["object_id"]}):
        form, *_rest = show(scene, "ana", chosen)
        held = {each.id: each.value for each in found_in(form, "TextInput")}
        with at_desk(scene, "ana"):
            described = plan_edit.describe(AGADEZ)
        assert [held[plan_form.OBJECT.id(name)] for name in plan_form.WRITINGS] == list(described[1:4])
        assert described[1:2] == ("16.97000, 7.99000",)
        assert described[5] in texts(form)
    form, *_rest = show(scene, "ana", drawn(BOW))
    corners = next(each for each in found_in(form, "Textarea") if each.id == plan_form.OBJECT.id("geometry"))
    assert corners.value.count("\n") == 3
    assert corners.error == "The outline crosses itself near 17.0000, 8.0000."


def test_a_name_is_needed(scene: Running) -> None:
    with pytest.raises(RuleBroken) as refused:
        save(scene, "ana", draft(str(uuid4())), SQUARE, name="  ")
    assert [each.field for each in refused.value.flaws] == ["name"]


def test_moved_deleted_and_brought_back(scene: Running) -> None:
    first = save(scene, "ana", draft(str(uuid4())), AGADEZ, kind="checkpoint", name="CP 1")
    moved = save(scene, "ana", first, {"type": "Point", "coordinates": [8.1, 17.0]}, kind="checkpoint", name="CP 1")
    with at_desk(scene, "ana"):
        chosen, done = deleted(moved)
    assert chosen == {"type": "nothing", "asked": None}
    assert done["object_id"] == first["object_id"]
    assert "CP 1" not in objects(scene)
    with at_desk(scene, "ana"):
        wish = {"object_id": first["object_id"], "version_id": str(uuid4())}
        chosen, _done = press(plan_edit.undo, Ids.UNDO, value=wish, wish=wish)["shown"]
    assert chosen["id"] == first["object_id"]
    assert objects(scene)["CP 1"].geometry["coordinates"] == [8.1, 17.0]
    with at_desk(scene, "ana"):
        _form, now, _geometry = plan_edit.show_chosen(chosen, str(scene.operation))
        button = {"type": "plan-restore", "version": first["supersedes_id"]}
        press(plan_edit.bring_back, button, scene.operation, draft=now)
        [versions] = plan_edit.show_history(1, str(scene.operation), draft=now)["shown"]
    assert objects(scene)["CP 1"].geometry == AGADEZ
    assert len(found_in(versions, "Li")) == 5


def test_somebody_elses_newer_version_is_not_overwritten(scene: Running) -> None:
    first = save(scene, "ana", draft(str(uuid4())), SQUARE)
    save(scene, "ana", first, SQUARE, name="Changed meanwhile")
    with pytest.raises(Conflict):
        save(scene, "ana", first, SQUARE, name="Mine")
    assert "Changed meanwhile" in objects(scene)


@pytest.mark.requirement("R16")
def test_a_forged_choice_shows_nothing_of_another_country(scene: Running) -> None:
    hidden = save(scene, "ana", draft(str(uuid4())), SQUARE, audience="coordination")
    other = save(
        scene,
        "moussa",
        draft(str(uuid4())),
        {"type": "Point", "coordinates": [-7.95, 12.6]},
        kind="checkpoint",
        audience="coordination",
    )
    for each in (hidden, other):
        with pytest.raises(NotFound):
            show(scene, "chaima", {"type": "object", "id": each["object_id"]})
        with at_desk(scene, "chaima"), pytest.raises(NotFound):
            deleted(each)
        with at_desk(scene, "chaima"):
            assert plan_edit.show_history(1, str(scene.operation), draft=each)["shown"] == [[]]


def test_who_may_only_look_gets_a_locked_form(scene: Running) -> None:
    made = save(scene, "ana", draft(str(uuid4())), SQUARE)
    shown, of, _geometry = show(scene, "bruno", {"type": "object", "id": made["object_id"]})
    assert (of["editable"] is False and not found_in(shown, "Button")) or all(
        b.id != "plan-save" for b in found_in(shown, "Button") if hasattr(b, "id")
    )
    assert all(field.disabled for field in found_in(shown, "TextInput"))


@pytest.mark.parametrize(
    "chosen",
    [
        {"type": "new", "id": "x", "kind": "area", "geometry": SQUARE},
        {"type": "new", "kind": "palace"},
        {"type": "object", "id": "'; --"},
        {"type": "site", "id": str(uuid4())},
        {"type": "place", "lat": "north"},
        {"type": "place", "lat": 99, "lon": 0},
        {"type": "candidate", "ref": "airport:NOWHERE"},
    ],
)
def test_damaged_choices_are_not_found(scene: Running, chosen: dict[str, Any]) -> None:
    with pytest.raises(NotFound):
        show(scene, "ana", chosen)


# --------------------------------------------------------------------------------------------- typed places


@pytest.mark.parametrize(
    ("field", "text"),
    [("decimal", "16.97333, 7.99111"), ("dms", "16°58′24.0″N 7°59′28.0″E"), ("mgrs", "32QLD 92590 76880")],
)
def test_any_writing_moves_the_point(field: str, text: str) -> None:
    moved, *errors = plan_edit.typed(field, text, {"type": "Point", "coordinates": [0, 0]})
    assert moved["coordinates"] == pytest.approx([7.99111, 16.97333], abs=2e-5)
    assert errors[:3] == ["", "", ""]


def test_what_is_no_coordinate_is_said_beside_its_field() -> None:
    moved, decimal, dms, *_rest = plan_edit.typed("dms", "somewhere north", AGADEZ)
    assert dms == '"somewhere north" is not a latitude and a longitude.'
    assert "coordinates" not in str(moved)
    assert decimal is not dms


def test_the_points_of_a_shape_of_several_parts_are_shown_and_not_typed(scene: Running) -> None:
    parts = {"type": "MultiPolygon", "coordinates": [SQUARE["coordinates"], [[[12, 18], [13, 18], [13, 19], [12, 18]]]]}
    with at_desk(scene, "ana"):
        *_texts, corners, measured, flaw, locked, why = plan_edit.describe(parts)
        moved, *errors = plan_edit.typed("geometry", f"{corners}\n20, 14", parts)
    assert (flaw, locked, why) == ("", True, "This shape has several parts: change its points on the map.")
    assert measured
    assert {id(each) for each in (moved, *errors)} == {id(no_update)}


def test_a_shape_is_typed_point_by_point() -> None:
    text = plan_form.corners_text(SQUARE)
    assert text.splitlines()[1] == "16.00000, 9.00000"
    assert len(text.splitlines()) == 4
    assert plan_form.corners_geometry("Polygon", text) == {
        "type": "Polygon",
        "coordinates": [[list(map(float, c)) for c in SQUARE["coordinates"][0]]],
    }
    line = plan_form.corners_geometry("LineString", "16.97, 7.99\n18.74 7.39")
    assert line == {"type": "LineString", "coordinates": [[7.99, 16.97], [7.39, 18.74]]}


# ---------------------------------------------------------------------------------------------------- sites


def test_a_crossing_becomes_a_site_of_the_side_that_takes_part(scene: Running) -> None:
    ref = known_places.sites("crossing", ["NER"]).iloc[0]["ref"]
    chosen = {"type": "candidate", "ref": ref}
    shown, _draft, _geometry = show(scene, "ana", chosen)
    assert "Add as site" in texts(shown)
    values = {
        "name": "Crossing 1",
        "country": "NER",
        "site_type": "land_bcp_road",
        "border_kind": "land",
        "zone": "Africa/Niamey",
        "position": "0, 0",
    }
    version = str(uuid4())
    with at_desk(scene, "ana"):
        added, _done = placed(scene, chosen, values, version)
    with scene.store.reading(scene["ana"]) as session:
        site = places.site(session, plan_edit.known_id(added["id"]))
    known = known_places.site(ref)
    assert known is not None
    assert (site.lat, site.lon, site.ref) == (known.lat, known.lon, ref)
    assert "Crossing 1" in texts(show(scene, "bruno", added)[0])
    with at_desk(scene, "ana"):
        closed(added)
    with scene.store.reading(scene["ana"]) as session:
        assert "Crossing 1" not in [each.name for each in places.sites(session, scene.operation)]


def field_of(component: Any, name: str) -> Any:
    """The input of a site's field."""
    kinds = ("TextInput", "Select")
    return next(each for kind in kinds for each in found_in(component, kind) if each.id == f"plan-site-{name}")


def between(*countries: str) -> str:
    """A crossing between two countries."""
    found = known_places.sites("crossing", [countries[0]])
    return str(found[(found["iso3"].isin(countries)) & (found["iso3_other"].isin(countries))].iloc[0]["ref"])


@pytest.mark.parametrize(("country", "zone"), [("NER", "Africa/Niamey"), ("MLI", "Africa/Bamako")])
def test_a_place_that_was_found_in_a_country_becomes_a_site_of_that_country(
    scene: Running, country: str, zone: str
) -> None:
    with at_desk(scene, "ana"):
        [listed] = plan_sites.list_known(country, "crossing")
    rows = listed.elements()
    [row] = [each.to_plotly_json()["props"] for each in rows if between("MLI", "NER") in str(each.to_plotly_json())]
    assert row["data-country"] == country
    known = known_places.site(between("MLI", "NER"))
    assert known is not None
    assert json.loads(row["data-at"]) == [known.lon, known.lat]
    shown, *_rest = show(scene, "ana", {"type": "candidate", "ref": between("MLI", "NER"), "country": country})
    assert (field_of(shown, "country").value, field_of(shown, "zone").value) == (country, zone)


def test_a_crossing_that_was_clicked_asks_on_which_side_the_site_is(scene: Running) -> None:
    chosen = {"type": "candidate", "ref": between("MLI", "NER")}
    shown, *_rest = show(scene, "ana", chosen)
    assert not field_of(shown, "country").value
    with at_desk(scene, "ana"):
        assert plan_sites.follow_country("MLI", "", chosen) == "Africa/Bamako"
        assert plan_sites.follow_country("NER", "", chosen) == "Africa/Niamey"
        assert plan_sites.follow_country("MLI", "12.6, -7.9", {"type": "place"}) == "Africa/Bamako"
        assert plan_sites.follow_country("MLI", "nowhere", None) is no_update
        assert plan_sites.follow_country(None, "", chosen) is no_update
    own, *_rest = show(scene, "chaima", chosen)
    assert (field_of(own, "country").value, field_of(own, "zone").value) == ("NER", "Africa/Niamey")


def corrected(scene: Running, site: Any, version: int = 1, **changes: Any) -> Any:
    chosen = {"type": "site", "id": str(site.id)}
    values = {"name": site.name, "country": site.country, "site_type": site.site_type, "border_kind": site.border_kind}
    values |= {"zone": site.zone, "position": f"{site.lat:.5f}, {site.lon:.5f}", **changes}
    base = plan_sites.plan_site_form.SITE.shown(plan_sites.plan_site_form.values_of(site))
    given = {"chosen": chosen, "version": version, "base": base}
    return press(plan_sites.correct, "plan-correct", scene.operation, values, **given)["shown"]


def test_a_site_is_corrected_in_its_form_and_the_map_goes_there(scene: Running) -> None:
    with scene.store.reading(scene["ana"]) as session:
        agadez = places.site(session, scene.sites["Agadez"])
    chosen = {"type": "site", "id": str(agadez.id)}
    shown, *_rest = show(scene, "ana", chosen)
    assert (field_of(shown, "name").value, field_of(shown, "country").value) == ("Agadez", "NER")
    with at_desk(scene, "ana"):
        answer, *_done = corrected(scene, agadez, name="Agadez bus station", position="17.0, 8.0")
        assert (answer["at"], answer["fly"]) == ([8.0, 17.0], True)
        _chosen, _toast, version, _base, both, *_fields = corrected(scene, agadez, name="Something else")
        assert version == 2
        assert both == {"name": {"mine": "Something else", "theirs": "Agadez bus station"}}
    with scene.store.reading(scene["ana"]) as session:
        mended = places.site(session, agadez.id)
    assert (mended.name, mended.lat, mended.lon, mended.ref) == ("Agadez bus station", 17.0, 8.0, "")
    assert "Correct this site" not in texts(show(scene, "bruno", chosen)[0])


@pytest.mark.parametrize("locale", reference.LOCALES)
def test_a_country_has_one_name_on_maps_in_searches_and_in_lists(locale: str) -> None:
    listed = {each["value"]: each["label"] for each in vocabulary.options("CL-COUNTRY", locale)}
    assert reference.country_names(locale) == listed


def test_a_unit_that_was_drawn_at_sea_stands_in_the_nearest_town(scene: Running) -> None:
    off_accra = {"type": "Point", "coordinates": [-0.19, 5.4]}
    _form, _draft, geometry = show(scene, "ana", drawn(off_accra, "coordination_unit"))
    lon, lat = geometry["coordinates"]
    assert reference.country_at(lon, lat) == "GHA"
    assert show(scene, "ana", drawn(AGADEZ, "coordination_unit"))[2] == AGADEZ
    assert show(scene, "ana", drawn(off_accra, "checkpoint"))[2] == off_accra


def test_a_typed_position_that_is_none_is_said_beside_its_field(scene: Running) -> None:
    values = {
        "name": "Here",
        "country": "NER",
        "site_type": "market",
        "border_kind": None,
        "zone": "Africa/Niamey",
        "position": "12,5",
    }
    with at_desk(scene, "ana"), pytest.raises(RuleBroken) as refused:
        placed(scene, {"type": "place", "lat": 1, "lon": 1}, values)
    assert [each.field for each in refused.value.flaws] == ["position"]


def test_a_country_places_and_closes_no_site_of_another(scene: Running) -> None:
    values = {
        "name": "Over there",
        "country": "MLI",
        "site_type": "market",
        "border_kind": None,
        "zone": "Africa/Bamako",
        "position": "12.6, -7.9",
    }
    with at_desk(scene, "chaima"), pytest.raises(NotFound):
        placed(scene, {"type": "place", "lat": 12.6, "lon": -7.9}, values)
    with at_desk(scene, "chaima"), pytest.raises(NotFound):
        closed({"type": "site", "id": str(scene.sites["Bamako"])})


def test_a_form_that_appears_says_nothing_of_fields_that_nobody_has_left(scene: Running) -> None:
    left = [{"prop_id": "plan-object-decimal.n_blur", "value": None}]
    with at_desk(scene, "ana"):
        token = context_value.set(AttributeDict(context_value.get(), triggered_inputs=left))
        assert plan_edit.type_place(None, None, None, None, "", "", "", "", AGADEZ) == (no_update,) * 5
        assert "a latitude" in plan_edit.type_place(1, None, None, None, "", "", "", "", AGADEZ)[1]
        context_value.reset(token)


def test_a_country_that_is_invited_can_be_chosen_without_a_reload(scene: Running) -> None:
    follow, ana = plan_sites.offer_countries, scene["ana"]
    with at_desk(scene, "ana"):
        [before] = follow(1, str(scene.operation))["shown"]
        assert follow(2, str(scene.operation), drawn=[before])["shown"] == [no_update]
    with scene.store.unit_of_work(ana) as session:
        plan.invite(session, scene.operation, plan.CountryInvitation(country="TCD"), ana)
    with at_desk(scene, "ana"):
        [after] = follow(3, str(scene.operation), drawn=[before])["shown"]
        whole = page.layout(str(scene.operation))
    [finder] = [each for each in found_in(whole, "Select") if each.id == "plan-finder-country"]
    assert "TCD" in [each["value"] for each in after]
    assert after == finder.data


def test_known_places_are_listed_by_country_and_kind(scene: Running) -> None:
    with at_desk(scene, "ana"):
        airports = plan_sites.list_known("NER", "airport")
        assert "Diori Hamani" in texts(airports[0])
        assert plan_sites.list_known("NER", "castle") == [] == plan_sites.list_known(None, "airport")
        assert "None is known here." in texts(plan_sites.list_known("NER", "port"))
