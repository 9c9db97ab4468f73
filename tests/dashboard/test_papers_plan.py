"""The plan as files: who gets what, what the access trail says of it, what the print panel offers."""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from dashboard.papers import paper_process
from dashboard.papers.sheet_order import SCALES, CannotPrint, PaperSize
from dashboard.screens.plan import files as plan_files
from dashboard.screens.plan import page as plan_page
from dashboard.screens.plan import print_options as plan_print
from dashboard.screens.plan import print_view as component
from dashboard.screens.plan.files import PlanFormat
from geodata.ground import shapes
from operations.core.clock import at
from operations.core.drafts import parse
from operations.core.errors import NotFound
from operations.core.ids import new_id
from operations.core.journal import AccessEntry, Chain, verify
from operations.core.people import System
from operations.policing.map_plan import places
from tests.dashboard.desks import EVENING, at_desk, found_in, open_scene, texts
from tests.dashboard.printed import overheard
from tests.makers import Running
from tests.people import actor

SQUARE = {"type": "Polygon", "coordinates": [[[7, 16], [9, 16], [9, 18], [7, 18], [7, 16]]]}
AGADEZ = {"type": "Point", "coordinates": [7.99, 16.97]}


def put(
    scene: Running,
    name: str,
    by: str,
    geometry: dict[str, Any],
    kind: str = "checkpoint",
    audience: str = "participants",
) -> None:
    content = {"id": new_id(), "object_id": new_id(), "kind": kind, "name": name, "audience": audience}
    with scene.store.unit_of_work(scene[by]) as session:
        draft = parse(places.MapObjectDraft, content)
        places.draw(session, scene.operation, draft, shapes.measure(geometry), scene[by])


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    made = open_scene(tmp_path)
    put(made, "Open sector", "ana", SQUARE, "area")
    put(made, "Coordination only", "ana", AGADEZ, audience="coordination")
    put(made, "Niger's own", "chaima", AGADEZ, audience="coordination")
    put(made, "Mali's own", "moussa", {"type": "Point", "coordinates": [-7.9, 12.6]}, audience="coordination")
    return made


def trail(scene: Running) -> list[AccessEntry]:
    with scene.store.reading(System()) as session:
        return list(session.exec(select(AccessEntry).where(AccessEntry.act == "plan.export")))


@pytest.fixture(autouse=True)
def _made_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is drawn is overheard: it is drawn in this process."""
    monkeypatch.setattr(paper_process, "run_in_process", lambda make, *given: make(*given))


def printed(scene: Running, who: str) -> str:
    with overheard() as pages:
        content, _name = plan_files.sheets(scene.store, scene.operation, PaperSize.A4, None, scene[who])
    assert content.startswith(b"%PDF-")
    return "\n".join(words for said in pages.values() for words in said)


def test_a_country_prints_nothing_that_its_map_hides(scene: Running) -> None:
    seen = {who: printed(scene, who) for who in ("ana", "chaima", "moussa", "bruno")}
    assert {"Coordination only", "Niger's own", "Mali's own"} <= set(seen["ana"].split("\n"))
    for who in ("chaima", "bruno"):
        assert "Niger's own" in seen[who]
        assert "Open sector" in seen[who]
        assert "Coordination only" not in seen[who]
        assert "Mali's own" not in seen[who]
    assert "Niger's own" not in seen["moussa"]


def unpacked(content: bytes) -> bytes:
    """What is in a file, or in all files of an archive."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


@pytest.mark.parametrize("form", list(PlanFormat))
def test_a_file_for_programs_hides_the_same(scene: Running, form: PlanFormat) -> None:
    whole, name = plan_files.export(scene.store, scene.operation, form, scene["ana"])
    part, _name = plan_files.export(scene.store, scene.operation, form, scene["chaima"])
    assert f".{form.value}" in name
    whole, part = unpacked(whole), unpacked(part)
    assert b"Coordination only" in whole
    assert b"Open sector" in part
    assert b"Coordination only" not in part
    assert b"INTERPOL FOR OFFICIAL USE ONLY" in part


def test_geojson_is_what_the_map_shows(scene: Running) -> None:
    content, _name = plan_files.export(scene.store, scene.operation, PlanFormat.GEOJSON, scene["ana"])
    found = json.loads(content)["features"]
    assert {each["properties"]["name"] for each in found} >= {"Niamey", "Agadez", "Bamako", "OCU Niamey", "Open sector"}


