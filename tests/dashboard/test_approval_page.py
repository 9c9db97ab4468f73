"""Approval on one page: all that leadership puts in force stands there, and each thing has its button once it waits."""

from pathlib import Path
from typing import Any

import pytest

from dashboard.screens.approval import page
from dashboard.screens.overview import page as overview
from operations.catalogue.kpis import Kpi
from operations.core.drafts import parse
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import System
from operations.policing.map_plan import versions as plan_versions
from operations.policing.operation import oplan, plan, targets
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.makers import Running, freeze
from tests.operations.test_plan_versions import draw


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def opened(scene: Running, name: str = "lena") -> Any:
    with at_desk(scene, name):
        return page.layout(str(scene.operation))


def buttons(drawn: Any) -> dict[str, Any]:
    found = [each for each in found_in(drawn, "Button") if isinstance(getattr(each, "id", None), dict)]
    return {each.id["what"]: each for each in found}


def decided(scene: Running, button: Any, name: str = "lena") -> None:
    with at_desk(scene, name):
        press(page.decide, button.id, scene.operation)


def proposed(scene: Running) -> None:
    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, scene.operation).state = "proposed"


def screened(scene: Running, screen: str) -> None:
    with scene.store.unit_of_work(System()) as session:
        found = session.get_one(plan.Operation, scene.operation)
        found.art3_screen, found.legal_basis = screen, "Agreement of the countries."


def state(scene: Running) -> str:
    with scene.store.reading(System()) as session:
        return session.get_one(plan.Operation, scene.operation).state


def amended(scene: Running, text: str) -> None:
    ana = scene["ana"]
    with scene.store.unit_of_work(ana) as session:
        before = oplan.sections(session, scene.operation)["area"].id
        said = {"id": new_id(), "section": "area", "state": "complete", "text": text, "supersedes_id": before}
        oplan.write(session, scene.operation, [parse(oplan.SectionDraft, said)], ana)


def test_what_is_approved_stands_on_one_page_in_words_and_on_the_map(scene: Running) -> None:
    draw(scene, name="Line of the first week")
    waits = freeze(scene)
    draw(scene, name="Drawn after the freeze")
    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, scene.operation).measured_goal = "20,000 checks."
    with scene.store.unit_of_work(scene["ana"]) as session:
        targets.aim(session, scene.operation, targets.TargetDraft(kpi=Kpi.DATABASE_CHECKS, value=50_000), scene["ana"])
    drawn = opened(scene)
    words = texts(drawn)
    for said in ("What it is", "Goals", "Phases", "Countries", "Niger", "Modus operandi", "As agreed: modus_operandi."):
        assert said in words, said
    assert "The measured goal in words changes none of them." in words, "which of two goals holds"
    assert f"The map, version {waits.number}" in words
    [store] = [each for each in found_in(drawn, "Store") if each.id == f"{page.MAP}-scene"]
    names = {each["properties"]["name"] for each in store.data["features"]} | {row[1] for row in store.data["sites"]}
    assert "Line of the first week" in names
    assert "Niamey" in " ".join(names)
    assert "Drawn after the freeze" not in names


def test_a_proposal_is_approved_here_once_nothing_is_in_its_way(scene: Running) -> None:
    assert "operation" not in buttons(opened(scene))
    proposed(scene)
    amended(scene, "The coast as well.")
    button = buttons(opened(scene))["operation"]
    assert getattr(button, "data-confirm") == "Approve this operation?"
    with at_desk(scene, "lena"):
        assert "Plan and map on one page" in texts(overview.layout(str(scene.operation)))
    screened(scene, "doubtful")
    button = buttons(opened(scene))["operation"]
    assert button.disabled is True
    assert "The Article 3 screen has not been passed." in texts(opened(scene))
    with pytest.raises(RuleBroken):
        decided(scene, button)
    screened(scene, "passed")
    button = buttons(opened(scene))["operation"]
    assert button.disabled is False
    decided(scene, button)
    assert state(scene) == "approved"


def test_a_version_of_the_map_is_put_in_force_by_other_eyes(scene: Running) -> None:
    waits = freeze(scene)
    button = buttons(opened(scene))["map"]
    assert button.disabled is False
    decided(scene, button)
    with scene.store.reading(scene["lena"]) as session:
        assert plan_versions.version(session, waits.id).state == "approved"
    assert "map" not in buttons(opened(scene))
    assert "Nothing waits for your approval here." in texts(opened(scene))


def test_what_was_written_since_it_was_read_is_not_approved(scene: Running) -> None:
    assert "oplan" not in buttons(opened(scene))
    amended(scene, "The coast as well.")
    read = buttons(opened(scene))["oplan"]
    amended(scene, "The coast, and the islands.")
    with pytest.raises(Conflict):
        decided(scene, read)
    decided(scene, buttons(opened(scene))["oplan"])
    assert "oplan" not in buttons(opened(scene))


@pytest.mark.parametrize("name", ["ana", "chaima", "bruno", "dov", "otto"])
def test_who_approves_nothing_has_no_such_page(scene: Running, name: str) -> None:
    freeze(scene)
    with pytest.raises(NotFound):
        opened(scene, name)
    button = {"type": page.Ids.DO.value, "what": "operation", "of": ""}
    with at_desk(scene, name), pytest.raises((NotFound, RuleBroken)):
        press(page.decide, button, scene.operation)
    assert state(scene) == "active"
