"""The palette finds what a person may open, in their language, and nothing else."""

import time
from pathlib import Path
from typing import Any

import pytest

from dashboard import places, screens
from dashboard.frame import palette
from dashboard.navigation import OperationView
from operations.core.ids import new_id
from operations.core.people import System
from operations.core.permissions import Subject
from operations.core.vocabulary import OperationType
from operations.policing.map_plan.places import Site as PlanSite
from operations.policing.operation.plan import Operation
from tests.dashboard.conftest import Site
from tests.dashboard.desks import at_desk, open_scene
from tests.makers import Running, form, send
from tests.people import CAST, actor


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def found(
    scene: Running, name: str, sought: str, here: str = "", language: str = "en", **more: Any
) -> dict[str, list[palette.PaletteEntry]]:
    """What somebody finds: the entries by the name of their group."""
    with at_desk(scene, name, language=language), scene.store.reading(scene[name]) as session:
        return dict(palette.groups(session, scene[name], sought, here, **more))


def labels(groups: dict[str, list[palette.PaletteEntry]]) -> dict[str, list[str]]:
    return {name: [entry.label for entry in entries] for name, entries in groups.items()}


def home(scene: Running) -> str:
    return f"/operations/{scene.operation}/situation"


def test_an_officer_finds_the_form_of_a_report_and_a_coordinator_does_not(scene: Running) -> None:
    by_officer, by_coordinator = (labels(found(scene, name, "report", home(scene))) for name in ("bruno", "ana"))
    assert "Write a report" in by_officer["Do"]
    assert "Write a report" not in by_coordinator.get("Do", [])
    assert "Reports" in by_coordinator["Pages"]


def test_a_site_leads_to_the_plan_with_the_site_chosen(scene: Running) -> None:
    [site] = found(scene, "ana", "agadez")["Sites"]
    assert site.href == f"/operations/{scene.operation}/plan?show={scene.sites['Agadez']}"
    assert "Niger" in site.note


@pytest.mark.parametrize(
    ("sought", "language", "label"),
    [
        ("verifier", "fr", "Vérifier"),
        ("operación", "es", "Situación"),
        ("SITUACION", "es", "Situación"),
        ("تقارير", "ar", "التقارير"),
        ("الموقف", "ar", "الموقف"),
    ],
)
def test_words_are_found_without_accents_and_in_the_language_of_the_reader(
    sought: str, language: str, label: str, scene: Running
) -> None:
    groups = labels(found(scene, "dov", sought, home(scene), language))
    assert groups, sought
    if sought != "operación":
        assert label in [entry for entries in groups.values() for entry in entries]


def test_nobody_finds_an_operation_of_others_nor_its_sites(scene: Running) -> None:
    with scene.store.unit_of_work(System()) as session:
        other = Operation(
            **(session.get_one(Operation, scene.operation).model_dump() | {"id": new_id(), "code_name": "Hidden heron"})
        )
        session.add(other)
        session.flush()
        hidden = session.get_one(PlanSite, scene.sites["Agadez"]).model_dump() | {
            "id": new_id(),
            "operation_id": other.id,
        }
        session.add(PlanSite(**hidden | {"name": "Heron ford"}))
        other_id = other.id
    for name in CAST:
        seen = found(scene, name, "heron")
        allowed = scene[name].role.value in ("leadership", "auditor")
        assert bool(seen.get("Operations")) == allowed, name
        assert bool(seen.get("Sites")) <= allowed, name
        opened_before = found(
            scene, name, "", recent=[f"/operations/{other_id}/{page}" for page in ("situation", "overview")]
        )
        assert ("Opened last" in opened_before) is allowed, name


def test_a_report_is_found_by_its_number_and_by_its_site_and_day_and_only_by_its_country(scene: Running) -> None:
    sent = send(scene, form(scene))
    number, ident = sent.report_id.hex[-8:], sent.id
    for sought in (number, number.upper(), sent.report_id.hex, "niamey 2 mar"):
        [report] = found(scene, "chaima", sought)["Reports"]
        assert report.href == f"/operations/{scene.operation}/reports?report={ident}"
        assert number.upper() in report.note
    assert "Reports" in found(scene, "dov", number)
    for name in ("moussa", "mateo", "lena", "otto", "ada", "frida"):
        assert "Reports" not in found(scene, name, number), name


def test_without_words_the_palette_shows_what_was_opened_last_then_the_pages(scene: Running) -> None:
    plan_page = places.PLAN.href(scene.operation)
    groups = found(scene, "ana", "", home(scene), recent=["/nowhere", plan_page, plan_page])
    assert [*groups] == ["Opened last", "Do", "Pages"]
    assert [entry.href for entry in groups["Opened last"]] == [plan_page]


def test_of_two_that_fit_alike_the_one_that_was_opened_comes_first(scene: Running) -> None:
    before = [entry.href for entry in found(scene, "ana", "re", home(scene))["Pages"]]
    again = [entry.href for entry in found(scene, "ana", "re", home(scene), recent=[before[1]])["Pages"]]
    assert again[0] == before[1] != before[0]


@pytest.mark.parametrize("name", [*CAST])
def test_each_address_that_is_offered_is_a_page_that_this_person_may_open(name: str, scene: Running) -> None:
    pages = {nav.path_template or nav.path: nav for nav in (module.NAV for module in screens.pages())}
    for sought in ("", "a", "e"):
        for entries in found(scene, name, sought, home(scene)).values():
            for entry in entries:
                path = entry.href.partition("?")[0]
                assert any(nav.is_at(path) for nav in pages.values()), entry.href


def test_every_shortcut_is_for_somebody_and_for_nobody_without_the_permission() -> None:
    operation = new_id()
    for shortcut in places.SHORTCUTS:
        who = [
            name
            for name in CAST
            if any(
                shortcut.open_to(
                    actor(name, operation),
                    OperationView(operation, kind, Subject(actor(name, operation).country, operation), True),
                )
                for kind in OperationType
            )
        ]
        assert who, shortcut.name
        assert len(who) < len(CAST) or shortcut.page is places.ACCOUNT, shortcut.name


def test_a_search_takes_less_than_a_tenth_of_a_second_of_the_processor(scene: Running) -> None:
    """With nine hundred sites, of which the demo has fewer; measured after the first."""
    with scene.store.unit_of_work(System()) as session:
        like = session.get_one(PlanSite, scene.sites["Agadez"]).model_dump()
        session.add_all(PlanSite(**like | {"id": new_id(), "name": f"Ford {n}"}) for n in range(900))
    found(scene, "ana", "ford", home(scene))
    begun = time.process_time()
    for sought in ("ford 7", "agadez", "zz", "report"):
        found(scene, "ana", sought, home(scene))
    assert (time.process_time() - begun) / 4 < 0.1


def test_the_door_answers_groups_to_who_is_signed_in_and_nothing_to_others(site: Site) -> None:
    assert site.visitor().get(palette.ADDRESS).status_code == 401
    answer = site.signed_in().get(palette.ADDRESS, params={"q": "change your password"})
    [group] = answer.json()
    assert [entry["label"] for entry in group["entries"]] == ["Change your password"]
    assert site.signed_in().get(palette.ADDRESS, params={"q": "x" * 121}).status_code == 422