def test_the_sheet_says_what_it_is_and_when_it_was_printed(scene: Running) -> None:
    with at(EVENING):
        said = printed(scene, "ana")
    assert "INTERPOL FOR OFFICIAL USE ONLY" in said
    assert "(021800Z MAR 26)" in said
    assert "19:00 local (UTC+1)" in said.replace("\u2068", "").replace("\u2069", "")
    assert "The plan has 8 objects." in said
    assert "No version of the plan is in force." in said


def test_every_file_is_in_the_access_trail(scene: Running) -> None:
    plan_files.sheets(scene.store, scene.operation, PaperSize.A3, None, scene["chaima"])
    plan_files.export(scene.store, scene.operation, PlanFormat.KML, scene["ana"])
    told = [(entry.detail["format"], entry.detail["objects"], entry.country) for entry in trail(scene)]
    assert told == [("pdf", 6, "NER"), ("kml", 8, None)]
    with scene.store.reading(System()) as session:
        assert verify(session, Chain.ACCESS).broken_at is None


def test_what_is_not_printed_is_not_in_the_trail(scene: Running) -> None:
    with pytest.raises(CannotPrint):
        plan_files.sheets(scene.store, scene.operation, PaperSize.A4, 25_000, scene["ana"])
    for who in (scene["otto"], scene["ada"], actor("chaima"), actor("ana")):
        with pytest.raises(NotFound):
            plan_files.sheets(scene.store, scene.operation, PaperSize.A4, None, who)
        with pytest.raises(NotFound):
            plan_files.export(scene.store, scene.operation, PlanFormat.GPX, who)
    assert trail(scene) == []


def test_sheets_speak_the_readers_language(scene: Running) -> None:
    with overheard() as pages:
        plan_files.sheets(scene.store, scene.operation, PaperSize.A4, None, replace(scene["ana"], language="fr"))
    assert any("Légende" in said for said in pages.values())


def test_the_panel_offers_the_sheets_with_their_number(scene: Running) -> None:
    with at_desk(scene, "ana"):
        offered = plan_print.offer(1, "a3", "1000000", str(scene.operation))
        fits = plan_print.offer(1, "a4", component.FITS, str(scene.operation))
        refused = plan_print.offer(1, "a4", "25000", str(scene.operation))
    assert offered.action == f"/export/operations/{scene.operation}/plan.pdf?paper=a3&scale=1000000"
    assert fits.action.endswith("plan.pdf?paper=a4")
    assert texts(fits) == "PDF, 3 pages"
    assert "Choose a smaller scale." in texts(refused)
    assert found_in(refused, "Form") == []


@pytest.mark.parametrize(("paper", "scale"), [("a5", "fits"), ("a4", "7"), ("a4", "x"), ("", "")])
def test_forged_choices_get_what_is_not_there(scene: Running, paper: str, scale: str) -> None:
    with at_desk(scene, "ana"):
        if (paper, scale) == ("", ""):
            with pytest.raises(NotFound):
                plan_print.offer(1, "a4", "fits", "no id")
            return
        with pytest.raises(NotFound):
            plan_print.offer(1, paper, scale, str(scene.operation))


def test_the_page_has_the_panel_with_every_scale_and_format(scene: Running) -> None:
    with at_desk(scene, "bruno"):
        layout = plan_page.layout(str(scene.operation))
    (scale,) = [each for each in found_in(layout, "Select") if each.id == component.SCALE]
    assert [each["value"] for each in scale.data] == [component.FITS, *map(str, SCALES)]
    hrefs = {each.action for each in found_in(layout, "Form") if "/plan." in (getattr(each, "action", None) or "")}
    assert hrefs == {plan_files.address(scene.operation, form.value) for form in PlanFormat}


def test_the_routes_answer_behind_the_gate(site: Any) -> None:
    path = plan_files.address("0192f0c4-7b1a-7d3e-8a55-6f2d9c1e4b70", "pdf")
    assert site.visitor().post(path).status_code == 401
    inside = site.signed_in()
    for address in (
        path,
        path.replace(".pdf", ".kml"),
        path.replace(".pdf", ".exe"),
        "/export/operations/x/plan.pdf",
        f"{path}?paper=a9",
    ):
        assert inside.post(address).status_code == 404
